//! Whoever asks.

use std::sync::Arc;

use jiff::Timestamp;

use super::Role;

/// Whoever asks: a name to count and log by, and a role. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Tells this viewer from others: `key:` and the name of an API key, `sub:` and the subject of a token, or
    /// `address:` and where an unauthenticated request came from. Never the key or the token.
    pub id: Arc<str>,
    /// What may be seen.
    pub role: Role,
    /// When the credential ends, if it does; a subscription ends with it.
    pub expires_at: Option<Timestamp>,
}

impl Viewer {
    /// Somebody whom nobody asked for a credential, at `address`: may see everything.
    pub fn unauthenticated(address: impl std::fmt::Display) -> Self {
        Self { id: format!("address:{address}").into(), role: Role::Admin, expires_at: None }
    }
}
