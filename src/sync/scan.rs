//! One full scan: everybody whom Gong lists, and those whom the listing doesn't hold but should.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use futures_util::future::join;
use jiff::Timestamp;

use super::{
    absentees,
    listing::{self, Cut, Listing},
    managers,
    progress::Progress,
    windows::windows,
};
use crate::{
    directory::{People, person},
    gong::{Gong, GongError, MAX_IDS_PER_CALL, RefusedRecord},
    org::{OrgSnapshot, SnapshotChecks, User, UserKind},
};

/// What a scan brought.
pub(super) struct Scan {
    pub(super) users: Vec<User>,
    pub(super) checks: SnapshotChecks,
}

/// Reads the whole company. `last` is what the scan before has seen, if there was one; `started` is when
/// this one began.
pub(super) async fn scan(
    gong: &Gong,
    people: &People,
    last: Option<&OrgSnapshot>,
    started: Timestamp,
    progress: Progress<'_>,
) -> Result<Scan, Arc<GongError>> {
    let most_at_once = gong.limiter().limits().max_in_flight as usize;
    let listing = async {
        match last.and_then(|last| cut(last, most_at_once)) {
            Some(cut) => listing::in_parts(gong, &cut, progress).await,
            None => listing::plain(gong, progress).await,
        }
    };
    // Most managers beyond the listing are the same as the last time: they needn't be waited for at its end.
    let (listing, ()) = join(listing, managers::ask_ahead(last, people, started)).await;
    let listing = listing?;
    progress.all_read();
    let ids_read = listing.ids_read();
    let Listing { mut users, refused, pages, announced, restarts } = listing;
    // Where an id comes twice the later record counts, and parts were read side by side.
    users.sort_by_key(|user| user.fetched_at());
    let mut checks = SnapshotChecks {
        pages_read: pages,
        records_read: (users.len() + refused.len()) as u32,
        ids_read,
        records_announced: announced,
        listing_restarts: restarts,
        ..SnapshotChecks::default()
    };
    let mut unreadable = refused.clone();
    let (kept, salvaged) = instead_of(refused, last, &users);
    checks.records_kept = kept.len() as u32;
    users.extend(kept);
    users.extend(salvaged);

    if let Some(last) = last {
        let listed: HashSet<&str> = users.iter().map(|user| user.id()).collect();
        let present = absentees::find_present(gong, last, &listed).await?;
        checks.absentees_asked_for = present.asked_for;
        checks.absentees_found = present.users.len() as u32;
        checks.records_kept += present.kept;
        unreadable.extend(present.refused);
        users.extend(present.users);
    }

    checks.records_refused = unreadable.len() as u32;
    progress.refused(&unreadable);

    let found = managers::find_missing(&users, last, people, started).await?;
    checks.managers_asked_for = found.asked_for;
    checks.managers_found = found.users.len() as u32;
    users.extend(found.users);
    Ok(Scan { users, checks })
}

/// How to cut the listing, if that is any use: not for few pages, and not for a company of which much is
/// in no window.
fn cut(last: &OrgSnapshot, lanes: usize) -> Option<Cut<'_>> {
    let persons = last.graph.users().iter().filter(|user| user.kind() == UserKind::Person);
    let (dated, undated): (Vec<_>, Vec<_>) = persons.partition(|user| user.created().is_some());
    let windows = windows(dated.iter().filter_map(|user| user.created()).collect(), lanes);
    let checks = &last.checks;
    let shortfall = checks.records_announced.map_or(0, |total| total.saturating_sub(checks.ids_read));
    let undated: Vec<_> = undated.iter().map(|user| user.id().to_owned()).collect();
    (windows.len() > 1 && undated.len() <= MAX_IDS_PER_CALL).then_some(Cut {
        last,
        windows,
        lanes,
        undated,
        shortfall,
    })
}

/// Who stands in for records that can't be read: the last good record of each id, or else what is left of
/// the record. Nobody for an id that has a good record as well.
fn instead_of(
    refused: Vec<RefusedRecord>,
    last: Option<&OrgSnapshot>,
    users: &[User],
) -> (Vec<User>, Vec<User>) {
    if refused.is_empty() {
        return Default::default();
    }
    let read: HashSet<&str> = users.iter().map(|user| user.id()).collect();
    let (mut kept, mut salvaged) = (HashMap::new(), HashMap::new());
    for record in refused {
        let Some(id) = record.id.filter(|id| !read.contains(id.as_str())) else { continue };
        let last_good = last.and_then(|last| last.graph.find(&id).map(|user| last.graph.user(user).clone()));
        match (last_good, record.salvaged) {
            (Some(last_good), _) => _ = kept.insert(id, last_good),
            (None, Some(rest)) => _ = salvaged.insert(id, person(*rest)),
            (None, None) => {}
        }
    }
    (kept.into_values().collect(), salvaged.into_values().collect())
}
