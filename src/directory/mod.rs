//! What is known right now: the current snapshot, the state of the sync, and single people at the
//! freshness that is asked for.
//!
//! The write path and the read path meet here and nowhere else. There is one [`Writer`]; it is not
//! `Clone`. Readers hold a [`Directory`] and see a whole snapshot or the one before, never a mixture.

mod status;
mod people;
mod loader;
mod convert;

use std::sync::Arc;

use tokio::sync::watch;

use crate::{clock::Clock, gong::Gong, org::OrgSnapshot};

pub use convert::person;
pub use loader::Answer;
pub use people::{Freshness, LookupError, People};
pub use status::{FailureKind, SyncFailure, SyncState, SyncStatus};

/// The reading end. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    status: watch::Receiver<SyncStatus>,
    people: Arc<People>,
}

/// The writing end; there is one.
pub struct Writer {
    snapshots: watch::Sender<Option<Arc<OrgSnapshot>>>,
    status: watch::Sender<SyncStatus>,
}

/// An empty directory in front of `gong`.
pub fn open(gong: Arc<Gong>, clock: Clock) -> (Writer, Directory) {
    let (snapshots, snapshots_reader) = watch::channel(None);
    let (status, status_reader) = watch::channel(SyncStatus::default());
    let people = Arc::new(People::new(gong, snapshots_reader.clone(), clock));
    let directory = Directory { snapshots: snapshots_reader, status: status_reader, people };
    (Writer { snapshots, status }, directory)
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

    /// Single people, fresher than the snapshot.
    pub fn people(&self) -> &People {
        &self.people
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
}
