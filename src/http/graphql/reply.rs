//! From what became of a request to an HTTP answer.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use async_graphql::{ServerError, Value};
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, AGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER, VARY,
        },
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    super::{request_id, security_headers, vary},
    media::MediaType,
    tag::Tag,
};
use crate::graphql::Outcome;

/// The headers that answers of one media type begin with: a copy of all is made at once.
static BEGINNINGS: [LazyLock<HeaderMap>; 2] =
    [LazyLock::new(|| beginning(MediaType::Json)), LazyLock::new(|| beginning(MediaType::GraphqlResponse))];
/// Kept by the client alone, which asks each time whether it still holds: there may be a new snapshot.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What an answer's body holds. What was not run has no `data`, not even null.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl<'a> Answer<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let response = &outcome.response;
        Self {
            data: outcome.ran.then_some(&response.data),
            errors: &response.errors,
            extensions: &response.extensions,
        }
    }
}

/// The answer to one request.
pub(super) fn one(outcome: &Outcome, media: MediaType, headers: &HeaderMap) -> Response {
    let mut response = match &outcome.written {
        Some(answer) => {
            let gzip = if outcome.is_kept && takes_gzip(headers) { answer.gzip() } else { None };
            match gzip {
                None => of_bytes(answer.body(), media, outcome.age),
                Some(bytes) => compressed(bytes, media, outcome.age),
            }
        }
        None => written(&Answer::of(outcome), media, outcome.age),
    };
    if !outcome.ran && media == MediaType::GraphqlResponse {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    if outcome.wants_post {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    if let Some(seconds) = outcome.retry_after_seconds() {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The answers to a batch, in its order. Whatever became of each: the batch as such was answered.
pub(super) fn many(outcomes: &[Outcome], media: MediaType) -> Response {
    let mut all = vec![b'['];
    for (at, outcome) in outcomes.iter().enumerate() {
        if at > 0 {
            all.push(b',');
        }
        match &outcome.written {
            Some(answer) => all.extend_from_slice(&answer.body()),
            None => match serde_json::to_writer(&mut all, &Answer::of(outcome)) {
                Ok(()) => {}
                Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
        }
    }
    all.push(b']');
    of_bytes(all.into(), media, None)
}

/// Lets a client keep an answer.
pub(super) fn may_be_kept(response: &mut Response, tag: &Tag) {
    tag.put(response.headers_mut());
    response.headers_mut().insert(CACHE_CONTROL, ASK_AGAIN);
}

/// The client has the answer already; this is how old it is.
pub(super) fn not_modified(tag: &Tag, age: Duration) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    may_be_kept(&mut response, tag);
    response.headers_mut().insert(VARY, vary::OF_GRAPHQL);
    response.headers_mut().insert(AGE, age.as_secs().into());
    response
}

fn written(answer: &impl Serialize, media: MediaType, age: Option<Duration>) -> Response {
    let Ok(bytes) = serde_json::to_vec(answer) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    of_bytes(bytes.into(), media, age)
}

/// Whether a client says plainly that it takes gzip. What it says of it in other words is for the step that compresses
/// what isn't kept.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(',').any(|one| one.trim().eq_ignore_ascii_case("gzip"))
}

fn compressed(bytes: Bytes, media: MediaType, age: Option<Duration>) -> Response {
    let mut response = of_bytes(bytes, media, age);
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn of_bytes(bytes: Bytes, media: MediaType, age: Option<Duration>) -> Response {
    let [json, graphql_response] = &BEGINNINGS;
    let beginning = match media {
        MediaType::Json => json,
        MediaType::GraphqlResponse => graphql_response,
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.clone_from(beginning);
    match age {
        Some(age) => headers.insert(AGE, age.as_secs().into()),
        None => headers.remove(AGE),
    };
    response
}

fn beginning(media: MediaType) -> HeaderMap {
    let mut headers = security_headers::first();
    headers.insert(CONTENT_TYPE, media.header());
    headers.insert(VARY, vary::OF_GRAPHQL);
    // What each answer has of its own stands here, too: a copy has no room beyond what is in it.
    headers.insert(AGE, HeaderValue::from_static(""));
    headers.insert(request_id::HEADER, HeaderValue::from_static(""));
    headers
}
