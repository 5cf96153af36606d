//! Single people at the freshness that is asked for: moka in front of the DataLoader in front of Gong.

use std::{sync::Arc, time::Duration};

use async_graphql::dataloader::DataLoader;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, join_all},
};
use jiff::Timestamp;
use moka::sync::Cache;
use thiserror::Error;
use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};

use super::{
    loader::{Answer, UsersLoader},
    repairs::Repairs,
};
use crate::{
    clock::Clock,
    gong::{Gong, GongError, RefusedRecord, Urgency},
    org::{OrgSnapshot, UserId},
};

/// How fresh an answer must be.
#[derive(Clone, Copy, Debug)]
pub enum Freshness {
    /// A minute for somebody who was found, half a minute for somebody who wasn't.
    Usual,
    /// At most this old.
    MaxAge(Duration),
    /// Asked for at this moment or later.
    Since(Timestamp),
}

impl Freshness {
    /// Whether `answer` is fresh enough for somebody who asks at `now`.
    fn accepts(self, answer: &Answer, now: Timestamp) -> bool {
        let oldest = |age: Duration| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        let since = match self {
            Self::Usual if answer.user.is_some() => oldest(Duration::from_secs(60)),
            Self::Usual => oldest(Duration::from_secs(30)),
            Self::MaxAge(age) => oldest(age),
            Self::Since(moment) => moment,
        };
        answer.asked_at >= since
    }
}

/// Why nothing can be said about somebody.
#[derive(Clone, Debug, Error)]
pub enum LookupError {
    /// Gong gave no answer that can be used, or wasn't asked.
    #[error("{0}")]
    Gong(Arc<GongError>),
    /// More look-ups are waiting than are worth waiting for.
    #[error("too many look-ups are waiting for Gong")]
    TooMany,
    /// Gong's record of this user can't be read.
    #[error("Gong's record of this user can't be understood at `{}`: {}", .0.path, .0.cause)]
    Unreadable(Arc<RefusedRecord>),
    /// Gong has not answered in the time that a caller is kept waiting.
    #[error("Gong has not answered within {} s", .0.as_secs())]
    TimedOut(Duration),
}

impl LookupError {
    /// Gong's `requestId`, when an answer of Gong's is the cause.
    pub fn gong_request_id(&self) -> Option<&str> {
        match self {
            Self::Gong(error) => error.request_id(),
            Self::Unreadable(_) | Self::TooMany | Self::TimedOut(_) => None,
        }
    }
}

/// Somebody's record, on its way or here. Whoever waits drives it; that one goes away stops nobody else.
type Lookup = Shared<BoxFuture<'static, Result<Answer, Arc<GongError>>>>;

/// Looks people up at Gong, each only once however many ask.
pub struct People {
    lookups: Cache<UserId, Lookup>,
    for_callers: Arc<DataLoader<UsersLoader>>,
    /// The same for a scan, which pays for its look-ups itself: callers' can't use up what it needs.
    for_scans: Arc<DataLoader<UsersLoader>>,
    waiting: Semaphore,
    clock: Clock,
}

/// People remembered at once.
const CAPACITY: u64 = 100_000;
/// The longest that anybody is remembered; longer asked-for ages are served by the snapshot.
const REMEMBERED: Duration = Duration::from_secs(300);
/// Callers who may wait at once: those beyond would be kept waiting in vain.
const MOST_WAITING: usize = 20_000;
/// How long a caller is kept waiting.
const PATIENCE: Duration = Duration::from_secs(15);

impl People {
    pub(super) fn new(
        gong: Arc<Gong>,
        snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
        repairs: Arc<Repairs>,
        clock: Clock,
    ) -> Self {
        let loader = |urgency| {
            let (gong, snapshots) = (gong.clone(), snapshots.clone());
            Arc::new(UsersLoader::batching(gong, snapshots, repairs.clone(), clock.clone(), urgency))
        };
        let (for_callers, for_scans) = (loader(Urgency::Lookup), loader(Urgency::Scan));
        let lookups = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build();
        Self { lookups, for_callers, for_scans, waiting: Semaphore::new(MOST_WAITING), clock }
    }

    /// What Gong says of `id`, as fresh as `freshness` asks.
    ///
    /// # Errors
    /// If Gong can't be asked or has not answered within 15 seconds, or if too many callers wait already.
    pub async fn look_up(&self, id: &UserId, freshness: Freshness) -> Result<Answer, LookupError> {
        let _waiting = self.waiting.try_acquire().map_err(|_| LookupError::TooMany)?;
        let answer = self.settle(&self.for_callers, id, freshness);
        let answer = timeout(PATIENCE, answer)
            .await
            .map_err(|_| LookupError::TimedOut(PATIENCE))?
            .map_err(LookupError::Gong)?;
        match answer.fault {
            Some(fault) => Err(LookupError::Unreadable(fault)),
            None => Ok(answer),
        }
    }

    /// What Gong says of each of `ids`, in that order, however long it takes: for a scan, which has to know
    /// of records that can't be read, too.
    ///
    /// # Errors
    /// If Gong can't be asked for one of them.
    pub async fn look_up_all(
        &self,
        ids: &[UserId],
        freshness: Freshness,
    ) -> Result<Vec<Answer>, Arc<GongError>> {
        join_all(ids.iter().map(|id| self.settle(&self.for_scans, id, freshness))).await.into_iter().collect()
    }

    async fn settle(
        &self,
        loader: &Arc<DataLoader<UsersLoader>>,
        id: &UserId,
        freshness: Freshness,
    ) -> Result<Answer, Arc<GongError>> {
        let now = self.clock.now();
        let answer = self.begin_or_join(loader, id, freshness, now).await?;
        if freshness.accepts(&answer, now) {
            return Ok(answer);
        }
        // It was under way already and may have left before `now`. Whatever is joined next has not.
        self.begin_or_join(loader, id, freshness, now).await
    }

    fn begin_or_join(
        &self,
        loader: &Arc<DataLoader<UsersLoader>>,
        id: &UserId,
        freshness: Freshness,
        now: Timestamp,
    ) -> Lookup {
        let begin = || {
            let (loader, id) = (loader.clone(), id.clone());
            async move {
                let asked_at = Timestamp::MIN;
                Ok(loader.load_one(id).await?.unwrap_or(Answer::nobody(asked_at)))
            }
            .boxed()
            .shared()
        };
        let is_stale = |lookup: &Lookup| match lookup.peek() {
            None => false,
            Some(Ok(answer)) => !freshness.accepts(answer, now),
            Some(Err(_)) => true,
        };
        self.lookups.entry_by_ref(id).or_insert_with_if(begin, is_stale).into_value()
    }
}
