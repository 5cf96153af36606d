//! `publish`, against a real PostgreSQL.

mod agreement;
mod layout;
mod page;
mod refusals;
mod serving;
mod transactions;

use std::sync::Arc;

use orgraph::{
    auth::Role,
    export::{Export, Format, Question, Table},
    org::{self, OrgSnapshot, UserKind, UserParts},
    simulator::{SimUser, Workspace},
};
use serde_json::Value;

use crate::{
    company::{build, user},
    support::Database,
};

/// A snapshot of these people, read and published at this second.
pub(crate) fn snapshot(users: Vec<UserParts>, second: u64) -> Arc<OrgSnapshot> {
    let taken_at = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap()
        + jiff::SignedDuration::new(second as i64, 646_989_918);
    Arc::new(OrgSnapshot {
        version: (1_000 + second).into(),
        taken_at,
        source: org::SnapshotSource::FullScan,
        checks: org::SnapshotChecks::default(),
        graph: build(users),
    })
}

/// So many people, each under the one before; their ids begin with `prefix`.
pub(crate) fn line(prefix: &str, count: usize) -> Vec<UserParts> {
    let id = |at: usize| format!("{prefix}{at}");
    let person = |at: usize| UserParts {
        manager_id: at.checked_sub(1).map(id),
        kind: UserKind::Person,
        first_name: Some(format!("N{at}")),
        ..user(&id(at))
    };
    (0..count).map(person).collect()
}

/// The same people at a simulated Gong, called `p0` and so on.
fn people(count: usize) -> Workspace {
    let person = |at: usize| SimUser {
        first_name: Some(format!("N{at}")),
        manager_id: at.checked_sub(1).map(|above| format!("p{above}")),
        ..SimUser::new(format!("p{at}"))
    };
    Workspace::new((0..count).map(person).collect())
}

/// The rows of a table as it is exported, in any order, but for what is another in every row after each reading.
fn exported(snapshot: &Arc<OrgSnapshot>, table: Table) -> Vec<Value> {
    let question = Question::new(table, Format::Ndjson);
    let question = match table {
        Table::Users => question.with([("levels".into(), "3".into())]).unwrap(),
        _ => question,
    };
    let mut written = Vec::new();
    Export::new(snapshot.clone(), question, Role::Reader).unwrap().write(&mut written, |_, _| ()).unwrap();
    sorted(written.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(parse).collect())
}

/// The rows of a table as they are in the database.
async fn published(database: &Database, table: Table) -> Vec<Value> {
    let rows = database.texts(&format!("SELECT row_to_json(t)::text FROM orgraph.{} t", table.name())).await;
    sorted(rows.iter().map(|row| parse(row.as_bytes())).collect())
}

/// A row with its moments spelled one way, and its numbers of one kind.
fn parse(row: &[u8]) -> Value {
    let mut row: Value = serde_json::from_slice(row).unwrap();
    row.as_object_mut().unwrap().remove("fetched_at");
    for (name, value) in row.as_object_mut().unwrap() {
        if name == "created" {
            let moment = value.as_str().map(|text| text.parse::<jiff::Timestamp>().unwrap().to_string());
            *value = moment.into();
        } else if let Some(number) = value.as_f64() {
            *value = number.into();
        }
    }
    row
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_cached_key(Value::to_string);
    rows
}
