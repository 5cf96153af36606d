//! `docs/reliability.md` says what becomes of each fault.

use orgraph::{
    directory::{FailureKind, SyncState},
    simulator::FaultKind,
};

use super::expected::{
    Outcome, is_ridden_out, lasts_a_day, leaves_the_id, makes_the_truth_hard_to_believe, script,
    with_a_snapshot, with_none,
};
use crate::support::{file, text};

const PAGE: &str = "docs/reliability.md";
const BEGIN: &str = "<!-- faults -->\n";
const END: &str = "<!-- end of the faults -->";

/// `ORGRAPH_WRITE_DOCS=1` writes the table into the page.
#[test]
fn the_table_of_the_page_is_what_the_matrix_tests() {
    let page = text(PAGE);
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        // Swapped whole: other tests read it at the same time.
        let new = file("docs/reliability.md.new");
        std::fs::write(&new, [before, BEGIN, &table(), END, after].concat()).unwrap();
        std::fs::rename(new, file(PAGE)).unwrap();
    } else {
        assert_eq!(
            told,
            table(),
            "ORGRAPH_WRITE_DOCS=1 cargo test --test it fault_matrix::page puts it right"
        );
    }
}

fn table() -> String {
    let head = "| fault | with a good snapshot before | with none | `syncStatus` | when it is over |\n\
                |---|---|---|---|---|\n";
    let row = |&kind: &FaultKind| {
        let name = script(kind);
        let (good, none) = (served_after_a_good_one(kind), served_after_none(kind));
        let (told, over) = (told(kind), over(kind));
        format!("| `{name}` | {good} | {none} | {told} | {over} |\n")
    };
    [head.to_owned(), FaultKind::ALL.iter().map(row).collect()].concat()
}

fn served_after_a_good_one(kind: FaultKind) -> &'static str {
    match with_a_snapshot(kind) {
        Outcome::Truth => "the truth",
        Outcome::Told => "what Gong tells",
        Outcome::Kept if leaves_the_id(kind) => {
            "the truth; of a record that can't be read, the last good one"
        }
        Outcome::Kept => "the truth",
        Outcome::Failed { .. } | Outcome::HeldBack(_) => "the last good snapshot",
    }
}

fn served_after_none(kind: FaultKind) -> &'static str {
    match with_none(kind) {
        Outcome::Truth => "the truth",
        Outcome::Told => "what Gong tells",
        Outcome::Kept if leaves_the_id(kind) => "the truth; of a record that can't be read, what can",
        Outcome::Kept => "the truth, without a record that doesn't say whose it is",
        Outcome::Failed { .. } | Outcome::HeldBack(_) => "`NOT_READY`",
    }
}

fn told(kind: FaultKind) -> String {
    match with_a_snapshot(kind) {
        Outcome::Truth | Outcome::Told if with_a_snapshot(kind) == with_none(kind) => "`IDLE`".to_owned(),
        Outcome::Truth | Outcome::Told => "`IDLE`; who was missed was asked for by id".to_owned(),
        Outcome::Kept if leaves_the_id(kind) => {
            "`IDLE`, `recordsRefused`, `refusedRecords` with id and path".to_owned()
        }
        Outcome::Kept => {
            "`IDLE`, `recordsRefused`, `refusedRecords` with path; who was missed was asked for by id"
                .to_owned()
        }
        Outcome::Failed { kind, state, words } => {
            format!("`{}`, `{}`: “{words}”", state_name(state), kind_name(kind))
        }
        Outcome::HeldBack(reason) => format!("`QUARANTINED`, `{}`", reason.as_str()),
    }
}

fn over(kind: FaultKind) -> &'static str {
    match with_a_snapshot(kind) {
        Outcome::Truth | Outcome::Told => "nothing to recover from",
        Outcome::Kept => "the next scan has the record",
        Outcome::HeldBack(_) if makes_the_truth_hard_to_believe(kind) => {
            "a scan within the bounds; with none before, `orgraph quarantine accept`"
        }
        Outcome::HeldBack(_) => "a scan within the bounds",
        Outcome::Failed { .. } if lasts_a_day(kind) => "a scan a day later, or after a restart",
        Outcome::Failed { state: SyncState::Unauthorized, .. } => "a scan within an hour, or `orgraph sync`",
        Outcome::Failed { .. } if is_ridden_out(kind) => "once: not noticed; else the next try",
        Outcome::Failed { .. } => "the next try",
    }
}

fn state_name(state: SyncState) -> &'static str {
    match state {
        SyncState::Retrying => "RETRYING",
        SyncState::Unauthorized => "UNAUTHORIZED",
        other => panic!("{other:?} is no state of a failed scan"),
    }
}

fn kind_name(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Unauthorized => "UNAUTHORIZED",
        FailureKind::BudgetSpent => "BUDGET_SPENT",
        FailureKind::Throttled => "THROTTLED",
        FailureKind::Unavailable => "UNAVAILABLE",
        FailureKind::InvalidAnswer => "INVALID_ANSWER",
    }
}
