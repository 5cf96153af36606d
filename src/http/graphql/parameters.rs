//! What asks for an operation: the parameters of a request, from a JSON body or a query string, and what is
//! wrong with their shape.

use std::fmt;

use async_graphql::{Value, Variables, indexmap::IndexMap};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Map;
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
    pub extensions: Map<String, serde_json::Value>,
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
    pub fn from_json(value: serde_json::Value) -> Result<Self, Misshapen> {
        match value {
            serde_json::Value::Object(object) => Self::from_entries(
                object.into_iter().map(|(name, value)| (Name::of(&name), read_again(value))),
            ),
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
            Ok((Name::of(&name), value))
        };
        Self::from_entries(pairs.into_iter().map(read).collect::<Result<Vec<_>, _>>()?)
    }

    fn from_entries(entries: impl IntoIterator<Item = (Name, Value)>) -> Result<Self, Misshapen> {
        let mut parameters = Self::default();
        let mut seen = [false; 5];
        for (name, value) in entries {
            match name {
                Name::Query => parameters.query = text(name, value)?,
                Name::DocumentId => parameters.document_id = text(name, value)?,
                Name::Operation => parameters.operation_name = text(name, value)?,
                Name::Variables => parameters.variables = Variables::from_value(object(name, value)?),
                Name::Extensions => parameters.extensions = json(object(name, value)?),
                Name::Other => continue,
            }
            // Whoever stands between might have looked at the other one.
            if std::mem::replace(&mut seen[name as usize], true) {
                return Err(Misshapen(format!("{}: is given more than once", name.as_str())));
            }
        }
        Ok(parameters)
    }
}

/// What a parameter is called.
#[derive(Clone, Copy)]
enum Name {
    Query,
    DocumentId,
    Operation,
    Variables,
    Extensions,
    /// Passed over.
    Other,
}

impl Name {
    const TAKEN: [Self; 5] =
        [Self::Query, Self::DocumentId, Self::Operation, Self::Variables, Self::Extensions];

    fn of(text: &str) -> Self {
        Self::TAKEN.into_iter().find(|name| name.as_str() == text).unwrap_or(Self::Other)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::DocumentId => "documentId",
            Self::Operation => "operationName",
            Self::Variables => "variables",
            Self::Extensions => "extensions",
            Self::Other => "",
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named;

        impl Visitor<'_> for Named {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name::of(text))
            }
        }

        deserializer.deserialize_str(Named)
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

/// A value that was read from JSON is one of GraphQL's, too.
fn read_again(value: serde_json::Value) -> Value {
    Value::from_json(value).unwrap_or_default()
}

fn unreadable(error: &serde_json::Error) -> Misshapen {
    let (line, column) = (error.line(), error.column());
    Misshapen(format!(
        "the body must be one JSON object with `query` or `documentId`, and perhaps `operationName`, `variables` and \
         `extensions`; it can't be read at line {line} column {column}"
    ))
}

fn text(name: Name, value: Value) -> Result<Option<String>, Misshapen> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => Err(wrong(name, "a string", &other)),
    }
}

/// An object; an empty one for null.
fn object(name: Name, value: Value) -> Result<Value, Misshapen> {
    match value {
        Value::Null => Ok(Value::Object(IndexMap::new())),
        Value::Object(_) => Ok(value),
        other => Err(wrong(name, "an object", &other)),
    }
}

fn json(object: Value) -> Map<String, serde_json::Value> {
    match object.into_json() {
        Ok(serde_json::Value::Object(object)) => object,
        // Whatever was read from JSON can be written.
        _ => Map::new(),
    }
}

/// Says what is wrong, and nothing of the value.
fn wrong(name: Name, expected: &str, value: &Value) -> Misshapen {
    let found = match value {
        Value::Null => "null",
        Value::Boolean(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) | Value::Enum(_) | Value::Binary(_) => "a string",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    };
    Misshapen(format!("{}: must be {expected}, not {found}", name.as_str()))
}

/// The members of a JSON object, also those that come twice.
struct Entries(Vec<(Name, Value)>);

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
