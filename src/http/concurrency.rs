//! How many requests are worked on at once, of one client and in all.

use std::{
    collections::HashMap,
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ahash::RandomState;
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::Response,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use thiserror::Error;

use super::{
    ConcurrencyBounds,
    answer::refusal,
    asker::CountedAs,
    next::{Answer, Next},
    request_id::RequestId,
};
use crate::graphql::ErrorCode;

/// Lets a request through when there is a place for it, or tells to come back. The place is free when the answer
/// begins: what a stream of events tells takes places of its own.
pub(super) fn limit<'a>(places: &'a Places, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let CountedAs(client) = CountedAs::of(request.extensions());
    if let Some(held) = places.at_once(&client) {
        return match next.run(request) {
            Answer::Now(response) => Answer::Now(response),
            Answer::Later(work) => Answer::later(async move {
                let _held = held;
                work.await
            }),
        };
    }
    Answer::later(async move {
        let id = RequestId::of(&request);
        let work = async { next.run(request).wait().await };
        match places.within(&client, Wait::Briefly, work).await {
            Ok(response) => response,
            Err(full) => refused(&full, &id),
        }
    })
}

/// Tells whoever has found no place to come back.
pub(super) fn refused(full: &Full, id: &RequestId) -> Response {
    let status = match full {
        Full::ForThisClient { .. } => StatusCode::TOO_MANY_REQUESTS,
        Full::InAll => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = refusal(status, ErrorCode::Throttled, &full.to_string(), id);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// With so many clients, or with twice as many as had a request the last time, those without one are forgotten.
const REMEMBERED: usize = 1_024;

/// The places for requests. Clones share them.
#[derive(Clone)]
pub(super) struct Places(Arc<Shared>);

struct Shared {
    bounds: ConcurrencyBounds,
    in_all: Semaphore,
    clients: Mutex<Clients>,
}

/// Clients with a request that is worked on or waits, and some who have had one.
struct Clients {
    by_id: HashMap<Arc<str>, Arc<Client>, RandomState>,
    /// The size at which those without a request are forgotten.
    most: usize,
}

struct Client {
    places: Semaphore,
    waiting: AtomicUsize,
}

/// There is no place.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum Full {
    #[error("{most} of your requests are worked on already; wait for one of them")]
    ForThisClient { most: usize },
    #[error("too many requests are worked on already; try again in a moment")]
    InAll,
}

/// How long a place is waited for.
#[derive(Clone, Copy)]
pub(super) enum Wait {
    /// As a request waits: not for long, and not behind many.
    Briefly,
    /// So long for each of the two places, behind however many: those who wait so are counted elsewhere.
    UpTo(Duration),
}

impl Places {
    pub(super) fn new(bounds: ConcurrencyBounds) -> Self {
        let in_all = Semaphore::new(bounds.in_all);
        let clients = Clients { by_id: HashMap::default(), most: REMEMBERED };
        Self(Arc::new(Shared { bounds, in_all, clients: Mutex::new(clients) }))
    }

    /// Does `work` in a place of `client`.
    pub(super) async fn within<T>(
        &self,
        client: &Arc<str>,
        wait: Wait,
        work: impl Future<Output = T>,
    ) -> Result<T, Full> {
        let client = self.client(client);
        let _held = client.take(&self.0, wait).await?;
        Ok(work.await)
    }

    /// A place of `client`, if there is one without waiting.
    fn at_once(&self, client: &Arc<str>) -> Option<Held<'_>> {
        let client = self.client(client);
        let own = client.places.try_acquire().ok()?;
        let of_all = self.0.in_all.try_acquire().ok()?;
        own.forget();
        Some(Held { client, _of_all: of_all })
    }

    fn client(&self, id: &Arc<str>) -> Arc<Client> {
        let mut clients = self.0.clients();
        if let Some(client) = clients.by_id.get(id) {
            return Arc::clone(client);
        }
        clients.make_room();
        let client =
            Client { places: Semaphore::new(self.0.bounds.per_client), waiting: AtomicUsize::new(0) };
        let client = Arc::new(client);
        clients.by_id.insert(Arc::clone(id), Arc::clone(&client));
        client
    }
}

