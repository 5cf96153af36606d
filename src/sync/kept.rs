//! What outlives the process: the served snapshot, the one held back, the day's calls. A disk that fails
//! is told of and tried again; meanwhile memory serves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::publisher::Quarantined;
use crate::{
    directory::{Breach, Quarantine, QuarantineReason, Storage},
    gong::{Limiter, SpentHour},
    org::{self, OrgSnapshot},
    store::{self, Store, StoreError, StoredQuarantine, StoredSnapshot},
    threads::Side,
};

/// The disk, if there is one.
#[derive(Clone)]
pub(super) struct Kept {
    store: Option<Arc<Store>>,
    /// What can't be kept or read, and why.
    troubles: Arc<Mutex<BTreeMap<&'static str, String>>>,
}

/// What was on disk.
#[derive(Default)]
pub(super) struct Restored {
    pub(super) snapshot: Option<Arc<OrgSnapshot>>,
    pub(super) quarantined: Option<Quarantined>,
}

const SNAPSHOT: &str = "the snapshot";
const QUARANTINE: &str = "the quarantine";
const CALLS: &str = "the day's calls";

impl Kept {
    pub(super) fn new(store: Option<Arc<Store>>) -> Self {
        Self { store, troubles: Arc::default() }
    }

    /// Where things are kept, as it is told.
    pub(super) fn storage(&self) -> Storage {
        match (&self.store, self.troubles().iter().next()) {
            (None, _) => Storage::Memory,
            (Some(_), None) => Storage::Disk,
            (Some(_), Some((what, why))) => Storage::Failing(format!("{what}: {why}")),
        }
    }

    pub(super) async fn restore(&self) -> Restored {
        let snapshot = self.with(SNAPSHOT, |store| Ok(store.load_snapshot()?.map(snapshot))).await.flatten();
        let quarantined =
            self.with(QUARANTINE, |store| Ok(store.load_quarantine()?.and_then(quarantined))).await.flatten();
        Restored { snapshot: snapshot.map(Arc::new), quarantined }
    }

    pub(super) async fn keep(&self, snapshot: &Arc<OrgSnapshot>, side: Side) {
        let snapshot = snapshot.clone();
        self.on(side, SNAPSHOT, move |store| store.save_snapshot(&snapshot)).await;
    }

    pub(super) async fn keep_quarantine(
        &self,
        Quarantined { about, checks, graph }: &Quarantined,
        side: Side,
    ) {
        if self.store.is_none() {
            return;
        }
        let stored = StoredQuarantine {
            id: about.id,
            at: about.at,
            taken_at: about.taken_at,
            reasons: about.breaches.iter().map(breach_to_text).collect(),
            checks: *checks,
            records: graph.records().cloned().collect(),
        };
        self.on(side, QUARANTINE, move |store| store.save_quarantine(&stored)).await;
    }

    pub(super) async fn forget_quarantine(&self) {
        self.with(QUARANTINE, Store::clear_quarantine).await;
    }

    /// Counts the calls that were made before the process began.
    pub(super) async fn count_earlier(&self, limiter: &Limiter) {
        let earlier = self.with(CALLS, Store::load_spent).await.unwrap_or_default();
        let earlier = earlier.into_iter();
        limiter.count_earlier(earlier.map(|store::SpentHour { hour, calls, lookups }| SpentHour {
            hour,
            calls,
            lookups,
        }));
    }

    /// Keeps count of the calls that it makes, for ever.
    pub(super) async fn keep_count(&self, limiter: &Limiter) {
        loop {
            limiter.calls_made().await;
            let hours: Vec<_> = limiter
                .spent_by_hour()
                .into_iter()
                .map(|SpentHour { hour, calls, lookups }| store::SpentHour { hour, calls, lookups })
                .collect();
            self.with(CALLS, move |store| store.save_spent(&hours)).await;
        }
    }

    /// Uses the disk. `None` if there is none, or it fails.
    async fn with<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<T> {
        self.on(Side::Beside, what, work).await
    }

    /// The same on this side.
    async fn on<T: Send + 'static>(
        &self,
        side: Side,
        what: &'static str,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<T> {
        let store = self.store.clone()?;
        match side.run(move || work(&store)).await {
            Ok(done) => {
                if self.troubles().remove(what).is_some() {
                    tracing::info!(what, "kept on disk again");
                }
                Some(done)
            }
            Err(error) => {
                let why = error.to_string();
                let before = self.troubles().insert(what, why.clone());
                if before.as_ref() != Some(&why) {
                    tracing::error!(what, %error, "can't be kept on disk; memory serves meanwhile");
                }
                None
            }
        }
    }

    fn troubles(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn snapshot(StoredSnapshot { version, taken_at, source, checks, records }: StoredSnapshot) -> OrgSnapshot {
    OrgSnapshot { version, taken_at, source, checks, graph: org::build(records) }
}

fn quarantined(stored: StoredQuarantine) -> Option<Quarantined> {
    let StoredQuarantine { id, at, taken_at, reasons, checks, records } = stored;
    let breaches: Vec<_> = reasons.iter().filter_map(|text| breach_from_text(text)).collect();
    let graph = org::build(records);
    let about = Quarantine { id, at, taken_at, user_count: graph.person_count(), breaches };
    Some(Quarantined { about, checks, graph })
}

fn breach_to_text(Breach { reason, found, of, allowed }: &Breach) -> String {
    format!("{} {found} {of} {allowed}", reason.as_str())
}

fn breach_from_text(text: &str) -> Option<Breach> {
    let mut words = text.split(' ');
    let name = words.next()?;
    let reason = QuarantineReason::ALL.into_iter().find(|reason| reason.as_str() == name)?;
    let mut number = || words.next()?.parse().ok();
    Some(Breach { reason, found: number()?, of: number()?, allowed: number()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_is_read_as_it_was_written() {
        for reason in QuarantineReason::ALL {
            let breach = Breach { reason, found: 21, of: 100, allowed: 20 };
            assert_eq!(breach_from_text(&breach_to_text(&breach)), Some(breach));
        }
        for text in ["", "NO_SUCH_REASON 1 2 3", "EMPTY_COMPANY 1 2", "EMPTY_COMPANY 1 2 x"] {
            assert_eq!(breach_from_text(text), None, "{text}");
        }
    }
}
