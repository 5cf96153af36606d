//! From a request to an answer: what is refused unread, what is pinned, what every answer carries.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    EmptyMutation, EmptySubscription, Name, Positioned, Request, Response, Schema, ServerError,
    ValidationResult, Value, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation},
    indexmap::IndexMap,
    parser::{
        Error as ParseError, parse_query,
        types::{OperationDefinition, OperationType},
    },
};

use super::{
    blame,
    document::{self, MAX_DEPTH, MAX_FIELDS, MAX_INTROSPECTION, TooLarge},
    error::{ErrorCode, fault, finish, set_code},
    introspection,
    key_order::KeyOrder,
    nulls::FieldTypes,
    observe::{Observer, Operation, Watched},
    query::{self, Query},
    request::{Allowance, Pinned},
    scalar::in_milliseconds,
    unchecked::Unchecked,
};
use tracing::{Instrument, info_span};

use crate::{auth::Viewer, clock::Clock, directory::Directory, org::OrgSnapshot};

/// The HTTP method that a request came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
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
    /// The operation, if the document has one of that name and could be read.
    pub operation: Option<Operation>,
}

/// Runs requests against a directory. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
    field_types: Arc<FieldTypes>,
    unchecked: Arc<Unchecked>,
    directory: Directory,
    clock: Clock,
    observer: Option<Observer>,
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
        let (field_types, unchecked) = (Arc::new(FieldTypes::of(&sdl)), Arc::new(Unchecked::of(&sdl)));
        Self { schema, field_types, unchecked, directory, clock, observer: None }
    }

    /// The same, and `observer` is told of every operation that has been answered.
    pub fn observed_by(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Answers `request` from the snapshot of this moment.
    pub async fn execute(&self, request: Request, circumstances: &Circumstances) -> Outcome {
        let watched = Watched::begin(&request.query);
        let outcome = self.answer(request, circumstances).instrument(watched.span()).await;
        watched.end(&outcome, circumstances, self.observer.as_ref());
        outcome
    }

    async fn answer(&self, request: Request, circumstances: &Circumstances) -> Outcome {
        let snapshot = self.directory.snapshot();
        let begun = Begun::default();
        let parsing = info_span!("parse", otel.kind = "internal");
        let prepared = parsing.in_scope(|| prepare(request, circumstances.method, &self.unchecked));
        drop(parsing);
        let mut operation = None;
        let (mut response, wants_post) = match prepared {
            Ok(mut prepared) => {
                operation = prepared.operation.take();
                prepared.request = prepared.request.data(begun.clone());
                let viewer = circumstances.viewer.clone();
                (self.run(prepared, snapshot.clone(), viewer).await, false)
            }
            Err(refused) => (Response::from_errors(vec![refused.error]), refused.wants_post),
        };
        for error in &mut response.errors {
            finish(error, &circumstances.request_id);
        }
        if let Some(snapshot) = &snapshot {
            response.extensions.insert("snapshot".to_owned(), told(snapshot));
        }
        let age = snapshot.as_ref().map(|snapshot| {
            Duration::try_from(self.clock.now().duration_since(snapshot.taken_at)).unwrap_or_default()
        });
        // Whatever fails in a run has a path. One that has not may fail at its very beginning all the same: a
        // subscription on a transport that has none.
        let in_vain =
            response.errors.iter().any(|error| error.path.is_empty()) && response.data == Value::Null;
        let ran = begun.0.load(Ordering::Relaxed) && !in_vain;
        Outcome { response, age, ran, wants_post, operation }
    }

    async fn run(
        &self,
        Prepared { request, mark, order, .. }: Prepared,
        snapshot: Option<Arc<OrgSnapshot>>,
        viewer: Viewer,
    ) -> Response {
        let (query, operation) = (request.query.clone(), request.operation_name.clone());
        let allowance = Allowance::over(snapshot.as_deref());
        let request = request.data(Pinned(snapshot)).data(allowance).data(viewer);
        let mut response = self.schema.execute(request).await;
        blame::name_arguments(&mut response.errors, &query);
        self.field_types.complete(&mut response, &query, operation.as_deref());
        if let Some(mark) = mark {
            document::unmark_objects(&mut response.data, &mark);
        }
        order.arrange(&mut response.data);
        response
    }
}

/// Whether a request's operation has been run: its document and variables fit.
#[derive(Clone, Default)]
struct Begun(Arc<AtomicBool>);

/// A request that is worth running.
pub(super) struct Prepared {
    request: Request,
    /// What its document's objects are marked with, if they are.
    mark: Option<String>,
    order: KeyOrder,
    operation: Option<Operation>,
}

pub(super) struct Refused {
    pub(super) error: ServerError,
    wants_post: bool,
}

/// Parses the document, once, and measures it.
pub(super) fn prepare(
    mut request: Request,
    method: Method,
    unchecked: &Unchecked,
) -> Result<Prepared, Box<Refused>> {
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
    let changes = |(name, operation): (Option<&Name>, &Positioned<OperationDefinition>)| {
        chosen(name) && operation.node.ty != OperationType::Query
    };
    if method == Method::Get && document.operations.iter().any(changes) {
        let error = fault(ErrorCode::BadUserInput, "GET is for queries only; send this operation by POST");
        return Err(Box::new(Refused { error, wants_post: true }));
    }
    for (_, operation) in document.operations.iter().filter(|(name, _)| chosen(*name)) {
        variables_are_given(&operation.node, &request.variables).map_err(refused)?;
    }
    let one = document.operations.iter().find(|(name, _)| chosen(*name));
    introspection::check(&document).map_err(refused)?;
    unchecked.check(&document, one.map(|(_, one)| &one.node), &request.variables).map_err(refused)?;
    let operation = one.map(|(name, one)| Operation::new(name, one.node.ty));
    let order = one.map_or_else(KeyOrder::default, |(_, one)| KeyOrder::of(&one.node, &document));
    let mark = document::mark_objects(&mut document, &request.query);
    request.set_parsed_query(document);
    Ok(Prepared { request, mark, order, operation })
}

/// Refuses a request that leaves out a variable which can't be null; async-graphql takes it for null.
fn variables_are_given(operation: &OperationDefinition, variables: &Variables) -> Result<(), ServerError> {
    for Positioned { node: variable, pos } in &operation.variable_definitions {
        let (name, ty) = (&variable.name.node, &variable.var_type.node);
        let given = variables.get(name).is_some_and(|value| *value != Value::Null);
        if !ty.nullable && variable.default_value.is_none() && !given {
            let mut error = fault(ErrorCode::BadUserInput, format!("${name}: must be given ({ty})"));
            error.locations.push(*pos);
            return Err(error);
        }
    }
    Ok(())
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
        if let Some(Begun(begun)) = ctx.data_opt() {
            begun.store(true, Ordering::Relaxed);
        }
        let executing = info_span!("execute", otel.kind = "internal");
        next.run(ctx, operation).instrument(executing).await
    }
}
