//! What the credentials may ask for: one cheap call for each scope beyond that of users.

use std::sync::Arc;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, tz::Offset};

use super::{
    finding::{Finding, Topic},
    report::ScopeFact,
};
use crate::{
    clock::Clock,
    gong::{
        ACTIVITY_SCOPE, CALLS_SCOPE, COACHING_SCOPE, DateWindow, Gong, GongError, SCORECARDS_SCOPE,
        SETTINGS_HISTORY_SCOPE, TimeWindow, WORKSPACES_SCOPE,
    },
};

/// Whom the questions are about: one user, and one who is likely to be a manager.
pub(super) struct Example {
    pub(super) user: String,
    pub(super) manager: String,
}

/// Asks for each. What Gong refuses is known from its answer; what fails otherwise stays unknown.
pub(super) async fn probe(
    gong: &Arc<Gong>,
    clock: &Clock,
    example: &Example,
) -> Vec<(ScopeFact, Option<String>)> {
    let ids = [example.user.clone()];
    let now = clock.now();
    let day_ago = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    let window = TimeWindow { from: day_ago, to: now };
    let day = |at| Offset::UTC.to_datetime(at).date();
    let days = DateWindow { from: day(day_ago), to: day(now) };

    let users = (fact(SETTINGS_HISTORY_SCOPE, &["users", "User.settingsHistory"], Some(true)), None);
    let activity = gong.activity(&ids, days, None).await.map(drop);
    let calls = {
        let mut pages = std::pin::pin!(gong.calls_of(&ids, window, None));
        pages.try_next().await.map(drop)
    };
    let scorecards = gong.scorecards().await.map(drop);
    let workspaces = gong.workspaces().await;
    let workspace = workspaces.as_ref().ok().and_then(|all| all.value.first()).map(|one| one.id.clone());
    let coaching = match workspace {
        Some(workspace) => {
            let asked = gong.coaching(&example.manager, &workspace, window).await;
            judged(COACHING_SCOPE, &["coachingReports"], asked.map(drop))
        }
        None => {
            let unknown = "there is no workspace to ask about".to_owned();
            (fact(COACHING_SCOPE, &["coachingReports"], None), Some(unknown))
        }
    };
    vec![
        users,
        judged(ACTIVITY_SCOPE, &["User.activity", "seatAudit.people"], activity),
        judged(CALLS_SCOPE, &["User.calls"], calls),
        judged(SCORECARDS_SCOPE, &["scorecards"], scorecards),
        judged(WORKSPACES_SCOPE, &["workspaces"], workspaces.map(drop)),
        coaching,
    ]
}

fn fact(scope: &'static str, fields: &'static [&'static str], granted: Option<bool>) -> ScopeFact {
    ScopeFact { scope, fields, granted }
}

/// What an answer says of a scope, and why it says nothing.
fn judged(
    scope: &'static str,
    fields: &'static [&'static str],
    asked: Result<(), GongError>,
) -> (ScopeFact, Option<String>) {
    let (granted, unknown) = match asked {
        // Whoever is told that there is no such thing may ask for it.
        Ok(()) | Err(GongError::Rejected { request_id: Some(_), .. }) => (Some(true), None),
        Err(GongError::Unauthorized { .. }) => (Some(false), None),
        Err(error) => (None, Some(error.to_string())),
    };
    (fact(scope, fields, granted), unknown)
}

/// What is told of them.
pub(super) fn findings(probed: &[(ScopeFact, Option<String>)]) -> Vec<Finding> {
    let of = |granted| probed.iter().filter(move |(fact, _)| fact.granted == granted);
    let mut findings = Vec::new();
    let there: Vec<_> = of(Some(true)).map(|(fact, _)| fact.scope).collect();
    findings.push(Finding::fine(Topic::Scopes, format!("granted: {}", there.join(", "))));
    for (fact, _) in of(Some(false)) {
        findings.push(Finding::warning(
            Topic::Scopes,
            format!("{} is missing: null, with an error, for {}", fact.scope, fact.fields.join(" and ")),
            "add it to the integration in Gong if somebody needs these fields, and authorise it anew",
        ));
    }
    for (fact, why) in of(None) {
        let why = why.as_deref().unwrap_or("it was not asked for");
        findings.push(Finding::skipped(Topic::Scopes, format!("{} can't be told: {why}", fact.scope)));
    }
    findings
}
