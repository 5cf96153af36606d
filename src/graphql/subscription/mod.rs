//! What can be subscribed to, and the events that are told.
//!
//! A subscription is run once to hear what is wanted, and once more for each event, as a request of its own
//! that is pinned to the event's snapshot: the same fields tell the first what they were given and the second
//! what has happened.

mod held;
mod source;
mod users;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::stream;

use super::{
    error::{ErrorCode, Fault},
    find::MAX_IDS,
    model::{Snapshot, SyncStatus, UserChange},
};
use crate::org::SnapshotVersion;

pub(super) use held::Hub;
pub(super) use source::{Event, Source};
pub(super) use users::{Told, What};

/// What somebody subscribes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Snapshots,
    Statuses,
    Users(WantedUsers),
}

/// Whose changes are to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WantedUsers {
    pub(super) ids: Option<HashSet<String>>,
    pub(super) under: Option<String>,
    pub(super) since: Option<SnapshotVersion>,
}

/// What a run of a subscription is for.
#[derive(Clone)]
pub(super) enum Stage {
    /// To hear what is wanted.
    Ask(Arc<Mutex<Option<Wanted>>>),
    /// To tell of this.
    Tell(Event),
}

/// At most one event.
type Once<T> = stream::Iter<std::option::IntoIter<T>>;

fn staged<T>(ctx: &Context<'_>, wanted: Wanted, told: impl FnOnce(&Event) -> Option<T>) -> Result<Once<T>> {
    let told = match ctx.data_opt::<Stage>() {
        Some(Stage::Tell(event)) => told(event),
        Some(Stage::Ask(slot)) => {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(wanted);
            None
        }
        None => return Err(Fault::new(ErrorCode::InternalServerError, "nobody listens").into()),
    };
    Ok(stream::iter(told))
}

pub(super) struct Subscription;

/// What becomes different, told as it happens. Each event is from one snapshot, that of the event.
#[Subscription]
impl Subscription {
    /// The snapshot that answers are made from: the present one at once, if there is one, then each that takes
    /// its place. Whoever reads more slowly than snapshots come is told the latest.
    async fn snapshot_published(&self, ctx: &Context<'_>) -> Result<Once<Snapshot>> {
        staged(ctx, Wanted::Snapshots, |event| match event {
            Event::Snapshot(snapshot) => Some(Snapshot(snapshot.clone())),
            _ => None,
        })
    }

    /// How the reading of Gong is doing: as it is at once, then whenever that changes, a page read included.
    /// Whoever reads more slowly is told the latest.
    async fn sync_status_changed(&self, ctx: &Context<'_>) -> Result<Once<SyncStatus>> {
        staged(ctx, Wanted::Statuses, |event| match event {
            Event::Status(status) => Some(SyncStatus::of(status.0.clone(), status.1.clone())),
            _ => None,
        })
    }

    /// Users who come, go or change: their record, or who their manager is. Nothing is told at once; what is
    /// told is the difference between the snapshot that this subscriber has seen and the present one, so that
    /// no change is lost and none is told twice, however slowly events are read. Of somebody who changed twice
    /// meanwhile, one change is told. Where that isn't possible a `RESYNC` says so. Avatars are told of too.
    async fn user_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only users with one of these ids, at most 1,000.")] ids: Option<Vec<ID>>,
        #[graphql(
            desc = "Only the team of this user, themselves and everybody below, in the tree before or in the one \
                    after: whoever comes into it from elsewhere in the company has `ENTERED`, whoever goes \
                    elsewhere has `LEFT`. Nobody while the company doesn't have the user."
        )]
        under: Option<ID>,
        #[graphql(
            desc = "The version of the snapshot that the subscriber has seen, as an answer tells it: changes from \
                    then on are told, or a `RESYNC` if it is too long ago. The present one when it isn't given."
        )]
        since: Option<String>,
    ) -> Result<Once<UserChange>> {
        if let Some(ids) = ids.as_ref().filter(|ids| ids.len() > MAX_IDS) {
            let why = format_args!("must be at most {MAX_IDS}, not {}", ids.len());
            return Err(Fault::argument("ids", why).into());
        }
        let version = |text: String| match text.parse::<u64>() {
            Ok(version) => Ok(SnapshotVersion::from(version)),
            Err(_) => Err(Fault::argument("since", "must be the version of a snapshot")),
        };
        let wanted = WantedUsers {
            ids: ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            under: under.map(|id| id.0),
            since: since.map(version).transpose()?,
        };
        staged(ctx, Wanted::Users(wanted), |event| match event {
            Event::User(told) => Some(UserChange(told.clone())),
            _ => None,
        })
    }
}
