//! From a request to an answer: what is refused unread, what is pinned, what every answer carries.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_graphql::{EmptyMutation, Request, Response, Schema, Value};

use super::{
    answers::{Answers, Written},
    attempt::Attempt,
    blame, definitions, document,
    finish::{finish, in_order},
    gate::Gate,
    key_order::KeyOrder,
    notes::Notes,
    nulls::FieldTypes,
    observe::Observer,
    outcome::{Cost, Outcome, fields, told},
    plan::{Known, KnownDocuments},
    prepare::{Learnt, Prepared, Refused, Rules, prepare},
    price::Asked,
    query::{self, Query},
    rate::{Meter, Rates, throttled},
    repeats::Repeats,
    request::{Allowance, Pinned, seen},
    settings::Settings,
    silence,
    subscription::{Hub, Subscription},
    validate::CheckedDocuments,
};
use tracing::info_span;

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

/// Runs requests against a directory. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    pub(super) schema: Schema<Query, EmptyMutation, Subscription>,
    field_types: Arc<FieldTypes>,
    pub(super) rules: Arc<Rules>,
    pub(super) directory: Directory,
    pub(super) hub: Arc<Hub>,
    pub(super) clock: Clock,
    pub(super) settings: Arc<Settings>,
    pub(super) rates: Rates,
    pub(super) observer: Option<Observer>,
    pub(super) audit: AuditLog,
    pub(super) known: KnownDocuments,
    pub(super) answers: Answers,
    pub(super) repeats: Repeats,
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
        let types = definitions::types(&schema.sdl());
        let field_types = Arc::new(FieldTypes::of(&types));
        let rules = Arc::new(Rules::of(&types));
        let rates = Rates::new(&settings.rate);
        let known = KnownDocuments::within(settings.kept.documents);
        let answers = Answers::within(settings.kept.answers - settings.kept.answers / 4);
        let repeats = Repeats::within(settings.kept.answers / 4);
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
            known,
            answers,
            repeats,
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

    /// Has whoever asks pay for the least of requests.
    pub(super) fn begin(&self, circumstances: &Circumstances) -> (Meter, Result<(), Box<Refused>>) {
        let meter = self.rates.meter(&circumstances.viewer.id);
        let begun = meter.begin().map_err(|wait| throttled(wait).into());
        (meter, begun)
    }

    /// Parses `request` and measures it.
    pub(super) fn prepared(&self, request: Request, method: Method) -> Result<Prepared, Box<Refused>> {
        info_span!("parse", otel.kind = "internal")
            .in_scope(|| prepare(request, method, &self.settings, &self.rules, &self.known))
    }

    /// The one answer to what was prepared.
    pub(super) async fn answer(
        &self,
        prepared: Result<Prepared, Box<Refused>>,
        meter: Meter,
        circumstances: &Circumstances,
    ) -> Outcome {
        let snapshot = self.directory.snapshot();
        let (notes, mut at_gong) = (Notes::default(), 0);
        let mut operation = None;
        let (mut learnt, mut is_taken_down, mut written) = (None, false, None);
        let (response, wants_post) = match prepared {
            Ok(mut prepared) => {
                operation = prepared.operation.take();
                learnt = prepared.learnt.take();
                prepared.request = prepared.request.data(notes.clone());
                let by_plan = prepared.finishing.order.is_none();
                let known = learnt.as_ref().filter(|_| by_plan).and_then(|learnt| learnt.known.clone());
                let ran = self.run(prepared, known, snapshot.clone(), circumstances, meter.clone()).await;
                (at_gong, is_taken_down, written) = (ran.at_gong, ran.is_taken_down, ran.written);
                (ran.response, false)
            }
            Err(refused) => (Response::from_errors(vec![refused.error]), refused.wants_post),
        };
        if let (Some(written), Some(snapshot)) = (written, &snapshot) {
            if let Some(Learnt { text, known }) = learnt {
                self.known.keep(&text, known, true);
            }
            return self.settled(written, snapshot, &meter);
        }
        let at = snapshot.as_ref().map(|snapshot| snapshot.version.as_u64());
        let outcome = self.outcome(
            response,
            snapshot,
            &Spending { meter, begun: notes.has_begun(), at_gong },
            circumstances,
        );
        let follows = outcome.ran && outcome.response.errors.is_empty() && !notes.looked_beside();
        let follows_from = at.filter(|_| follows);
        if let Some(Learnt { text, known }) = learnt.filter(|_| outcome.ran) {
            self.known.keep(&text, known, follows_from.is_some() && !is_taken_down);
        }
        Outcome { wants_post, follows_from, operation, is_taken_down, ..outcome }
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
            written: None,
            is_kept: false,
            snapshot: snapshot.map(|snapshot| snapshot.version),
            is_taken_down: false,
        }
    }

    /// The snapshot that a request of this moment would be answered from: its version and age.
    pub fn snapshot(&self) -> Option<(u64, Duration)> {
        let snapshot = self.directory.snapshot()?;
        Some((snapshot.version.as_u64(), self.age_of(&snapshot)))
    }

    pub(super) fn age_of(&self, snapshot: &OrgSnapshot) -> Duration {
        Duration::try_from(self.clock.now().duration_since(snapshot.taken_at)).unwrap_or_default()
    }

    /// Has the resolvers answer, or the plan of a document that is `known`.
    async fn run(
        &self,
        Prepared { mut request, finishing, .. }: Prepared,
        known: Option<Arc<Known>>,
        snapshot: Option<Arc<OrgSnapshot>>,
        circumstances: &Circumstances,
        meter: Meter,
    ) -> Ran {
        let viewer = circumstances.viewer.clone();
        let snapshot = match seen(snapshot, viewer.role).await {
            Ok(snapshot) => snapshot,
            Err(failed) => {
                let response = Response::from_errors(vec![failed.into()]);
                return Ran { response, at_gong: 0, is_taken_down: false, written: None };
            }
        };
        let attempt = known.zip(snapshot.clone()).map(|(known, seen)| {
            let (variables, settings) = (request.variables.clone(), self.settings.clone());
            Arc::new(Attempt { known, variables, seen, settings, written: OnceLock::new() })
        });
        if let Some(attempt) = attempt.clone() {
            request = request.data(attempt);
        }
        let (query, operation) = (request.query.clone(), request.operation_name.clone());
        let (request, gate, asked) = self.equipped(request, snapshot, &viewer, meter);
        let mut response = self.schema.execute(request).await;
        if let Some(written) =
            attempt.and_then(Arc::into_inner).and_then(|attempt| attempt.written.into_inner())
        {
            return Ran { response, at_gong: 0, is_taken_down: false, written: Some(written) };
        }
        self.finish(&mut response, &query, operation.as_deref(), &finishing);
        let is_taken_down = self.take_down(&gate, &mut response, circumstances);
        Ran { response, at_gong: asked.price(), is_taken_down, written: None }
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
        in_order(&mut response.errors);
        blame::name_arguments(&mut response.errors, query);
        if !self.settings.shown.introspection {
            silence::hide_names(&mut response.errors, query);
        }
        self.field_types.complete(response, query, operation);
        if let Some(mark) = &finishing.mark {
            document::unmark_objects(&mut response.data, mark);
        }
        if response.data == Value::Null {
            return;
        }
        match &finishing.order {
            Some(order) => order.arrange(&mut response.data),
            None => KeyOrder::of_text(operation, query).arrange(&mut response.data),
        }
    }

    /// Takes down whose guarded fields an answer holds, and tells which it doesn't. Tells whether it holds any.
    pub(super) fn take_down(
        &self,
        gate: &Gate,
        response: &mut Response,
        circumstances: &Circumstances,
    ) -> bool {
        let answered = gate.answered(response);
        let of: Vec<_> = answered
            .iter()
            .map(|(user, fields)| (user.as_str(), fields.iter().map(|field| field.coordinate()).collect()))
            .collect();
        let Circumstances { viewer, request_id, .. } = circumstances;
        self.audit.record(&Reading { at: self.clock.now(), viewer, request_id, of: &of });
        response.errors.extend(gate.refusals());
        !of.is_empty()
    }
}

/// What the resolvers came to.
struct Ran {
    response: Response,
    /// What was asked of Gong, at its price.
    at_gong: u64,
    /// It holds guarded fields, which is taken down each time that it is told.
    is_taken_down: bool,
    /// What a plan has answered in their place.
    written: Option<Arc<Written>>,
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
    /// The order of the answer's keys, unless a plan is to answer; if that gives up, the order is in the text.
    pub(super) order: Option<KeyOrder>,
}
