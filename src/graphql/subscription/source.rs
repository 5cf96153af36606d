//! Where events come from: states that change, compared with what the subscriber saw last.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    Wanted,
    held::Hub,
    users::{Told, Users},
};
use crate::{
    auth::Role,
    directory::{Directory, SyncStatus, Usage},
    graphql::{
        error::{ErrorCode, Fault},
        request,
    },
    org::{OrgSnapshot, SnapshotVersion},
};

/// Something that is told.
#[derive(Clone)]
pub(in crate::graphql) enum Event {
    Snapshot(Arc<OrgSnapshot>),
    Status(Arc<(SyncStatus, Usage)>),
    User(Arc<Told>),
}

impl Event {
    /// The snapshot that the event is from, if it is from one.
    pub(in crate::graphql) fn snapshot(&self) -> Option<&Arc<OrgSnapshot>> {
        match self {
            Self::Snapshot(snapshot) => Some(snapshot),
            Self::Status(_) => None,
            Self::User(told) => Some(&told.snapshot),
        }
    }

    /// The event as a role sees it: everybody stands at the same place in what less may be seen of.
    pub(in crate::graphql) async fn seen(self, role: Role) -> Result<Self, Fault> {
        Ok(match self {
            Self::Snapshot(snapshot) => Self::Snapshot(seen(snapshot, role).await?),
            Self::User(told) => Self::User(Arc::new(told.seen(role).await?)),
            Self::Status(status) => Self::Status(status),
        })
    }
}

/// The snapshot as a role sees it.
pub(super) async fn seen(snapshot: Arc<OrgSnapshot>, role: Role) -> Result<Arc<OrgSnapshot>, Fault> {
    let seen = request::seen(Some(snapshot), role).await?;
    seen.ok_or_else(|| Fault::new(ErrorCode::InternalServerError, "the snapshot could not be seen"))
}

/// The events of one subscription. Between two of them it holds no snapshot: it remembers which one it saw.
#[expect(clippy::large_enum_variant, reason = "it is behind a pointer wherever it is kept")]
pub(in crate::graphql) enum Source {
    Snapshots { snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>, seen: Option<SnapshotVersion> },
    Statuses { directory: Directory, statuses: watch::Receiver<SyncStatus>, seen: Option<SyncStatus> },
    Users(Users),
}

impl Source {
    /// What is wanted, from this moment on.
    pub(in crate::graphql) fn of(
        wanted: Wanted,
        directory: &Directory,
        hub: &Arc<Hub>,
        sees_contact_data: bool,
    ) -> Self {
        match wanted {
            Wanted::Snapshots => Self::Snapshots { snapshots: directory.snapshots(), seen: None },
            Wanted::Statuses => {
                Self::Statuses { directory: directory.clone(), statuses: directory.statuses(), seen: None }
            }
            Wanted::Users(users) => {
                Self::Users(Users::new(users, directory.snapshots(), hub.clone(), sees_contact_data))
            }
        }
    }

    /// The next event; `None` when there will be none any more.
    pub(in crate::graphql) async fn next(&mut self) -> Option<Event> {
        match self {
            Self::Snapshots { snapshots, seen } => {
                let newer = |snapshot: &Option<Arc<OrgSnapshot>>| {
                    snapshot.as_ref().is_some_and(|snapshot| Some(snapshot.version) != *seen)
                };
                let snapshot = snapshots.wait_for(newer).await.ok()?.clone()?;
                *seen = Some(snapshot.version);
                Some(Event::Snapshot(snapshot))
            }
            Self::Statuses { directory, statuses, seen } => {
                let other = |status: &SyncStatus| seen.as_ref() != Some(status);
                let status = statuses.wait_for(other).await.ok()?.clone();
                *seen = Some(status.clone());
                Some(Event::Status(Arc::new((status, directory.upstream()))))
            }
            Self::Users(users) => users.next().await.map(|told| Event::User(Arc::new(told))),
        }
    }
}
