//! The helper of all connections: arguments to a window, a window to a page.

use std::sync::Arc;

use async_graphql::connection::PageInfo;

use super::cursor::Cursor;
use crate::{
    graphql::error::Fault,
    org::{
        Listing, Order, OrgSnapshot, Page, Position, Scope, Take, UserFilter, UserIndex, UserView, Window,
    },
};

/// Users on a page when neither `first` nor `last` says how many.
const DEFAULT_PAGE: usize = 50;
/// The most users on a page.
const MAX_PAGE: usize = 1_000;

/// `first`, `after`, `last` and `before` of a connection field.
pub(in crate::graphql) struct PageArguments {
    pub(in crate::graphql) first: Option<i32>,
    pub(in crate::graphql) after: Option<String>,
    pub(in crate::graphql) last: Option<i32>,
    pub(in crate::graphql) before: Option<String>,
}

/// What a connection may cost: every field of `selection` once for each user of the page.
pub(in crate::graphql) fn cost(first: Option<i32>, last: Option<i32>, selection: usize) -> usize {
    let asked = first.or(last).and_then(|n| usize::try_from(n).ok());
    // The bound keeps a sum of costs from overflowing.
    (1 + asked.unwrap_or(DEFAULT_PAGE).min(MAX_PAGE).saturating_mul(selection)).min(1 << 40)
}

impl PageArguments {
    fn take(&self) -> Result<Take, Fault> {
        let size = |name, n: i32| match usize::try_from(n) {
            Ok(n) if n <= MAX_PAGE => Ok(n),
            _ => Err(Fault::argument(name, format_args!("must be from 0 to {MAX_PAGE}, not {n}"))),
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(Fault::argument("last", "can't be used together with first")),
            (Some(n), None) => Ok(Take::First(size("first", n)?)),
            (None, Some(n)) => Ok(Take::Last(size("last", n)?)),
            (None, None) if self.before.is_some() && self.after.is_none() => Ok(Take::Last(DEFAULT_PAGE)),
            (None, None) => Ok(Take::First(DEFAULT_PAGE)),
        }
    }

    fn window(&self, listing: &Listing<'_>) -> Result<Window, Fault> {
        let position = |name, cursor: &Option<String>| -> Result<Option<Position>, Fault> {
            let Some(text) = cursor else { return Ok(None) };
            let cursor = Cursor::decode(text)
                .ok_or_else(|| Fault::argument(name, "is not a cursor of this service"))?;
            if !listing.accepts(&cursor.position.key) {
                return Err(Fault::argument(name, "is a cursor of a listing in another order"));
            }
            Ok(Some(cursor.position))
        };
        Ok(Window {
            take: self.take()?,
            after: position("after", &self.after)?,
            before: position("before", &self.before)?,
        })
    }
}

/// A page of a listing, and what is needed to count the whole of it when that is asked for.
pub(in crate::graphql) struct Slice {
    snapshot: Arc<OrgSnapshot>,
    scope: Scope,
    filter: UserFilter,
    order: Order,
    page: Page,
}

impl Slice {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        scope: Scope,
        filter: UserFilter,
        order: Order,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let listing = snapshot.graph.list(&scope, &filter, order);
        let page = listing.page(&arguments.window(&listing)?);
        Ok(Self { snapshot, scope, filter, order, page })
    }

    pub(super) fn count(&self) -> usize {
        self.listing().count()
    }

    pub(super) fn info(&self) -> PageInfo {
        let listing = self.listing();
        let cursor = |&user: &UserIndex| self.cursor(&listing, user);
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.users.first().map(cursor),
            end_cursor: self.page.users.last().map(cursor),
        }
    }

    pub(super) fn snapshot(&self) -> &OrgSnapshot {
        &self.snapshot
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = UserView> {
        self.page.users.iter().map(|&user| UserView::member(self.snapshot.clone(), user))
    }

    /// Each user of the page with the cursor of its edge.
    pub(super) fn edges(&self) -> Vec<(UserIndex, String)> {
        let listing = self.listing();
        self.page.users.iter().map(|&user| (user, self.cursor(&listing, user))).collect()
    }

    pub(super) fn node(&self, user: UserIndex) -> UserView {
        UserView::member(self.snapshot.clone(), user)
    }

    fn cursor(&self, listing: &Listing<'_>, user: UserIndex) -> String {
        Cursor { version: self.snapshot.version, position: listing.position(user) }.encode()
    }

    fn listing(&self) -> Listing<'_> {
        self.snapshot.graph.list(&self.scope, &self.filter, self.order)
    }
}
