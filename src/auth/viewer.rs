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

/// What the id of somebody begins with who was asked for no credential.
const ADDRESS: &str = "address:";

impl Viewer {
    /// Whether a credential says who it is; if not, the id only tells where a request came from.
    pub fn is_known(&self) -> bool {
        !self.id.starts_with(ADDRESS)
    }

    /// Somebody whom nobody asked for a credential, at `address`: may see everything.
    pub fn unauthenticated(address: impl std::fmt::Display) -> Self {
        Self { id: format!("{ADDRESS}{address}").into(), role: Role::Admin, expires_at: None }
    }
}
