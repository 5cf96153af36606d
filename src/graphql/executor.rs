//! From a request to an answer: what is refused unread, what is pinned, what every answer carries.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    EmptyMutation, Name, Request, Response, Schema, ServerError, ValidationResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation},
    indexmap::IndexMap,
    parser::{Error as ParseError, parse_query, types::OperationType},
};

use super::{
    blame,
    document::{self, MAX_DEPTH, MAX_FIELDS, MAX_INTROSPECTION, TooLarge},
    error::{ErrorCode, fault, finish, set_code},
    gate::Gate,
    key_order::KeyOrder,
    notes::Notes,
    nulls::FieldTypes,
    observe::{Observer, Operation, Watched},
    query::{self, Query},
    request::{Allowance, Pinned, seen},
    roots,
    scalar::in_milliseconds,
    subscription::{Hub, Subscription},
    variables::InputTypes,
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
}

/// Runs requests against a directory. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    pub(super) schema: Schema<Query, EmptyMutation, Subscription>,
    field_types: Arc<FieldTypes>,
    input_types: Arc<InputTypes>,
    pub(super) directory: Directory,
    pub(super) hub: Arc<Hub>,
    clock: Clock,
    pub(super) observer: Option<Observer>,
    audit: AuditLog,
}

/// The most that one document may ask for: fields, each counted as often as a page could repeat it.
const MAX_COMPLEXITY: usize = 200_000;

