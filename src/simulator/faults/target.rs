//! A call, as far as faults look at it.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Query, Request},
    http::{Method, Uri},
};
use serde::Deserialize;
use serde_json::Value;

use super::super::cursor;

/// Names of endpoints in scripts.
pub(super) const NAMES: [&str; 4] = ["users", "user", "extensive", "other"];

/// More than any body that an endpoint takes.
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// A call that came in.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) uri: Uri,
    endpoint: &'static str,
    /// The page of a listing, from 1; none in look-ups.
    pub(super) page: Option<u64>,
    /// The cursor that came with it.
    pub(super) cursor: Option<String>,
}

/// The endpoint that a fault is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Named(&'static str),
    Path(String),
}

/// What a call may say in its query or in its body.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Inputs {
    cursor: Option<String>,
    filter: Value,
}

impl Call {
    /// Looks at a request, whose body has to be read for that. `None` if the body is longer than any
    /// endpoint takes, or doesn't come.
    pub(super) async fn look_at(request: Request) -> Option<(Self, Request)> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LONGEST_BODY).await.ok()?;
        let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        let endpoint = match (&parts.method, path) {
            (&Method::GET, Some("/v2/users")) => "users",
            (&Method::GET, Some("/v2/users/{id}")) => "user",
            (&Method::POST, Some("/v2/users/extensive")) => "extensive",
            _ => "other",
        };
        let inputs = inputs(&parts.method, &parts.uri, &body);
        let by_id = inputs.filter["userIds"].as_array().is_some_and(|ids| !ids.is_empty());
        let cursor = inputs.cursor.filter(|cursor| !cursor.is_empty());
        let page = match (endpoint, &cursor) {
            ("user", _) => None,
            _ if by_id => None,
            (_, None) => Some(1),
            (_, Some(cursor)) => cursor::page_of(cursor).map(|page| page as u64 + 1),
        };
        let call = Self { uri: parts.uri.clone(), endpoint, page, cursor };
        Some((call, Request::from_parts(parts, Body::from(body))))
    }
}

fn inputs(method: &Method, uri: &Uri, body: &Bytes) -> Inputs {
    let read = match method {
        &Method::GET => Query::try_from_uri(uri).ok().map(|Query(inputs)| inputs),
        _ => serde_json::from_slice(body).ok(),
    };
    read.unwrap_or_default()
}

impl Target {
    /// Reads a name, or a path.
    pub(super) fn read(text: &str) -> Option<Self> {
        let named = NAMES.into_iter().find(|name| *name == text).map(Self::Named);
        named.or_else(|| (text.len() > 1 && text.starts_with('/')).then(|| Self::Path(text.to_owned())))
    }

    /// Whether a call is to it.
    pub(super) fn is_of(&self, call: &Call) -> bool {
        match self {
            Self::Named(name) => *name == call.endpoint,
            Self::Path(path) => path == call.uri.path(),
        }
    }
}
