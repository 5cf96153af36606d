//! How far a scan has come, told as it goes.

use jiff::Timestamp;

use crate::{
    directory::{RefusedRecord, SyncState, Writer},
    gong,
    org::UserId,
};

/// Tells the directory of a scan's pages.
#[derive(Clone, Copy)]
pub(super) struct Progress<'a>(&'a Writer);

/// Refused records that are told one by one.
const MOST_TOLD: usize = 100;

impl<'a> Progress<'a> {
    /// A scan begins.
    pub(super) fn begin(writer: &'a Writer, began_at: Timestamp) -> Self {
        writer.scanning(true);
        writer.report(|status| {
            status.state = SyncState::Syncing;
            status.last_attempt_at = Some(began_at);
            status.next_run_at = None;
            status.pages_read = 0;
            status.pages_expected = None;
            status.records_refused = 0;
            status.refused_records.clear();
        });
        Self(writer)
    }

    /// So many pages there are, as far as can be said.
    pub(super) fn expect(self, pages: u32) {
        self.0.report(|status| status.pages_expected = Some(pages));
    }

    /// There are no more pages than were read.
    pub(super) fn all_read(self) {
        self.0.report(|status| status.pages_expected = Some(status.pages_read));
    }

    /// All pages count for nothing: the listing is read in another way.
    pub(super) fn begin_anew(self) {
        self.0.report(|status| {
            status.pages_read = 0;
            status.pages_expected = None;
        });
    }

    /// A page is read.
    pub(super) fn page_read(self) {
        self.0.report(|status| status.pages_read += 1);
    }

    /// These records of the listing can't be read.
    pub(super) fn refused(self, refused: &[gong::RefusedRecord]) {
        self.0.report(|status| {
            status.records_refused = refused.len() as u32;
            status.refused_records = refused.iter().take(MOST_TOLD).map(told).collect();
        });
    }

    /// So many pages count for nothing: their listing begins anew.
    pub(super) fn void(self, read: u32) {
        self.0.report(|status| status.pages_read = status.pages_read.saturating_sub(read));
    }
}

fn told(record: &gong::RefusedRecord) -> RefusedRecord {
    tracing::warn!(
        user_id = record.id,
        path = record.path,
        cause = record.cause,
        "a record can't be read; the last good one is kept"
    );
    RefusedRecord {
        user_id: record.id.as_deref().map(UserId::new),
        path: record.path.clone(),
        cause: record.cause.clone(),
    }
}
