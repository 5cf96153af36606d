//! What asks for an operation: the parameters of a request, from a JSON body or a query string, and what is
//! wrong with their shape.

use std::fmt;

use async_graphql::Variables;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value};
use thiserror::Error;

/// The parameters of a request. Others than these are passed over.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// The text of a document.
    pub query: Option<String>,
    /// The id of a document that the service has: `sha256:` and the hash of its text, or a name of its own.
    pub document_id: Option<String>,
    /// Which of the document's operations.
    pub operation_name: Option<String>,
    /// Values for its variables.
    pub variables: Variables,
    /// What goes beyond GraphQL.
    pub extensions: Map<String, Value>,
}

/// A parameter that has the wrong shape, or a body that holds none; the text names it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Misshapen(pub(in crate::http) String);

/// One request, or a batch of them.
#[derive(Debug)]
pub(super) enum Asked {
    One(Parameters),
    Many(Vec<Parameters>),
}

impl Parameters {
    /// The parameters of a JSON object, as messages over a connection carry it.
    ///
    /// # Errors
    /// If it is no object, or a parameter has the wrong shape.
    pub fn from_json(value: Value) -> Result<Self, Misshapen> {
        match value {
            Value::Object(object) => Self::from_entries(object),
            _ => Err(Misshapen("the parameters must be a JSON object".to_owned())),
        }
    }

    /// The parameters of a query string; `variables` and `extensions` are JSON in it.
    pub(in crate::http) fn from_query(query: &str) -> Result<Self, Misshapen> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| Misshapen("the query string can't be read".to_owned()))?;
        let replaced = pairs.iter().map(|(_, value)| value.matches('\u{fffd}').count()).sum::<usize>();
        let meant =
            query.to_ascii_uppercase().matches("%EF%BF%BD").count() + query.matches('\u{fffd}').count();
        if replaced > meant {
            return Err(Misshapen("the query string must be in UTF-8".to_owned()));
        }
        let read = |(name, text): (String, String)| {
            let value = match name.as_str() {
                "variables" | "extensions" if text.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&text)
                    .map_err(|_| Misshapen(format!("{name}: must be a JSON object")))?,
                "operationName" | "documentId" if text.is_empty() => Value::Null,
                _ => Value::String(text),
            };
            Ok((name, value))
        };
        Self::from_entries(pairs.into_iter().map(read).collect::<Result<Vec<_>, _>>()?)
    }

    fn from_entries(entries: impl IntoIterator<Item = (String, Value)>) -> Result<Self, Misshapen> {
        let mut parameters = Self::default();
        let mut seen = [false; 5];
        for (name, value) in entries {
            let place = match name.as_str() {
                "query" => {
                    parameters.query = text("query", value)?;
                    0
                }
                "documentId" => {
                    parameters.document_id = text("documentId", value)?;
                    1
                }
                "operationName" => {
                    parameters.operation_name = text("operationName", value)?;
                    2
                }
                "variables" => {
                    parameters.variables = Variables::from_json(Value::Object(object("variables", value)?));
                    3
                }
                "extensions" => {
                    parameters.extensions = object("extensions", value)?;
                    4
                }
                _ => continue,
            };
            // Whoever stands between might have looked at the other one.
            if std::mem::replace(&mut seen[place], true) {
                return Err(Misshapen(format!("{name}: is given more than once")));
            }
        }
        Ok(parameters)
    }
}

impl Asked {
    /// What a body asks for.
    pub(super) fn from_body(body: &[u8]) -> Result<Self, Misshapen> {
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
            let batch: Vec<Entries> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
            let batch = batch.into_iter().map(|entries| Parameters::from_entries(entries.0));
            return batch.collect::<Result<_, _>>().map(Self::Many);
        }
        let Entries(entries) = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
        Parameters::from_entries(entries).map(Self::One)
    }
}

