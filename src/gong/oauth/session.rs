//! The tokens of a running process: who waits for one, and who goes on with what there is.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::Instant;

use super::{
    OAuthClient,
    renewal::{Renewal, Wanted},
    state::{Outcome, State, Work},
};
use crate::{
    clock::Clock,
    gong::{GongError, Settings, SettingsError, Urgency, auth::Pass, door::Door, place::Place},
};

/// Gives out passes made of access tokens, and has them renewed.
#[derive(Clone)]
pub(in crate::gong) struct Session(Arc<Renewal>);

/// How long 401 is taken at its word once a new token was refused like the old one.
const IN_VAIN: Duration = Duration::from_secs(60 * 60);

impl Session {
    pub(in crate::gong) fn new(
        client: &OAuthClient,
        base: Place,
        settings: &Settings,
        door: Arc<Door>,
        clock: Clock,
        rng: fastrand::Rng,
    ) -> Result<Self, SettingsError> {
        Renewal::new(client, base, settings, door, clock, rng).map(|renewal| Self(Arc::new(renewal)))
    }

    /// A pass, if there is one that is good now. Begins what there is to do for the next one.
    pub(in crate::gong) fn at_hand(&self) -> Option<Arc<Pass>> {
        let mut state = self.0.state();
        let (pass, work_to_do) = state.pass(self.0.now())?;
        if work_to_do && state.under_way().is_none() && !state.is_resting() {
            drop(self.begin(&mut state, Wanted::Good));
        }
        Some(pass)
    }

    /// Waits until there is a pass, as long as `urgency` may.
    pub(in crate::gong) async fn wait(&self, urgency: Urgency) -> Result<(), GongError> {
        let outcome = {
            let mut state = self.0.state();
            match (state.under_way(), &state.rest) {
                (Some(outcome), _) => outcome,
                (None, Some((_, Some(error)))) if state.is_resting() => return Err(error.clone()),
                (None, _) => self.begin(&mut state, Wanted::Good),
            }
        };
        patiently(outcome, urgency).await
    }

    /// Gong answered 401 to a call with `pass`. True if there is another one now.
    pub(in crate::gong) async fn replaced(
        &self,
        pass: &Arc<Pass>,
        urgency: Urgency,
    ) -> Result<bool, GongError> {
        let outcome = {
            let mut state = self.0.state();
            let Some(current) = &state.current else { return Ok(false) };
            if !Arc::ptr_eq(&current.pass, pass) {
                return Ok(true);
            }
            match state.under_way() {
                Some(outcome) => outcome,
                None => {
                    let in_vain = state.vain_until.is_some_and(|until| Instant::now() < until);
                    if current.tokens.is_new(self.0.now()) || in_vain || state.is_resting() {
                        return Ok(false);
                    }
                    tracing::warn!("Gong refused an access token before its time; it is refreshed");
                    self.begin(&mut state, Wanted::Another)
                }
            }
        };
        patiently(outcome, urgency).await?;
        Ok(self.0.state().current.as_ref().is_some_and(|current| !Arc::ptr_eq(&current.pass, pass)))
    }

    /// A replaced token was refused like the one before.
    pub(in crate::gong) fn replaced_in_vain(&self) {
        self.0.state().vain_until = Some(Instant::now() + IN_VAIN);
    }

    /// Waits until no renewal is under way, so that a process that ends takes no new pair along.
    pub(in crate::gong) async fn settled(&self) {
        let outcome = self.0.state().under_way();
        if let Some(outcome) = outcome {
            drop(outcome.await);
        }
    }

    /// Begins the work in a task of its own: who waits for it may go away, but a rotated token must not.
    fn begin(&self, state: &mut State, wanted: Wanted) -> Outcome {
        let renewal = self.0.clone();
        let task = tokio::spawn(async move { renewal.work(wanted).await });
        let work = Work {
            task: task.abort_handle(),
            outcome: async { task.await.unwrap_or_else(|_| Err(broken())) }.boxed().shared(),
        };
        state.work.insert(work).outcome.clone()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// Waits for an outcome as long as `urgency` may. The work goes on in any case.
async fn patiently(outcome: Outcome, urgency: Urgency) -> Result<(), GongError> {
    let patience = urgency.patience();
    let late = |_| GongError::NoToken(Box::new(GongError::TimedOut(patience)));
    tokio::time::timeout(patience, outcome).await.map_err(late)?
}

/// Without what the fault says: nobody has looked at it for secrets.
fn broken() -> GongError {
    GongError::NoToken(Box::new(GongError::Unreachable("the refresh ended by a fault of its own".to_owned())))
}
