//! Variables, held against their types before anything runs: the GraphQL specification's coercion.
//!
//! async-graphql 7.2 looks at a variable's value where it is used, and in part only when the field is run: a text
//! that is no moment, or a number where an input object should be, would be the fault of a field then, and the
//! request would count as one that was run.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use ahash::RandomState;
use async_graphql::{
    Name, Positioned, ScalarType, ServerError, Value, Variables,
    parser::types::{BaseType, OperationDefinition, Type, TypeDefinition, TypeKind},
};

use super::{
    error::{ErrorCode, fault},
    scalar::{Date, DateTime, EmailAddress},
};

/// The types that a variable may have.
pub(super) struct InputTypes(ByName<InputType>);

type ByName<T> = HashMap<Name, T, RandomState>;

enum InputType {
    Scalar,
    Enum(HashSet<Name, RandomState>),
    /// Type of each field, and whether there is a value for it when none is given.
    Object(ByName<(Type, bool)>),
}

/// The variables of a request with defaults for those that aren't given: async-graphql 7.2 does without these in
/// conditions.
pub(super) fn with_defaults<'a>(given: &'a Variables, operation: &OperationDefinition) -> Cow<'a, Variables> {
    let mut variables = Cow::Borrowed(given);
    for Positioned { node: variable, .. } in &operation.variable_definitions {
        if let Some(default) = &variable.default_value
            && !given.contains_key(&variable.name.node)
        {
            variables.to_mut().insert(variable.name.node.clone(), default.node.clone());
        }
    }
    variables
}

/// What is wrong with a value, and where in it.
struct Wrong {
    path: Vec<String>,
    why: String,
}

impl InputTypes {
    /// The input types of a schema.
    pub(super) fn of(definitions: &[TypeDefinition]) -> Self {
        let mut types: ByName<_> = ["Int", "Float", "String", "Boolean", "ID"]
            .map(|name| (Name::new(name), InputType::Scalar))
            .into_iter()
            .collect();
        for definition in definitions {
            let ty = match &definition.kind {
                TypeKind::Scalar => InputType::Scalar,
                TypeKind::Enum(values) => {
                    InputType::Enum(values.values.iter().map(|value| value.node.value.node.clone()).collect())
                }
                TypeKind::InputObject(object) => {
                    let fields = object.fields.iter().map(|Positioned { node: field, .. }| {
                        let (name, ty) = (field.name.node.clone(), field.ty.node.clone());
                        (name, (ty, field.default_value.is_some()))
                    });
                    InputType::Object(fields.collect())
                }
                _ => continue,
            };
            types.insert(definition.name.node.clone(), ty);
        }
        Self(types)
    }

    /// Refuses variables that are missing or don't fit their types. Types that the schema doesn't have are left to
    /// the validation of the document. Costs one walk over the values.
    pub(super) fn check(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        for Positioned { node: variable, pos } in &operation.variable_definitions {
            let (name, ty) = (&variable.name.node, &variable.var_type.node);
            let refused = |message: String| {
                let mut error = fault(ErrorCode::BadUserInput, message);
                error.extensions.get_or_insert_default().set("variable", name.as_str());
                error.locations.push(*pos);
                error
            };
            match variables.get(name) {
                None if ty.nullable || variable.default_value.is_some() => {}
                None => return Err(refused(format!("${name}: must be given ({ty})"))),
                Some(Value::Null) if !ty.nullable && variable.default_value.is_none() => {
                    return Err(refused(format!("${name}: must be given ({ty})")));
                }
                Some(value) => self.fits(ty, value).map_err(|Wrong { path, why }| {
                    let place: String = path.iter().rev().map(String::as_str).collect();
                    refused(format!("${name}{place}: {why}"))
                })?,
            }
        }
        Ok(())
    }

    /// Recurses as deep as the value nests, which JSON's reader bounds.
    fn fits(&self, ty: &Type, value: &Value) -> Result<(), Wrong> {
        match (&ty.base, value) {
            (_, Value::Null) if ty.nullable => Ok(()),
            (_, Value::Null) => Err(wrong(format!("must not be null ({ty})"))),
            (BaseType::List(item), Value::List(values)) => {
                let mut values = values.iter().enumerate();
                values.try_for_each(|(at, value)| {
                    self.fits(item, value).map_err(|wrong| wrong.within(format!("[{at}]")))
                })
            }
            // One value stands for a list of it.
            (BaseType::List(item), value) => self.fits(item, value),
            (BaseType::Named(name), value) => match self.0.get(name) {
                None => Ok(()),
                Some(InputType::Scalar) => scalar(name, value),
                Some(InputType::Enum(values)) => match value {
                    Value::String(text) if values.contains(text.as_str()) => Ok(()),
                    Value::Enum(text) if values.contains(text) => Ok(()),
                    _ => Err(wrong(format!("must be one of the values of {name}"))),
                },
                Some(InputType::Object(fields)) => self.object_fits(name, fields, value),
            },
        }
    }

