//! `GET /v2/calls` and `POST /v2/calls/extensive`.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Bytes,
    extract::{
        Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    window::Window,
    wire::{Call, ExtensiveCall},
    workspaces::workspace_id,
};
use crate::simulator::{
    cursor::Bookmark,
    diary::{Diary, Held},
    envelope::{Fault, answer},
    listing::{self, Position},
    request::{Body, Records, page_token, query_of, text_of},
    tenant::Tenant,
    user::{SimUser, by_id},
};

const KEYS: [&str; 2] = ["fromDateTime", "toDateTime"];

/// What both endpoints filter by; `GET` has it in its query string, without the lists.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CallFilter {
    cursor: Option<String>,
    from_date_time: Option<String>,
    to_date_time: Option<String>,
    workspace_id: Option<String>,
    #[serde(skip_deserializing)]
    hosts: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExtensiveFilter {
    #[serde(flatten)]
    common: CallFilter,
    primary_user_ids: Option<BTreeSet<String>>,
    call_ids: Option<Value>,
}

/// Which calls are asked for. Two that print alike ask for the same, which cursors rely on.
#[derive(Debug)]
struct Wanted {
    window: Window,
    /// Only calls of these hosts; everybody's when there is none.
    hosts: Option<BTreeSet<String>>,
    in_workspace: bool,
}

/// A page of calls.
struct Page<'a> {
    records: Records,
    calls: Vec<Held<'a>>,
}

#[derive(Serialize)]
struct ManyCalls<C> {
    records: Records,
    calls: Vec<C>,
}

pub(super) async fn list(
    State(tenant): State<Arc<Tenant>>,
    query: Result<Query<CallFilter>, QueryRejection>,
) -> Result<Response, Fault> {
    let filter = query_of(query)?;
    let (token, wanted) = (filter.cursor.clone(), Wanted::read(filter, &tenant)?);
    let people = tenant.people();
    let Page { records, calls } = page(&tenant, &people, "calls", &wanted, token)?;
    let calls = calls.iter().map(|held| Call::of(held, &tenant)).collect();
    Ok(answer(ManyCalls { records, calls }))
}

pub(super) async fn extensive(
    State(tenant): State<Arc<Tenant>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    let body = text_of(body)?;
    let Body { cursor, filter } = Body::<ExtensiveFilter>::read(&body)?;
    if filter.call_ids.is_some_and(|ids| !ids.is_null()) {
        return Err(Fault::BadRequest("filter.callIds is not simulated: name a window".to_owned()));
    }
    tenant.check_ids("filter.primaryUserIds", filter.primary_user_ids.as_ref().map_or(0, BTreeSet::len))?;
    let hosts = filter.primary_user_ids.filter(|ids| !ids.is_empty());
    let wanted = Wanted::read(CallFilter { hosts, ..filter.common }, &tenant)?;
    let with_parties = wants_parties(&body);
    let people = tenant.people();
    let Page { records, calls } = page(&tenant, &people, "calls/extensive", &wanted, cursor)?;
    let calls = calls.iter().map(|held| ExtensiveCall::of(held, &tenant, &people, with_parties)).collect();
    Ok(answer(ManyCalls { records, calls }))
}

fn wants_parties(body: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.pointer("/contentSelector/exposedFields/parties") == Some(&Value::Bool(true))
}

impl Wanted {
    fn read(filter: CallFilter, tenant: &Tenant) -> Result<Self, Fault> {
        let window = Window::read(KEYS, filter.from_date_time.as_deref(), filter.to_date_time.as_deref())?
            .at_most(tenant.max_call_window_days)?;
        let in_workspace = filter.workspace_id.is_none_or(|id| id == workspace_id(tenant.seed));
        Ok(Self { window, hosts: filter.hosts, in_workspace })
    }

    /// The diaries of those whose calls are asked for, in listing order.
    fn diaries<'a>(&self, tenant: &Tenant, people: &'a [SimUser]) -> Vec<Diary<'a>> {
        let diary = |user| Diary::of(user, tenant.seed, &tenant.calendar);
        match &self.hosts {
            _ if !self.in_workspace => Vec::new(),
            Some(ids) => {
                let mut hosts: Vec<_> = ids.iter().filter_map(|id| listing::latest(people, id)).collect();
                hosts.sort_by(|one, other| by_id(&one.id, &other.id));
                hosts.into_iter().map(diary).filter(|diary| !diary.is_empty()).collect()
            }
            None => listing::everybody(people).map(diary).filter(|diary| !diary.is_empty()).collect(),
        }
    }
}

