//! What Gong tells beside the snapshot. Each object says when Gong was asked.

mod activity;
mod calls;
mod coaching;
mod history;
mod lists;
mod seats;

pub(in crate::graphql) use activity::UserActivity;
pub(in crate::graphql) use calls::CallList;
pub(in crate::graphql) use coaching::CoachingReports;
pub(in crate::graphql) use history::SettingsHistory;
pub(in crate::graphql) use lists::{ScorecardList, WorkspaceList};
pub(in crate::graphql) use seats::SeatAudit;

/// A number that GraphQL's `Int` can hold.
fn int(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
