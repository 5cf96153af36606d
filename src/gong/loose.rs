//! Values that Gong writes in more than one way: what can be read is read, and what is only nice to know is
//! left out where it can't be.

use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, value::RawValue};

/// A text, or a number digit by digit: ids and bounds come as either (recorded). Anything else, and the empty
/// text, is `None`.
pub(super) fn text_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(Box::<RawValue>::deserialize(deserializer)?.get()))
}

/// An id, which has to be there.
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    text_of(raw.get()).ok_or_else(|| de::Error::custom("invalid type: something else, expected an id"))
}

fn text_of(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(raw).ok().filter(|text| !text.is_empty()),
        // From 2^53 up a number is no longer what was written: its digits are.
        b'-' | b'0'..=b'9' => Some(raw.to_owned()),
        _ => None,
    }
}

/// Yes or no, also as a text; anything else is `None`.
pub(super) fn flag_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

/// A number from 0 up, also as a text and with a fraction, which is dropped.
pub(super) fn count_of(value: &Value) -> Option<u64> {
    let whole = |number: f64| (number >= 0.0).then_some(number as u64);
    match value {
        Value::Number(number) => number.as_u64().or_else(|| number.as_f64().and_then(whole)),
        Value::String(text) => text.parse().ok().or_else(|| text.parse().ok().and_then(whole)),
        _ => None,
    }
}

/// How many entries a list has; anything else is `None`.
pub(super) fn length_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_array().map(Vec::len))
}

/// A list that has to be there: an answer without it says nothing. Null entries are left out.
pub(super) fn rows<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Vec::<Option<T>>::deserialize(deserializer)?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_text_or_a_number_digit_by_digit() {
        for (raw, text) in [
            (r#""7""#, Some("7")),
            ("7", Some("7")),
            ("184467440737095516179", Some("184467440737095516179")),
            (r#""""#, None),
            ("null", None),
            ("true", None),
            ("{}", None),
            (r#""half a smile \ud83d""#, None),
        ] {
            assert_eq!(text_of(raw).as_deref(), text, "{raw}");
        }
    }

    #[test]
    fn a_count_is_a_number_from_0_up() {
        for (raw, count) in [
            ("3", Some(3)),
            ("3.9", Some(3)),
            (r#""3""#, Some(3)),
            (r#""3.0""#, Some(3)),
            ("1e300", Some(u64::MAX)),
            ("-3", None),
            (r#""NaN""#, None),
            ("null", None),
            ("[3]", None),
        ] {
            assert_eq!(count_of(&serde_json::from_str(raw).unwrap()), count, "{raw}");
        }
    }
}
