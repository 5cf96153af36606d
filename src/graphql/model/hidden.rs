//! What a viewer isn't shown, and why.

use async_graphql::{Enum, SimpleObject};

use crate::{auth, graphql::guarded::GuardedField};

/// What somebody may see; each role includes those before it.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "auth::Role")]
pub(super) enum Role {
    /// The organisation: who is who and who reports to whom.
    Reader,
    /// Contact data and activity too.
    Analyst,
    /// The operations of the service too.
    Admin,
}

/// Why a field is hidden.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
enum HiddenReason {
    /// The viewer's role doesn't see it, whether or not Gong says anything there.
    Role,
}

/// A field that is null because the viewer may not see it.
#[derive(SimpleObject)]
pub(in crate::graphql) struct HiddenField {
    /// The name of the field.
    field: &'static str,
    /// Why it is hidden.
    reason: HiddenReason,
    /// The least role that sees it.
    required_role: Role,
}

impl From<GuardedField> for HiddenField {
    fn from(field: GuardedField) -> Self {
        Self { field: field.name(), reason: HiddenReason::Role, required_role: field.role().into() }
    }
}
