//! The snapshot that was not published because it differs too much.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{checks::ChecksRecord, fault::Fault, people, record::Moment};
use crate::org::{SnapshotChecks, User};

/// What waits in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredQuarantine {
    /// Names it, so that nobody accepts another one than was shown.
    pub id: u64,
    /// When it was put there.
    pub at: Timestamp,
    /// When the scan behind it began.
    pub taken_at: Timestamp,
    /// Why it is there, in texts that the caller makes and reads.
    pub reasons: Vec<String>,
    /// What the scan saw.
    pub checks: SnapshotChecks,
    /// Its users, as the scan brought them.
    pub records: Vec<User>,
}

#[derive(Deserialize, Serialize)]
struct Head {
    id: u64,
    at: Moment,
    taken_at: Moment,
    reasons: Vec<String>,
    checks: ChecksRecord,
}

pub(super) fn write(connection: &mut Connection, quarantine: &StoredQuarantine) -> Result<(), Fault> {
    let head = Head {
        id: quarantine.id,
        at: Moment(quarantine.at),
        taken_at: Moment(quarantine.taken_at),
        reasons: quarantine.reasons.clone(),
        checks: quarantine.checks.into(),
    };
    people::write(connection, &head, quarantine.records.iter().map(|user| (user, 1)))
}

pub(super) fn read(connection: &Connection) -> Result<Option<StoredQuarantine>, Fault> {
    let stored = people::read::<Head>(connection)?;
    Ok(stored.map(|(head, records)| StoredQuarantine {
        id: head.id,
        at: head.at.0,
        taken_at: head.taken_at.0,
        reasons: head.reasons,
        checks: head.checks.into(),
        records,
    }))
}
