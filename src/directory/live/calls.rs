//! The calls that users held.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::Loader;
use futures_util::{TryStreamExt, future::join_all};

use super::{
    batched::Batched,
    remembered::{LiveError, PATIENCE, Remembered},
    values::{Call, Calls, Fetched},
};
use crate::{
    clock::Clock,
    directory::batches,
    gong::{
        CALLS_PER_PAGE, CALLS_SCOPE, CallRecord, Gong, GongError, Listed, MAX_IDS_PER_CALL, TimeWindow, Turn,
    },
    org::UserId,
};

/// Whose calls, when, and how many at most.
type Key = (UserId, TimeWindow, usize);
type Answer = Fetched<Calls>;

/// Users' calls: moka in front of the DataLoader in front of Gong.
pub(super) struct CallLists {
    remembered: Remembered<Key, Answer>,
    loader: Batched<CallsLoader>,
}

const KEPT_FOR: Duration = Duration::from_secs(60);
/// Calls kept at once, counting as many as were asked for.
const CAPACITY: u64 = 200_000;

impl CallLists {
    pub(super) fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        let loader = Batched::new(&gong.clone(), CallsLoader { gong, clock: clock.clone() });
        let weight = |(_, _, first): &Key| u32::try_from(*first).unwrap_or(u32::MAX).saturating_add(1);
        let remembered = Remembered::new(CALLS_SCOPE, KEPT_FOR, CAPACITY, weight, clock);
        Self { remembered, loader }
    }

    /// The most calls to Gong that the first so many calls of one user can cost.
    pub(super) fn cost(window: TimeWindow, first: usize) -> usize {
        // A part of the window that ends in mid-page costs a page more.
        window.parts().count().max(1) + pages_of(first) - 1
    }

    pub(super) async fn of(
        &self,
        user: &UserId,
        window: TimeWindow,
        first: usize,
    ) -> Result<Answer, LiveError> {
        let key = (user.clone(), window, first);
        self.remembered.get(&key, PATIENCE, || self.loader.ask(key.clone())).await
    }
}

/// The pages that hold so many calls and one more, which tells that there are more.
fn pages_of(first: usize) -> usize {
    first.saturating_add(1).div_ceil(CALLS_PER_PAGE)
}

struct CallsLoader {
    gong: Arc<Gong>,
    clock: Clock,
}

impl Loader<Key> for CallsLoader {
    /// Of each user, so that a call that fails costs nobody beyond its hundred.
    type Value = Result<Answer, Arc<GongError>>;
    type Error = Arc<GongError>;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let mut turn = batches::turn().map_err(GongError::from)?;
        let mut alike: BTreeMap<(TimeWindow, usize), Vec<String>> = BTreeMap::new();
        for (user, window, first) in keys {
            alike.entry((*window, *first)).or_default().push(user.as_str().to_owned());
        }
        let hundreds = alike.iter().flat_map(|(&(window, first), ids)| {
            ids.chunks(MAX_IDS_PER_CALL).map(move |ids| (window, first, ids))
        });
        let answers = hundreds.map(|(window, first, ids)| {
            let turn = turn.take();
            async move {
                let answers = self.ask(ids, window, first, turn).await.map_err(Arc::new);
                let of_one = |id: &String| {
                    let answer = answers.as_ref().map_err(Arc::clone);
                    let answer =
                        answer.map(|answers| answers.get(id).cloned().unwrap_or_else(|| self.none()));
                    ((UserId::new(id.as_str()), window, first), answer)
                };
                ids.iter().map(of_one).collect::<Vec<_>>()
            }
        });
        Ok(join_all(answers).await.into_iter().flatten().collect())
    }
}

/// The calls of some users, as far as they have come.
type Held = HashMap<String, Told>;

/// The calls of one user, each once.
#[derive(Default)]
struct Told {
    calls: Vec<Call>,
    ids: HashSet<String>,
}

impl Told {
    fn len(&self) -> usize {
        self.calls.len()
    }

    /// Adds a call, unless it's there.
    fn add(&mut self, call: Call) {
        if self.ids.insert(call.id.clone()) {
            self.calls.push(call);
        }
    }

    /// Forgets all but the first so many.
    fn truncate(&mut self, len: usize) {
        for call in self.calls.drain(len.min(self.calls.len())..) {
            self.ids.remove(&call.id);
        }
    }
}

