//! The types of the schema, a file each.

mod chain;
mod cycle;
mod issue;
mod issue_words;
mod record;
mod snapshot;
mod stats;
mod status;
mod user;

pub(super) use chain::ManagerChain;
pub(super) use cycle::Cycle;
pub(super) use issue::{Issue, IssueKind, IssueSeverity, issues};
pub(super) use record::{ManagerStatus, OrphanReason, UserKind};
pub(super) use snapshot::Snapshot;
pub(super) use stats::{OrgStats, OrgStatsGroup, OrgStatsGroupBy};
pub(super) use status::SyncStatus;
pub(super) use user::{Node, User};
