//! From a request to its outcome: at once where nothing has to be waited for, else as what is there by then goes on.

use async_graphql::Request;
use futures_util::future::BoxFuture;
use tracing::Instrument;

use super::{
    executor::{Circumstances, Executor},
    observe::Watched,
    outcome::Outcome,
    prepare::Refused,
    quick::NotAtOnce,
    rate::Meter,
};

/// A request that is paid for as the least of them, and has no answer yet.
pub(crate) struct Unanswered {
    request: Request,
    watched: Watched,
    meter: Meter,
    why: Why,
}

/// Why there is none.
enum Why {
    NotAtOnce(NotAtOnce),
    /// Whoever asks can't pay for the least of requests.
    Refused(Box<Refused>),
}

impl Executor {
    /// Answers `request` from the snapshot of this moment: by what is kept, by a plan, or through the resolvers.
    pub async fn execute(&self, request: Request, circumstances: &Circumstances) -> Outcome {
        match self.at_once(request, circumstances) {
            Ok(outcome) => outcome,
            // In a box: it is large, and would be moved from layer to layer where it isn't needed.
            Err(unanswered) => Box::pin(self.go_on(unanswered, circumstances)).await,
        }
    }

    /// The answer to `request` if nothing has to be waited for: one that is kept, or a plan's. It is no future, which
    /// would be made, moved and polled once.
    ///
    /// # Errors
    /// If something may have to be waited for, by whoever [goes on](Self::go_on).
    pub(crate) fn at_once(
        &self,
        request: Request,
        circumstances: &Circumstances,
    ) -> Result<Outcome, Box<Unanswered>> {
        let (meter, begun) = self.begin(circumstances);
        let watched = Watched::begin(&request.query, meter.came());
        let why = match begun.map(|()| watched.in_scope(|| self.quick(&request, circumstances, &meter))) {
            Ok(Ok(outcome)) => {
                watched.end(&request.query, &outcome, circumstances, self.observer.as_ref());
                return Ok(outcome);
            }
            Ok(Err(why)) => Why::NotAtOnce(why),
            Err(refused) => Why::Refused(refused),
        };
        Err(Box::new(Unanswered { request, watched, meter, why }))
    }

    /// Answers a request to which there was no answer [at once](Self::at_once).
    pub(crate) async fn go_on(&self, unanswered: Box<Unanswered>, circumstances: &Circumstances) -> Outcome {
        let Unanswered { request, watched, meter, why } = *unanswered;
        let document = request.query.clone();
        // What the resolvers need is large, too.
        let answered: BoxFuture<'_, Outcome> = Box::pin(async {
            if let Why::NotAtOnce(NotAtOnce::InAWhile) = why
                && let Some(outcome) = self.in_a_while(&request, circumstances, &meter).await
            {
                return outcome;
            }
            let prepared = match why {
                Why::NotAtOnce(_) => self.prepared(request, circumstances.method),
                Why::Refused(refused) => Err(refused),
            };
            self.answer(prepared, meter, circumstances).await
        });
        let outcome = answered.instrument(watched.span()).await;
        watched.end(&document, &outcome, circumstances, self.observer.as_ref());
        outcome
    }
}
