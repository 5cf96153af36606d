//! Changes of users, for one subscriber.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    WantedUsers,
    held::{Held, Hub},
    source::seen,
};
use crate::{
    auth::Role,
    graphql::error::Fault,
    org::{ChangeKind, OrgGraph, OrgSnapshot, SnapshotVersion, UserChange},
};

/// The most changes between two snapshots that are told one by one. More are a `RESYNC`.
pub(in crate::graphql) const MAX_CHANGES: usize = 1_000;

/// One event about a user.
pub(in crate::graphql) struct Told {
    /// The snapshot that it is from.
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    /// The version of the snapshot that the subscriber saw before.
    pub(in crate::graphql) previous: SnapshotVersion,
    pub(in crate::graphql) what: What,
}

impl Told {
    /// The same as a role sees it.
    pub(super) async fn seen(&self, role: Role) -> Result<Self, Fault> {
        let what = match &self.what {
            What::Change { before, change, remaining } => What::Change {
                before: seen(before.clone(), role).await?,
                change: *change,
                remaining: *remaining,
            },
            What::Resync { missed } => What::Resync { missed: *missed },
        };
        Ok(Self { snapshot: seen(self.snapshot.clone(), role).await?, previous: self.previous, what })
    }
}

/// What is told.
pub(in crate::graphql) enum What {
    /// A change, and how many more of the same difference follow.
    Change { before: Arc<OrgSnapshot>, change: UserChange, remaining: usize },
    /// Changes that aren't told; how many, if that is known.
    Resync { missed: Option<usize> },
}

/// The part of a difference that somebody wants.
pub(super) struct Selected {
    /// At most [`MAX_CHANGES`] of them.
    changes: Vec<UserChange>,
    /// How many there are.
    count: usize,
}

/// The changes that `wanted` asks for, without what a viewer may not see.
pub(super) fn select(
    changes: &[UserChange],
    (before, after): (&OrgGraph, &OrgGraph),
    wanted: &WantedUsers,
    sees_contact_data: bool,
) -> Selected {
    let mut selected = Selected { changes: Vec::new(), count: 0 };
    for change in changes {
        let user = match (change.before, change.after) {
            (_, Some(user)) => after.user(user),
            (Some(user), None) => before.user(user),
            (None, None) => continue,
        };
        if wanted.ids.as_ref().is_some_and(|ids| !ids.contains(user.id())) {
            continue;
        }
        let fields = if sees_contact_data { change.fields } else { change.fields.without_contact_data() };
        if change.kind == ChangeKind::Changed && fields.is_empty() {
            continue;
        }
        selected.count += 1;
        if selected.changes.len() < MAX_CHANGES {
            selected.changes.push(UserChange { fields, ..*change });
        }
    }
    selected
}

/// Tells the difference between the snapshot that was seen last and the present one, again and again.
pub(in crate::graphql) struct Users {
    wanted: Arc<WantedUsers>,
    sees_contact_data: bool,
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    hub: Arc<Hub>,
    seen: Seen,
}

/// What the subscriber has seen.
enum Seen {
    /// Nothing: there was no snapshot yet.
    Nothing,
    /// This one, whole.
    Whole(Arc<Held>),
    /// One that isn't kept.
    Forgotten(SnapshotVersion),
    /// The first one, and the first so many changes from there to the other.
    Part { before: Arc<Held>, after: Arc<Held>, changes: Vec<UserChange>, told: usize },
}

impl Users {
    pub(super) fn new(
        wanted: WantedUsers,
        mut snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
        hub: Arc<Hub>,
        sees_contact_data: bool,
    ) -> Self {
        let present = snapshots.borrow_and_update().clone().map(|snapshot| hub.hold(&snapshot));
        let seen = match (wanted.since, present) {
            (None, None) => Seen::Nothing,
            (None, Some(present)) => Seen::Whole(present),
            (Some(version), Some(present)) if present.version == version => Seen::Whole(present),
            (Some(version), _) => hub.find(version).map_or(Seen::Forgotten(version), Seen::Whole),
        };
        Self { wanted: Arc::new(wanted), sees_contact_data, snapshots, hub, seen }
    }

    /// The next change; `None` when there will be none any more.
    pub(super) async fn next(&mut self) -> Option<Told> {
        loop {
            match std::mem::replace(&mut self.seen, Seen::Nothing) {
                Seen::Nothing => {
                    let first = self.snapshots.wait_for(Option::is_some).await.ok()?.clone()?;
                    self.seen = Seen::Whole(self.hub.hold(&first));
                }
                Seen::Forgotten(version) => {
                    let present = self.snapshots.wait_for(Option::is_some).await.ok()?.clone()?;
                    return Some(self.resync(version, present, None));
                }
                Seen::Whole(before) => {
                    let newer = |snapshot: &Option<Arc<OrgSnapshot>>| {
                        snapshot.as_ref().is_some_and(|snapshot| snapshot.version != before.version)
                    };
                    let present = self.snapshots.wait_for(newer).await.ok()?.clone()?;
                    if let Some(told) = self.compare(before, present).await {
                        return Some(told);
                    }
                }
                Seen::Part { after, changes, told, .. } if told == changes.len() => {
                    self.seen = Seen::Whole(after);
                }
                Seen::Part { before, after, changes, told } => {
                    let ends = before.snapshot().zip(after.snapshot());
                    let Some(((old, new), &change)) = ends.zip(changes.get(told)) else {
                        self.seen = Seen::Forgotten(before.version);
                        continue;
                    };
                    let remaining = changes.len() - told - 1;
                    let previous = old.version;
                    self.seen = Seen::Part { before, after, changes, told: told + 1 };
                    let what = What::Change { before: old, change, remaining };
                    return Some(Told { snapshot: new, previous, what });
                }
            }
        }
    }

    /// Works out what is different in `present`. What is to be told of it at once is a resync.
    async fn compare(&mut self, before: Arc<Held>, present: Arc<OrgSnapshot>) -> Option<Told> {
        let after = self.hub.hold(&present);
        let changes = self.hub.changes(&before, &after, &self.wanted, self.sees_contact_data).await;
        let Some(Selected { changes, count }) = changes else {
            // Nobody knows what it was like before.
            let version = before.version;
            drop((before, after));
            return Some(self.resync(version, present, None));
        };
        if count > changes.len() {
            return Some(self.resync(before.version, present, Some(count)));
        }
        self.seen = Seen::Part { before, after, changes, told: 0 };
        None
    }

    fn resync(
        &mut self,
        previous: SnapshotVersion,
        present: Arc<OrgSnapshot>,
        missed: Option<usize>,
    ) -> Told {
        self.seen = Seen::Whole(self.hub.hold(&present));
        Told { snapshot: present, previous, what: What::Resync { missed } }
    }
}
