//! What a session knows at a moment.

use std::{sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, Shared};
use jiff::Timestamp;
use tokio::{task::AbortHandle, time::Instant};

use super::tokens::{Freshness, Tokens};
use crate::gong::{GongError, auth::Pass};

/// The state of a [`Session`](super::Session).
#[derive(Default)]
pub(super) struct State {
    /// The store has been read.
    pub(super) loaded: bool,
    /// The latest pair, stored or not.
    pub(super) tokens: Option<Tokens>,
    /// The latest pair could not be saved.
    pub(super) unsaved: bool,
    /// What calls go out with: the latest access token that may be used.
    pub(super) current: Option<Current>,
    /// Work under way.
    pub(super) work: Option<Work>,
    /// Since the last piece of work failed: how long to leave it, and with what error if a pair was wanted.
    pub(super) rest: Option<(Instant, Option<GongError>)>,
    /// A token was replaced because of a 401, and it didn't help: until when that isn't tried again.
    pub(super) vain_until: Option<Instant>,
}

/// A pass and the tokens it is made of.
pub(super) struct Current {
    pub(super) pass: Arc<Pass>,
    pub(super) tokens: Tokens,
}

/// The one piece of work at a time, in a task of its own.
pub(super) struct Work {
    pub(super) task: AbortHandle,
    pub(super) outcome: Outcome,
}

/// What comes of the work; everybody who waits gets the same.
pub(super) type Outcome = Shared<BoxFuture<'static, Result<(), GongError>>>;

impl State {
    /// The outcome of the work under way.
    pub(super) fn under_way(&self) -> Option<Outcome> {
        self.work.as_ref().filter(|work| !work.task.is_finished()).map(|work| work.outcome.clone())
    }

    /// Whether the last piece of work failed so recently that none should begin.
    pub(super) fn is_resting(&self) -> bool {
        self.rest.as_ref().is_some_and(|&(until, _)| Instant::now() < until)
    }

    /// Leaves everything alone for a while.
    pub(super) fn rest_for(&mut self, wait: Duration, error: Option<GongError>) {
        self.rest = Some((Instant::now() + wait, error));
    }

    /// The pass for calls at `now`, and whether there is work to do meanwhile.
    pub(super) fn pass(&self, now: Timestamp) -> Option<(Arc<Pass>, bool)> {
        let current = self.current.as_ref()?;
        match current.tokens.freshness(now) {
            Freshness::Fresh => Some((current.pass.clone(), self.unsaved)),
            Freshness::Due => Some((current.pass.clone(), true)),
            Freshness::Expired => None,
        }
    }
}