    fn object_fits(&self, name: &Name, fields: &ByName<(Type, bool)>, value: &Value) -> Result<(), Wrong> {
        let Value::Object(object) = value else {
            return Err(wrong(format!("must be an object ({name})")));
        };
        for (key, value) in object {
            let Some((ty, _)) = fields.get(key) else {
                // The name is the client's, of any length.
                return Err(wrong(format!("has a field that {name} doesn't have")));
            };
            self.fits(ty, value).map_err(|wrong| wrong.within(format!(".{key}")))?;
        }
        let missing = |(key, (ty, has_default)): &(&Name, &(Type, bool))| {
            !ty.nullable && !has_default && !object.contains_key(*key)
        };
        match fields.iter().filter(missing).map(|(key, _)| key).min() {
            Some(key) => Err(wrong("must be given".to_owned()).within(format!(".{key}"))),
            None => Ok(()),
        }
    }
}

impl Wrong {
    fn within(mut self, step: String) -> Self {
        self.path.push(step);
        self
    }
}

fn wrong(why: String) -> Wrong {
    Wrong { path: Vec::new(), why }
}

/// A whole number beyond 32 bits is left to the field, which may well know what to make of it.
fn scalar(name: &Name, value: &Value) -> Result<(), Wrong> {
    let (fits, expected) = match name.as_str() {
        "Int" => (matches!(value, Value::Number(number) if !number.is_f64()), "a whole number"),
        "Float" => (matches!(value, Value::Number(_)), "a number"),
        "String" => (matches!(value, Value::String(_)), "a text"),
        "Boolean" => (matches!(value, Value::Boolean(_)), "true or false"),
        "ID" => {
            let whole = matches!(value, Value::Number(number) if !number.is_f64());
            (whole || matches!(value, Value::String(_)), "a text or a whole number")
        }
        "Date" => (Date::parse(value.clone()).is_ok(), "a day such as 2023-04-11"),
        "DateTime" => (DateTime::parse(value.clone()).is_ok(), "a moment such as 2023-04-11T11:16:12Z"),
        "EmailAddress" => (EmailAddress::parse(value.clone()).is_ok(), "an e-mail address"),
        _ => (true, ""),
    };
    if fits { Ok(()) } else { Err(wrong(format!("must be {expected} ({name})"))) }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::graphql::definitions;

    const SCHEMA: &str = "scalar DateTime type Query { a: Int } enum Kind { PERSON AVATAR }
        input Filter { kind: [Kind!] from: DateTime and: [Filter!] size: Int! = 1 text: String! }";

    fn check(definition: &str, value: Json) -> Result<(), String> {
        let document = parse_query(format!("query({definition}) {{ a }}")).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let variables = Variables::from_json(value);
        InputTypes::of(&definitions::types(SCHEMA))
            .check(&operation.node, &variables)
            .map_err(|error| error.message)
    }

    #[test]
    fn what_fits_is_taken() {
        for (definition, value) in [
            ("$a: Int", json!({})),
            ("$a: Int", json!({ "a": null, "other": true })),
            ("$a: Int! = 5", json!({})),
            ("$a: Int", json!({ "a": 9_000_000_000_i64 })),
            ("$a: Float", json!({ "a": 1 })),
            ("$a: ID!", json!({ "a": 5 })),
            ("$a: [[Int!]!]", json!({ "a": [[1], [2, 3]] })),
            ("$a: [Int!]", json!({ "a": 1 })),
            ("$a: Filter", json!({ "a": { "text": "", "kind": "PERSON", "and": [{ "text": "x" }] } })),
            ("$a: Nothing!", json!({ "a": { "whatever": 1 } })),
        ] {
            assert_eq!(check(definition, value.clone()), Ok(()), "{definition} {value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place() {
        for (definition, value, expected) in [
            ("$a: Int!", json!({}), "$a: must be given (Int!)"),
            ("$a: Int!", json!({ "a": null }), "$a: must be given (Int!)"),
            ("$a: Int", json!({ "a": "1" }), "$a: must be a whole number (Int)"),
            ("$a: Int", json!({ "a": 1.5 }), "$a: must be a whole number (Int)"),
            ("$a: String", json!({ "a": 1 }), "$a: must be a text (String)"),
            ("$a: Boolean", json!({ "a": 0 }), "$a: must be true or false (Boolean)"),
            ("$a: ID", json!({ "a": true }), "$a: must be a text or a whole number (ID)"),
            ("$a: [Int!]", json!({ "a": [1, null] }), "$a[1]: must not be null (Int!)"),
            ("$a: [Int]", json!({ "a": [[1]] }), "$a[0]: must be a whole number (Int)"),
            ("$a: Kind", json!({ "a": "person" }), "$a: must be one of the values of Kind"),
            ("$a: Filter", json!({ "a": 5 }), "$a: must be an object (Filter)"),
            ("$a: Filter", json!({ "a": {} }), "$a.text: must be given"),
            (
                "$a: Filter",
                json!({ "a": { "text": "", "x": 1 } }),
                "$a: has a field that Filter doesn't have",
            ),
            (
                "$a: Filter",
                json!({ "a": { "text": "", "and": [{ "text": "", "from": "soon" }] } }),
                "$a.and[0].from: must be a moment such as 2023-04-11T11:16:12Z (DateTime)",
            ),
        ] {
            assert_eq!(check(definition, value.clone()), Err(expected.to_owned()), "{definition} {value}");
        }
    }
}
