//! SCIM 2.0: the same people as the identity provider sees them. Read only.
//!
//! Gong published no examples. Assumed are: the base path, that ids are Gong's own, the shapes of
//! `externalId` and of groups, and which filters there are.

mod answer;
mod filter;
mod groups;
mod list;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use secrecy::{ExposeSecret, SecretString};

use self::answer::ScimFault;
use super::{
    access::bearer,
    faults::{self, Faults},
    signing::{SigningKey, Tag},
    stats::{Endpoint, Ledger},
    tenant::Tenant,
};

/// How SCIM behaves.
#[derive(Clone, Debug)]
pub struct ScimSettings {
    /// The bearer token that every call must bring. `simulator` by default.
    pub bearer_token: SecretString,
    /// How a user's manager is written.
    pub manager: ScimManager,
}

impl Default for ScimSettings {
    fn default() -> Self {
        Self { bearer_token: SecretString::from("simulator"), manager: ScimManager::default() }
    }
}

/// How `manager` of the enterprise extension is written. Clients have met both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScimManager {
    /// An object of `value`, `$ref` and `displayName`, by the standard.
    #[default]
    Object,
    /// The manager's id as plain text.
    Text,
}

/// What the endpoints answer from.
#[derive(Clone)]
struct Provider {
    tenant: Arc<Tenant>,
    manager: ScimManager,
}

/// Who is let in.
struct Door {
    key: SigningKey,
    token: Tag,
    ledger: Arc<Ledger>,
    faults: Faults,
}

/// The routes below `/scim/v2`. The API's limits don't count their calls, which is assumed.
pub(super) fn routes(
    tenant: Arc<Tenant>,
    key: SigningKey,
    settings: &ScimSettings,
    faults: Faults,
) -> Router {
    let token = key.tag(b"scim", settings.bearer_token.expose_secret().as_bytes());
    let door = Arc::new(Door { key, token, ledger: Arc::clone(&tenant.ledger), faults });
    Router::new()
        .route("/scim/v2/Users", get(users::list))
        .route("/scim/v2/Users/{id}", get(users::by_id))
        .route("/scim/v2/Groups", get(groups::list))
        .route("/scim/v2/Groups/{id}", get(groups::by_id))
        .route("/scim/v2/{*rest}", any(async || ScimFault::not_found("no such resource")))
        .method_not_allowed_fallback(async || ScimFault::read_only())
        .with_state(Provider { tenant, manager: settings.manager })
        .layer(from_fn_with_state(door, admit))
}

async fn admit(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    door.ledger.arrived_beside(Endpoint::Scim);
    match bearer(request.headers()) {
        Some(token) if door.key.tag(b"scim", token.as_bytes()) == door.token => {
            match faults::mark(&door.faults, request).await {
                Some(request) => next.run(request).await,
                None => ScimFault::invalid_value("the body is too large").into_response(),
            }
        }
        _ => {
            door.ledger.unauthorised();
            ScimFault::unauthorised().into_response()
        }
    }
}
