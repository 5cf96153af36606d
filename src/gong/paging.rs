//! Listings that come page by page, written once.

use std::collections::HashSet;

use futures_util::{Stream, stream};
use serde::Deserialize;

use super::{
    GongError, RefusedRecord,
    decode::{count_if_any, empty_as_none},
};

/// One page of a listing.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What is on it; may be nothing even though more pages follow.
    pub items: Vec<T>,
    /// Records on it that can't be read.
    pub refused: Vec<RefusedRecord>,
    /// How many items the listing has in all, as Gong counted on the first page. Gong may count a row
    /// that no page returns (*coded for*).
    pub total: Option<u64>,
    /// Whether `records` is there, which has the cursor. Without it this is the last page as far as anybody
    /// can tell (*coded for*).
    pub has_records: bool,
}

/// What a listing yields.
#[derive(Clone, Debug)]
pub enum Listed<T> {
    /// The next page.
    Page(Page<T>),
    /// Gong refused the cursor; the listing begins anew, and what came before is void.
    BeganAnew,
}

/// How often one listing may begin anew.
const MAX_RESTARTS: u32 = 3;
/// Ten million users: no company has that many, so it is a listing that never ends.
const MAX_PAGES: u32 = 100_000;

/// `records` of an answer; all of it may be missing (*coded for*).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Records {
    #[serde(deserialize_with = "count_if_any")]
    pub(super) total_records: Option<u64>,
    #[serde(deserialize_with = "empty_as_none")]
    pub(super) cursor: Option<String>,
}

struct Progress {
    cursor: Option<String>,
    given: HashSet<String>,
    page: u32,
    restarts: u32,
    ended: bool,
}

impl Progress {
    fn start(restarts: u32) -> Self {
        Self { cursor: None, given: HashSet::new(), page: 0, restarts, ended: false }
    }

    /// Moves on to the page that `next` names.
    fn advance(mut self, next: Option<String>) -> Result<Self, GongError> {
        self.page += 1;
        if self.page >= MAX_PAGES && next.is_some() {
            return Err(GongError::TooManyPages { limit: MAX_PAGES });
        }
        match &next {
            Some(cursor) if !self.given.insert(cursor.clone()) => {
                return Err(GongError::SameCursorTwice { page: self.page });
            }
            _ => {}
        }
        self.ended = next.is_none();
        self.cursor = next;
        Ok(self)
    }

    /// What a fault on a page with a cursor means. Gong answers 400 to a cursor that has expired or that
    /// it can't verify (*coded for*), in words that nobody promised: any 400 to a request that was fine
    /// without a cursor is taken as that. The same cursor is never sent again.
    fn restart(self, error: GongError) -> Result<Self, GongError> {
        match error {
            GongError::Rejected { status: 400, message, request_id } if self.cursor.is_some() => {
                let restarts = self.restarts + 1;
                if restarts > MAX_RESTARTS {
                    return Err(GongError::CursorRefused { restarts, message, request_id });
                }
                tracing::warn!(
                    page = self.page + 1,
                    gong_request_id = request_id,
                    "Gong refused a cursor; the listing begins anew"
                );
                Ok(Self::start(restarts))
            }
            other => Err(other),
        }
    }
}

/// The pages that `fetch` gives for each cursor, until there is no cursor: an empty page is not the end.
/// After an error the stream ends.
pub(super) fn pages<T, F, Fut>(fetch: F) -> impl Stream<Item = Result<Listed<T>, GongError>>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<(Page<T>, Option<String>), GongError>>,
{
    stream::try_unfold((Progress::start(0), fetch), async |(progress, mut fetch): (Progress, F)| {
        if progress.ended {
            return Ok(None);
        }
        let step = match fetch(progress.cursor.clone()).await {
            Ok((page, next)) => {
                let progress = progress.advance(next)?;
                (Listed::Page(page), (progress, fetch))
            }
            Err(error) => (Listed::BeganAnew, (progress.restart(error)?, fetch)),
        };
        Ok(Some(step))
    })
}
