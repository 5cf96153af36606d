//! The types of the schema, a file each.

mod chain;
mod chart;
mod line;
mod path;
mod record;
mod relation;
mod snapshot;
mod status;
mod user;

pub(super) use chain::ManagerChain;
pub(super) use chart::OrgChart;
pub(super) use line::ReportingLine;
pub(super) use path::{NoPathReason, OrgPath};
pub(super) use record::{ManagerStatus, OrphanReason, UserKind};
pub(super) use relation::{CommonManager, ManagerRelation, UserDistance};
pub(super) use snapshot::Snapshot;
pub(super) use status::SyncStatus;
pub(super) use user::{Node, User};
