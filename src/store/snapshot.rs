//! The last snapshot that was published.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{
    checks::{ChecksRecord, SourceRecord},
    fault::Fault,
    people,
    record::Moment,
};
use crate::org::{OrgSnapshot, SnapshotChecks, SnapshotSource, SnapshotVersion, User};

/// A snapshot as it was saved. [`build`](crate::org::build()) makes the graph of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// Which one.
    pub version: SnapshotVersion,
    /// When the scan behind it began.
    pub taken_at: Timestamp,
    /// How it came to be.
    pub source: SnapshotSource,
    /// What the scan saw.
    pub checks: SnapshotChecks,
    /// The users in the order of the graph. One whose id came with several records is here as often, so that
    /// the graph tells of it again.
    pub records: Vec<User>,
}

#[derive(Deserialize, Serialize)]
struct Head {
    version: u64,
    taken_at: Moment,
    source: SourceRecord,
    checks: ChecksRecord,
}

pub(super) fn write(connection: &mut Connection, snapshot: &OrgSnapshot) -> Result<(), Fault> {
    let head = Head {
        version: snapshot.version.as_u64(),
        taken_at: Moment(snapshot.taken_at),
        source: snapshot.source.into(),
        checks: snapshot.checks.into(),
    };
    let repeated = snapshot.graph.repeats();
    let users = snapshot.graph.users().iter();
    people::write(connection, &head, users.map(|user| (user, repeated.get(user.id()).copied().unwrap_or(1))))
}

pub(super) fn read(connection: &Connection) -> Result<Option<StoredSnapshot>, Fault> {
    let stored = people::read::<Head>(connection)?;
    Ok(stored.map(|(head, records)| StoredSnapshot {
        version: head.version.into(),
        taken_at: head.taken_at.0,
        source: head.source.into(),
        checks: head.checks.into(),
        records,
    }))
}