impl Executor {
    /// An executor over `directory`.
    pub fn new(directory: Directory, clock: Clock) -> Self {
        let schema = query::schema()
            .extension(CheckedDocuments)
            .limit_recursive_depth(MAX_DEPTH + 2)
            .data(directory.clone())
            .data(clock.clone())
            .finish();
        let sdl = schema.sdl();
        let field_types = Arc::new(FieldTypes::of(&sdl));
        let input_types = Arc::new(InputTypes::of(&sdl));
        Self {
            schema,
            field_types,
            input_types,
            directory,
            hub: Arc::default(),
            clock,
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

    /// Answers `request` from the snapshot of this moment.
    pub async fn execute(&self, request: Request, circumstances: &Circumstances) -> Outcome {
        let watched = Watched::begin(&request.query);
        let answered = async { self.answer(self.prepared(request, circumstances), circumstances).await };
        let outcome = answered.instrument(watched.span()).await;
        watched.end(&outcome, circumstances, self.observer.as_ref());
        outcome
    }

    /// Parses and measures `request`.
    pub(super) fn prepared(
        &self,
        request: Request,
        circumstances: &Circumstances,
    ) -> Result<Prepared, Box<Refused>> {
        let parsing = info_span!("parse", otel.kind = "internal");
        parsing.in_scope(|| prepare(request, circumstances.method, &self.input_types))
    }

    /// The one answer to what was prepared.
    pub(super) async fn answer(
        &self,
        prepared: Result<Prepared, Box<Refused>>,
        circumstances: &Circumstances,
    ) -> Outcome {
        let snapshot = self.directory.snapshot();
        let notes = Notes::default();
        let mut operation = None;
        let (response, wants_post) = match prepared {
            Ok(mut prepared) => {
                operation = prepared.operation.take();
                prepared.request = prepared.request.data(notes.clone());
                (self.run(prepared, snapshot.clone(), circumstances).await, false)
            }
            Err(refused) => (Response::from_errors(vec![refused.error]), refused.wants_post),
        };
        let at = snapshot.as_ref().map(|snapshot| snapshot.version.as_u64());
        let outcome = self.outcome(response, snapshot, circumstances);
        let ran = outcome.ran && notes.has_begun();
        let follows = ran && outcome.response.errors.is_empty() && !notes.looked_beside();
        let follows_from = at.filter(|_| follows);
        Outcome { ran, wants_post, follows_from, operation, ..outcome }
    }

    /// What every answer carries.
    pub(super) fn outcome(
        &self,
        mut response: Response,
        snapshot: Option<Arc<OrgSnapshot>>,
        circumstances: &Circumstances,
    ) -> Outcome {
        for error in &mut response.errors {
            finish(error, &circumstances.request_id);
        }
        if let Some(snapshot) = &snapshot {
            response.extensions.insert("snapshot".to_owned(), told(snapshot));
        }
        let age = snapshot.as_ref().map(|snapshot| self.age_of(snapshot));
        // Whatever fails in a run has a path. One that has not may fail at its very beginning all the same.
        let in_vain =
            response.errors.iter().any(|error| error.path.is_empty()) && response.data == Value::Null;
        Outcome { response, age, ran: !in_vain, wants_post: false, follows_from: None, operation: None }
    }

    /// The snapshot that a request of this moment would be answered from: its version and age.
    pub fn snapshot(&self) -> Option<(u64, Duration)> {
        let snapshot = self.directory.snapshot()?;
        Some((snapshot.version.as_u64(), self.age_of(&snapshot)))
    }

    fn age_of(&self, snapshot: &OrgSnapshot) -> Duration {
        Duration::try_from(self.clock.now().duration_since(snapshot.taken_at)).unwrap_or_default()
    }

    async fn run(
        &self,
        Prepared { request, finishing, .. }: Prepared,
        snapshot: Option<Arc<OrgSnapshot>>,
        circumstances: &Circumstances,
    ) -> Response {
        let viewer = circumstances.viewer.clone();
        let snapshot = match seen(snapshot, viewer.role).await {
            Ok(snapshot) => snapshot,
            Err(failed) => return Response::from_errors(vec![failed.into()]),
        };
        let (query, operation) = (request.query.clone(), request.operation_name.clone());
        let (request, gate) = self.equipped(request, snapshot, &viewer);
        let mut response = self.schema.execute(request).await;
        self.finish(&mut response, &query, operation.as_deref(), &finishing);
        self.take_down(&gate, &mut response, circumstances);
        response
    }

    /// The request with what its resolvers need, and the gate that it goes through.
    pub(super) fn equipped(
        &self,
        request: Request,
        seen: Option<Arc<OrgSnapshot>>,
        viewer: &Viewer,
    ) -> (Request, Arc<Gate>) {
        let gate = Arc::new(Gate::new(viewer.role));
        let allowance = Allowance::over(seen.as_deref());
        let request = request.data(Pinned(seen)).data(allowance).data(viewer.clone()).data(gate.clone());
        (request, gate)
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

/// A request that is worth running.
pub(super) struct Prepared {
    pub(super) request: Request,
    pub(super) is_subscription: bool,
    pub(super) operation: Option<Operation>,
    pub(super) finishing: Finishing,
}

/// What has to be done to the answer.
pub(super) struct Finishing {
    /// What the document's objects are marked with, if they are.
    mark: Option<String>,
    order: KeyOrder,
}

pub(super) struct Refused {
    error: ServerError,
    wants_post: bool,
}

/// Parses the document, once, measures it, and holds the variables against their types.
fn prepare(mut request: Request, method: Method, input_types: &InputTypes) -> Result<Prepared, Box<Refused>> {
    let refused = |error| Box::new(Refused { error, wants_post: false });
    let too_deep =
        || fault(ErrorCode::QueryTooComplex, format!("the query is nested more than {MAX_DEPTH} deep"));
    let too_many =
        |most, which| fault(ErrorCode::QueryTooComplex, format!("the query has more than {most} {which}"));
    let too_large = |too_large| {
        refused(match too_large {
            TooLarge::Depth => too_deep(),
            TooLarge::Fields => too_many(MAX_FIELDS, "fields"),
            TooLarge::Introspection => too_many(MAX_INTROSPECTION, "fields below __schema and __type"),
        })
    };
    document::measure_text(&request.query).map_err(too_large)?;
    let mut document = parse_query(&request.query).map_err(|error| {
        refused(match error {
            ParseError::RecursionLimitExceeded => too_deep(),
            error => {
                let mut error = ServerError::from(error);
                set_code(&mut error, ErrorCode::GraphqlParseFailed);
                error
            }
        })
    })?;
    document::measure(&document).map_err(too_large)?;
    request.operation_name = request.operation_name.filter(|name| !name.is_empty());
    let chosen = |name: Option<&Name>| {
        request.operation_name.as_deref().is_none_or(|wanted| name.is_some_and(|name| name == wanted))
    };
    let chosen_is = |ty: OperationType| {
        document.operations.iter().any(|(name, operation)| chosen(name) && operation.node.ty == ty)
    };
    let is_subscription = chosen_is(OperationType::Subscription);
    if is_subscription && method != Method::Stream {
        let message = "a subscription is answered over a WebSocket (graphql-transport-ws) or as a stream of events \
                       (accept: text/event-stream), at this address";
        return Err(refused(fault(ErrorCode::BadUserInput, message)));
    }
    if method == Method::Get && chosen_is(OperationType::Mutation) {
        let error = fault(ErrorCode::BadUserInput, "GET is for queries only; send this operation by POST");
        return Err(Box::new(Refused { error, wants_post: true }));
    }
    for (_, operation) in document.operations.iter().filter(|(name, _)| chosen(*name)) {
        input_types.check(&operation.node, &request.variables).map_err(refused)?;
    }
    let mut operations = document.operations.iter().filter(|(name, _)| chosen(*name));
    let one = operations.next();
    let operation = one.map(|(name, one)| Operation::new(name, one.node.ty));
    let order = one.map_or_else(KeyOrder::default, |(_, one)| KeyOrder::of(&one.node, &document));
    if is_subscription {
        roots::reduce(&mut document).map_err(refused)?;
    }
    let mark = document::mark_objects(&mut document, &request.query);
    request.set_parsed_query(document);
    Ok(Prepared { request, is_subscription, finishing: Finishing { mark, order }, operation })
}

/// `extensions.snapshot` of an answer.
fn told(snapshot: &OrgSnapshot) -> Value {
    Value::Object(IndexMap::from_iter([
        (Name::new("version"), Value::from(snapshot.version.to_string())),
        (Name::new("takenAt"), Value::from(in_milliseconds(snapshot.taken_at))),
    ]))
}

/// Gives the errors of validation their code, refuses what costs too much, and tells when a run begins.
struct CheckedDocuments;

impl ExtensionFactory for CheckedDocuments {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for CheckedDocuments {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let validating = info_span!("validate", otel.kind = "internal");
        let result = next.run(ctx).instrument(validating).await.map_err(|mut errors| {
            errors.iter_mut().for_each(|error| set_code(error, ErrorCode::GraphqlValidationFailed));
            errors
        })?;
        if result.complexity > MAX_COMPLEXITY {
            let message = format!(
                "the query could return {} fields, more than the {MAX_COMPLEXITY} that one answer may have; \
                 ask for smaller pages or fewer fields",
                result.complexity
            );
            return Err(vec![fault(ErrorCode::QueryTooComplex, message)]);
        }
        Ok(result)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(notes) = ctx.data_opt::<Notes>() {
            notes.begin();
        }
        let executing = info_span!("execute", otel.kind = "internal");
        next.run(ctx, operation).instrument(executing).await
    }
}
