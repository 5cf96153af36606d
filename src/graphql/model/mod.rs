//! The types of the schema, a file each.

mod chain;
mod record;
mod snapshot;
mod status;
mod user;

pub(super) use chain::{ManagerChain, Nearest};
pub(super) use record::{ManagerStatus, OrphanReason, UserKind};
pub(super) use snapshot::Snapshot;
pub(super) use status::SyncStatus;
pub(super) use user::{Node, User};
