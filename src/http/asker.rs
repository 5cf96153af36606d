//! Whoever asks, as a layer before has found out.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::peer::ClientAddress;
use crate::auth::Viewer;

/// The viewer of a request. Without a layer that asks for credentials: whoever is at
/// the client's address, who may see everything.
pub(super) struct Asker(pub(super) Viewer);

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        if let Some(viewer) = parts.extensions.get::<Viewer>() {
            return Ok(Self(viewer.clone()));
        }
        Ok(Self(match parts.extensions.get() {
            Some(ClientAddress(address)) => Viewer::unauthenticated(address),
            None => Viewer::unauthenticated("unknown"),
        }))
    }
}
