//! The types of the schema, a file each.

mod access;
mod chain;
mod live;
mod identity;
mod cycle;
mod issue;
mod issue_words;
mod record;
mod simulation;
mod chart;
mod line;
mod path;
mod relation;
mod snapshot;
mod stats;
mod status;
mod subgraph;
mod user;

pub(super) use access::{AccessFinding, CallAccess};
pub(super) use chain::ManagerChain;
pub(super) use chart::OrgChart;
pub(super) use cycle::Cycle;
pub(super) use identity::{Identity, IdentityConflict, IdentityKind, ResolvedIdentity};
pub(super) use issue::{Issue, IssueKind, IssueSeverity, issues};
pub(super) use line::ReportingLine;
pub(super) use live::{CoachingReports, ScorecardList, SeatAudit, WorkspaceList};
pub(super) use path::{NoPathReason, OrgPath};
pub(super) use record::{ManagerStatus, OrphanReason, UserKind};
pub(super) use relation::{CommonManager, ManagerRelation, UserDistance};
pub(super) use simulation::MoveSimulation;
pub(super) use snapshot::Snapshot;
pub(super) use stats::{OrgStats, OrgStatsGroup, OrgStatsGroupBy};
pub(super) use status::SyncStatus;
pub(super) use subgraph::{Entity, Key, Representation, Service};
pub(super) use user::{Node, User};