impl Shared {
    fn clients(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clients {
    /// Forgets those without a request, seldom enough that it costs nobody much.
    fn make_room(&mut self) {
        if self.by_id.len() < self.most {
            return;
        }
        // Nobody else can come to one while the map is held.
        self.by_id.retain(|_, client| Arc::strong_count(client) > 1);
        self.most = REMEMBERED.max(2 * self.by_id.len());
    }
}

impl Client {
    /// Places for a request: the client's own, then one of all. Of requests, as many may wait as may be worked on.
    async fn take<'a>(
        &'a self,
        shared: &'a Shared,
        patience: Wait,
    ) -> Result<(SemaphorePermit<'a>, SemaphorePermit<'a>), Full> {
        let most = shared.bounds.per_client;
        let full = Full::ForThisClient { most };
        let (wait, longest) = match patience {
            Wait::Briefly => (shared.bounds.wait, Some(most)),
            Wait::UpTo(wait) => (wait, None),
        };
        let own = match self.places.try_acquire() {
            Ok(own) => own,
            Err(_) => {
                let line = longest.map(|longest| self.wait_in_line(longest));
                if let Some(None) = line {
                    return Err(full);
                }
                let turn = Box::pin(timeout(wait, self.places.acquire())).await;
                turn.ok().and_then(Result::ok).ok_or(full)?
            }
        };
        // Whoever has to wait does so in a box: few have to, and all would carry its room around.
        let of_all = match shared.in_all.try_acquire() {
            Ok(of_all) => of_all,
            Err(_) => {
                let turn = Box::pin(timeout(wait, shared.in_all.acquire())).await;
                turn.ok().and_then(Result::ok).ok_or(Full::InAll)?
            }
        };
        Ok((own, of_all))
    }

    /// A place in the line, if it isn't too long.
    fn wait_in_line(&self, longest: usize) -> Option<Waiting<'_>> {
        let waiting = Waiting(&self.waiting);
        (self.waiting.fetch_add(1, Ordering::Relaxed) < longest).then_some(waiting)
    }
}