/// A page of the calls that are asked for, day by day. That there are none is an error.
fn page<'a>(
    tenant: &Tenant,
    people: &'a [SimUser],
    endpoint: &str,
    wanted: &Wanted,
    token: Option<String>,
) -> Result<Page<'a>, Fault> {
    let inputs = format!("{endpoint} {wanted:?}");
    let bookmark = page_token(token).map(|token| tenant.cursors.read(&inputs, &token)).transpose()?;
    let diaries = wanted.diaries(tenant, people);
    let (after, total_records, number) = match bookmark {
        Some(Bookmark { after, total, page }) => (Some(after), total, page),
        None => (None, count(tenant, wanted, &diaries), 0),
    };
    if total_records == 0 {
        return Err(Fault::NoCallsFound);
    }
    let mut calls = behind(tenant, wanted, &diaries, after.as_ref(), tenant.page_size + 1);
    let more = calls.len() > tenant.page_size;
    calls.truncate(tenant.page_size);
    let cursor = calls.last().filter(|_| more).map(|last| {
        tenant
            .cursors
            .issue(&inputs, &Bookmark { after: place(last), total: total_records, page: number + 1 })
    });
    let records =
        Records { total_records, current_page_size: calls.len(), current_page_number: number, cursor };
    Ok(Page { records, calls })
}

/// Whole days are counted at once; the two at the edges call by call.
fn count(tenant: &Tenant, wanted: &Wanted, diaries: &[Diary<'_>]) -> usize {
    let days = wanted.window.days(&tenant.calendar);
    let inner = days.start + 1..days.end - 1;
    let edges: BTreeSet<_> = [days.start, days.end - 1].into();
    let many = |diary: &Diary<'_>| {
        let at_edges = edges.iter().flat_map(|day| diary.on(*day));
        let at_edges = at_edges.filter(|held| wanted.window.contains(held.started(&tenant.calendar)));
        diary.tally(&inner).held as usize + at_edges.count()
    };
    diaries.iter().map(many).sum()
}

/// Up to `most` calls, from the beginning or from behind a place.
fn behind<'a>(
    tenant: &Tenant,
    wanted: &Wanted,
    diaries: &[Diary<'a>],
    after: Option<&Position>,
    most: usize,
) -> Vec<Held<'a>> {
    let mut days = wanted.window.days(&tenant.calendar);
    // Nobody's calls begin before, or end after, those of the first and the last of all.
    days.start = diaries.iter().map(|diary| diary.within(&days).start).min().unwrap_or(days.end);
    days.end = diaries.iter().map(|diary| diary.within(&days).end).max().unwrap_or(days.start);
    let (from_day, host) = after.and_then(day_and_host).unwrap_or((days.start, ""));
    let calls_of = |day: i64| {
        let first = if day == from_day {
            diaries.partition_point(|diary| by_id(&diary.host.id, host).is_lt())
        } else {
            0
        };
        diaries.iter().skip(first).flat_map(move |diary| diary.on(day))
    };
    let is_behind = |held: &Held<'_>| {
        held.day != from_day
            || held.host.id != host
            || after.is_none_or(|after| held.nth >= after.rows as u64)
    };
    (from_day.max(days.start)..days.end)
        .flat_map(calls_of)
        .filter(is_behind)
        .filter(|held| wanted.window.contains(held.started(&tenant.calendar)))
        .take(most)
        .collect()
}

/// The place behind a call: its day and host, and how many of the host's calls lie before.
fn place(held: &Held<'_>) -> Position {
    Position { id: format!("{} {}", held.day, held.host.id), rows: held.nth as usize + 1 }
}

fn day_and_host(place: &Position) -> Option<(i64, &str)> {
    let (day, host) = place.id.split_once(' ')?;
    Some((day.parse().ok()?, host))
}
