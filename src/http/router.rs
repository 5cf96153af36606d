//! What is where.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::Redirect,
    routing::get,
};
use tower_http::compression::CompressionLayer;

use super::{
    ServerSettings, Settings, Watch, access_log, answer,
    concurrency::{self, Places},
    graphiql, graphql, head, health, metrics, observed,
    peer::{self, Telling},
    request_id, request_time,
    whole_body::{self, Reading},
};
use crate::graphql::Executor;

/// The service. `request_ids` makes the ids of requests that bring none.
pub fn router(
    executor: Executor,
    watch: Watch,
    request_ids: fastrand::Rng,
    settings: Settings,
    server: &ServerSettings,
) -> Router {
    let observed = watch.observed.clone();
    let executor = executor.observed_by(observed.observer());
    let told = executor.settings();
    let (body_bytes, shows_graphiql) = (told.caps.body_bytes, told.shown.graphiql);
    let pages = match shows_graphiql {
        true => Router::new()
            .route("/", get(async || Redirect::temporary("/graphiql")))
            .route("/graphiql", get(graphiql::page)),
        false => Router::new(),
    };
    let face = graphql::Face { executor, settings };
    let telling = Telling::new(server.trusted_proxies.clone(), server.hsts);
    Router::new()
        .route(
            "/graphql",
            get(graphql::get).post(graphql::post).options(graphql::options).fallback(graphql::wrong_method),
        )
        .with_state(face)
        // What follows is not counted: whoever looks after the service is answered when it is busy, too.
        .layer(from_fn_with_state(Places::new(server.concurrency), concurrency::limit))
        .layer(from_fn_with_state(Reading::new(body_bytes), whole_body::read))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::all))
        .with_state(watch)
        .merge(pages)
        .fallback(answer::no_such_path)
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(from_fn(answer::catch_panics))
        .layer(from_fn_with_state(server.times, request_time::limit))
        .layer(from_fn_with_state(server.head, head::check))
        .layer(from_fn(access_log::log))
        .layer(from_fn_with_state(observed, observed::watch))
        .layer(from_fn_with_state(request_id::Maker::new(request_ids), request_id::assign))
        .layer(from_fn_with_state(telling, peer::tell))
}
