//! One publication: a transaction from beginning to end.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, timeout};
use tokio_postgres::{IsolationLevel, Transaction};

use super::{
    Changes, PublishError, Target,
    found::Found,
    layout::{self, named},
    merge,
    session::{self, Session},
    sql,
    tables::{self, Laid, SNAPSHOT},
};
use crate::{
    auth::Role,
    export::{Export, Table},
    org::OrgSnapshot,
};

/// What was published.
#[derive(Clone, Debug)]
pub struct Published {
    /// The snapshot.
    pub version: u64,
    /// What became of each table.
    pub tables: Vec<(Table, Changes)>,
    /// How long it took.
    pub took: Duration,
}

impl Published {
    /// As JSON, for programs.
    pub fn to_json(&self) -> String {
        let told = |(table, changes): &(Table, Changes)| {
            let Changes { rows, inserted, updated, removed } = changes;
            let changes = json!({"rows": rows, "inserted": inserted, "updated": updated, "removed": removed});
            (table.name().to_owned(), changes)
        };
        let tables = self.tables.iter().map(told).collect::<serde_json::Map<_, _>>();
        let milliseconds = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        // A version has more digits than some read of a number.
        let version = self.version.to_string();
        json!({"snapshotVersion": version, "milliseconds": milliseconds, "tables": tables}).to_string()
    }
}

/// The longest that a publication may take: a server that is there and does nothing is given up some time.
pub(super) const LONGEST: Duration = Duration::from_secs(3_600);
/// What publications into one schema lock.
pub(super) const TURN: &str = "hashtextextended('orgraph publish ' || $1::text, 0)";
/// How long another's lock is waited for.
const LOCK_SECONDS: u32 = 60;

/// Lays `snapshot` into the database. A snapshot that is there already is compared row by row all the same.
///
/// What is in the database is as it was until the very end, and for good if this fails or is dropped. Takes as long as the
/// database does, and holds the snapshot and some batches of rows.
///
/// # Errors
/// If the database can't be used, holds something else under the names, or holds a newer snapshot.
pub async fn publish(target: &Target, snapshot: Arc<OrgSnapshot>) -> Result<Published, PublishError> {
    timeout(LONGEST, connected(target, snapshot)).await.unwrap_or(Err(PublishError::TooLong(LONGEST)))
}

async fn connected(target: &Target, snapshot: Arc<OrgSnapshot>) -> Result<Published, PublishError> {
    let began = Instant::now();
    let laid = tables::all(target)?;
    let mut session = Session::open(target).await?;
    let written = write(&mut session, target, &laid, &snapshot).await;
    let changes = written.map_err(|error| session.explain(error))?;
    let tables = laid.iter().map(|laid| laid.table).zip(changes).collect();
    Ok(Published { version: snapshot.version.as_u64(), tables, took: began.elapsed() })
}

async fn write(
    session: &mut Session,
    target: &Target,
    laid: &[Laid],
    snapshot: &Arc<OrgSnapshot>,
) -> Result<Vec<Changes>, PublishError> {
    let (mut transaction, mut found) = begin(session, target, laid).await?;
    if layout::widen(&transaction, target, laid, &found).await? {
        transaction.commit().await.map_err(PublishError::refused("commit"))?;
        (transaction, found) = begin(session, target, laid).await?;
    }
    if found.has(SNAPSHOT) {
        refuse_older(&transaction, target, snapshot).await?;
    }
    layout::complete(&transaction, target, laid, &found).await?;
    let mut changes = vec![Changes::default(); laid.len()];
    for (laid, changes) in laid.iter().zip(&mut changes) {
        // No contact data: the database's readers aren't orgraph's.
        let export = Export::new(snapshot.clone(), laid.question.clone(), Role::Reader)?;
        changes.rows = merge::stage(&transaction, laid, export).await?;
    }
    for laid in laid.iter().filter(|laid| laid.is_referred_to() && found.has(laid.table.name())) {
        refuse_other_people(&transaction, target, laid).await?;
    }
    // Users first, since others refer to them; whoever is gone last, when nobody does any more.
    for (laid, changes) in laid.iter().zip(&mut changes) {
        if !laid.is_referred_to() {
            changes.removed = merge::remove(&transaction, target, laid).await?;
        }
        (changes.inserted, changes.updated) = merge::write(&transaction, target, laid, &found).await?;
    }
    for (laid, changes) in laid.iter().zip(&mut changes).filter(|(laid, _)| laid.is_referred_to()) {
        changes.removed = merge::remove(&transaction, target, laid).await?;
    }
    tell(&transaction, target, snapshot).await?;
    transaction.commit().await.map_err(PublishError::refused("commit"))?;
    Ok(changes)
}

