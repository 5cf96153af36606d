//! Scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::{Timestamp, civil};

use crate::org;

pub(super) struct EmailAddress(pub(super) org::EmailAddress);

/// An e-mail address. Compared without case; returned as Gong spells it.
#[Scalar(specified_by_url = "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address")]
impl ScalarType for EmailAddress {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(org::EmailAddress::new(text.trim()))),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

impl From<&str> for EmailAddress {
    fn from(address: &str) -> Self {
        Self(org::EmailAddress::new(address))
    }
}

pub(super) struct DateTime(pub(super) Timestamp);

/// A moment as RFC 3339 writes it, in UTC: `2023-04-11T11:16:12.337Z`.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text.parse()?)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(in_milliseconds(self.0))
    }
}

impl From<Timestamp> for DateTime {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}

pub(super) struct Date(pub(super) civil::Date);

/// A day as ISO 8601 writes it: `2023-04-11`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            // Longer texts are times, which a day would be read from as well.
            Value::String(text) if text.len() == "2023-04-11".len() => Ok(Self(text.parse()?)),
            Value::String(_) => Err(InputValueError::custom("expected a day such as 2023-04-11")),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.to_string())
    }
}

impl From<civil::Date> for Date {
    fn from(day: civil::Date) -> Self {
        Self(day)
    }
}

impl From<DateTime> for Timestamp {
    fn from(moment: DateTime) -> Self {
        moment.0
    }
}

/// Gong's own precision; finer than that a moment says nothing.
pub(super) fn in_milliseconds(moment: Timestamp) -> String {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment).to_string()
}
