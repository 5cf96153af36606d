//! What is said where introspection is switched off: nothing that tells one wrong document from another.
//!
//! async-graphql's errors name types, fields, arguments and the values of enums, and whoever sends enough of
//! near misses puts a schema together from them.

use std::collections::HashSet;

use async_graphql::{
    ServerError, Value,
    parser::types::{ExecutableDocument, Selection},
};

use super::error::{ErrorCode, fault};

/// What every document is told that doesn't fit the schema.
pub(super) fn unfit() -> ServerError {
    let message = "the document doesn't fit the schema, which this service doesn't tell";
    fault(ErrorCode::GraphqlValidationFailed, message)
}

/// Takes from an executor's error what it tells of types. The argument is the client's own.
pub(super) fn unreadable(error: &mut ServerError) {
    if error.path.is_empty() {
        return;
    }
    let argument = error.extensions.as_ref().and_then(|extensions| extensions.get("argument"));
    error.message = match argument {
        Some(Value::String(argument)) => format!("{argument}: can't be read"),
        _ => "a value can't be read".to_owned(),
    };
}

/// Takes from what is said of bad input whatever names the document doesn't have: the argument's, and those that
/// stand between backticks.
pub(super) fn hide_names(errors: &mut [ServerError], query: &str) {
    let asked: HashSet<_> = words(query).collect();
    for error in errors {
        let Some(extensions) = &mut error.extensions else { continue };
        if extensions.get("code") != Some(&ErrorCode::BadUserInput.as_str().into()) {
            continue;
        }
        let Some(Value::String(argument)) = extensions.get("argument").cloned() else { continue };
        let names = error.message.split('`').skip(1).step_by(2);
        if !asked.contains(argument.as_str()) {
            extensions.unset("argument");
            error.message = "an argument can't be read".to_owned();
        } else if names.flat_map(words).any(|name| !asked.contains(name)) {
            error.message = format!("{argument}: can't be read");
        }
    }
}

/// What may be a name.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether a document asks for the schema. Costs one visit of each selection in the text.
pub(super) fn asks_for_schema(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    let mut sets: Vec<_> = operations.chain(fragments).collect();
    while let Some(set) = sets.pop() {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    if ["__schema", "__type", "_service"].contains(&field.node.name.node.as_str()) {
                        return true;
                    }
                    sets.push(&field.node.selection_set);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    false
}

/// Leaves out what a name was taken for.
pub(super) fn without_suggestion(error: &mut ServerError) {
    if let Some(end) = error.message.find(" Did you mean") {
        error.message.truncate(end);
    }
}
