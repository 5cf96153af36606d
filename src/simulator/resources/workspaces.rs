//! `GET /v2/workspaces`: one workspace, which all calls belong to.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;

use crate::simulator::{chance::Chance, envelope::answer, tenant::Tenant};

#[derive(Serialize)]
struct Workspaces {
    workspaces: [Workspace; 1],
}

#[derive(Serialize)]
struct Workspace {
    id: String,
    name: &'static str,
    description: &'static str,
}

pub(super) async fn list(State(tenant): State<Arc<Tenant>>) -> Response {
    let workspace = Workspace {
        id: workspace_id(tenant.seed),
        name: "Simulated workspace",
        description: "All calls of the simulated company",
    };
    answer(Workspaces { workspaces: [workspace] })
}

/// The id of the only workspace.
pub(super) fn workspace_id(seed: Chance) -> String {
    seed.of("workspace").id()
}
