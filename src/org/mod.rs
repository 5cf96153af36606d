//! The organisation as plain values: users, the tree of who reports to whom, its indexes and what is
//! wrong with it.
//!
//! This room is pure and total: [`build()`] makes the same graph from the same users, has no error path,
//! never recurses, and knows neither I/O nor a clock. petgraph stays in here; everybody else
//! addresses a user by [`UserIndex`], which belongs to one graph.
//!
//! What the words mean (manager, root, orphan, top, depth, chain, direct and transitive reports) is
//! written in `ARCHITECTURE.md`; the types carry the same definitions.

mod user;
mod many;
mod ids;
mod build;
mod identities;
mod text_keys;
mod order;
mod links;
mod walk;
mod rings;
mod reports;
mod chain;
mod orphans;
mod extracts;
mod anomaly;
mod graph;
mod issues;
mod stats;
mod changes;
mod fields;
mod difference;
mod agreement;
mod snapshot;
mod sight;
mod view;
mod filter;
mod access;
mod moves;
mod listing;
mod relation;
mod common;
mod path;
mod level;
mod chart;
mod lines;
mod search;
mod derived;

pub use access::{AccessFinding, CallAccess};
pub use agreement::Disagreement;
pub use anomaly::{Anomaly, AnomalyKind};
pub use build::build;
pub use chain::{Chain, ChainEnd, Managers};
pub use changes::Changes;
pub use chart::{Chart, ChartLimit, ChartLimits, ChartNode, ChartScope};
pub use common::NoCommonManager;
pub use derived::Derived;
pub use difference::{ChangeKind, Difference, UserChange};
pub use fields::{UserField, UserFields};
pub use filter::{Fragment, Moments, Numbers, Sieve, TextFilter, UserFilter};
pub use graph::{OrgGraph, UserIndex};
pub use identities::{
    Candidate, ConflictPage, EmailMatch, Identity, IdentityConflict, IdentityHolder, IdentityKind,
    IdentityKinds, MAX_CANDIDATES, Resolution,
};
pub use issues::{Bounds, Issue, IssueFilter, IssueKind, Issues, Severity};
pub use lines::{Line, LinePage, LinePosition, LineScope, LineWindow, Lines};
pub use links::ManagerStatus;
pub use listing::{Listing, Page, Position, Scope, Take, Window};
pub use moves::{Change, Move, Placement, Simulation, Span, TeamChange, Top};
pub use order::{Direction, Order, OrderField, SortKey};
pub use orphans::OrphanReason;
pub use path::Path;
pub use relation::Relation;
pub use search::{Found, FoundPage, Hit, SearchField, SearchText};
pub use sight::Sight;
pub use snapshot::{OrgSnapshot, SnapshotChecks, SnapshotSource, SnapshotVersion};
pub use stats::{Census, Figures, Group, GroupBy, Spans};
pub use user::{EmailAddress, Settings, SpokenLanguage, User, UserId, UserKind, UserParts, folded_email};
pub use view::UserView;
