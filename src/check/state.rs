//! The state directory: whether it can be used, who has it, and what is in it.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;

use super::{
    finding::{Cause, Finding, Topic},
    report::StateFacts,
};
use crate::{
    gong::SpentHour,
    org::{self, OrgSnapshot},
    store::{self, Store, StoreError, StoredSnapshot},
};

/// What there is of a state directory.
#[derive(Default)]
pub struct Disk {
    /// The directory, if this process could take it.
    pub store: Option<Arc<Store>>,
    /// Whether a running service has it.
    pub in_use: bool,
    /// Calls of the last day.
    pub(super) spent: Vec<SpentHour>,
    /// The snapshot that a service would begin with.
    pub(super) snapshot: Option<OrgSnapshot>,
    pub(super) facts: Option<StateFacts>,
    pub(super) findings: Vec<Finding>,
}

/// Takes the directory, which is made if it isn't there, as a service would, and reads what is in it. Blocks, for as
/// long as it takes to read everybody.
pub fn open(directory: Option<&Path>, now: Timestamp) -> Disk {
    let Some(directory) = directory else {
        let nothing = Finding::warning(
            Topic::State,
            "no state directory is named: nothing outlives the process, and a restart begins with no snapshot",
            "name one with ORGRAPH_STATE_DIR or --state-dir",
        );
        return Disk { findings: vec![nothing], ..Disk::default() };
    };
    let name = directory.display().to_string();
    let mut facts = StateFacts {
        directory: name.clone(),
        in_use: false,
        snapshot_age_seconds: None,
        snapshot_users: None,
    };
    match Store::open(directory) {
        Ok((store, notices)) => {
            let mut findings = vec![Finding::fine(Topic::State, format!("{name} can be written"))];
            findings.extend(notices.iter().map(|notice| {
                Finding::warning(
                    Topic::State,
                    notice.to_string(),
                    "the service begins that file anew; keep the old one if somebody is to look at it",
                )
            }));
            let disk = Disk { store: Some(Arc::new(store)), facts: Some(facts), findings, ..Disk::default() };
            disk.read(now)
        }
        Err(StoreError::Locked { .. }) => {
            facts.in_use = true;
            let told = format!("{name} is in use by a running service, whose `syncStatus` tells how it is");
            let findings = vec![Finding::fine(Topic::State, told)];
            Disk { in_use: true, facts: Some(facts), findings, ..Disk::default() }
        }
        Err(error) => {
            let advice = "give the user that runs orgraph a directory of its own that it can write";
            let failed = Finding::failed(Topic::State, Cause::State, error.to_string(), advice);
            Disk { facts: Some(facts), findings: vec![failed], ..Disk::default() }
        }
    }
}

impl Disk {
    fn read(mut self, now: Timestamp) -> Self {
        let Some(store) = self.store.clone() else { return self };
        let found = match store.load_snapshot() {
            Ok(Some(stored)) => self.holds(stored, now),
            Ok(None) => Finding::fine(Topic::State, "it holds no snapshot yet"),
            Err(error) => {
                let advice = "the service begins with no snapshot and reads Gong first";
                Finding::warning(Topic::State, error.to_string(), advice)
            }
        };
        self.findings.push(found);
        match spent(&store) {
            Ok(hours) => self.spent = hours,
            Err(error) => {
                let advice = "the service counts the day's calls anew";
                self.findings.push(Finding::warning(Topic::State, error.to_string(), advice));
            }
        }
        self
    }

    fn holds(&mut self, stored: StoredSnapshot, now: Timestamp) -> Finding {
        let StoredSnapshot { version, taken_at, source, checks, records } = stored;
        let graph = org::build(records);
        let (age, users) = (now.duration_since(taken_at).as_secs(), graph.person_count());
        if let Some(facts) = &mut self.facts {
            facts.snapshot_age_seconds = Some(age);
            facts.snapshot_users = Some(users);
        }
        self.snapshot = Some(OrgSnapshot { version, taken_at, source, checks, graph });
        Finding::fine(Topic::State, format!("it holds a snapshot of {users} people, taken {} ago", span(age)))
    }
}

/// The calls of the last day, as the directory has them. Blocks.
///
/// # Errors
/// If they can't be read.
pub fn spent(store: &Store) -> Result<Vec<SpentHour>, StoreError> {
    Ok(store.load_spent()?.into_iter().map(counted).collect())
}

/// Keeps the calls that were made, if there is a directory to keep them in. Blocks.
///
/// # Errors
/// If they can't be written.
pub fn keep_count(store: Option<&Store>, hours: &[SpentHour]) -> Result<(), StoreError> {
    let Some(store) = store else { return Ok(()) };
    let hours: Vec<_> = hours
        .iter()
        .map(|&SpentHour { hour, calls, lookups }| store::SpentHour { hour, calls, lookups })
        .collect();
    store.save_spent(&hours)
}

fn counted(store::SpentHour { hour, calls, lookups }: store::SpentHour) -> SpentHour {
    SpentHour { hour, calls, lookups }
}

/// Seconds as a person says them.
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
