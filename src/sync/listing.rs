//! Everybody whom Gong lists: page by page, or in windows that are read at once.

use std::{
    collections::HashSet,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt, future::join3, stream};

use super::{progress::Progress, windows::PAGE};
use crate::{
    directory::person,
    gong::{Avatars, CreatedWindow, Found, Gong, GongError, Listed, RefusedRecord, Urgency},
    org::{OrgSnapshot, User, UserKind},
};

/// What a listing brought.
#[derive(Default)]
pub(super) struct Listing {
    /// Whom the records describe, in the order in which they were read. A record is larger than what becomes of it,
    /// and goes with its page.
    pub(super) users: Vec<User>,
    pub(super) refused: Vec<RefusedRecord>,
    pub(super) pages: u32,
    /// The records that Gong announced.
    pub(super) announced: Option<u32>,
    /// How often a cursor was refused and its listing begun anew.
    pub(super) restarts: u32,
}

/// How to cut the listing: by what the scan before has seen.
pub(super) struct Cut<'a> {
    pub(super) last: &'a OrgSnapshot,
    pub(super) windows: Vec<CreatedWindow>,
    /// How many of them are read at once.
    pub(super) lanes: usize,
    /// People without a moment of creation, who are in no window.
    pub(super) undated: Vec<String>,
    /// How many records Gong announced then that no page held.
    pub(super) shortfall: u32,
}

/// Everybody, by one cursor.
pub(super) async fn plain(gong: &Gong, progress: Progress<'_>) -> Result<Listing, GongError> {
    read(gong.users(person), Extent::Whole, progress, &Stop::default()).await
}

/// The same people, in parts that are read at once. Where that doesn't work out, the plain listing is read
/// instead: if Gong doesn't take the windows, or if they hold fewer people than it announces.
pub(super) async fn in_parts(
    gong: &Gong,
    cut: &Cut<'_>,
    progress: Progress<'_>,
) -> Result<Listing, GongError> {
    let why = match parts(gong, cut, progress).await {
        Ok(whole) => match missing(&whole, cut) {
            0 => return Ok(whole),
            missing => format!("they hold {missing} people fewer than Gong announced"),
        },
        Err(error) if error.is_an_answer() => error.to_string(),
        Err(error) => return Err(error),
    };
    tracing::warn!(why, "the parts of the listing don't do; it is read in one");
    progress.begin_anew();
    plain(gong, progress).await
}

async fn parts(gong: &Gong, cut: &Cut<'_>, progress: Progress<'_>) -> Result<Listing, GongError> {
    let stop = Stop::default();
    let total = stop.on_error(first_page(gong, progress));
    let undated = stop.on_error(by_ids(gong, &cut.undated));
    let windows: Vec<_> = cut
        .windows
        .iter()
        .map(|&window| {
            let pages = gong.users_created(window, person);
            stop.on_error(read(pages, Extent::Part, progress, &stop)).boxed()
        })
        .collect();
    let windows = stream::iter(windows).buffer_unordered(cut.lanes).collect::<Vec<_>>();
    let (total, undated, windows) = join3(total, undated, windows).await;

    let mut whole = Listing::default();
    let mut failures = Vec::new();
    for part in windows.into_iter().chain([undated]) {
        part.map_or_else(|error| failures.push(error), |part| whole.extend(part));
    }
    let total = total.unwrap_or_else(|error| {
        failures.push(error);
        Listing::default()
    });
    if let Some(cause) = cause_among(failures) {
        return Err(cause);
    }
    // Its people are in the windows too; whoever isn't came in the meantime, or has no moment of creation.
    let Listing { users, announced, pages, .. } = total;
    let listed = whole.ids();
    let others: Vec<_> = users.into_iter().filter(|user| !listed.contains(user.id())).collect();
    whole.users.extend(others);
    whole.pages += pages;
    Ok(Listing { announced, ..whole })
}

/// What to tell of several parts that failed: not that one wasn't read because of another.
fn cause_among(mut failures: Vec<GongError>) -> Option<GongError> {
    let cause = failures.iter().position(|error| !matches!(error, GongError::NotAsked(_))).unwrap_or(0);
    (!failures.is_empty()).then(|| failures.swap_remove(cause))
}

/// How many people Gong announces beyond those who were listed and those who were there the last time, and
/// will be asked for by id: people whom no window holds.
fn missing(whole: &Listing, cut: &Cut<'_>) -> u32 {
    let Some(announced) = whole.announced else { return 0 };
    let listed = whole.ids();
    let persons = cut.last.graph.users().iter().filter(|user| user.kind() == UserKind::Person);
    let absent = persons.filter(|user| !listed.contains(user.id())).count() as u32;
    announced.saturating_sub(whole.ids_read()).saturating_sub(cut.shortfall).saturating_sub(absent)
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

/// How much of the company a listing is to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

async fn read(
    pages: impl Stream<Item = Result<Listed<User>, GongError>>,
    extent: Extent,
    progress: Progress<'_>,
    stop: &Stop,
) -> Result<Listing, GongError> {
    let mut listing = Listing::default();
    let mut pages = pin!(pages);
    while let Some(listed) = pages.try_next().await? {
        match listed {
            Listed::BeganAnew => {
                progress.void(listing.pages);
                listing = Listing { restarts: listing.restarts + 1, ..Listing::default() };
            }
            Listed::Page(page) => {
                if listing.pages == 0 {
                    listing.announced = page.total.and_then(|total| total.try_into().ok());
                    let size = page.items.len() + page.refused.len();
                    if extent == Extent::Whole {
                        progress.expect(page.total.map_or(1, |total| pages_of(total, size)));
                    }
                }
                let is_full = page.items.len() + page.refused.len() >= PAGE;
                listing.pages += 1;
                progress.page_read();
                listing.users.extend(page.items);
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

/// The first page of the plain listing: it tells how many people there are.
async fn first_page(gong: &Gong, progress: Progress<'_>) -> Result<Listing, GongError> {
    let mut pages = pin!(gong.users(person));
    let mut listing = Listing::default();
    if let Some(Listed::Page(page)) = pages.try_next().await? {
        listing.announced = page.total.and_then(|total| total.try_into().ok());
        let size = page.items.len() + page.refused.len();
        progress.expect(1 + page.total.map_or(1, |total| pages_of(total, size)));
        listing.pages = 1;
        listing.users.extend(page.items);
        progress.page_read();
    }
    Ok(listing)
}

/// People of whom a listing by creation knows nothing.
async fn by_ids(gong: &Gong, ids: &[String]) -> Result<Listing, GongError> {
    let Found { users, refused } = gong.users_by_ids(ids, Avatars::LeaveOut, Urgency::Scan, None).await?;
    Ok(Listing { users: users.into_iter().map(person).collect(), refused, ..Listing::default() })
}

impl Listing {
    fn extend(&mut self, part: Self) {
        self.users.extend(part.users);
        self.refused.extend(part.refused);
        self.pages += part.pages;
        self.restarts += part.restarts;
    }

    fn ids(&self) -> HashSet<&str> {
        let named = self.refused.iter().filter_map(|record| record.id.as_deref());
        self.users.iter().map(|user| user.id()).chain(named).collect()
    }

    /// Whether there can be more, going by what Gong announced.
    fn may_go_on(&self) -> bool {
        self.announced.is_none_or(|announced| self.users.len() + self.refused.len() < announced as usize)
    }

    /// How many people were listed: a record without an id is somebody else's than all others.
    pub(super) fn ids_read(&self) -> u32 {
        let nameless = self.refused.iter().filter(|record| record.id.is_none()).count();
        (self.ids().len() + nameless) as u32
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
