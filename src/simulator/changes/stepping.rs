//! Making a step.

use std::sync::{Mutex, PoisonError};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{Changes, Step};
use crate::simulator::{server::Simulator, tenant::Tenant};

/// What steps are made of. One step at a time.
#[derive(Default)]
pub(in crate::simulator) struct Stepper(Mutex<Option<Changes>>);

impl Stepper {
    /// From now on, steps are these.
    pub(in crate::simulator) fn follow(&self, changes: Changes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(changes);
    }

    /// Makes a step; nothing if the people don't change.
    pub(in crate::simulator) fn step(&self, tenant: &Tenant) -> Option<Step> {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = changes.as_mut()?;
        Some(tenant.edit(|people| match changes {
            Changes::Series(series) => series.step(people),
            Changes::Drift(drift) => drift.step(people, &tenant.calendar),
        }))
    }
}

/// `POST /_simulator/step`
pub(in crate::simulator) async fn step_now(State(simulator): State<Simulator>) -> Response {
    match simulator.step() {
        Some(step) => Json(step).into_response(),
        None => {
            let why = "the people of this simulator don't change: it has neither a series nor a drift";
            (StatusCode::CONFLICT, Json(json!({"errors": [why]}))).into_response()
        }
    }
}
