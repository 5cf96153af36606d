//! Finding the calls that a request asks for, a page at a time.

use std::collections::BTreeSet;

use super::window::Window;
use crate::simulator::{
    cursor::Bookmark,
    diary::{Diary, Held},
    envelope::Fault,
    listing::{self, Position},
    request::{Records, page_token},
    tenant::Tenant,
    user::{SimUser, by_id},
};

/// Which calls are asked for. Two that print alike ask for the same, which cursors rely on.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) window: Window,
    /// Only calls of these hosts; everybody's when there is none.
    pub(super) hosts: Option<BTreeSet<String>>,
    pub(super) in_workspace: bool,
}

/// A page of calls.
pub(super) struct Page<'a> {
    pub(super) records: Records,
    pub(super) calls: Vec<Held<'a>>,
}

/// A page of the calls that are asked for, day by day. That there are none is an error.
pub(super) fn page<'a>(
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

impl Wanted {
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