impl CallsLoader {
    /// The first calls of each of these users, in the order in which Gong lists them, the parts of the window
    /// one after the other.
    async fn ask(
        &self,
        ids: &[String],
        window: TimeWindow,
        first: usize,
        mut turn: Option<Turn>,
    ) -> Result<HashMap<String, Answer>, GongError> {
        let asked_at = self.clock.now();
        let mut held: Held = ids.iter().map(|id| (id.clone(), Told::default())).collect();
        let open = |held: &Held, ids: &[String]| -> Vec<String> {
            ids.iter().filter(|id| held.get(*id).is_some_and(|calls| calls.len() <= first)).cloned().collect()
        };
        for part in window.parts() {
            let wanted = open(&held, ids);
            if wanted.is_empty() {
                break;
            }
            // Together they are read as far as that can be cheaper than one by one.
            let most = wanted.len().saturating_mul(pages_of(first));
            let before: HashMap<_, _> =
                wanted.iter().map(|id| (id.clone(), held.get(id).map_or(0, Told::len))).collect();
            if !self.read(&wanted, part, first, &mut held, turn.take(), most).await? {
                for id in open(&held, &wanted) {
                    if let (Some(calls), Some(&before)) = (held.get_mut(&id), before.get(&id)) {
                        calls.truncate(before);
                    }
                    self.read(std::slice::from_ref(&id), part, first, &mut held, None, usize::MAX).await?;
                }
            }
        }
        let of_one = |(id, Told { mut calls, .. }): (String, Told)| {
            let more = calls.len() > first;
            calls.truncate(first);
            (id, Fetched { value: Arc::new(Calls { calls, more }), asked_at })
        };
        Ok(held.into_iter().map(of_one).collect())
    }

    /// Adds calls of one part of the window until everybody has enough, the list ends (then it's true), or so
    /// many pages are read.
    async fn read(
        &self,
        ids: &[String],
        part: TimeWindow,
        first: usize,
        held: &mut Held,
        turn: Option<Turn>,
        most_pages: usize,
    ) -> Result<bool, GongError> {
        let before: Vec<usize> = ids.iter().map(|id| held.get(id).map_or(0, Told::len)).collect();
        let mut pages = pin!(self.gong.calls_of(ids, part, turn));
        let mut read = 0_usize;
        while let Some(listed) = pages.try_next().await? {
            match listed {
                Listed::Page(page) => {
                    for call in page.items {
                        take_in(call.value, ids, first, held);
                    }
                    read += 1;
                }
                Listed::BeganAnew => {
                    for (id, &before) in ids.iter().zip(&before) {
                        held.entry(id.clone()).or_default().truncate(before);
                    }
                }
            }
            if ids.iter().all(|id| held.get(id).is_some_and(|calls| calls.len() > first)) {
                return Ok(true);
            }
            if read >= most_pages {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn none(&self) -> Answer {
        Fetched { value: Arc::default(), asked_at: self.clock.now() }
    }
}

/// Gives a call to its host, unless that one has enough. One that names no host can only be told of if there
/// was one host to ask about.
fn take_in(call: CallRecord, ids: &[String], first: usize, held: &mut Held) {
    let host = call.primary_user_id.as_deref().or(match ids {
        [only] => Some(only.as_str()),
        _ => None,
    });
    let Some(calls) = host.and_then(|host| held.get_mut(host)) else { return };
    if calls.len() <= first {
        calls.add(call.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_counts_once_until_it_is_forgotten() {
        let call =
            |id: &str| -> CallRecord { serde_json::from_value(serde_json::json!({ "id": id })).unwrap() };
        let mut held = Held::from([("7".to_owned(), Told::default())]);
        let take = |held: &mut Held, ids: &[&str]| {
            ids.iter().for_each(|id| take_in(call(id), &["7".to_owned()], 3, held));
            held["7"].calls.iter().map(|call| call.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(take(&mut held, &["a", "b", "a", "c", "b"]), ["a", "b", "c"]);
        held.get_mut("7").unwrap().truncate(1);
        assert_eq!(take(&mut held, &["a", "c", "b", "c", "d", "e"]), ["a", "c", "b", "d"]);
        held.get_mut("7").unwrap().truncate(9);
        assert_eq!(held["7"].len(), 4);
    }
}
