//! Batches that are cut when Gong can be asked: for everything that is asked for by many in one moment.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{task::JoinHandle, time::sleep};
use tracing::Instrument;

use crate::gong::{Limiter, Refusal, Turn, Urgency};

tokio::task_local! {
    /// A batch's permission to call Gong, taken before its keys are.
    static TURN: Cell<Option<Result<Turn, Refusal>>>;
}

/// Starts the batches of a DataLoader when the limiter has a place for them: the keys stay open to more
/// callers until then, so that batches grow under load instead of queueing.
pub(super) fn when_possible(
    limiter: Arc<Limiter>,
    urgency: Urgency,
) -> impl Fn(BoxFuture<'static, ()>) -> JoinHandle<()> + Send + Sync + 'static {
    move |batch| {
        let limiter = limiter.clone();
        let batch = async move {
            let turn = limiter.turn(urgency).await;
            TURN.scope(Cell::new(Some(turn)), batch).await;
        };
        // It belongs to the trace of whoever has begun it.
        tokio::spawn(batch.in_current_span())
    }
}

/// The keys of a DataLoader as they come, so that a batch isn't cut while more of the same request are on their
/// way: a request of many users takes its time, and how long says nothing about it.
#[derive(Clone, Default)]
pub(super) struct Arrivals(Arc<AtomicUsize>);

/// When no key has come for so long, all have.
const QUIET: Duration = Duration::from_millis(5);
/// How often that is looked for, at most: under a flood somebody always comes.
const MOST_LOOKS: usize = 40;

impl Arrivals {
    /// A key comes.
    pub(super) fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    async fn over(&self) {
        for _ in 0..MOST_LOOKS {
            let seen = self.0.load(Ordering::Relaxed);
            sleep(QUIET).await;
            if self.0.load(Ordering::Relaxed) == seen {
                return;
            }
        }
    }
}

/// The same as [`when_possible`], but not before all keys have come.
pub(super) fn when_all_are_there(
    arrivals: Arrivals,
    limiter: Arc<Limiter>,
    urgency: Urgency,
) -> impl Fn(BoxFuture<'static, ()>) -> JoinHandle<()> + Send + Sync + 'static {
    move |batch| {
        let (arrivals, limiter) = (arrivals.clone(), limiter.clone());
        let batch = async move {
            arrivals.over().await;
            let turn = limiter.turn(urgency).await;
            TURN.scope(Cell::new(Some(turn)), batch).await;
        };
        // It belongs to the trace of whoever has begun it.
        tokio::spawn(batch.in_current_span())
    }
}

/// The turn of the batch that runs now, once.
///
/// # Errors
/// If there was none to be had.
pub(super) fn turn() -> Result<Option<Turn>, Refusal> {
    TURN.try_with(Cell::take).ok().flatten().transpose()
}