/// A transaction in which names mean what they mean, the only one that publishes, and what it finds.
async fn begin<'s>(
    session: &'s mut Session,
    target: &Target,
    laid: &[Laid],
) -> Result<(Transaction<'s>, Found), PublishError> {
    // Whoever has waited for the lock sees what the one before has written.
    let begun = session.client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    let transaction = begun.start().await.map_err(PublishError::refused("begin a transaction"))?;
    session::check(&transaction, target).await?;
    settle(&transaction).await?;
    wait_for_others(&transaction, target).await?;
    let found = Found::look(&transaction, target, laid).await?;
    Ok((transaction, found))
}

/// Names mean what they mean, and all rows are seen.
pub(super) async fn settle(transaction: &Transaction<'_>) -> Result<(), PublishError> {
    let settings = format!(
        "SET LOCAL search_path TO pg_catalog, pg_temp; SET LOCAL lock_timeout TO '{LOCK_SECONDS}s'; \
         SET LOCAL client_min_messages TO warning; SET LOCAL standard_conforming_strings TO on; \
         SET LOCAL row_security TO off; SET LOCAL datestyle TO ISO; SET LOCAL timezone TO 'UTC'"
    );
    transaction.batch_execute(&settings).await.map_err(PublishError::refused("take settings"))
}

/// One publication is under way at a time.
async fn wait_for_others(transaction: &Transaction<'_>, target: &Target) -> Result<(), PublishError> {
    let lock = format!("SELECT pg_advisory_xact_lock({TURN})");
    let waited = PublishError::refused("let one publication at a time into the schema");
    transaction.execute(&lock, &[&target.schema]).await.map_err(waited)?;
    Ok(())
}

/// Of two services that publish, the one that has fallen behind doesn't put the tables back.
async fn refuse_older(
    transaction: &Transaction<'_>,
    target: &Target,
    snapshot: &OrgSnapshot,
) -> Result<(), PublishError> {
    let read = format!(
        "SELECT (extract(epoch FROM taken_at) * 1000)::bigint, version FROM {}",
        named(target, SNAPSHOT)
    );
    let row = transaction.query_opt(&read, &[]).await;
    let Some(row) = row.map_err(PublishError::refused("say which snapshot it holds"))? else { return Ok(()) };
    let read = |at| row.try_get::<_, i64>(at);
    let told = read(0).and_then(|taken_at| Ok((taken_at, read(1)?)));
    let (taken_at, version) = told.map_err(PublishError::refused("say which snapshot it holds"))?;
    let ours = snapshot.taken_at.as_millisecond();
    match (taken_at, version) > (ours, stored(snapshot.version.as_u64())) {
        true => Err(PublishError::Newer { theirs: moment(taken_at), ours: moment(ours) }),
        false => Ok(()),
    }
}

/// A whole company doesn't change its people from one snapshot to the next.
async fn refuse_other_people(
    transaction: &Transaction<'_>,
    target: &Target,
    users: &Laid,
) -> Result<(), PublishError> {
    let table = named(target, users.table.name());
    let count = format!(
        "SELECT (SELECT count(*) FROM {table}), EXISTS (SELECT FROM {table} t JOIN {} s ON {})",
        users.stage(),
        users.key.same("t", "s")
    );
    let row = transaction.query_one(&count, &[]).await;
    let row = row.map_err(PublishError::refused("compare its people with those to be published"))?;
    let (count, in_common): (i64, bool) = (row.get(0), row.get(1));
    match count > 0 && !in_common {
        true => Err(PublishError::OtherPeople { schema: target.schema.clone(), count: count.unsigned_abs() }),
        false => Ok(()),
    }
}

/// Tells which snapshot the tables hold.
async fn tell(
    transaction: &Transaction<'_>,
    target: &Target,
    snapshot: &OrgSnapshot,
) -> Result<(), PublishError> {
    let table = named(target, SNAPSHOT);
    let write = format!(
        "INSERT INTO {table} (version, taken_at, published_at, user_count, written_by) VALUES ({}, {}, now(), {}, {}) \
         ON CONFLICT (one) DO UPDATE SET version = excluded.version, taken_at = excluded.taken_at, \
         published_at = excluded.published_at, user_count = excluded.user_count, written_by = excluded.written_by",
        stored(snapshot.version.as_u64()),
        sql::text(&moment(snapshot.taken_at.as_millisecond()).to_string()),
        snapshot.graph.person_count(),
        sql::text(concat!("orgraph ", env!("CARGO_PKG_VERSION"))),
    );
    let refused = PublishError::refused("write down which snapshot it holds");
    transaction.batch_execute(&write).await.map_err(refused)
}

/// A moment to the millisecond: what is finer a database rounds, and what was read again would be later.
fn moment(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or_default()
}

/// A version as `bigint` has it.
fn stored(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
