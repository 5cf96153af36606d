//! Scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::Timestamp;

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

impl From<&org::EmailAddress> for EmailAddress {
    fn from(address: &org::EmailAddress) -> Self {
        Self(address.clone())
    }
}

pub(super) struct DateTime(Timestamp);

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

impl From<DateTime> for Timestamp {
    fn from(moment: DateTime) -> Self {
        moment.0
    }
}

/// Gong's own precision; finer than that a moment says nothing.
pub(super) fn in_milliseconds(moment: Timestamp) -> String {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment).to_string()
}
