//! Other pages of the true company.

use super::{super::listing::Position, board::Strikes, kind::FaultKind};

impl Strikes {
    /// How many records this page has.
    pub(in super::super) fn page_size(&self, size: usize) -> usize {
        // A page of one can't be shorter.
        if size > 1 && self.strike_with(FaultKind::ShortPages) { size / 2 } else { size }
    }

    /// Where this page begins, given where it should.
    pub(in super::super) fn page_begins(&self, after: &mut Position, size: usize) {
        // With one record a page there would be no end.
        if size > 1 && after.rows > 0 && self.strike_with(FaultKind::DuplicateAcrossPages) {
            after.rows -= 1;
        }
    }

    /// Whether this page is empty, and those who should be on it come on the next one: the first page,
    /// unless the script says which.
    pub(in super::super) fn page_is_empty(&self) -> bool {
        let Some(call) = self.call() else { return false };
        self.faults().any(|fault| {
            fault.kind == FaultKind::EmptyPageWithCursor
                && (call.page == Some(1) || call.page.is_some() && fault.conditions.page.is_some())
                && fault.strikes()
        })
    }
}
