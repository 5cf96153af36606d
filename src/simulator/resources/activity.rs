//! `POST /v2/stats/activity/aggregate`: how much each person did in a window of days.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::team::{self, Teams};
use crate::simulator::{
    calendar::{Calendar, Day},
    cursor::Bookmark,
    diary::{Diary, Tally},
    envelope::{Fault, answer},
    faults::Strikes,
    filter::Selection,
    listing,
    request::{Body, Records, page_token, text_of},
    tenant::Tenant,
    user::SimUser,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActivityFilter {
    from_date: Option<String>,
    to_date: Option<String>,
    user_ids: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Activity {
    records: Records,
    users_aggregate_activity_stats: Vec<OfUser>,
    time_zone: String,
    from_date_time: String,
    to_date_time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfUser {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_email_address: Option<String>,
    user_aggregate_activity_stats: Counters,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counters {
    calls_as_host: u64,
    calls_gave_feedback: u64,
    calls_requested_feedback: u64,
    calls_received_feedback: u64,
    own_calls_listened_to: u64,
    others_calls_listened_to: u64,
    calls_shared_internally: u64,
    calls_shared_externally: u64,
    calls_scorecards_filled: u64,
    calls_scorecards_received: u64,
    calls_attended: u64,
    calls_comments_given: u64,
    calls_comments_received: u64,
    calls_marked_as_feedback_given: u64,
    calls_marked_as_feedback_received: u64,
}

/// Everybody but avatars has a row, people who did nothing or left one of zeros; that nobody whom
/// the filter names is here is an error. Both are assumed.
pub(super) async fn aggregate(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    let Body { cursor, filter } = Body::<ActivityFilter>::read(&text_of(body)?)?;
    let days = days(&filter)?;
    let selection = Selection { user_ids: filter.user_ids.unwrap_or_default(), ..Selection::default() };
    tenant.check_ids("filter.userIds", selection.user_ids.len())?;
    let inputs = format!("activity {days:?} {selection:?}");
    let bookmark = page_token(cursor).map(|token| tenant.cursors.read(&inputs, &token)).transpose()?;
    let people = tenant.people();
    let people = strikes.company(&people);
    let (after, total_records, number) = match &bookmark {
        Some(Bookmark { after, total, page }) => (Some(after), *total, *page),
        None => (None, listing::count(&people, &selection), 0),
    };
    if total_records == 0 {
        return Err(Fault::NothingFound);
    }
    let page = listing::page(&people, &selection, after, tenant.page_size);
    let cursor = page.next.map(|after| {
        tenant.cursors.issue(&inputs, &Bookmark { after, total: total_records, page: number + 1 })
    });
    let ids: BTreeSet<_> = page.users.iter().map(|user| user.id.as_str()).collect();
    let teams = Teams::of(&people, &ids);
    let calendar = &tenant.calendar;
    Ok(answer(Activity {
        records: Records {
            total_records,
            current_page_size: page.users.len(),
            current_page_number: number,
            cursor,
        },
        users_aggregate_activity_stats: page
            .users
            .iter()
            .map(|user| OfUser {
                user_id: user.id.clone(),
                user_email_address: user.email_address.clone(),
                user_aggregate_activity_stats: counters(&tenant, &people, &teams, user, &days),
            })
            .collect(),
        time_zone: calendar.zone(),
        from_date_time: calendar.print(calendar.time_on(days.start, 0)),
        to_date_time: calendar.print(calendar.time_on(days.end, 0)),
    }))
}

fn days(filter: &ActivityFilter) -> Result<Range<Day>, Fault> {
    let day = |key: &str, text: &Option<String>| {
        let text = text.as_deref().ok_or_else(|| Fault::BadRequest(format!("filter.{key} is required")))?;
        // Longer texts are times, which a date would be read from as well.
        match text.parse::<Date>() {
            Ok(date) if text.len() == "2024-02-29".len() => Ok(Calendar::day_of_date(date)),
            _ => Err(Fault::BadRequest(format!("filter.{key} is not a date such as 2024-02-29"))),
        }
    };
    let days = day("fromDate", &filter.from_date)?..day("toDate", &filter.to_date)?;
    if days.is_empty() {
        return Err(Fault::BadRequest("filter.fromDate must be before filter.toDate".to_owned()));
    }
    Ok(days)
}

/// What this person did with their own calls and, as a manager, with those of their reports.
fn counters(
    tenant: &Tenant,
    people: &[SimUser],
    teams: &Teams<'_>,
    user: &SimUser,
    days: &Range<Day>,
) -> Counters {
    let tally = |user| Diary::of(user, tenant.seed, &tenant.calendar).tally(days);
    let own = tally(user);
    let received = if team::coach(people, user).is_some() { own } else { Tally::default() };
    let mut given = Tally::default();
    if user.active {
        for report in teams.reports(&user.id) {
            let theirs = tally(report);
            given.attended += theirs.attended;
            given.listened += theirs.listened;
            given.with_feedback += theirs.with_feedback;
            given.commented += theirs.commented;
            given.scored += theirs.scored;
        }
    }
    Counters {
        calls_as_host: own.held,
        calls_gave_feedback: given.with_feedback,
        calls_requested_feedback: own.asked_for_feedback,
        calls_received_feedback: received.with_feedback,
        own_calls_listened_to: own.heard_again,
        others_calls_listened_to: given.listened,
        calls_shared_internally: own.shared_inside,
        calls_shared_externally: own.shared_outside,
        calls_scorecards_filled: given.scored,
        calls_scorecards_received: received.scored,
        calls_attended: own.held + given.attended,
        calls_comments_given: given.commented,
        calls_comments_received: received.commented,
        calls_marked_as_feedback_given: given.with_feedback,
        calls_marked_as_feedback_received: received.with_feedback,
    }
}
