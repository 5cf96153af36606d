//! Whoever asks, as a layer before has found out.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::auth::Viewer;

/// The viewer of a request. Without a layer that asks for credentials: somebody unknown, who may see everything.
pub(super) struct Asker(pub(super) Viewer);

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let viewer = parts.extensions.get::<Viewer>().cloned();
        Ok(Self(viewer.unwrap_or_else(|| Viewer::unauthenticated("unknown"))))
    }
}
