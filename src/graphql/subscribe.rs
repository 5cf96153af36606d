//! From a request to a stream of answers: a subscription is run once to hear what is wanted, and then once an
//! event, each time as a request of its own with its own snapshot and allowance.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Request, Response, ServerError, Variables, parser::types::ExecutableDocument};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::time::Instant;
use tracing::Instrument;

use super::{
    error::{ErrorCode, fault},
    executor::{Circumstances, Executor, Finishing, Spending},
    observe::{Operation, Watched},
    outcome::Outcome,
    prepare::Prepared,
    rate::Meter,
    request::seen,
    subscription::{Event, Source, Stage},
};
use crate::org::OrgSnapshot;

/// What becomes of a request that may have more than one answer.
pub enum Subscribed {
    /// One answer: that to a query, or to a subscription that can't be.
    Answer(Box<Outcome>),
    /// What is to be told, as it happens.
    Events(BoxStream<'static, Untold>),
}

/// Something has happened that a subscription tells of. The answer is worked out when it is asked for.
pub struct Untold {
    executor: Executor,
    template: Arc<Template>,
    event: Event,
}

impl Untold {
    /// What is told of it.
    pub async fn answer(self) -> Response {
        self.executor.answer_event(&self.template, self.event).await
    }
}

/// A subscription that was found to be in order.
struct Template {
    query: String,
    document: ExecutableDocument,
    operation: Option<String>,
    /// What whoever counts is told of it.
    told: Option<Operation>,
    variables: Variables,
    finishing: Finishing,
    circumstances: Circumstances,
}

impl Executor {
    /// Answers `request`, which may be a subscription: its events are told from this moment on, whenever the
    /// stream is asked for the next. The stream ends when the directory does; nothing is kept of what is not
    /// read.
    pub async fn subscribe(&self, request: Request, circumstances: &Circumstances) -> Subscribed {
        let watched = Watched::begin(&request.query, Instant::now());
        let document = request.query.clone();
        let subscribed = self.begun(request, circumstances).instrument(watched.span()).await;
        if let Subscribed::Answer(outcome) = &subscribed {
            watched.end(&document, outcome, circumstances, self.observer.as_ref());
        }
        subscribed
    }

    async fn begun(&self, request: Request, circumstances: &Circumstances) -> Subscribed {
        let (meter, begun) = self.begin(circumstances);
        let prepared = match begun.and_then(|()| self.prepared(request, circumstances.method)) {
            Ok(prepared) if prepared.is_subscription => prepared,
            other => return Subscribed::Answer(Box::new(self.answer(other, meter, circumstances).await)),
        };
        let Prepared { mut request, finishing, operation, .. } = prepared;
        let document = match request.parsed_query() {
            Ok(document) => document.clone(),
            Err(error) => return self.refuse(vec![error], meter, circumstances),
        };
        let template = Template {
            query: request.query,
            document,
            operation: request.operation_name,
            variables: request.variables,
            told: operation,
            finishing,
            circumstances: circumstances.clone(),
        };
        let slot = Arc::new(Mutex::new(None));
        // Nothing is told yet, and nothing read.
        let asked = self.run_once(&template, Stage::Ask(slot.clone()), None, &meter).await;
        let wanted = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (asked, wanted) {
            (None, Some(wanted)) => {
                // Events are paid for as they come.
                meter.settle_refused();
                let contact = circumstances.viewer.role.sees_contact_data();
                let source = Source::of(wanted, &self.directory, &self.hub, contact);
                let listening = Box::new((self.clone(), Arc::new(template), source));
                Subscribed::Events(stream::unfold(listening, listen).boxed())
            }
            (Some((response, _)), _) => self.refuse(response.errors, meter, circumstances),
            (None, None) => {
                let error = fault(ErrorCode::InternalServerError, "the subscription could not be begun");
                self.refuse(vec![error], meter, circumstances)
            }
        }
    }

    /// The answer to one event, which is watched as any other answer.
    async fn answer_event(&self, template: &Template, event: Event) -> Response {
        let role = template.circumstances.viewer.role;
        let watched = Watched::begin(&template.query, Instant::now());
        let meter = self.rates.meter_of_event(&template.circumstances.viewer.id);
        let telling = async {
            let snapshot = event.snapshot().cloned().or_else(|| self.directory.snapshot());
            let response = match (event.seen(role).await, seen(snapshot.clone(), role).await) {
                (Ok(event), Ok(seen)) => self.run_once(template, Stage::Tell(event), seen, &meter).await,
                (Err(failed), _) | (_, Err(failed)) => Some((Response::from_errors(vec![failed.into()]), 0)),
            };
            let untold = || fault(ErrorCode::InternalServerError, "the event could not be told");
            (response.unwrap_or_else(|| (Response::from_errors(vec![untold()]), 0)), snapshot)
        };
        let ((response, at_gong), snapshot) = telling.instrument(watched.span()).await;
        let spending = Spending { meter, begun: true, at_gong };
        let outcome = self.outcome(response, snapshot, &spending, &template.circumstances);
        let outcome = Outcome { operation: template.told.clone(), ..outcome };
        watched.end(&template.query, &outcome, &template.circumstances, self.observer.as_ref());
        outcome.response
    }

    /// The first answer to the subscription at this stage.
    async fn run_once(
        &self,
        template: &Template,
        stage: Stage,
        seen: Option<Arc<OrgSnapshot>>,
        meter: &Meter,
    ) -> Option<(Response, u64)> {
        let mut request = Request::new(template.query.as_str()).variables(template.variables.clone());
        request.operation_name.clone_from(&template.operation);
        request.set_parsed_query(template.document.clone());
        let (request, gate, asked) =
            self.equipped(request, seen, &template.circumstances.viewer, meter.clone());
        let mut response = self.schema.execute_stream(request.data(stage)).next().await?;
        self.finish(&mut response, &template.query, template.operation.as_deref(), &template.finishing);
        self.take_down(&gate, &mut response, &template.circumstances);
        Some((response, asked.price()))
    }

    /// Nothing has been told, whatever the place of the fault.
    fn refuse(&self, errors: Vec<ServerError>, meter: Meter, circumstances: &Circumstances) -> Subscribed {
        let spending = Spending { meter, begun: false, at_gong: 0 };
        let (response, snapshot) = (Response::from_errors(errors), self.directory.snapshot());
        Subscribed::Answer(Box::new(self.outcome(response, snapshot, &spending, circumstances)))
    }
}

type Listening = Box<(Executor, Arc<Template>, Source)>;

async fn listen(mut listening: Listening) -> Option<(Untold, Listening)> {
    let (executor, template, source) = &mut *listening;
    let event = source.next().await?;
    let untold = Untold { executor: executor.clone(), template: template.clone(), event };
    Some((untold, listening))
}
