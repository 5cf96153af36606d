//! Pages of users, of reports and of orphans.

use std::cell::OnceCell;

use super::{
    Planned, Unplanned,
    arguments::Arguments,
    collect::Selection,
    json::Json,
    run::World,
    steps::{Connection, Edge, PageInfo},
    users::word,
};
use crate::{
    graphql::{
        connection::{Cursor, Sequence, sequence},
        find, model,
    },
    org::{Derived, Listing, Order, Page, Scope, UserFilter, UserIndex, Window},
};

/// Of a user some six lines of memory are read, and a processor's first cache has 512 or more.
const FETCHED_AT_ONCE: usize = 32;

/// A page that has been read, and where its users stand in the listing.
struct Read<'a> {
    scope: &'a Scope,
    order: Order,
    listing: Listing<'a>,
    page: Page,
    sequence: OnceCell<Sequence>,
}

impl World<'_> {
    /// Writes a page of the reports of `manager`.
    pub(super) fn reports(
        &self,
        manager: UserIndex,
        given: &Arguments,
        selection: &Selection<Connection>,
        out: &mut Json,
    ) -> Planned<()> {
        let reach = find::reach(given.transitive, given.max_depth)?;
        let order = given.order.unwrap_or(Order::Tree);
        let scope = Scope::Reports { manager, reach };
        self.connection(&scope, given.filter.as_deref(), order, given, selection, out)
    }

    /// Writes a page of those of `scope` whom `filter` admits.
    pub(super) fn connection(
        &self,
        scope: &Scope,
        filter: Option<&UserFilter>,
        order: Order,
        given: &Arguments,
        selection: &Selection<Connection>,
        out: &mut Json,
    ) -> Planned<()> {
        let filter = filter.unwrap_or(UserFilter::every_person());
        if let (Order::By(field, direction), Scope::Everyone | Scope::Orphans(_) | Scope::Roots) =
            (order, scope)
            && !self.graph().has(Derived::Order(field, direction))
        {
            // That is long work, for a thread of its own.
            self.missing.set(Some(Derived::Order(field, direction)));
            return Err(Unplanned);
        }
        let sequence = OnceCell::new();
        let window = match (&given.page.after, &given.page.before) {
            (None, None) => Window { take: given.page.take()?, after: None, before: None },
            _ => given.page.window(*sequence.get_or_init(|| self::sequence(self.graph(), scope, order)))?,
        };
        let listing = self.graph().list_within(self.allowance.left(), scope, filter, order);
        let page = listing.page(&window);
        self.allowance.pay(listing.visits())?;
        let read = Read { scope, order, listing, page, sequence };
        self.object(selection, out, |step, out| match step {
            Connection::TotalCount => self.count(scope, filter).map(|count| out.number(count as u64)),
            Connection::PageInfo(selection) => self.object(selection, out, |step, out| {
                self.page_info(&read, step, out);
                Ok(())
            }),
            Connection::Nodes(selection) => {
                out.list(self.fetched(&read.page.users), |out, user| self.user(user, selection, out))
            }
            Connection::Edges(selection) => out.list(self.fetched(&read.page.users), |out, user| {
                self.object(selection, out, |step, out| self.edge(&read, user, step, out))
            }),
        })
    }

    /// These users, some fetched at a time: as many as the processor's first cache has room for.
    fn fetched(&self, users: &[UserIndex]) -> impl Iterator<Item = UserIndex> {
        users.chunks(FETCHED_AT_ONCE).flat_map(|some| {
            self.graph().fetch(some);
            some.iter().copied()
        })
    }

    /// How many users of `scope` the filter admits.
    pub(super) fn count(&self, scope: &Scope, filter: &UserFilter) -> Planned<usize> {
        if let Some(count) = self.graph().count_at_hand(scope, filter) {
            return Ok(count);
        }
        let listing = self.graph().list_within(self.allowance.left(), scope, filter, Order::Tree);
        let count = listing.count();
        self.allowance.pay(listing.visits())?;
        Ok(count)
    }

    fn page_info(&self, read: &Read<'_>, step: &PageInfo, out: &mut Json) {
        let mut cursor = |user: Option<&UserIndex>| {
            let cursor = user.map(|&user| self.cursor(read, user));
            out.text_or_null(cursor.as_deref());
        };
        match step {
            PageInfo::StartCursor => cursor(read.page.users.first()),
            PageInfo::EndCursor => cursor(read.page.users.last()),
            PageInfo::HasPreviousPage => out.bool(read.page.has_previous),
            PageInfo::HasNextPage => out.bool(read.page.has_next),
        }
    }

    fn edge(&self, read: &Read<'_>, user: UserIndex, step: &Edge, out: &mut Json) -> Planned<()> {
        match (step, read.scope) {
            (Edge::Cursor, _) => out.word(&self.cursor(read, user)),
            (Edge::Node(selection), _) => return self.user(user, selection, out),
            (Edge::Distance, Scope::Reports { manager, .. }) => {
                out.number(self.graph().distance(*manager, user).unwrap_or_default().into());
            }
            (Edge::Reason, _) => {
                let reason = self.graph().orphan_reason(user).ok_or(Unplanned)?;
                out.word(word(model::OrphanReason::from(reason)));
            }
            (Edge::Distance, _) => return Err(Unplanned),
        }
        Ok(())
    }

    fn cursor(&self, read: &Read<'_>, user: UserIndex) -> String {
        let sequence = *read.sequence.get_or_init(|| sequence(self.graph(), read.scope, read.order));
        Cursor::new(self.snapshot.version, sequence, read.listing.position(user)).encode()
    }
}
