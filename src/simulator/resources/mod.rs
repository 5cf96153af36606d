//! Gong's endpoints beyond users, a file each. What they answer is made up from the people as they
//! stand, and fits together: a call's host is an active person, a manager's feedback is on the calls
//! of those who name that manager.

mod activity;
mod calls;
mod coaching;
mod found;
mod history;
mod scorecards;
mod team;
mod window;
mod wire;
mod workspaces;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

pub use history::HistoryRows;

use super::tenant::Tenant;

/// The routes.
pub(super) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/v2/users/{id}/settings-history", get(history::of_user))
        .route("/v2/calls", get(calls::list))
        .route("/v2/calls/extensive", post(calls::extensive))
        .route("/v2/stats/activity/aggregate", post(activity::aggregate))
        .route("/v2/settings/scorecards", get(scorecards::list))
        .route("/v2/workspaces", get(workspaces::list))
        .route("/v2/coaching", get(coaching::of_manager))
}
