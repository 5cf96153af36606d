//! From a request to an answer: what is refused unread, what is pinned, what every answer carries.

use std::{sync::Arc, time::Duration};

use async_graphql::{EmptyMutation, Name, Request, Response, Schema, ServerError, Value, indexmap::IndexMap};

use super::{
    blame, document,
    error::{ErrorCode, fault},
    finish::finish,
    gate::Gate,
    key_order::KeyOrder,
    notes::Notes,
    nulls::FieldTypes,
    observe::{Observer, Operation, Watched},
    prepare::{Prepared, Refused, Rules, prepare},
    price::Asked,
    query::{self, Query},
    rate::{Meter, Rates},
    request::{Allowance, Pinned, seen},
    scalar::in_milliseconds,
    settings::Settings,
    silence,
    subscription::{Hub, Subscription},
    validate::CheckedDocuments,
};
use tracing::{Instrument, info_span};

use crate::{
    auth::{
        Viewer,
        audit::{AuditLog, Reading},
    },
    clock::Clock,
    directory::Directory,
    org::OrgSnapshot,
};

/// The HTTP method that a request came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    /// Over a WebSocket or as a stream of events, whichever method that began with.
    Stream,
}

/// How a request came, and from whom.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// How.
    pub method: Method,
    /// Its id.
    pub request_id: Arc<str>,
    /// Whoever asks.
    pub viewer: Viewer,
}

/// What became of a request.
pub struct Outcome {
    /// The answer.
    pub response: Response,
    /// The age of the snapshot that it is from.
    pub age: Option<Duration>,
    /// Whether the operation was run; if not, the request itself is at fault.
    pub ran: bool,
    /// It was not run because it changes something and came by GET.
    pub wants_post: bool,
    /// The version of the snapshot, if the answer follows from that, the request and the viewer's role alone: nobody
    /// else was asked, neither Gong nor the clock, and nothing failed.
    pub follows_from: Option<u64>,
    /// The operation, if the document has one of that name and could be read.
    pub operation: Option<Operation>,
    /// What it costs, if it came so far that this was found out.
    pub cost: Option<Cost>,
    /// It was not run because the client has asked for too much of late, and may ask again after this time.
    pub throttled: Option<Duration>,
}

/// What an answer costs: fields, and calls to Gong at their price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What it could have come to, as the document and its page sizes say.
    pub requested: u64,
    /// What it came to; 0 if nothing was run.
    pub actual: u64,
    /// The most that one answer may cost.
    pub limit: u64,
}

/// Runs requests against a directory. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    pub(super) schema: Schema<Query, EmptyMutation, Subscription>,
    field_types: Arc<FieldTypes>,
    rules: Arc<Rules>,
    pub(super) directory: Directory,
    pub(super) hub: Arc<Hub>,
    clock: Clock,
    settings: Arc<Settings>,
    pub(super) rates: Rates,
    pub(super) observer: Option<Observer>,
    audit: AuditLog,
}

impl Executor {
    /// An executor over `directory`.
    pub fn new(directory: Directory, clock: Clock, settings: Settings) -> Self {
        let settings = Arc::new(settings);
        let mut schema = query::schema()
            .extension(CheckedDocuments(settings.clone()))
            .limit_recursive_depth(settings.caps.depth.saturating_add(2))
            .data(directory.clone())
            .data(clock.clone())
            .data(settings.clone());
        if !settings.shown.introspection {
            schema = schema.disable_introspection();
        }
        if !settings.shown.suggestions || !settings.shown.introspection {
            schema = schema.disable_suggestions();
        }
        let schema = schema.finish();
        let sdl = schema.sdl();
        let field_types = Arc::new(FieldTypes::of(&sdl));
        let rules = Arc::new(Rules::of(&sdl));
        let rates = Rates::new(&settings.rate);
        Self {
            schema,
            field_types,
            rules,
            directory,
            hub: Arc::default(),
            clock,
            settings,
            rates,
            observer: None,
            audit: AuditLog::off(),
        }
    }

