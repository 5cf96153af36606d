//! One kind of question to Gong: each is asked once however many ask it, and the answer kept for a while.

use std::{
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use jiff::Timestamp;
use moka::sync::Cache;
use thiserror::Error;
use tokio::{sync::Semaphore, time::timeout};

use crate::{clock::Clock, gong::GongError};

/// Why Gong's side of a matter can't be told.
#[derive(Clone, Debug, Error)]
pub enum LiveError {
    /// Gong gave no answer that can be used, or wasn't asked.
    #[error("{0}")]
    Gong(Arc<GongError>),
    /// Gong refused the credentials; this is what they have to be allowed to.
    #[error("{error}; this needs the scope `{scope}`")]
    Refused {
        /// What Gong said.
        error: Arc<GongError>,
        /// The scope.
        scope: &'static str,
    },
    /// More are waiting than are worth waiting for.
    #[error("too many are waiting for Gong")]
    TooMany,
    /// Gong has not answered in the time that a caller is kept waiting.
    #[error("Gong has not answered within {} s", .0.as_secs())]
    TimedOut(Duration),
}

impl LiveError {
    /// Gong's `requestId`, when an answer of Gong's is the cause.
    pub fn gong_request_id(&self) -> Option<&str> {
        match self {
            Self::Gong(error) | Self::Refused { error, .. } => error.request_id(),
            Self::TooMany | Self::TimedOut(_) => None,
        }
    }
}

/// An answer on its way.
pub(super) type Asking<V> = BoxFuture<'static, Result<V, Arc<GongError>>>;

/// An answer, on its way or here.
type Ask<V> = Shared<Asking<V>>;

/// Answers of one kind, by what was asked.
pub(super) struct Remembered<K, V> {
    asks: Cache<K, Ask<V>>,
    scope: &'static str,
    waiting: Semaphore,
    /// When Gong last refused the credentials for this, and how.
    refused: Mutex<Option<(Timestamp, Arc<GongError>)>>,
    clock: Clock,
}

/// How long a caller is kept waiting for one answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// Callers who may wait at once: those beyond would be kept waiting in vain.
const MOST_WAITING: usize = 20_000;
/// How long nobody asks again after the credentials were refused: what they may changes by hand only.
const AFTER_A_REFUSAL: Duration = Duration::from_secs(60);

impl<K, V> Remembered<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Nothing yet. `scope` is what the credentials have to be allowed to, `weight` what an answer counts
    /// towards `capacity`.
    pub(super) fn new(
        scope: &'static str,
        kept_for: Duration,
        capacity: u64,
        weight: impl Fn(&K) -> u32 + Send + Sync + 'static,
        clock: Clock,
    ) -> Self {
        let asks = Cache::builder()
            .weigher(move |key, _: &Ask<V>| weight(key))
            .max_capacity(capacity)
            .time_to_live(kept_for)
            .build();
        Self { asks, scope, waiting: Semaphore::new(MOST_WAITING), refused: Mutex::new(None), clock }
    }

    /// The answer to `key`: the one that is kept or on its way, or what `begin` brings. Who waits longer than
    /// `patience` is told so.
    pub(super) async fn get(
        &self,
        key: &K,
        patience: Duration,
        begin: impl FnOnce() -> Asking<V>,
    ) -> Result<V, LiveError> {
        if let Some(error) = self.refused_lately()
            && self.kept(key).is_none()
        {
            return Err(self.failure(error));
        }
        let _waiting = self.waiting.try_acquire().map_err(|_| LiveError::TooMany)?;
        let failed = |ask: &Ask<V>| matches!(ask.peek(), Some(Err(_)));
        let ask = self.asks.entry_by_ref(key).or_insert_with_if(|| begin().shared(), failed).into_value();
        let answer = timeout(patience, ask).await.map_err(|_| LiveError::TimedOut(patience))?;
        answer.map_err(|error| {
            if matches!(*error, GongError::Unauthorized { .. }) {
                let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                *refused = Some((self.clock.now(), error.clone()));
            }
            self.failure(error)
        })
    }

    /// The answer to `key`, if it is here.
    pub(super) fn kept(&self, key: &K) -> Option<V> {
        self.asks.get(key)?.peek()?.as_ref().ok().cloned()
    }

    /// Forgets all answers, as time does.
    #[cfg(test)]
    pub(super) fn forget(&self) {
        self.asks.invalidate_all();
    }

    fn failure(&self, error: Arc<GongError>) -> LiveError {
        match *error {
            GongError::Unauthorized { ref message, .. } if !message.contains(self.scope) => {
                LiveError::Refused { error, scope: self.scope }
            }
            _ => LiveError::Gong(error),
        }
    }

    fn refused_lately(&self) -> Option<Arc<GongError>> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, error) = refused.as_ref()?;
        let over = at.saturating_add(AFTER_A_REFUSAL).unwrap_or(Timestamp::MAX);
        (self.clock.now() < over).then(|| error.clone())
    }
}

/// A call as a task of its own: it comes to its end and gives its turn back, whoever goes away.
pub(super) fn spawned<V: Send + 'static>(
    call: impl Future<Output = Result<V, GongError>> + Send + 'static,
) -> Asking<V> {
    let task = tokio::spawn(tracing::Instrument::in_current_span(call));
    async {
        match task.await {
            Ok(answer) => answer.map_err(Arc::new),
            Err(_) => Err(Arc::new(GongError::Unreachable("the call was broken off".to_owned()))),
        }
    }
    .boxed()
}
