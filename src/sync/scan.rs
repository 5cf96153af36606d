//! One full scan: everybody whom Gong lists, and the managers whom it doesn't.

use std::{pin::pin, sync::Arc};

use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::managers;
use crate::{
    directory::{People, person},
    gong::{Gong, GongError, Listed},
    org::{SnapshotChecks, User},
};

/// What a scan brought.
pub(super) struct Scan {
    pub(super) users: Vec<User>,
    pub(super) checks: SnapshotChecks,
}

/// How far a scan has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) pages_read: u32,
    pub(super) pages_expected: Option<u32>,
}

/// Reads the whole company. `started` is when the scan began; `progress` is told of every page.
pub(super) async fn scan(
    gong: &Gong,
    people: &People,
    started: Timestamp,
    mut progress: impl FnMut(Progress),
) -> Result<Scan, Arc<GongError>> {
    let mut users = Vec::new();
    let mut checks = SnapshotChecks::default();
    let mut pages_expected = None;
    let mut listing = pin!(gong.users());
    while let Some(listed) = listing.try_next().await? {
        match listed {
            Listed::BeganAnew => {
                users.clear();
                let listing_restarts = checks.listing_restarts + 1;
                checks = SnapshotChecks { listing_restarts, ..SnapshotChecks::default() };
                pages_expected = None;
            }
            Listed::Page(page) => {
                if checks.pages_read == 0 {
                    checks.records_announced = page.total.and_then(|total| total.try_into().ok());
                    pages_expected = page.total.map(|total| pages(total, page.items.len()));
                }
                checks.pages_read += 1;
                users.extend(page.items.into_iter().map(person));
            }
        }
        progress(Progress { pages_read: checks.pages_read, pages_expected });
    }
    checks.records_read = u32::try_from(users.len()).unwrap_or(u32::MAX);

    let found = managers::find_missing(&users, people, started).await?;
    checks.managers_asked_for = found.asked_for;
    checks.managers_found = u32::try_from(found.users.len()).unwrap_or(u32::MAX);
    users.extend(found.users);
    Ok(Scan { users, checks })
}

/// The pages that `total` records take, going by the first page's size.
fn pages(total: u64, page_size: usize) -> u32 {
    let pages = total.div_ceil(page_size.max(1) as u64).max(1);
    u32::try_from(pages).unwrap_or(u32::MAX)
}
