//! The paths that are served, as they are told of: never what a caller has made up.

use axum::extract::{MatchedPath, Request};

const KNOWN: [&str; 7] = ["/graphql", "/schema.graphql", "/livez", "/readyz", "/metrics", "/", "/graphiql"];
/// What is told of a request to any other.
pub(super) const NONE: &str = "(none)";

/// The path that a request has matched, not the one that was sent.
pub(super) fn of(request: &Request) -> &'static str {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    KNOWN.into_iter().find(|known| matched == Some(known)).unwrap_or(NONE)
}
