//! What is where.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::Redirect,
    routing::get,
};
use tower_http::compression::CompressionLayer;

use super::{Settings, Watch, access_log, answer, graphiql, graphql, health, metrics, observed, request_id};
use crate::graphql::Executor;

/// The largest body of a request, in bytes.
const MAX_BODY: usize = 1 << 20;

/// The service. `request_ids` makes the ids of requests that bring none.
pub fn router(executor: Executor, watch: Watch, request_ids: fastrand::Rng, settings: Settings) -> Router {
    let observed = watch.observed.clone();
    let executor = executor.observed_by(observed.observer());
    let face = graphql::Face { executor, settings };
    Router::new()
        .route("/", get(async || Redirect::temporary("/graphiql")))
        .route(
            "/graphql",
            get(graphql::get).post(graphql::post).options(graphql::options).fallback(graphql::wrong_method),
        )
        .with_state(face)
        .route("/graphiql", get(graphiql::page))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::all))
        .with_state(watch)
        .fallback(answer::no_such_path)
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(answer::catch_panics))
        .layer(from_fn(access_log::log))
        .layer(from_fn_with_state(observed, observed::watch))
        .layer(from_fn_with_state(request_id::Maker::new(request_ids), request_id::assign))
}
