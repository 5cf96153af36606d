//! `GET /v2/coaching`: what a manager did with the calls of each direct report.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{team::Teams, window::Window, workspaces::workspace_id};
use crate::simulator::{
    diary::Diary,
    envelope::{Fault, answer},
    faults::Strikes,
    listing,
    request::query_of,
    tenant::Tenant,
    user::SimUser,
};

/// The most calls that one answer goes through. Further reports have empty lists.
const MOST_CALLS: usize = 100_000;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct CoachingQuery {
    workspace_id: Option<String>,
    manager_id: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Coaching {
    coaching_data: [OfManager; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfManager {
    manager: Person,
    direct_reports_metrics: Vec<OfReport>,
}

#[derive(Serialize)]
struct OfReport {
    report: Person,
    metrics: Metrics,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// Ids of calls. The names are those that clients of this endpoint read.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    calls_listened_to: Vec<String>,
    calls_manager_attended: Vec<String>,
    calls_with_feedback: Vec<String>,
    calls_manager_commented_on: Vec<String>,
    calls_with_scorecard_filled: Vec<String>,
}

/// The direct reports are all those who name the manager, inactive ones too. The texts of errors,
/// and that `workspace-id` may be left out, are assumed.
pub(super) async fn of_manager(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    query: Result<Query<CoachingQuery>, QueryRejection>,
) -> Result<Response, Fault> {
    let query = query_of(query)?;
    let id = query.manager_id.ok_or_else(|| Fault::BadRequest("manager-id is required".to_owned()))?;
    let window = Window::read(["from", "to"], query.from.as_deref(), query.to.as_deref())?;
    if query.workspace_id.is_some_and(|id| id != workspace_id(tenant.seed)) {
        return Err(Fault::BadRequest("no workspace has this workspace-id".to_owned()));
    }
    let people = tenant.people();
    let people = strikes.company(&people);
    let manager = listing::latest(&people, &id).ok_or(Fault::NoSuchUser)?;
    let teams = Teams::of(&people, &BTreeSet::from([id.as_str()]));
    let mut calls_left = if manager.active && !manager.avatar { MOST_CALLS } else { 0 };
    let direct_reports_metrics = teams
        .reports(&id)
        .iter()
        .map(|report| OfReport {
            report: Person::of(report),
            metrics: metrics(&tenant, report, &window, &mut calls_left),
        })
        .collect();
    let coaching_data = [OfManager { manager: Person::of(manager), direct_reports_metrics }];
    Ok(answer(Coaching { coaching_data }))
}

fn metrics(tenant: &Tenant, report: &SimUser, window: &Window, calls_left: &mut usize) -> Metrics {
    let diary = Diary::of(report, tenant.seed, &tenant.calendar);
    let mut metrics = Metrics::default();
    if diary.is_empty() {
        return metrics;
    }
    let calls = diary
        .within(&window.days(&tenant.calendar))
        .flat_map(|day| diary.on(day))
        .filter(|held| window.contains(held.started(&tenant.calendar)))
        .take(*calls_left);
    for held in calls {
        *calls_left -= 1;
        let traits = held.traits;
        for (so, list) in [
            (traits.manager_listened(), &mut metrics.calls_listened_to),
            (traits.manager_attended(), &mut metrics.calls_manager_attended),
            (traits.manager_gave_feedback(), &mut metrics.calls_with_feedback),
            (traits.manager_commented(), &mut metrics.calls_manager_commented_on),
            (traits.manager_filled_scorecard(), &mut metrics.calls_with_scorecard_filled),
        ] {
            if so {
                list.push(held.id());
            }
        }
    }
    metrics
}

impl Person {
    fn of(user: &SimUser) -> Self {
        Self {
            id: user.id.clone(),
            email_address: user.email_address.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            title: user.title.clone(),
        }
    }
}
