//! What is known right now: the current snapshot, the state of the sync, and single people at the
//! freshness that is asked for.
//!
//! The write path and the read path meet here and nowhere else. There is one [`Writer`]; it is not
//! `Clone`. Readers hold a [`Directory`] and see a whole snapshot or the one before, never a mixture.

mod status;
mod quarantine;
mod requests;
mod people;
mod repairs;
mod batches;
mod loader;
mod convert;
mod live;

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    clock::Clock,
    gong::{Gong, Limiter},
    org::{OrgSnapshot, User},
};
use repairs::Repairs;
use requests::Requests;

pub use crate::gong::{ActivityCounters, CoachingMetrics, DateWindow, TimeWindow, Usage};
pub use convert::person;
pub use live::{
    Activity, ActivityAudit, Call, Calls, Coached, Coaching, Fetched, Live, LiveError, Question, Scorecard,
    SettingChange, Workspace,
};
pub use loader::Answer;
pub use people::{Freshness, LookupError, People};
pub use quarantine::{Breach, Quarantine, QuarantineReason};
pub use requests::{Decision, DecisionError, Desk, ScanRequests, Verdict, Verdicts};
pub use status::{FailureKind, RefusedRecord, Storage, SyncFailure, SyncState, SyncStatus};

/// The reading end. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    status: watch::Receiver<SyncStatus>,
    people: Arc<People>,
    live: Arc<Live>,
    requests: Requests,
    limiter: Arc<Limiter>,
}

/// The writing end; there is one.
pub struct Writer {
    snapshots: watch::Sender<Option<Arc<OrgSnapshot>>>,
    status: watch::Sender<SyncStatus>,
    repairs: Arc<Repairs>,
}

/// An empty directory in front of `gong`: the end that writes, what is asked of it, and the end that reads.
pub fn open(gong: Arc<Gong>, clock: Clock) -> (Writer, Desk, Directory) {
    let (snapshots, snapshots_reader) = watch::channel(None);
    let (status, status_reader) = watch::channel(SyncStatus::default());
    let (requests, desk) = requests::channel();
    let repairs = Arc::new(Repairs::new(snapshots_reader.clone()));
    let limiter = gong.limiter().clone();
    let live = Arc::new(Live::new(gong.clone(), clock.clone()));
    let people = Arc::new(People::new(gong, snapshots_reader.clone(), repairs.clone(), clock));
    let directory =
        Directory { snapshots: snapshots_reader, status: status_reader, people, live, requests, limiter };
    (Writer { snapshots, status, repairs }, desk, directory)
}

impl Directory {
    /// The snapshot as it is now; `None` before the first. Take it once and keep it for a whole request.
    pub fn snapshot(&self) -> Option<Arc<OrgSnapshot>> {
        self.snapshots.borrow().clone()
    }

    /// Snapshots as they are published. A reader that is slow sees the latest.
    pub fn snapshots(&self) -> watch::Receiver<Option<Arc<OrgSnapshot>>> {
        self.snapshots.clone()
    }

    /// How the sync is doing.
    pub fn status(&self) -> SyncStatus {
        self.status.borrow().clone()
    }

    /// The state of the sync as it changes.
    pub fn statuses(&self) -> watch::Receiver<SyncStatus> {
        self.status.clone()
    }

    /// What is asked of Gong right now.
    pub fn upstream(&self) -> Usage {
        self.limiter.usage()
    }

    /// Single people, fresher than the snapshot.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What Gong tells beside the snapshot.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Asks for a scan, unless one is running: then that one will do. Tells the number that
    /// [`SyncStatus::scans`] has once the scan has ended.
    pub fn request_scan(&self) -> u64 {
        let SyncStatus { state, scans, .. } = &*self.status.borrow();
        if *state != SyncState::Syncing {
            self.requests.scan();
        }
        scans + 1
    }

    /// Decides on the scan in quarantine: on the one with this `id`, or whichever there is.
    ///
    /// # Errors
    /// If there is none, or another one.
    pub async fn decide(&self, decision: Decision, id: Option<u64>) -> Result<(), DecisionError> {
        self.requests.decide(decision, id).await
    }
}

impl Writer {
    /// Puts `snapshot` in the place of the current one.
    pub fn publish(&self, snapshot: Arc<OrgSnapshot>) {
        self.snapshots.send_replace(Some(snapshot));
    }

    /// The snapshot published last.
    pub fn current(&self) -> Option<Arc<OrgSnapshot>> {
        self.snapshots.borrow().clone()
    }

    /// Changes what is told of the sync.
    pub fn report(&self, change: impl FnOnce(&mut SyncStatus)) {
        self.status.send_modify(change);
    }

    /// What is told of the sync.
    pub fn status(&self) -> SyncStatus {
        self.status.borrow().clone()
    }

    /// Done as soon as look-ups have found something that the snapshot doesn't have.
    pub async fn repairs_arrived(&self) {
        self.repairs.arrived().await;
    }

    /// What they have found by now: the latest record of each id.
    pub fn take_repairs(&self) -> Vec<Arc<User>> {
        self.repairs.take()
    }

    /// What was taken is in the snapshot, or never will be.
    pub fn repairs_settled(&self) {
        self.repairs.settled();
    }

    /// Whether a scan is running: what look-ups find may be later than what it has read, news or not.
    pub fn scanning(&self, running: bool) {
        self.repairs.scanning(running);
    }
}
