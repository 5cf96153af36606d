//! What all subscribers share: the snapshots that some of them saw last, and the differences between them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::OnceCell;

use super::{
    WantedUsers,
    users::{Selected, select},
};
use crate::{
    graphql::{error::Fault, request::aside},
    org::{Difference, OrgSnapshot, SnapshotVersion, UserChange},
};

/// Snapshots that are kept because some subscriber hasn't seen what came after them. Whoever still needs an
/// older one is told to begin anew.
const MAX_HELD: usize = 4;
/// Differences that are kept for whoever asks for the same one.
const MAX_PAIRS: usize = 4;
/// Teams whose part of one difference is kept.
const MAX_TEAMS: usize = 64;
/// Changes that are gone through at once on the threads that answer.
const LONG: usize = 2_000;

/// A snapshot that somebody saw last. It is let go when too many newer ones are held.
pub(super) struct Held {
    pub(super) version: SnapshotVersion,
    snapshot: Mutex<Option<Arc<OrgSnapshot>>>,
}

impl Held {
    /// The snapshot, if it is still kept.
    pub(super) fn snapshot(&self) -> Option<Arc<OrgSnapshot>> {
        locked(&self.snapshot).clone()
    }
}

/// What subscribers share. A thousand who saw the same snapshot cost one difference, and a slow one keeps no
/// snapshot of its own.
#[derive(Default)]
pub(in crate::graphql) struct Hub {
    /// The oldest first.
    held: Mutex<Vec<Weak<Held>>>,
    pairs: Mutex<VecDeque<Arc<Pair>>>,
}

/// Two snapshots and what is different between them.
struct Pair {
    before: SnapshotVersion,
    after: SnapshotVersion,
    difference: OnceCell<Arc<Difference>>,
    teams: Mutex<VecDeque<(String, TeamChanges)>>,
}

type TeamChanges = Arc<OnceCell<Arc<[UserChange]>>>;

impl Hub {
    /// Keeps `snapshot` for as long as the handle is there, or until too many newer ones are kept.
    pub(super) fn hold(&self, snapshot: &Arc<OrgSnapshot>) -> Arc<Held> {
        let mut list = locked(&self.held);
        let mut held: Vec<_> = list.iter().filter_map(Weak::upgrade).collect();
        let found = held.iter().find(|one| one.version == snapshot.version).cloned();
        let found = found.unwrap_or_else(|| {
            let new =
                Arc::new(Held { version: snapshot.version, snapshot: Mutex::new(Some(snapshot.clone())) });
            held.push(new.clone());
            held.sort_unstable_by_key(|one| one.version);
            new
        });
        // One more, which is the present one and costs nothing.
        for old in held.drain(..held.len().saturating_sub(MAX_HELD + 1)) {
            *locked(&old.snapshot) = None;
        }
        *list = held.iter().map(Arc::downgrade).collect();
        found
    }

    /// The snapshot of this version, if somebody holds it.
    pub(super) fn find(&self, version: SnapshotVersion) -> Option<Arc<Held>> {
        let held = locked(&self.held).iter().filter_map(Weak::upgrade).find(|one| one.version == version);
        held.filter(|one| one.snapshot().is_some())
    }

    /// What `wanted` asks for of the difference between the two. `None` if one of them isn't kept any more.
    pub(super) async fn changes(
        &self,
        before: &Arc<Held>,
        after: &Arc<Held>,
        wanted: &Arc<WantedUsers>,
        sees_contact_data: bool,
    ) -> Option<Selected> {
        let pair = self.pair(before.version, after.version);
        let ends = || Some((before.snapshot()?, after.snapshot()?));
        let difference = pair.difference.get_or_try_init(async || {
            let (before, after) = (before.clone(), after.clone());
            // Taken on the thread, so that whoever waits for a place keeps nothing.
            let worked = aside(move || {
                let (before, after) = (before.snapshot()?, after.snapshot()?);
                Some(Arc::new(Difference::between(&before.graph, &after.graph)))
            });
            worked.await.ok().flatten().ok_or(())
        });
        let difference = difference.await.ok()?.clone();
        let team = match &wanted.under {
            None => None,
            Some(lead) => {
                let cell = pair.team(lead);
                let (before, after) = ends()?;
                let (lead, whole) = (lead.clone(), difference.clone());
                let changes = cell.get_or_try_init(async || {
                    let worked = aside(move || whole.of_team(&before.graph, &after.graph, &lead).into());
                    worked.await.map_err(|_: Fault| ())
                });
                Some(changes.await.ok()?.clone())
            }
        };
        let (before, after) = ends()?;
        let long = team.as_ref().map_or(difference.changes().len(), |team| team.len()) > LONG;
        let wanted = wanted.clone();
        let work = move || {
            let changes = team.as_deref().unwrap_or(difference.changes());
            select(changes, (&before.graph, &after.graph), &wanted, sees_contact_data)
        };
        if long { aside(work).await.ok() } else { Some(work()) }
    }

    fn pair(&self, before: SnapshotVersion, after: SnapshotVersion) -> Arc<Pair> {
        let mut pairs = locked(&self.pairs);
        if let Some(pair) = pairs.iter().find(|pair| (pair.before, pair.after) == (before, after)) {
            return pair.clone();
        }
        let pair = Arc::new(Pair { before, after, difference: OnceCell::new(), teams: Mutex::default() });
        pairs.push_back(pair.clone());
        if pairs.len() > MAX_PAIRS {
            pairs.pop_front();
        }
        pair
    }
}

impl Pair {
    fn team(&self, lead: &str) -> TeamChanges {
        let mut teams = locked(&self.teams);
        if let Some((_, cell)) = teams.iter().find(|(known, _)| known == lead) {
            return cell.clone();
        }
        let cell = TeamChanges::default();
        teams.push_back((lead.to_owned(), cell.clone()));
        if teams.len() > MAX_TEAMS {
            teams.pop_front();
        }
        cell
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
