//! From a request to one that is worth running: what is refused unread, parsed once, and measured.

use std::sync::Arc;

use async_graphql::{
    Name, Pos, Request, ServerError, Variables,
    parser::{
        Error as ParseError, parse_query,
        types::{OperationDefinition, OperationType, TypeDefinition},
    },
};

use super::{
    caps::{self, Over},
    document,
    error::{ErrorCode, fault},
    executor::{Finishing, Method},
    introspection,
    key_order::KeyOrder,
    observe::Operation,
    plan::{Known, KnownDocuments},
    roots,
    settings::Settings,
    silence,
    unchecked::Unchecked,
    variables::{InputTypes, with_defaults},
};

/// What requests are held to beside what async-graphql checks.
pub(super) struct Rules {
    input_types: InputTypes,
    unchecked: Unchecked,
}

impl Rules {
    /// Those of a schema.
    pub(super) fn of(definitions: &[TypeDefinition]) -> Self {
        Self { input_types: InputTypes::of(definitions), unchecked: Unchecked::of(definitions) }
    }

    /// Holds the variables of a request against an operation that has been held against the rest.
    pub(super) fn check_variables(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        self.input_types.check(operation, variables)?;
        self.unchecked.variables(operation, variables)
    }
}

/// A request that is worth running.
pub(super) struct Prepared {
    pub(super) request: Request,
    pub(super) is_subscription: bool,
    pub(super) finishing: Finishing,
    /// The operation that is meant.
    pub(super) operation: Option<Operation>,
    /// What is to be kept of the document, once it has been run.
    pub(super) learnt: Option<Learnt>,
}

/// What was found out of a document.
pub(super) struct Learnt {
    pub(super) text: String,
    /// Its plans, if it is one for plans.
    pub(super) known: Option<Arc<Known>>,
}

pub(super) struct Refused {
    pub(super) error: ServerError,
    pub(super) wants_post: bool,
}

impl From<ServerError> for Box<Refused> {
    fn from(error: ServerError) -> Self {
        Self::new(Refused { error, wants_post: false })
    }
}

impl From<Over> for Box<Refused> {
    fn from(over: Over) -> Self {
        ServerError::from(over).into()
    }
}

/// Holds a request against the caps, parses its document, and holds its variables against their types.
pub(super) fn prepare(
    mut request: Request,
    method: Method,
    settings: &Settings,
    rules: &Rules,
    documents: &KnownDocuments,
) -> Result<Prepared, Box<Refused>> {
    let caps = &settings.caps;
    caps::check_text(&request.query, caps)?;
    caps::check_variables(&request.variables, caps)?;
    let mut document =
        parse_query(&request.query).map_err(|error| unparsed(error, &request.query, caps.depth))?;
    caps::check_document(&document, &request.variables, caps)?;
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
        return Err(fault(ErrorCode::BadUserInput, message).into());
    }
    if method == Method::Get && chosen_is(OperationType::Mutation) {
        let error = fault(ErrorCode::BadUserInput, "GET is for queries only; send this operation by POST");
        return Err(Box::new(Refused { error, wants_post: true }));
    }
    if !settings.shown.introspection && silence::asks_for_schema(&document) {
        return Err(silence::unfit().into());
    }
    // Of several somebody has to say which is meant, which async-graphql asks for.
    let is_clear = request.operation_name.is_some() || document.operations.iter().count() == 1;
    let one = document.operations.iter().find(|(name, _)| is_clear && chosen(*name));
    introspection::check(&document)?;
    // What a type would take is part of the schema.
    let told = |error| if settings.shown.introspection { error } else { silence::unfit() };
    if let Some((_, operation)) = one {
        rules.input_types.check(&operation.node, &request.variables).map_err(told)?;
    }
    rules.unchecked.check(&document, one.map(|(_, one)| &one.node), &request.variables).map_err(told)?;
    let operation = one.map(|(name, one)| Operation::new(name, one.node.ty));
    if let Some((_, operation)) = one {
        request.variables = with_defaults(&request.variables, &operation.node).into_owned();
    }
    let learnt = (!is_subscription && documents.wants(&request.query)).then(|| {
        let known = Known::of(&document, &request.variables).map(Arc::new);
        Learnt { text: request.query.clone(), known }
    });
    // An answer of a plan is in order. What goes over a socket is told as a value, which no plan makes.
    let by_plan = method != Method::Stream && learnt.as_ref().is_some_and(|learnt| learnt.known.is_some());
    let order = (!by_plan).then(|| KeyOrder::of(request.operation_name.as_deref(), &document));
    if is_subscription {
        roots::reduce(&mut document)?;
    }
    let mark = document::mark_objects(&mut document, &request.query);
    request.set_parsed_query(document);
    Ok(Prepared { request, is_subscription, finishing: Finishing { mark, order }, operation, learnt })
}

/// What is wrong with a text that is no GraphQL. The parser quotes the whole line at fault, however long.
fn unparsed(error: ParseError, text: &str, depth: usize) -> ServerError {
    let message = match &error {
        ParseError::RecursionLimitExceeded => {
            return Over::Cap { cap: "depth", most: depth, what: "levels" }.into();
        }
        ParseError::Syntax { message, start, .. } => {
            let last = message.lines().last().unwrap_or_default();
            let expected = last.trim_start().trim_start_matches("= ").replace('_', " ");
            let Pos { line, column } = start;
            format!("{expected} at line {line} column {column}, before {:?}", excerpt(text, *start))
        }
        error => error.to_string(),
    };
    let mut told = fault(ErrorCode::GraphqlParseFailed, message);
    told.locations = error.positions().collect();
    told
}

/// The most characters of a text that an error quotes.
const EXCERPT: usize = 30;

/// What stands at a place, to the end of its line at most.
fn excerpt(text: &str, at: Pos) -> String {
    let line = text.split('\n').nth(at.line.saturating_sub(1)).unwrap_or_default().trim_end();
    let mut rest = line.chars().skip(at.column.saturating_sub(1));
    let quoted: String = rest.by_ref().take(EXCERPT).collect();
    if rest.next().is_some() { quoted + "…" } else { quoted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> ServerError {
        unparsed(parse_query(text).unwrap_err(), text, 32)
    }

    #[test]
    fn a_short_piece_of_the_text_is_quoted() {
        let error = told("{ a(b: 1 }\n");
        assert_eq!(error.message, "expected name at line 1 column 10, before \"}\"");
        assert_eq!(error.locations, [Pos { line: 1, column: 10 }]);
        let error = told(&format!("{{ a\n ü {} }}", "x ".repeat(20_000)));
        assert_eq!(
            error.message,
            "expected selection set, selection, directive, or arguments at line 2 column 2, before \"ü x x x x x x x x x x x x x x …\""
        );
        assert_eq!(told("").message, "expected executable definition at line 1 column 1, before \"\"");
        assert!(told("{ a }\r\n{ \u{7}").message.len() < 120);
    }
}
