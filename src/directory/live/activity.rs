//! How much users did, a hundred of them a call.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, Loader};
use futures_util::{FutureExt, StreamExt, future::join_all, stream};

use super::{
    remembered::{LiveError, PATIENCE, Remembered},
    values::{Activity, Fetched},
};
use crate::{
    clock::Clock,
    directory::batches::{self, Arrivals},
    gong::{ACTIVITY_SCOPE, DateWindow, Gong, GongError, MAX_IDS_PER_CALL, Turn, Urgency},
    org::UserId,
};

/// Whose activity, and when.
type Key = (UserId, DateWindow);
/// What Gong says: `None` where it has no row of the user.
type Answer = Fetched<Option<Activity>>;

/// Users' activity: moka in front of the DataLoader in front of Gong.
pub(super) struct Activities {
    remembered: Remembered<Key, Answer>,
    loader: Arc<DataLoader<ActivityLoader>>,
    arrivals: Arrivals,
}

/// Long enough for an audit that is asked for page by page.
const KEPT_FOR: Duration = Duration::from_secs(15 * 60);
/// Answers kept at once.
const CAPACITY: u64 = 200_000;
/// Calls of an audit that wait for their turn at once: single look-ups come in between.
const CALLS_AT_ONCE: usize = 2;

impl Activities {
    pub(super) fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        let arrivals = Arrivals::default();
        let limiter = gong.limiter().clone();
        let spawner = batches::when_all_are_there(arrivals.clone(), limiter, Urgency::Lookup);
        let loader = DataLoader::new(ActivityLoader { gong, clock: clock.clone() }, spawner)
            .delay(Duration::ZERO)
            // The loader makes its calls of whatever comes together: keys of several windows may.
            .max_batch_size(100 * MAX_IDS_PER_CALL);
        let remembered = Remembered::new(ACTIVITY_SCOPE, KEPT_FOR, CAPACITY, |_| 1, clock);
        Self { remembered, loader: Arc::new(loader), arrivals }
    }

    pub(super) async fn of(&self, user: &UserId, days: DateWindow) -> Result<Answer, LiveError> {
        self.get(user, days, PATIENCE).await
    }

    /// The calls that [`of_all`](Self::of_all) would make.
    pub(super) fn calls_for(&self, users: &[UserId], days: DateWindow) -> usize {
        self.unknown(users, days).len().div_ceil(MAX_IDS_PER_CALL)
    }

    /// What each of `users` did, in that order.
    pub(super) async fn of_all(
        &self,
        users: &[UserId],
        days: DateWindow,
        patience: Duration,
    ) -> Result<Vec<Answer>, LiveError> {
        let unknown = self.unknown(users, days);
        let hundreds: Vec<Vec<UserId>> = unknown.chunks(MAX_IDS_PER_CALL).map(<[_]>::to_vec).collect();
        let mut calls = stream::iter(hundreds)
            .map(|users| async move {
                let answers = join_all(users.iter().map(|user| self.get(user, days, patience))).await;
                users.into_iter().zip(answers)
            })
            .buffered(CALLS_AT_ONCE);
        let mut asked = HashMap::with_capacity(unknown.len());
        while let Some(answers) = calls.next().await {
            for (user, answer) in answers {
                asked.insert(user, answer?);
            }
        }
        let mut all = Vec::with_capacity(users.len());
        for user in users {
            all.push(match asked.remove(user) {
                Some(answer) => answer,
                None => self.get(user, days, patience).await?,
            });
        }
        Ok(all)
    }

    fn unknown(&self, users: &[UserId], days: DateWindow) -> Vec<UserId> {
        users.iter().filter(|user| !self.remembered.has(&((*user).clone(), days))).cloned().collect()
    }

    async fn get(&self, user: &UserId, days: DateWindow, patience: Duration) -> Result<Answer, LiveError> {
        let key = (user.clone(), days);
        let begin = || {
            let (loader, arrivals, key) = (self.loader.clone(), self.arrivals.clone(), key.clone());
            async move {
                arrivals.one_more();
                let none = || GongError::Unreachable("the call was broken off".to_owned());
                loader.load_one(key).await?.unwrap_or_else(|| Err(Arc::new(none())))
            }
            .boxed()
        };
        self.remembered.get(&key, patience, begin).await
    }
}

struct ActivityLoader {
    gong: Arc<Gong>,
    clock: Clock,
}

impl Loader<Key> for ActivityLoader {
    /// Of each user, so that a call that fails costs no other.
    type Value = Result<Answer, Arc<GongError>>;
    type Error = Arc<GongError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut turn = batches::turn().map_err(GongError::from)?;
        let mut windows: BTreeMap<DateWindow, Vec<String>> = BTreeMap::new();
        for (user, days) in keys {
            windows.entry(*days).or_default().push(user.as_str().to_owned());
        }
        let calls =
            windows.iter().flat_map(|(days, ids)| ids.chunks(MAX_IDS_PER_CALL).map(|ids| (*days, ids)));
        let calls = calls.map(|(days, ids)| self.ask(ids, days, turn.take()));
        Ok(join_all(calls).await.into_iter().flatten().collect())
    }
}

impl ActivityLoader {
    async fn ask(
        &self,
        ids: &[String],
        days: DateWindow,
        turn: Option<Turn>,
    ) -> Vec<(Key, Result<Answer, Arc<GongError>>)> {
        let asked_at = self.clock.now();
        let key = |id: &String| (UserId::new(id.as_str()), days);
        let answer = match self.gong.activity(ids, days, turn).await {
            Ok(answer) => answer,
            Err(error) => {
                let error = Arc::new(error);
                return ids.iter().map(|id| (key(id), Err(error.clone()))).collect();
            }
        };
        let time_zone: Option<Arc<str>> = answer.time_zone.map(Into::into);
        let mut rows: HashMap<String, _> =
            answer.rows.into_iter().map(|row| (row.user_id, row.counters.unwrap_or_default())).collect();
        let unreadable = answer.unreadable.map(Arc::new);
        let told = |id: &String| {
            let activity =
                rows.remove(id).map(|counters| Activity { counters, time_zone: time_zone.clone() });
            match (&activity, &unreadable) {
                // The row that can't be read may be this one's.
                (None, Some(error)) => (key(id), Err(error.clone())),
                _ => (key(id), Ok(Fetched { value: Arc::new(activity), asked_at })),
            }
        };
        ids.iter().map(told).collect()
    }
}
