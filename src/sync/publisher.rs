//! The one place where the snapshot changes: scans, what look-ups find, and decisions on what is held back
//! come here, one after the other.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{
    guard::GuardBounds,
    kept::{Kept, Restored},
    managers,
    scan::Scan,
};
use crate::{
    clock::Clock,
    directory::{Breach, Decision, DecisionError, People, Quarantine, SyncState, Writer},
    org::{self, OrgGraph, OrgSnapshot, SnapshotChecks, SnapshotSource, SnapshotVersion, User, UserId},
    threads::Side,
};

/// What became of a scan.
pub(super) enum Outcome {
    /// It is served.
    Published(Arc<OrgSnapshot>),
    /// It is held back.
    Quarantined(Quarantine),
}

/// Publishes what is to be believed, and holds back the rest.
pub(super) struct Publisher {
    pub(super) writer: Writer,
    kept: Kept,
    bounds: GuardBounds,
    clock: Clock,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// The last full scan that is served. What look-ups find is measured against it, so that many small
    /// changes can't add up to one that the guard wouldn't let through.
    scanned: Option<Arc<OrgSnapshot>>,
    /// What look-ups have found since it began.
    repairs: HashMap<UserId, Arc<User>>,
    /// The scan that is held back.
    quarantined: Option<Quarantined>,
}

/// A scan that is held back, whole.
pub(super) struct Quarantined {
    pub(super) about: Quarantine,
    pub(super) checks: SnapshotChecks,
    pub(super) graph: OrgGraph,
}

/// Records of look-ups that are laid over one scan. What is beyond comes with the next.
const MOST_REPAIRS: usize = 100_000;

impl Publisher {
    pub(super) fn new(writer: Writer, kept: Kept, bounds: GuardBounds, clock: Clock) -> Self {
        Self { writer, kept, bounds, clock, held: Mutex::default() }
    }

    /// Where a company is worked on: behind those who are answered, if anybody is. Until then all wait for the first.
    fn side(&self) -> Side {
        match self.writer.current() {
            None => Side::Beside,
            Some(_) => Side::Behind,
        }
    }

    /// Publishes what is on disk, if anything is.
    pub(super) async fn restore(&self) {
        let mut held = self.held.lock().await;
        let Restored { snapshot, quarantined } = self.kept.restore().await;
        // One that is no newer than what is served was decided on, and the process died over it.
        let served = snapshot.as_ref().map(|snapshot| snapshot.taken_at);
        let quarantined = quarantined.filter(|held| served.is_none_or(|served| held.about.taken_at > served));
        if let Some(snapshot) = snapshot {
            tracing::info!(
                version = snapshot.version.as_u64(),
                users = snapshot.graph.users().len(),
                taken_at = %snapshot.taken_at,
                "serving the snapshot on disk"
            );
            // A scan's own snapshot is published as it ends; of a repaired one only the beginning is known.
            let ended_at = match snapshot.source {
                SnapshotSource::FullScan => snapshot.version.published_at(),
                SnapshotSource::ReadRepair => Some(snapshot.taken_at),
            };
            held.scanned = Some(snapshot.clone());
            self.writer.publish(snapshot);
            self.writer.report(|status| status.last_success_at = ended_at);
        }
        if let Some(quarantined) = quarantined {
            self.writer.report(|status| {
                status.state = SyncState::Quarantined;
                status.quarantine = Some(quarantined.about.clone());
            });
            held.quarantined = Some(quarantined);
        }
        self.writer.report(|status| status.storage = self.kept.storage());
    }

    /// Publishes a scan that began at `taken_at`, or holds it back. Of somebody whom a look-up found
    /// later than the scan did, the look-up's record counts.
    pub(super) async fn offer(&self, scan: Scan, taken_at: Timestamp) -> Outcome {
        let mut held = self.held.lock().await;
        let Scan { users, checks } = scan;
        let later = later_than(&held.repairs, taken_at);
        let (before, bounds) = (self.writer.current(), self.bounds);
        let build = move || {
            let graph = org::build(laid_over(users, later));
            let breaches = bounds.breaches(before.as_deref(), &graph, &checks);
            (graph, breaches)
        };
        let side = self.side();
        let (graph, breaches) = side.run(build).await;
        if !breaches.is_empty() {
            return Outcome::Quarantined(self.hold_back(&mut held, graph, checks, taken_at, breaches).await);
        }
        let snapshot = self.publish(graph, taken_at, SnapshotSource::FullScan, checks, side).await;
        held.repairs.clear();
        held.scanned = Some(snapshot.clone());
        if held.quarantined.take().is_some() {
            self.kept.forget_quarantine().await;
        }
        self.writer.report(|status| status.quarantine = None);
        Outcome::Published(snapshot)
    }

    async fn hold_back(
        &self,
        held: &mut Held,
        graph: OrgGraph,
        checks: SnapshotChecks,
        taken_at: Timestamp,
        breaches: Vec<Breach>,
    ) -> Quarantine {
        let at = self.clock.now();
        let before = held.quarantined.as_ref().map(|quarantined| quarantined.about.id.into());
        let id = SnapshotVersion::after(before, at).as_u64();
        let about = Quarantine { id, at, taken_at, user_count: graph.person_count(), breaches };
        let quarantined = Quarantined { about: about.clone(), checks, graph };
        self.kept.keep_quarantine(&quarantined, self.side()).await;
        held.quarantined = Some(quarantined);
        self.writer.report(|status| {
            status.quarantine = Some(about.clone());
            status.storage = self.kept.storage();
        });
        about
    }

