//! How much users did, a hundred of them a call.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::Loader;
use futures_util::{StreamExt, future::join_all, stream};

use super::{
    batched::Batched,
    remembered::{LiveError, PATIENCE, Remembered},
    values::{Activity, Fetched},
};
use crate::{
    clock::Clock,
    directory::batches,
    gong::{ACTIVITY_SCOPE, DateWindow, Gong, GongError, MAX_IDS_PER_CALL, Turn},
    org::UserId,
};

/// Whose activity, and when.
type Key = (UserId, DateWindow);
/// What Gong says: `None` where it has no row of the user.
type Answer = Fetched<Option<Activity>>;

/// The activity of many users over the same days: what is known of it, and what has to be asked.
pub struct ActivityAudit {
    days: DateWindow,
    /// Of each user; `None` for those who are unknown.
    known: Vec<Option<Answer>>,
    /// Who has to be asked about, and where they stand among all.
    unknown: Vec<(usize, UserId)>,
}

impl ActivityAudit {
    /// The calls to Gong that it takes.
    pub fn calls(&self) -> usize {
        self.unknown.len().div_ceil(MAX_IDS_PER_CALL)
    }
}

/// Users' activity: moka in front of the DataLoader in front of Gong.
pub(super) struct Activities {
    remembered: Remembered<Key, Answer>,
    loader: Batched<ActivityLoader>,
}

/// Long enough for an audit that is asked for page by page.
const KEPT_FOR: Duration = Duration::from_secs(15 * 60);
/// Answers kept at once.
const CAPACITY: u64 = 200_000;
/// Calls of an audit that wait for their turn at once: single look-ups come in between.
const CALLS_AT_ONCE: usize = 2;

impl Activities {
    pub(super) fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        let loader = Batched::new(&gong.clone(), ActivityLoader { gong, clock: clock.clone() });
        let remembered = Remembered::new(ACTIVITY_SCOPE, KEPT_FOR, CAPACITY, |_| 1, clock);
        Self { remembered, loader }
    }

    pub(super) async fn of(&self, user: &UserId, days: DateWindow) -> Result<Answer, LiveError> {
        self.get(user, days, PATIENCE).await
    }

    /// What is kept of `users`, and so what [`of_all`](Self::of_all) costs.
    pub(super) fn audit_of(&self, users: impl Iterator<Item = UserId>, days: DateWindow) -> ActivityAudit {
        let (mut known, mut unknown) = (Vec::with_capacity(users.size_hint().0), Vec::new());
        for (place, user) in users.enumerate() {
            let key = (user, days);
            let kept = self.remembered.kept(&key);
            if kept.is_none() {
                unknown.push((place, key.0));
            }
            known.push(kept);
        }
        ActivityAudit { days, known, unknown }
    }

    /// What each user of `audit` did, in that order. Only those are asked about who were unknown when it began,
    /// whatever is forgotten meanwhile.
    pub(super) async fn of_all(
        &self,
        audit: &ActivityAudit,
        patience: Duration,
    ) -> Result<Vec<Answer>, LiveError> {
        let hundreds: Vec<Vec<(usize, UserId)>> =
            audit.unknown.chunks(MAX_IDS_PER_CALL).map(<[_]>::to_vec).collect();
        let mut calls = stream::iter(hundreds)
            .map(|users| async move {
                let answers = users.iter().map(|(_, user)| self.get(user, audit.days, patience));
                let answers = join_all(answers).await;
                users.into_iter().map(|(place, _)| place).zip(answers)
            })
            .buffered(CALLS_AT_ONCE);
        let mut told = audit.known.clone();
        while let Some(answers) = calls.next().await {
            for (place, answer) in answers {
                if let Some(told) = told.get_mut(place) {
                    *told = Some(answer?);
                }
            }
        }
        Ok(told.into_iter().flatten().collect())
    }

    async fn get(&self, user: &UserId, days: DateWindow, patience: Duration) -> Result<Answer, LiveError> {
        let key = (user.clone(), days);
        self.remembered.get(&key, patience, || self.loader.ask(key.clone())).await
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

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::gong::{Credentials, Settings};

    #[tokio::test]
    async fn what_an_audit_has_found_is_not_asked_for_when_it_is_forgotten_meanwhile() {
        let credentials =
            Credentials::AccessKey { access_key: "key".into(), access_key_secret: "secret".into() };
        // Nobody listens there.
        let settings = Settings::new("http://127.0.0.1:9".to_owned(), credentials);
        let clock = Clock::system();
        let gong = Gong::new(&settings, clock.clone(), fastrand::Rng::with_seed(1)).unwrap();
        let limiter = gong.limiter().clone();
        let activities = Activities::new(Arc::new(gong), clock.clone());
        let days = DateWindow { from: "2024-01-08".parse().unwrap(), to: "2024-02-05".parse().unwrap() };
        let answer = Fetched { value: Arc::new(None), asked_at: clock.now() };

        let users: Vec<_> = (0..250).map(|id| UserId::new(id.to_string())).collect();
        for user in &users {
            let kept = || futures_util::future::ready(Ok(answer.clone())).boxed();
            activities.remembered.get(&(user.clone(), days), PATIENCE, kept).await.unwrap();
        }
        let audit = activities.audit_of(users.iter().cloned(), days);
        assert_eq!(audit.calls(), 0);
        activities.remembered.forget();
        assert_eq!(activities.audit_of(users.iter().cloned(), days).calls(), 3);
        let before = limiter.lookups_left();
        assert_eq!(activities.of_all(&audit, PATIENCE).await.unwrap().len(), 250);
        assert_eq!(limiter.lookups_left(), before);
    }
}