fn unreadable(error: &serde_json::Error) -> Misshapen {
    let (line, column) = (error.line(), error.column());
    Misshapen(format!(
        "the body must be one JSON object with `query` or `documentId`, and perhaps `operationName`, `variables` and \
         `extensions`; it can't be read at line {line} column {column}"
    ))
}

fn text(name: &str, value: Value) -> Result<Option<String>, Misshapen> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => Err(wrong(name, "a string", &other)),
    }
}

fn object(name: &str, value: Value) -> Result<Map<String, Value>, Misshapen> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(object) => Ok(object),
        other => Err(wrong(name, "an object", &other)),
    }
}

/// Says what is wrong, and nothing of the value.
fn wrong(name: &str, expected: &str, value: &Value) -> Misshapen {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Misshapen(format!("{name}: must be {expected}, not {found}"))
}

/// The members of a JSON object, also those that come twice.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Result<Asked, String> {
        Asked::from_body(text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn all_parameters_are_read() {
        let text = r#"{ "query": "{ a }", "operationName": "A", "variables": { "x": [1] },
            "extensions": { "y": {} }, "documentId": "z", "other": 5 }"#;
        let Ok(Asked::One(read)) = body(text) else { panic!("{:?}", body(text)) };
        assert_eq!((read.query.as_deref(), read.operation_name.as_deref()), (Some("{ a }"), Some("A")));
        assert_eq!((read.document_id.as_deref(), read.extensions.len()), (Some("z"), 1));
        assert_eq!(serde_json::to_value(&read.variables).unwrap(), serde_json::json!({ "x": [1] }));
        let Ok(Asked::Many(batch)) = body("\u{feff} [{}, {\"query\": null, \"variables\": null}]") else {
            panic!("no batch")
        };
        assert!(batch.len() == 2 && batch[1].query.is_none());
    }

    #[test]
    fn what_has_the_wrong_shape_is_named_and_not_repeated() {
        for (text, expected) in [
            (r#"{"query":["a secret"]}"#, "query: must be a string, not a list"),
            (r#"{"query":"","variables":"a secret"}"#, "variables: must be an object, not a string"),
            (r#"{"extensions":false}"#, "extensions: must be an object, not a boolean"),
            (r#"{"operationName":{}}"#, "operationName: must be a string, not an object"),
            (r#"{"documentId":7}"#, "documentId: must be a string, not a number"),
            (r#"{"query":"a","query":"b"}"#, "query: is given more than once"),
            (r#"[{"query":"a"},{"query":1}]"#, "query: must be a string, not a number"),
        ] {
            assert_eq!(body(text).unwrap_err(), expected, "{text}");
        }
        for text in ["", "5", "null", "\"x\"", "{", "[1]", "[[]]", "{\"query\": \"\u{1}\"}"] {
            let said = body(text).unwrap_err();
            assert!(said.starts_with("the body must be one JSON object"), "{text}: {said}");
        }
        assert!(Asked::from_body(b"{\"query\": \"\xff\"}").is_err(), "no UTF-8");
    }

    #[test]
    fn a_query_string_holds_the_same() {
        let read =
            Parameters::from_query("query=%7Ba%7D&variables=%7B%22x%22:1%7D&operationName=&z=1").unwrap();
        assert_eq!((read.query.as_deref(), read.operation_name), (Some("{a}"), None));
        assert_eq!(serde_json::to_value(&read.variables).unwrap(), serde_json::json!({ "x": 1 }));
        for (query, expected) in [
            ("variables=5", "variables: must be an object, not a number"),
            ("variables=%7B", "variables: must be a JSON object"),
            ("query=a&query=b", "query: is given more than once"),
            ("query=%ff", "the query string must be in UTF-8"),
        ] {
            assert_eq!(Parameters::from_query(query).unwrap_err().to_string(), expected, "{query}");
        }
        assert_eq!(Parameters::from_query("query=%EF%BF%BD").unwrap().query.as_deref(), Some("\u{fffd}"));
    }
}
