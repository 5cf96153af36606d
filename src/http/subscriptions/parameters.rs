//! What a message, a body or a query string asks for.

use async_graphql::Value as Constant;
use serde_json::{Map, Value};

use crate::http::{
    documents::{Asked, Documents, Unfit},
    graphql::{Misshapen, Parameters},
};

/// What is to be run, or why there is no document for it, which is said as an error of the operation.
pub(super) type Found = Result<Asked, Unfit>;

/// What a `subscribe` message asks for.
pub(super) fn of_message(payload: Map<String, Value>, documents: &Documents) -> Result<Found, &'static str> {
    of_object(Value::Object(payload), documents).map_err(|_| {
        "Invalid message: payload must have query, a text, and perhaps operationName, variables, extensions"
    })
}

/// What a JSON object asks for.
pub(super) fn of_object(object: Value, documents: &Documents) -> Result<Found, Misshapen> {
    find(Parameters::from_json(object)?, documents)
}

/// What a query string asks for.
pub(super) fn of_query(query: &str, documents: &Documents) -> Result<Found, Misshapen> {
    find(Parameters::from_query(query)?, documents)
}

fn find(parameters: Parameters, documents: &Documents) -> Result<Found, Misshapen> {
    match documents.request(parameters) {
        Err(Unfit::NoDocument) => Err(Misshapen(Unfit::NoDocument.to_string())),
        found => Ok(found),
    }
}

/// The bytes that what was found holds: the text of its document, and what came with it.
pub(super) fn weight(found: &Found) -> usize {
    let Ok(asked) = found else { return 0 };
    let request = &asked.request;
    let variables = request.variables.iter().map(|(name, value)| name.len() + weight_of(value));
    let extensions = request.extensions.iter().map(|(name, value)| name.len() + weight_of(value));
    let name = request.operation_name.as_ref().map_or(0, String::len);
    request.query.len() + name + variables.sum::<usize>() + extensions.sum::<usize>()
}

/// In memory, where a list of short values takes many times the room of its text.
fn weight_of(value: &Constant) -> usize {
    let inner = match value {
        Constant::String(text) => text.len(),
        Constant::List(values) => values.iter().map(weight_of).sum(),
        Constant::Object(fields) => {
            fields.iter().map(|(name, value)| size_of_val(name) + name.len() + weight_of(value)).sum()
        }
        _ => 0,
    };
    size_of::<Constant>() + inner
}
