//! The types of the schema, a file each.

mod chain;
mod snapshot;
mod status;
mod user;

pub(super) use chain::ManagerChain;
pub(super) use snapshot::Snapshot;
pub(super) use status::SyncStatus;
pub(super) use user::{ManagerStatus, Node, OrphanReason, User, UserKind};
