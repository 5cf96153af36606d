//! Connections by the Relay specification: one helper for arguments, cursors and pages, and a pair of
//! types for each kind of edge.

mod page;
mod cursor;
mod users;
mod reports;
mod orphans;
mod seats;
mod conflicts;
mod access;
mod line_cursor;
mod lines;
mod given;
mod issues;
mod cycles;
mod groups;
mod search;

pub(super) use access::CallAccessConnection;
pub(super) use conflicts::IdentityConflictConnection;
pub(super) use cursor::{Cursor, Sequence};
pub(super) use cycles::CycleConnection;
pub(super) use groups::OrgStatsGroupConnection;
pub(super) use issues::IssueConnection;
pub(super) use line_cursor::LineCursor;
pub(super) use lines::ReportingLineConnection;
pub(super) use orphans::OrphanConnection;
pub(super) use page::{MAX_PAGE, PageArguments, Slice, cost, count, many, sequence, size};
pub(super) use reports::ReportConnection;
pub(super) use search::SearchConnection;
pub(super) use seats::{SeatConnection, SeatFinding};
pub(super) use users::UserConnection;
