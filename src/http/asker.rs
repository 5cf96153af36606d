//! Whoever asks, as a step before has found out.

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    http::{Extensions, StatusCode},
    response::Response,
};

use super::{answer::refusal, peer::Client, request_id::RequestId};
use crate::{
    auth::{Unauthenticated, Viewer},
    graphql::ErrorCode,
};

/// The viewer of a request. One that no step has told of is refused: to forget the step opens nothing.
pub(super) struct Asker(pub(super) Viewer);

impl Asker {
    /// The viewer of the request with these extensions.
    pub(super) fn of(extensions: &Extensions) -> Result<Self, Box<Response>> {
        extensions.get::<Viewer>().cloned().map(Self).ok_or_else(|| {
            let id = RequestId::among(extensions);
            let message = Unauthenticated::Missing.to_string();
            Box::new(refusal(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, &message, &id))
        })
    }
}

/// Whom a request counts for: its viewer, or the address that it is from, where nobody was asked for a credential:
/// what a browser asks beforehand, and a WebSocket that shows it later.
pub(super) struct CountedAs(pub(super) Arc<str>);

impl CountedAs {
    /// Whom the request with these extensions counts for.
    pub(super) fn of(extensions: &Extensions) -> Self {
        Self(match (extensions.get::<Viewer>(), extensions.get()) {
            (Some(viewer), _) => viewer.id.clone(),
            (None, Some(Client { address, .. })) => Viewer::unauthenticated(*address).id,
            (None, None) => Viewer::unauthenticated(Ipv4Addr::UNSPECIFIED.into()).id,
        })
    }
}
