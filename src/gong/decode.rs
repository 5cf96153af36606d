//! From bytes to values, leniently where Gong is loose and with a place named where it fails.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned},
};
use serde_json::{Value, error::Category};

use super::GongError;

/// Reads a whole answer.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8], request_id: Option<&str>) -> Result<T, GongError> {
    let request_id = request_id.map(str::to_owned);
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let category = error.inner().classify();
        let (path, cause) = place_and_cause(error);
        match category {
            Category::Data => GongError::Decode { path, cause, request_id: request_id.clone() },
            _ => GongError::BrokenBody { cause, request_id: request_id.clone() },
        }
    })?;
    match json.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(GongError::BrokenBody { cause: describe(&error), request_id }),
    }
}

/// Where a value is at fault, as a JSON path, and what is wrong with it.
pub(super) fn place_and_cause(error: serde_path_to_error::Error<serde_json::Error>) -> (String, String) {
    (error.path().to_string(), describe(error.inner()))
}

/// The kind of fault and its place, without the value: serde quotes it, and it may be personal.
fn describe(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    match error.classify() {
        Category::Eof => format!("it ends early, at line {line} column {column}"),
        Category::Syntax | Category::Io => format!("syntax error at line {line} column {column}"),
        Category::Data => {
            let expected = text.rsplit_once(", expected ").map(|(found, expected)| {
                let found = found
                    .split([' ', '`', '"'])
                    .find(|word| TYPES.contains(word))
                    .unwrap_or("something else");
                let expected = expected.split(" at line ").next().unwrap_or(expected);
                format!("found {found}, expected {expected}")
            });
            let missing = text.strip_prefix("missing field").and_then(|rest| rest.split(" at line ").next());
            expected
                .or_else(|| missing.map(|field| format!("missing field{field}")))
                .unwrap_or_else(|| "invalid value".to_owned())
        }
    }
}

/// The words serde uses for what it found.
const TYPES: [&str; 8] = ["null", "boolean", "integer", "floating", "string", "map", "sequence", "unit"];

/// The words and the id of an error answer, as they came: `{"requestId": …, "errors": [text or object, …]}`. `None` if
/// it isn't Gong who speaks (a CDN's page, an empty body).
pub(super) fn error_envelope(body: &[u8]) -> Option<(String, Option<String>)> {
    let Value::Object(envelope) = serde_json::from_slice(body).ok()? else { return None };
    let words = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(fault) => {
            let text = ["message", "error", "description"].iter().find_map(|key| fault.get(*key)?.as_str());
            text.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    };
    let text = match envelope.get("errors")? {
        Value::Array(errors) => errors.iter().map(words).collect::<Vec<_>>().join("; "),
        other => words(other),
    };
    Some((text, envelope.get("requestId").and_then(Value::as_str).map(str::to_owned)))
}

/// A text from outside, fit for a log line and an error message.
pub(super) fn printable(text: &str) -> String {
    const LONGEST: usize = 300;
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(LONGEST).collect()
}

/// `null` and absent (with `serde(default)`) are the default.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `null`, absent (with `serde(default)`) and `""` are `None`.
pub(super) fn empty_as_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// The same for a boolean.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    struct Flag;
    impl de::Visitor<'_> for Flag {
        type Value = Option<bool>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a boolean")
        }

        fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
            Ok(Some(flag))
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() { Ok(None) } else { Err(E::invalid_type(de::Unexpected::Str(text), &self)) }
        }
    }
    deserializer.deserialize_any(Flag)
}

/// A number that is nice to know; anything else than one, written as a number or a text, is `None`.
pub(super) fn count_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// A list of objects; `null` and absent are the empty list, and null entries are left out.
pub(super) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<Option<T>>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect())
}

/// A list of texts; `null` and absent are the empty list, and empty entries are left out.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = Option::<Vec<Option<String>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(texts.into_iter().flatten().filter(|text| !text.is_empty()).collect())
}
