//! What is where.

use std::sync::Arc;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::Redirect,
    routing::get,
};
use tower_http::compression::CompressionLayer;

use super::{
    ServerSettings, Settings, Subscriptions, Watch, answer,
    around::{self, Around},
    concurrency::Places,
    graphiql, graphql, health, metrics,
    peer::Telling,
    request_id::Maker,
    schema_text,
    subscriptions::{self, Answering},
    whole_body::Reading,
};
use crate::{auth::Authenticator, graphql::Executor};

/// The service, for those whom `authenticator` lets in. `rng` makes the ids of requests that bring none, and what
/// names of answers are salted with.
pub fn router(
    executor: Executor,
    subscriptions: Subscriptions,
    watch: Watch,
    authenticator: Authenticator,
    mut rng: fastrand::Rng,
    mut settings: Settings,
    server: &ServerSettings,
) -> Router {
    let observed = watch.observed.clone();
    let executor = executor.observed_by(observed.observer());
    let told = executor.settings();
    let (body_bytes, shows_graphiql) = (told.caps.body_bytes, told.shown.page());
    settings.hide_schema |= !told.shown.introspection;
    let pages = match shows_graphiql {
        true => Router::new()
            .route("/", get(async || Redirect::temporary("/graphiql")))
            .route("/graphiql", get(graphiql::page)),
        false => Router::new(),
    };
    let cors = settings.origins.layer();
    // By TLS a name that isn't ours fails at the certificate.
    let only_this_machine = settings.only_this_machine && server.tls.is_none();
    let places = Places::new(server.concurrency);
    let answering = Answering::new(places.clone(), &server.times);
    let opener = subscriptions.opener(executor.clone(), answering, authenticator.clone(), &settings);
    let face = graphql::Face { executor, settings, salt: rng.u128(..).to_be_bytes() };
    let around = Arc::new(Around {
        telling: Telling::new(server.trusted_proxies.clone(), server.hsts),
        maker: Maker::new(rng),
        observed,
        head: server.head,
        only_this_machine,
        times: server.times,
        body_bytes,
    });
    let routes = Router::new()
        .route(
            "/graphql",
            get(graphql::get).post(graphql::post).options(graphql::options).fallback(graphql::wrong_method),
        )
        .route_layer(from_fn_with_state(Arc::new(opener), subscriptions::branch))
        .route("/schema.graphql", get(schema_text::get))
        .with_state(Arc::new(face))
        // What follows is not counted: whoever looks after the service is answered when it is busy, too.
        .layer(from_fn_with_state((Reading::new(body_bytes), places), around::seat))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::all))
        .with_state(watch)
        .merge(pages)
        .fallback(move |id| async move { answer::no_such_path(id, shows_graphiql) });
    let let_in = (CompressionLayer::new(), from_fn_with_state(authenticator, around::let_in));
    match cors {
        // It answers every OPTIONS itself, so that the one without a browser behind it has to be caught before.
        Some(cors) => routes
            .layer((from_fn_with_state(around.clone(), around::inside), let_in))
            .layer(cors)
            .layer(from_fn(graphql::plain_options))
            .layer(from_fn_with_state(around, around::outside)),
        // Together: each layer by itself is a box, and copied with all that are below it.
        None => routes.layer((from_fn_with_state(around, around::all), let_in)),
    }
}