    /// Publishes the last scan with what look-ups have found since, unless that would change more than
    /// the guard lets through. Managers whom only those records name are asked for before.
    pub(super) async fn repair(&self, records: Vec<Arc<User>>, people: &People) {
        let Some(served) = self.writer.current() else { return };
        let says_the_same = |record: &User| {
            let known = served.graph.find(record.id());
            known.is_some_and(|user| served.graph.user(user).says_the_same_as(record))
        };
        let news: Vec<User> = records
            .iter()
            .filter(|record| !says_the_same(record))
            .map(|record| User::clone(record))
            .collect();
        let managers = match managers::find_beyond(&news, &served.graph, people).await {
            Ok(managers) => managers,
            Err(error) => {
                tracing::warn!(%error, records = news.len(), "what look-ups found is left to the next scan: a manager can't be asked for");
                return;
            }
        };

        let mut held = self.held.lock().await;
        let Some(scanned) = held.scanned.clone() else { return };
        let before = held.repairs.clone();
        for record in records.into_iter().chain(managers.into_iter().map(Arc::new)) {
            let known = scanned.graph.find(record.id()).map(|user| scanned.graph.user(user));
            let is_later = known.is_none_or(|known| known.fetched_at() <= record.fetched_at());
            let has_room = held.repairs.len() < MOST_REPAIRS || before.contains_key(record.id());
            if is_later && has_room {
                held.repairs.insert(UserId::new(record.id()), record);
            }
        }
        if news.is_empty() {
            return;
        }
        let (repairs, bounds): (Vec<_>, _) = (held.repairs.values().cloned().collect(), self.bounds);
        let base = scanned.clone();
        let build = move || {
            let graph = org::build(laid_over(base.graph.records().cloned().collect(), repairs));
            let breaches = bounds.changes(&base.graph, &graph);
            (graph, breaches)
        };
        let side = self.side();
        let (graph, breaches) = side.run(build).await;
        if breaches.is_empty() {
            let OrgSnapshot { taken_at, checks, .. } = *scanned;
            let snapshot = self.publish(graph, taken_at, SnapshotSource::ReadRepair, checks, side).await;
            tracing::info!(
                version = snapshot.version.as_u64(),
                records = news.len(),
                "snapshot repaired by look-ups"
            );
        } else {
            held.repairs = before;
            let why = breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            tracing::warn!(
                records = news.len(),
                why,
                "what look-ups found is not published; the next scan tells"
            );
        }
    }

    /// Carries out a decision on the scan in quarantine.
    pub(super) async fn decide(&self, decision: Decision, id: Option<u64>) -> Result<(), DecisionError> {
        let mut held = self.held.lock().await;
        let now = held.quarantined.as_ref().ok_or(DecisionError::NothingHeld)?.about.id;
        if id.is_some_and(|id| id != now) {
            return Err(DecisionError::Another { now });
        }
        let Some(Quarantined { about, checks, graph }) = held.quarantined.take() else {
            return Err(DecisionError::NothingHeld);
        };
        tracing::info!(quarantine = about.id, ?decision, "a decision on the scan in quarantine");
        if decision == Decision::Accept {
            let later = later_than(&held.repairs, about.taken_at);
            let build = move || org::build(laid_over(graph.records().cloned().collect(), later));
            // Whoever has decided waits for it.
            let side = Side::Beside;
            let graph = side.run(build).await;
            let snapshot = self.publish(graph, about.taken_at, SnapshotSource::FullScan, checks, side).await;
            held.repairs.clear();
            held.scanned = Some(snapshot);
        }
        self.kept.forget_quarantine().await;
        self.writer.report(|status| {
            status.quarantine = None;
            if status.state == SyncState::Quarantined {
                status.state = match decision {
                    Decision::Accept => SyncState::Idle,
                    Decision::Reject => SyncState::Retrying,
                };
            }
        });
        Ok(())
    }

    /// On disk first, and only then to readers: what anybody has seen is there after a restart.
    async fn publish(
        &self,
        graph: OrgGraph,
        taken_at: Timestamp,
        source: SnapshotSource,
        checks: SnapshotChecks,
        side: Side,
    ) -> Arc<OrgSnapshot> {
        let (now, before) = (self.clock.now(), self.writer.current());
        let version = SnapshotVersion::after(before.as_ref().map(|before| before.version), now);
        let snapshot = Arc::new(OrgSnapshot { version, taken_at, source, checks, graph });
        if let Some(before) = before {
            let snapshot = snapshot.clone();
            side.run(move || snapshot.derive_as_in(&before)).await;
        }
        self.kept.keep(&snapshot, side).await;
        self.writer.publish(snapshot.clone());
        self.writer.report(|status| {
            status.storage = self.kept.storage();
            if source == SnapshotSource::FullScan {
                status.last_success_at = Some(now);
            }
        });
        snapshot
    }
}

fn later_than(repairs: &HashMap<UserId, Arc<User>>, taken_at: Timestamp) -> Vec<Arc<User>> {
    repairs.values().filter(|repair| repair.fetched_at() >= taken_at).cloned().collect()
}

/// `users` with later records in the place of earlier ones, and people whom only those know.
fn laid_over(mut users: Vec<User>, repairs: Vec<Arc<User>>) -> Vec<User> {
    let mut repairs: HashMap<UserId, Arc<User>> =
        repairs.into_iter().map(|repair| (UserId::new(repair.id()), repair)).collect();
    if repairs.is_empty() {
        return users;
    }
    for user in &mut users {
        // An id that comes twice is repaired twice.
        if let Some(repair) = repairs.get(user.id())
            && repair.fetched_at() >= user.fetched_at()
        {
            *user = User::clone(repair);
        }
    }
    for user in &users {
        repairs.remove(user.id());
    }
    users.extend(repairs.into_values().map(|repair| User::clone(&repair)));
    users
}
