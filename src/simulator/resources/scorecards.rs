//! `GET /v2/settings/scorecards`: the forms that managers fill in, all on one page.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use serde::Serialize;

use super::workspaces::workspace_id;
use crate::simulator::{chance::Chance, envelope::answer, listing, tenant::Tenant};

/// When the forms were made, in seconds: 2022-01-10T08:00:00Z.
const MADE: i64 = 1_641_801_600;

/// Name, whether it is in use, and questions.
const FORMS: [(&str, bool, &[&str]); 3] = [
    (
        "Discovery",
        true,
        &["Did they ask what it costs to do nothing?", "Was the next step agreed?", "Overall"],
    ),
    (
        "Demo",
        true,
        &["Was the demo about the customer's own case?", "Did everybody get to speak?", "Overall"],
    ),
    ("Cold call (old)", false, &["Was the reason for the call clear?", "Overall"]),
];

#[derive(Serialize)]
struct Scorecards {
    scorecards: Vec<Scorecard>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scorecard {
    scorecard_id: String,
    scorecard_name: &'static str,
    workspace_id: String,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    updater_user_id: Option<String>,
    created: String,
    updated: String,
    questions: Vec<Question>,
}

/// The bounds are texts, as recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    question_id: String,
    question_revision_id: String,
    question_text: &'static str,
    is_overall: bool,
    min_range: &'static str,
    max_range: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    updater_user_id: Option<String>,
    created: String,
    updated: String,
}

pub(super) async fn list(State(tenant): State<Arc<Tenant>>) -> Response {
    // Whoever is listed first and at work: the forms say who made them.
    let updater = listing::everybody(&tenant.people()).find(|user| user.active).map(|user| user.id.clone());
    let scorecards = FORMS
        .iter()
        .map(|(name, enabled, questions)| {
            let chance = tenant.seed.of("scorecard").of(name);
            let time = time(&tenant);
            Scorecard {
                scorecard_id: chance.id(),
                scorecard_name: name,
                workspace_id: workspace_id(tenant.seed),
                enabled: *enabled,
                updater_user_id: updater.clone(),
                created: time.clone(),
                updated: time.clone(),
                questions: questions
                    .iter()
                    .map(|text| question(chance.of(text), text, updater.clone(), time.clone()))
                    .collect(),
            }
        })
        .collect();
    answer(Scorecards { scorecards })
}

fn question(chance: Chance, text: &'static str, updater_user_id: Option<String>, time: String) -> Question {
    Question {
        question_id: chance.at(0).id(),
        question_revision_id: chance.at(1).id(),
        question_text: text,
        is_overall: text == "Overall",
        min_range: "1",
        max_range: "5",
        updater_user_id,
        created: time.clone(),
        updated: time,
    }
}

fn time(tenant: &Tenant) -> String {
    tenant.calendar.print(Timestamp::from_second(MADE).unwrap_or_default())
}
