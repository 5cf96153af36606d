//! The first sync, as a person sees it.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::directory::{Directory, SyncState, SyncStatus};

/// Pages of Gong's listing.
pub(super) const PAGES: &str = "reading Gong {bar:40} {pos}/{len} pages {elapsed}";

/// Shows how the first scan comes on, until there is a snapshot: a bar on a terminal, lines elsewhere.
pub(super) async fn first_sync(directory: &Directory) {
    let mut statuses = directory.statuses();
    let mut snapshots = directory.snapshots();
    let bar = bar(PAGES);
    let mut failures = 0;
    while directory.snapshot().is_none() {
        let status = statuses.borrow_and_update().clone();
        show(&bar, &status);
        if status.failures_in_a_row > failures
            && let Some(failure) = &status.last_failure
        {
            failures = status.failures_in_a_row;
            bar.suspend(|| println!("The scan failed and will be tried again: {}", failure.message));
        }
        tokio::select! {
            changed = statuses.changed() => if changed.is_err() { return },
            changed = snapshots.changed() => if changed.is_err() { return },
        }
    }
    bar.finish_and_clear();
    // A snapshot is there a moment before its scan counts as ended.
    let ended = |status: &SyncStatus| status.scans > 0 || status.state != SyncState::Syncing;
    let gone = statuses.wait_for(ended).await.is_err();
    if gone || directory.status().scans == 0 {
        return; // it was on disk
    }
    if let Some(snapshot) = directory.snapshot() {
        let pages = snapshot.checks.pages_read;
        println!("Read {} people on {pages} pages.", snapshot.graph.person_count());
    }
}

/// A bar of this look, on a terminal. On standard error, so that what is printed can be piped.
pub(super) fn bar(template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style(template));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar())
}

pub(super) fn show(bar: &ProgressBar, status: &SyncStatus) {
    if let Some(expected) = status.pages_expected {
        bar.set_length(u64::from(expected));
    }
    bar.set_position(u64::from(status.pages_read));
}
