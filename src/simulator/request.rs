//! What requests of several endpoints have in common, and the `records` of their answers.

use axum::{
    body::Bytes,
    extract::{
        Path, Query,
        rejection::{BytesRejection, PathRejection, QueryRejection},
    },
    http::StatusCode,
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{cursor::CursorFault, envelope::Fault};

/// The body of a request for pages. Unknown keys are ignored, as Gong does.
pub(super) struct Body<F> {
    pub(super) cursor: Option<String>,
    pub(super) filter: F,
}

/// Where a page stands in its listing.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Records {
    pub(super) total_records: usize,
    pub(super) current_page_size: usize,
    pub(super) current_page_number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cursor: Option<String>,
}

impl<F: DeserializeOwned> Body<F> {
    /// Reads a body, whose `filter` is required and may be empty.
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let mut keys: Map<String, Value> = serde_json::from_slice(body).map_err(broken)?;
        let cursor = keys.remove("cursor").map(serde_json::from_value).transpose().map_err(broken)?.flatten();
        let filter = match keys.remove("filter") {
            Some(filter @ Value::Object(_)) => serde_json::from_value(filter).map_err(broken)?,
            Some(_) | None => {
                return Err(Fault::BadRequest("filter is required and must be an object".to_owned()));
            }
        };
        Ok(Self { cursor, filter })
    }
}

/// A body that could be read.
pub(super) fn text_of(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Fault> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::BodyTooLarge,
        _ => Fault::BadRequest(rejection.body_text()),
    })
}

/// A query string that could be read.
pub(super) fn query_of<Q>(query: Result<Query<Q>, QueryRejection>) -> Result<Q, Fault> {
    query.map(|Query(query)| query).map_err(|rejection| Fault::BadRequest(rejection.body_text()))
}

/// An id in a path that could be read.
pub(super) fn id_of(id: Result<Path<String>, PathRejection>) -> Result<String, Fault> {
    id.map(|Path(id)| id).map_err(|rejection| Fault::BadRequest(rejection.body_text()))
}

/// A time that a request must have.
pub(super) fn required_time(key: &str, text: Option<&str>) -> Result<Timestamp, Fault> {
    text.ok_or_else(|| Fault::BadRequest(format!("{key} is required")))?
        .parse()
        .map_err(|_| Fault::BadRequest(format!("{key} is not an RFC 3339 time")))
}

/// An empty cursor is none.
pub(super) fn page_token(cursor: Option<String>) -> Option<String> {
    cursor.filter(|token| !token.is_empty())
}

pub(super) fn broken(error: serde_json::Error) -> Fault {
    Fault::BadRequest(format!("the body is not as it should be: {error}"))
}

impl From<CursorFault> for Fault {
    fn from(fault: CursorFault) -> Self {
        match fault {
            CursorFault::Expired => Self::CursorExpired,
            CursorFault::Unverified => Self::CursorUnverified,
        }
    }
}
