//! What look-ups bring back that the snapshot doesn't have: on its way to the writer.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use crate::org::{OrgSnapshot, User, UserId, UserKind};

/// Records that the snapshot doesn't have, the latest of each id. Look-ups put them in, the writer takes
/// them out.
pub(super) struct Repairs {
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    records: HashMap<UserId, Arc<User>>,
    /// Those that the writer is about to publish.
    taken: HashSet<UserId>,
    scanning: bool,
}

/// Records kept for the writer. It takes them within seconds; what is beyond comes with the next scan.
const MOST_KEPT: usize = 10_000;

impl Repairs {
    pub(super) fn new(snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>) -> Self {
        Self { snapshots, state: Mutex::default(), arrived: Notify::new() }
    }

    /// Keeps `user` for the writer if the snapshot's record is another one or there is none, or soon may be:
    /// because an earlier record is on its way into it, or a scan is. Avatars whom the snapshot doesn't
    /// know have no place in it: nobody names them.
    pub(super) fn offer(&self, user: &Arc<User>) {
        let is_news = match self.snapshots.borrow().as_deref() {
            None => return, // the first scan will have it
            Some(OrgSnapshot { graph, .. }) => match graph.find(user.id()) {
                Some(known) => !graph.user(known).says_the_same_as(user),
                None if user.kind() == UserKind::Person => true,
                None => return,
            },
        };
        let mut state = self.state();
        let replaces = state.records.contains_key(user.id()) || state.taken.contains(user.id());
        let has_room = state.records.len() < MOST_KEPT || state.records.contains_key(user.id());
        if (is_news || replaces || state.scanning) && has_room {
            state.records.insert(UserId::new(user.id()), user.clone());
            drop(state);
            self.arrived.notify_one();
        }
    }

    /// Done when something came in since this was last done.
    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    pub(super) fn take(&self) -> Vec<Arc<User>> {
        let mut state = self.state();
        let records = std::mem::take(&mut state.records);
        state.taken = records.keys().cloned().collect();
        records.into_values().collect()
    }

    pub(super) fn settled(&self) {
        self.state().taken.clear();
    }

    pub(super) fn scanning(&self, running: bool) {
        self.state().scanning = running;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole, so a panic elsewhere doesn't spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
