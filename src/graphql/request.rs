//! What one request carries to its resolvers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::error::{ErrorCode, Fault};
use crate::org::OrgSnapshot;

/// The snapshot of one request; all of its resolvers see this one.
pub(super) struct Pinned(pub(super) Option<Arc<OrgSnapshot>>);

/// What one answer may still hold of lists that have no pages, beyond what a document's cost can tell.
pub(super) struct Allowance(AtomicUsize);

/// Members of all lines of managers in one answer together. The longest real line known has 12,859.
const MAX_CHAIN_MEMBERS: usize = 1_000_000;

impl Default for Allowance {
    fn default() -> Self {
        Self(AtomicUsize::new(MAX_CHAIN_MEMBERS))
    }
}

impl Allowance {
    /// Takes a line of `members` from the allowance.
    pub(super) fn take(&self, members: usize) -> Result<(), Fault> {
        let left =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(members));
        left.map(drop).map_err(|_| {
            Fault::new(
                ErrorCode::QueryTooComplex,
                format!("the lines of managers in this answer have more than {MAX_CHAIN_MEMBERS} members; ask for fewer users at once"),
            )
        })
    }
}
