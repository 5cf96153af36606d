//! OAuth 2.0 as Gong does it: codes and refresh tokens for access tokens, and the scopes of those.

mod settings;
mod tokens;
mod endpoint;
mod scopes;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::post,
};

use super::{
    envelope::Fault,
    stats::{Endpoint, Ledger},
};

pub use scopes::SCOPES;
pub(super) use scopes::needed;
pub use settings::OauthSettings;
pub(super) use tokens::Tokens;

/// The token endpoint. The API's limits don't count its calls, which is assumed.
pub(super) fn routes(tokens: Arc<Tokens>, ledger: Arc<Ledger>) -> Router {
    let token = post(endpoint::generate_customer_token).fallback(async || Fault::WrongMethod);
    Router::new()
        .route("/oauth2/generate-customer-token", token)
        .with_state(tokens)
        .route_layer(from_fn_with_state(ledger, count))
}

async fn count(State(ledger): State<Arc<Ledger>>, request: Request, next: Next) -> Response {
    ledger.arrived_beside(Endpoint::OauthToken);
    next.run(request).await
}
