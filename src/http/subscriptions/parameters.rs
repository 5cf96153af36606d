//! What a message, a body or a query string asks for.

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
