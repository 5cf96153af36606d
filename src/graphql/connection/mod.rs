//! Connections by the Relay specification: one helper for arguments, cursors and pages, and a pair of
//! types for each kind of edge.

mod page;
mod cursor;
mod users;
mod reports;
mod orphans;
mod seats;

pub(super) use cursor::Cursor;
pub(super) use orphans::OrphanConnection;
pub(super) use page::{PageArguments, Slice, cost};
pub(super) use reports::ReportConnection;
pub(super) use seats::{SeatConnection, SeatFinding};
pub(super) use users::UserConnection;
