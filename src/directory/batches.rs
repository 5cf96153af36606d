//! Batches that are cut when Gong can be asked: for everything that is asked for by many in one moment.

use std::{cell::Cell, sync::Arc};

use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

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
        tokio::spawn(async move {
            let turn = limiter.turn(urgency).await;
            TURN.scope(Cell::new(Some(turn)), batch).await;
        })
    }
}

/// The turn of the batch that runs now, once.
///
/// # Errors
/// If there was none to be had.
pub(super) fn turn() -> Result<Option<Turn>, Refusal> {
    TURN.try_with(Cell::take).ok().flatten().transpose()
}
