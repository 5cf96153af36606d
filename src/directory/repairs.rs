//! What look-ups bring back that the snapshot doesn't have: on its way to the writer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use crate::org::{OrgSnapshot, User, UserId, UserKind};

/// Records that differ from the snapshot's, the latest of each id. Look-ups put them in, the writer takes
/// them out.
pub(super) struct Repairs {
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    records: Mutex<HashMap<UserId, Arc<User>>>,
    arrived: Notify,
}

/// Records kept for the writer. It takes them within seconds; what is beyond comes with the next scan.
const MOST_KEPT: usize = 10_000;

impl Repairs {
    pub(super) fn new(snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>) -> Self {
        Self { snapshots, records: Mutex::default(), arrived: Notify::new() }
    }

    /// Keeps `user` for the writer if the snapshot's record is another one or there is none. Avatars
    /// whom the snapshot doesn't know have no place in it: nobody names them.
    pub(super) fn offer(&self, user: &Arc<User>) {
        let is_news = match self.snapshots.borrow().as_deref() {
            None => false, // the first scan will have it
            Some(OrgSnapshot { graph, .. }) => match graph.find(user.id.as_str()) {
                Some(known) => !graph.user(known).says_the_same_as(user),
                None => user.kind == UserKind::Person,
            },
        };
        if !is_news {
            return;
        }
        let mut records = self.records();
        if records.len() < MOST_KEPT || records.contains_key(&user.id) {
            records.insert(user.id.clone(), user.clone());
            drop(records);
            self.arrived.notify_one();
        }
    }

    /// Done as soon as there is something to [take](Self::take).
    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// All that came in since the last time.
    pub(super) fn take(&self) -> Vec<Arc<User>> {
        self.records().drain().map(|(_, user)| user).collect()
    }

    fn records(&self) -> MutexGuard<'_, HashMap<UserId, Arc<User>>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