    /// The same, and `observer` is told of every operation that has been answered.
    pub fn observed_by(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The same, taking down in `audit` who reads contact data of whom.
    #[must_use]
    pub fn audited(self, audit: AuditLog) -> Self {
        Self { audit, ..self }
    }

    /// What it was told.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Answers `request` from the snapshot of this moment.
    pub async fn execute(&self, request: Request, circumstances: &Circumstances) -> Outcome {
        let watched = Watched::begin(&request.query);
        let answered = async { self.answer(self.prepared(request, circumstances), circumstances).await };
        let outcome = answered.instrument(watched.span()).await;
        watched.end(&outcome, circumstances, self.observer.as_ref());
        outcome
    }

    /// Has whoever asks pay for the least of requests, parses `request` and measures it.
    pub(super) fn prepared(
        &self,
        request: Request,
        circumstances: &Circumstances,
    ) -> (Result<Prepared, Box<Refused>>, Meter) {
        let meter = self.rates.meter(&circumstances.viewer.id);
        let prepared = match meter.begin() {
            Ok(()) => info_span!("parse", otel.kind = "internal")
                .in_scope(|| prepare(request, circumstances.method, &self.settings, &self.rules)),
            Err(wait) => Err(throttled(wait).into()),
        };
        (prepared, meter)
    }

    /// The one answer to what was prepared.
    pub(super) async fn answer(
        &self,
        (prepared, meter): (Result<Prepared, Box<Refused>>, Meter),
        circumstances: &Circumstances,
    ) -> Outcome {
        let snapshot = self.directory.snapshot();
        let (notes, mut at_gong) = (Notes::default(), 0);
        let mut operation = None;
        let (response, wants_post) = match prepared {
            Ok(mut prepared) => {
                operation = prepared.operation.take();
                prepared.request = prepared.request.data(notes.clone());
                let (response, asked) =
                    self.run(prepared, snapshot.clone(), circumstances, meter.clone()).await;
                at_gong = asked;
                (response, false)
            }
            Err(refused) => (Response::from_errors(vec![refused.error]), refused.wants_post),
        };
        let at = snapshot.as_ref().map(|snapshot| snapshot.version.as_u64());
        let outcome = self.outcome(
            response,
            snapshot,
            &Spending { meter, begun: notes.has_begun(), at_gong },
            circumstances,
        );
        let follows = outcome.ran && outcome.response.errors.is_empty() && !notes.looked_beside();
        Outcome { wants_post, follows_from: at.filter(|_| follows), operation, ..outcome }
    }

    /// What every answer carries.
    pub(super) fn outcome(
        &self,
        mut response: Response,
        snapshot: Option<Arc<OrgSnapshot>>,
        Spending { meter, begun, at_gong }: &Spending,
        circumstances: &Circumstances,
    ) -> Outcome {
        // Whatever fails in a run has a path. One that has not may fail at its very beginning all the same.
        let in_vain =
            response.errors.iter().any(|error| error.path.is_empty()) && response.data == Value::Null;
        let ran = *begun && !in_vain;
        let actual = if ran { at_gong + fields(&response.data) } else { 0 };
        let throttled = meter.throttled();
        match throttled {
            None if ran => meter.settle(actual),
            None => meter.settle_refused(),
            Some(_) => {}
        }
        let limit = self.settings.caps.cost as u64;
        let cost = meter.requested().map(|requested| Cost { requested, actual, limit });
        let Settings { caps, shown, .. } = &*self.settings;
        let is_small = !ran || response.data == Value::Null;
        finish(&mut response.errors, is_small, &circumstances.request_id, caps, shown.introspection);
        if let Some(snapshot) = &snapshot {
            response.extensions.insert("snapshot".to_owned(), told(snapshot));
        }
        if let Some(cost) = cost {
            response.extensions.insert("cost".to_owned(), cost.told());
        }
        let age = snapshot.as_ref().map(|snapshot| self.age_of(snapshot));
        Outcome {
            response,
            age,
            ran,
            wants_post: false,
            follows_from: None,
            operation: None,
            cost,
            throttled,
        }
    }

    /// The snapshot that a request of this moment would be answered from: its version and age.
    pub fn snapshot(&self) -> Option<(u64, Duration)> {
        let snapshot = self.directory.snapshot()?;
        Some((snapshot.version.as_u64(), self.age_of(&snapshot)))
    }

    fn age_of(&self, snapshot: &OrgSnapshot) -> Duration {
        Duration::try_from(self.clock.now().duration_since(snapshot.taken_at)).unwrap_or_default()
    }

    /// The answer, and what was asked of Gong for it, at its price.
    async fn run(
        &self,
        Prepared { request, finishing, .. }: Prepared,
        snapshot: Option<Arc<OrgSnapshot>>,
        circumstances: &Circumstances,
        meter: Meter,
    ) -> (Response, u64) {
        let viewer = circumstances.viewer.clone();
        let snapshot = match seen(snapshot, viewer.role).await {
            Ok(snapshot) => snapshot,
            Err(failed) => return (Response::from_errors(vec![failed.into()]), 0),
        };
        let (query, operation) = (request.query.clone(), request.operation_name.clone());
        let (request, gate, asked) = self.equipped(request, snapshot, &viewer, meter);
        let mut response = self.schema.execute(request).await;
        self.finish(&mut response, &query, operation.as_deref(), &finishing);
        self.take_down(&gate, &mut response, circumstances);
        (response, asked.price())
    }

    /// The request with what its resolvers need, and the gate that it goes through.
    pub(super) fn equipped(
        &self,
        request: Request,
        seen: Option<Arc<OrgSnapshot>>,
        viewer: &Viewer,
        meter: Meter,
    ) -> (Request, Arc<Gate>, Asked) {
        let gate = Arc::new(Gate::new(viewer.role));
        let allowance = Allowance::over(seen.as_deref());
        let asked = allowance.asked();
        let request = request.data(Pinned(seen)).data(allowance).data(viewer.clone()).data(meter);
        (request.data(gate.clone()), gate, asked)
    }

    /// Puts right what async-graphql leaves otherwise than the specification wants it.
    pub(super) fn finish(
        &self,
        response: &mut Response,
        query: &str,
        operation: Option<&str>,
        finishing: &Finishing,
    ) {
        blame::name_arguments(&mut response.errors, query);
        if !self.settings.shown.introspection {
            silence::hide_names(&mut response.errors, query);
        }
        self.field_types.complete(response, query, operation);
        if let Some(mark) = &finishing.mark {
            document::unmark_objects(&mut response.data, mark);
        }
        finishing.order.arrange(&mut response.data);
    }

    /// Takes down whose guarded fields an answer holds, and tells which it doesn't.
    pub(super) fn take_down(&self, gate: &Gate, response: &mut Response, circumstances: &Circumstances) {
        let answered = gate.answered(response);
        let of: Vec<_> = answered
            .iter()
            .map(|(user, fields)| (user.as_str(), fields.iter().map(|field| field.coordinate()).collect()))
            .collect();
        let Circumstances { viewer, request_id, .. } = circumstances;
        self.audit.record(&Reading { at: self.clock.now(), viewer, request_id, of: &of });
        response.errors.extend(gate.refusals());
    }
}

/// What an answer has cost, and how it was come by.
pub(super) struct Spending {
    pub(super) meter: Meter,
    /// Whether a run was begun.
    pub(super) begun: bool,
    /// What was asked of Gong, at its price.
    pub(super) at_gong: u64,
}

/// What has to be done to an answer.
pub(super) struct Finishing {
    /// What the document's objects are marked with, if they are.
    pub(super) mark: Option<String>,
    pub(super) order: KeyOrder,
}

/// Refuses a client that has asked for too much of late.
pub(super) fn throttled(wait: Duration) -> ServerError {
    let seconds = whole_seconds(wait);
    let message = format!("this client has spent what it may for now; it may ask again in {seconds} s");
    let mut error = fault(ErrorCode::Throttled, message);
    error.extensions.get_or_insert_default().set("retryAfterSeconds", seconds);
    error
}

/// Rounded up, so that whoever waits so long has waited enough.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl Outcome {
    /// After how many seconds a throttled client may ask again, rounded up.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.throttled.map(whole_seconds)
    }
}

impl Cost {
    /// `extensions.cost` of an answer.
    fn told(self) -> Value {
        Value::Object(IndexMap::from_iter([
            (Name::new("requested"), Value::from(self.requested)),
            (Name::new("actual"), Value::from(self.actual)),
            (Name::new("limit"), Value::from(self.limit)),
        ]))
    }
}

/// How many fields an answer holds. Costs one look at each.
fn fields(data: &Value) -> u64 {
    match data {
        Value::Object(object) => object.len() as u64 + object.values().map(fields).sum::<u64>(),
        Value::List(items) => items.iter().map(fields).sum(),
        _ => 0,
    }
}

/// `extensions.snapshot` of an answer.
fn told(snapshot: &OrgSnapshot) -> Value {
    Value::Object(IndexMap::from_iter([
        (Name::new("version"), Value::from(snapshot.version.to_string())),
        (Name::new("takenAt"), Value::from(in_milliseconds(snapshot.taken_at))),
    ]))
}
