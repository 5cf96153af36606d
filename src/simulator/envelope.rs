//! What all answers have in common, good or bad.

use std::{borrow::Cow, iter::repeat_with};

use axum::{
    http::{
        StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

pub(super) const JSON: &str = "application/json;charset=UTF-8";

/// A body: `requestId` and the rest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    request_id: &'a str,
    #[serde(flatten)]
    content: T,
}

/// A good answer.
pub(super) fn answer(content: impl Serialize) -> Response {
    enveloped(StatusCode::OK, content)
}

/// A call that went wrong, as the caller is told. The texts are assumed except for those of the
/// cursors, of a missing scope and of calls that are not found.
#[derive(Debug)]
pub(super) enum Fault {
    BadRequest(String),
    CursorExpired,
    CursorUnverified,
    Unauthorised,
    UnknownToken,
    TokenExpired,
    MissingScope(&'static str),
    WrongHost,
    UnknownClient,
    BadGrant(&'static str),
    NoSuchUser,
    NothingFound,
    NoCallsFound,
    NoSuchPath,
    WrongMethod,
    BodyTooLarge,
    TooManyCalls { why: String, retry_after: u64 },
}

impl Fault {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::CursorExpired | Self::CursorUnverified | Self::BadGrant(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthorised
            | Self::UnknownToken
            | Self::TokenExpired
            | Self::MissingScope(_)
            | Self::UnknownClient => StatusCode::UNAUTHORIZED,
            Self::WrongHost => StatusCode::FORBIDDEN,
            Self::NoSuchUser | Self::NothingFound | Self::NoCallsFound | Self::NoSuchPath => {
                StatusCode::NOT_FOUND
            }
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyCalls { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn text(&self) -> Cow<'_, str> {
        let text = match self {
            Self::MissingScope(scope) => {
                return format!("You don't have permission to use '{scope}' in your app.").into();
            }
            Self::BadRequest(text) | Self::TooManyCalls { why: text, .. } => text.as_str(),
            Self::BadGrant(text) => text,
            Self::CursorExpired => "cursor has expired",
            Self::CursorUnverified => "Failed to verify cursor",
            Self::Unauthorised => "the access key or its secret is wrong or missing",
            Self::UnknownToken => "the access token is unknown",
            Self::TokenExpired => "the access token has expired",
            Self::WrongHost => "the access token is for another host: see api_base_url_for_customer",
            Self::UnknownClient => "the client id or its secret is wrong or missing",
            Self::NoSuchUser => "no user has this id",
            Self::NothingFound => "no users found corresponding to the provided filters",
            Self::NoCallsFound => "No calls found corresponding to the provided filters",
            Self::NoSuchPath => "no such path",
            Self::WrongMethod => "the method is not allowed here",
            Self::BodyTooLarge => "the body is too large",
        };
        text.into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Errors<'a> {
            errors: [&'a str; 1],
        }

        let mut response = enveloped(self.status(), Errors { errors: [&self.text()] });
        if let Self::TooManyCalls { retry_after, .. } = self {
            response.headers_mut().insert(RETRY_AFTER, retry_after.into());
        }
        response
    }
}

/// An answer with any status.
pub(super) fn enveloped(status: StatusCode, content: impl Serialize) -> Response {
    let request_id: String = repeat_with(fastrand::alphanumeric).take(19).collect();
    match serde_json::to_vec(&Envelope { request_id: &request_id, content }) {
        Ok(body) => {
            (status, [(CONTENT_TYPE.as_str(), JSON), ("x-traceid", &request_id)], body).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
