//! Whoever asks.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::{Limits, RateLimit, hidden::Role};
use crate::{
    auth,
    graphql::{scalar::DateTime, settings::Settings},
};

pub(in crate::graphql) struct Viewer {
    pub(in crate::graphql) viewer: auth::Viewer,
    pub(in crate::graphql) settings: Arc<Settings>,
}

/// Whoever asks, and what they may.
#[Object]
impl Viewer {
    /// The name of the API key, or the subject of the token; null for whoever shows none.
    async fn name(&self) -> Option<&str> {
        credential(&self.viewer.id)
    }

    /// What may be seen.
    async fn role(&self) -> Role {
        self.viewer.role.into()
    }

    /// Whether a key or a token was shown.
    async fn authenticated(&self) -> bool {
        credential(&self.viewer.id).is_some()
    }

    /// When the credential ends; null if it doesn't.
    async fn expires_at(&self) -> Option<DateTime> {
        self.viewer.expires_at.map(Into::into)
    }

    /// Whether it sees how people are reached, by what they are let in and what they do.
    async fn sees_contact_data(&self) -> bool {
        self.viewer.role.sees_contact_data()
    }

    /// Whether it sees how the service itself is doing.
    async fn sees_operations(&self) -> bool {
        self.viewer.role.sees_operations()
    }

    /// The most that one request may have of each.
    async fn limits(&self) -> Limits {
        Limits(self.settings.clone())
    }

    /// What may be spent over time.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Result<RateLimit> {
        Ok(RateLimit::of(ctx)?)
    }
}

/// The name of a key or the subject of a token; an address is neither.
fn credential(id: &str) -> Option<&str> {
    ["key:", "sub:"].iter().find_map(|kind| id.strip_prefix(kind))
}