/// The places of a request: one of its client's, and one of all.
struct Held<'a> {
    client: Arc<Client>,
    _of_all: SemaphorePermit<'a>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.client.places.add_permits(1);
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::body::Body;
    use tokio::time::Instant;

    use super::*;

    fn places(in_all: usize, per_client: usize) -> Places {
        Places::new(ConcurrencyBounds { in_all, per_client, wait: Duration::from_secs(1) })
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_waits_a_moment_and_is_refused_while_others_go_on() {
        let places = places(9, 1);
        let (a, b) = (places.client(&"a".into()), places.client(&"b".into()));
        let held = a.take(&places.0, Wait::Briefly).await.unwrap();
        let began = Instant::now();
        let again = places.client(&"a".into());
        assert_eq!(again.take(&places.0, Wait::Briefly).await.err(), Some(Full::ForThisClient { most: 1 }));
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        assert!(b.take(&places.0, Wait::Briefly).await.is_ok());
        drop(held);
        assert!(again.take(&places.0, Wait::Briefly).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_counted_elsewhere_waits_longer_and_lengthens_no_line() {
        let places = places(9, 1);
        let client: Arc<str> = "a".into();
        let first = places.client(&client);
        let held = first.take(&places.0, Wait::Briefly).await.unwrap();
        let began = Instant::now();
        let long = Duration::from_secs(30);
        let too_late = places.within(&client, Wait::UpTo(long), async {}).await;
        assert_eq!((too_late, began.elapsed()), (Err(Full::ForThisClient { most: 1 }), long));
        let let_go = async {
            assert_eq!(first.waiting.load(Ordering::Relaxed), 0);
            tokio::time::sleep(long / 2).await;
            drop(held);
        };
        let events = [places.clone(), places.clone()];
        let events = futures_util::future::join_all(
            events.iter().map(|places| places.within(&client, Wait::UpTo(long), async {})),
        );
        let (told, ()) = tokio::join!(events, let_go);
        assert_eq!(told, [Ok(()), Ok(())]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_is_too_long_is_not_joined() {
        let places = places(9, 1);
        let (first, second, third) =
            (places.client(&"a".into()), places.client(&"a".into()), places.client(&"a".into()));
        let held = first.take(&places.0, Wait::Briefly).await.unwrap();
        let began = Instant::now();
        let refused_at_once = async {
            assert_eq!(
                third.take(&places.0, Wait::Briefly).await.err(),
                Some(Full::ForThisClient { most: 1 })
            );
            assert_eq!(began.elapsed(), Duration::ZERO);
            drop(held);
        };
        let (waited, ()) = tokio::join!(second.take(&places.0, Wait::Briefly), refused_at_once);
        assert!(waited.is_ok());
        assert_eq!(began.elapsed(), Duration::ZERO, "a free place is taken at once");
        assert_eq!(first.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_have_a_bound() {
        let places = places(2, 2);
        let clients = ["a", "b", "c"].map(|id| places.client(&id.into()));
        let _one = clients[0].take(&places.0, Wait::Briefly).await.unwrap();
        let two = clients[1].take(&places.0, Wait::Briefly).await.unwrap();
        assert_eq!(clients[2].take(&places.0, Wait::Briefly).await.err(), Some(Full::InAll));
        drop(two);
        assert!(clients[2].take(&places.0, Wait::Briefly).await.is_ok());
    }

    #[tokio::test]
    async fn a_place_at_once_takes_nothing_where_there_is_none() {
        let places = places(1, 2);
        let held = places.at_once(&"a".into()).unwrap();
        assert!(places.at_once(&"b".into()).is_none());
        assert_eq!(places.client(&"b".into()).places.available_permits(), 2, "it has its own back");
        drop(held);
        assert!(places.at_once(&"b".into()).is_some());
    }

    #[tokio::test]
    async fn a_request_has_its_place_until_it_is_answered() {
        let places = places(1, 1);
        let request = || Box::new(Request::new(Body::empty()));
        let is_free = || places.at_once(&"somebody".into()).is_some();
        let at_once = limit(&places, request(), |_| {
            assert!(!is_free());
            Answer::Now(Response::default())
        });
        assert!(matches!(at_once, Answer::Now(_)) && is_free());
        let later = limit(&places, request(), |_| Answer::later(async { Response::default() }));
        assert!(!is_free());
        later.wait().await;
        assert!(is_free());
        drop(limit(&places, request(), |_| Answer::later(pending())));
        assert!(is_free(), "whoever has gone away leaves it");
    }

    #[tokio::test]
    async fn clients_without_requests_are_forgotten_before_they_are_many() {
        let places = places(9, 2);
        let one = places.client(&"a".into());
        let held = one.take(&places.0, Wait::Briefly).await.unwrap();
        for number in 0..3 * REMEMBERED {
            places.client(&number.to_string().into());
            assert!(places.0.clients().by_id.len() <= REMEMBERED);
        }
        assert!(Arc::ptr_eq(&one, &places.client(&"a".into())), "whoever has a request is the same client");
        drop(held);
    }

    #[tokio::test]
    async fn clients_with_requests_are_never_forgotten() {
        let places = places(9, 2);
        let clients: Vec<_> =
            (0..3 * REMEMBERED).map(|number| places.client(&number.to_string().into())).collect();
        for (number, client) in clients.iter().enumerate() {
            assert!(Arc::ptr_eq(client, &places.client(&number.to_string().into())));
        }
    }
}
