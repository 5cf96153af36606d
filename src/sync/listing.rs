//! Everybody whom Gong lists: page by page, or in windows that are read at once.

use std::{
    collections::HashSet,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::{
    Stream, StreamExt, TryStreamExt,
    future::{join_all, join3},
};

use super::{progress::Progress, windows::PAGE};
use crate::gong::{
    self, Avatars, CreatedWindow, Fetched, Found, Gong, GongError, Listed, RefusedRecord, Urgency,
};

/// What a listing brought.
#[derive(Default)]
pub(super) struct Listing {
    /// The records, in the order in which they were read.
    pub(super) records: Vec<Fetched<gong::User>>,
    pub(super) refused: Vec<RefusedRecord>,
    pub(super) pages: u32,
    /// The records that Gong announced.
    pub(super) announced: Option<u32>,
    /// How often a cursor was refused and its listing begun anew.
    pub(super) restarts: u32,
}

/// How to cut the listing: by what the scan before has seen.
pub(super) struct Cut {
    pub(super) windows: Vec<CreatedWindow>,
    /// People without a moment of creation, who are in no window.
    pub(super) undated: Vec<String>,
    /// How many records Gong announced then that no page held.
    pub(super) shortfall: u32,
}

/// Everybody, by one cursor.
pub(super) async fn plain(gong: &Gong, progress: Progress<'_>) -> Result<Listing, GongError> {
    read(gong.users(), progress, &Stop::default()).await
}

/// The same people, in parts that are read at once. The first page of the plain listing comes along: it
/// tells how many there are. If the parts hold fewer, the plain listing is read to its end instead.
pub(super) async fn in_parts(gong: &Gong, cut: &Cut, progress: Progress<'_>) -> Result<Listing, GongError> {
    let stop = Stop::default();
    let first = stop.on_error(read(gong.users().take(1), progress, &stop));
    let undated = stop.on_error(by_ids(gong, &cut.undated));
    let windows =
        cut.windows.iter().map(|&window| stop.on_error(read(gong.users_created(window), progress, &stop)));
    let (first, undated, windows) = join3(first, undated, join_all(windows)).await;

    let mut whole = first?;
    let announced = whole.announced;
    whole.extend(undated?);
    for window in windows {
        whole.extend(window?);
    }
    whole.announced = announced;
    let missing = announced.map_or(0, |announced| announced.saturating_sub(whole.ids_read()));
    if missing <= cut.shortfall {
        return Ok(whole);
    }
    tracing::warn!(
        missing,
        "the parts of the listing hold fewer people than Gong announced; it is read again in one"
    );
    progress.void(whole.pages, whole.pages);
    plain(gong, progress).await
}

/// Tells the other parts of a listing that one has failed. They end after their page instead of being cut
/// off: Gong would go on answering, and count it.
#[derive(Default)]
struct Stop(AtomicBool);

impl Stop {
    async fn on_error<T>(&self, part: impl Future<Output = Result<T, GongError>>) -> Result<T, GongError> {
        let result = part.await;
        if result.is_err() {
            self.0.store(true, Ordering::Relaxed);
        }
        result
    }

    fn is_asked_for(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

async fn read(
    pages: impl Stream<Item = Result<Listed<Fetched<gong::User>>, GongError>>,
    progress: Progress<'_>,
    stop: &Stop,
) -> Result<Listing, GongError> {
    let mut listing = Listing::default();
    let mut expected = 0;
    let mut pages = pin!(pages);
    while let Some(listed) = pages.try_next().await? {
        match listed {
            Listed::BeganAnew => {
                progress.void(listing.pages, expected);
                expected = 0;
                listing = Listing { restarts: listing.restarts + 1, ..Listing::default() };
            }
            Listed::Page(page) => {
                if listing.pages == 0 {
                    listing.announced = page.total.and_then(|total| total.try_into().ok());
                    let size = page.items.len() + page.refused.len();
                    expected = page.total.map_or(1, |total| pages_of(total, size));
                    progress.expect(expected);
                }
                let is_full = page.items.len() + page.refused.len() >= PAGE;
                listing.pages += 1;
                progress.page_read();
                listing.records.extend(page.items);
                listing.refused.extend(page.refused);
                if !page.has_records && is_full && listing.may_go_on() {
                    return Err(unsaid_end());
                }
            }
        }
        if stop.is_asked_for() {
            break;
        }
    }
    Ok(listing)
}

/// People of whom a listing by creation knows nothing.
async fn by_ids(gong: &Gong, ids: &[String]) -> Result<Listing, GongError> {
    let Found { users, refused } = gong.users_by_ids(ids, Avatars::LeaveOut, Urgency::Scan, None).await?;
    Ok(Listing { records: users, refused, ..Listing::default() })
}

impl Listing {
    fn extend(&mut self, part: Self) {
        self.records.extend(part.records);
        self.refused.extend(part.refused);
        self.pages += part.pages;
        self.restarts += part.restarts;
    }

    /// Whether there can be more, going by what Gong announced.
    fn may_go_on(&self) -> bool {
        self.announced.is_none_or(|announced| self.records.len() + self.refused.len() < announced as usize)
    }

    /// How many people were listed: a record without an id is somebody else's than all others.
    pub(super) fn ids_read(&self) -> u32 {
        let named = self.refused.iter().filter_map(|record| record.id.as_deref());
        let ids: HashSet<&str> =
            self.records.iter().map(|record| record.value.id.as_str()).chain(named).collect();
        let nameless = self.refused.iter().filter(|record| record.id.is_none()).count();
        (ids.len() + nameless) as u32
    }
}

/// A page that is full has a next one or says that it has none; one that has no room to say so proves nothing.
fn unsaid_end() -> GongError {
    let cause = "missing from a full page: there may be more".to_owned();
    GongError::Decode { path: "records".to_owned(), cause, request_id: None }
}

/// The pages that `total` records take, going by the first page's size.
fn pages_of(total: u64, page_size: usize) -> u32 {
    let pages = total.div_ceil(page_size.max(1) as u64).max(1);
    u32::try_from(pages).unwrap_or(u32::MAX)
}
