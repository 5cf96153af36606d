//! What goes through the door, as JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::{Breach, Quarantine, SyncState, SyncStatus};

/// The header that whoever comes through the door has to send: the name of the service that is meant, or
/// [`ANY`].
pub(super) const HEADER: &str = "x-orgraph-admin";

/// Whichever service is there.
pub(super) const ANY: &str = "any";

/// A scan that is held back.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    /// Its number.
    pub id: u64,
    /// When it was held back (RFC 3339).
    pub at: String,
    /// When it began (RFC 3339).
    pub taken_at: String,
    /// How many persons it found.
    pub user_count: u32,
    /// How many persons are served.
    pub served_user_count: u32,
    /// Every bound that it breaks.
    pub reasons: Vec<Reason>,
}

/// Why a scan is held back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reason {
    /// For programs.
    pub reason: String,
    /// For people.
    pub message: String,
}

impl HeldBack {
    pub(super) fn new(quarantine: &Quarantine, served_user_count: u32) -> Self {
        let reason = |breach: &Breach| Reason {
            reason: breach.reason.as_str().to_owned(),
            message: breach.to_string(),
        };
        Self {
            id: quarantine.id,
            at: to_the_second(quarantine.at),
            taken_at: to_the_second(quarantine.taken_at),
            user_count: quarantine.user_count,
            served_user_count,
            reasons: quarantine.breaches.iter().map(reason).collect(),
        }
    }

    /// The scan as JSON; `null` for none.
    pub fn json_of(held_back: Option<&Self>) -> String {
        serde_json::json!(held_back).to_string()
    }
}

fn to_the_second(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// A decision: on the scan of this number, or whichever is held back.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Judgement {
    /// The number.
    pub id: Option<u64>,
}

/// A scan was asked for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Requested {
    /// Which: scans are counted from 1 since the service began.
    pub scan: u64,
}

impl Requested {
    /// The same as JSON.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// How far a scan has come that was asked for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Which scan.
    pub scan: u64,
    /// Whether it has come to its end.
    pub done: bool,
    /// Pages of the listing that are read.
    pub pages_read: u32,
    /// How many there are, as far as is known.
    pub pages_expected: Option<u32>,
    /// Why it failed or is held back, if it is.
    pub failure: Option<String>,
    /// How many persons are served.
    pub user_count: Option<u32>,
}

impl Progress {
    pub(super) fn new(scan: u64, status: &SyncStatus, user_count: Option<u32>) -> Self {
        let held_back = status.quarantine.as_ref().filter(|_| status.state == SyncState::Quarantined);
        let failure = match (&status.last_failure, held_back) {
            (Some(failure), _) => Some(failure.message.clone()),
            (None, Some(quarantine)) => Some(format!("the scan is held back: {quarantine}")),
            (None, None) => None,
        };
        let done = status.scans >= scan;
        Self {
            scan,
            done,
            pages_read: status.pages_read,
            pages_expected: status.pages_expected,
            failure: failure.filter(|_| done),
            user_count,
        }
    }

    /// The same as JSON.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// Why something can't be done.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Refused {
    pub(super) error: String,
}
