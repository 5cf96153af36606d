//! The helper of all connections: arguments to a window, a window to a page.

use std::sync::Arc;

use async_graphql::{Context, connection::PageInfo};

use super::cursor::{Cursor, Sequence};
use crate::{
    graphql::{
        error::Fault,
        request::{Allowance, derive},
    },
    org::{
        Derived, Direction, Order, OrderField, OrgGraph, OrgSnapshot, Page, Position, Scope, Take,
        UserFilter, UserIndex, UserView, Window,
    },
};

/// Users on a page when neither `first` nor `last` says how many.
const DEFAULT_PAGE: usize = 50;
/// The most users on a page.
pub(in crate::graphql) const MAX_PAGE: usize = 1_000;

/// `first`, `after`, `last` and `before` of a connection field.
#[derive(Default)]
pub(in crate::graphql) struct PageArguments {
    pub(in crate::graphql) first: Option<i64>,
    pub(in crate::graphql) after: Option<String>,
    pub(in crate::graphql) last: Option<i64>,
    pub(in crate::graphql) before: Option<String>,
}

/// What a connection may cost: every field of `selection` once for each user of the page.
pub(in crate::graphql) fn cost(first: Option<i64>, last: Option<i64>, selection: usize) -> usize {
    let asked = first.or(last).and_then(|n| usize::try_from(n).ok());
    many(asked.unwrap_or(DEFAULT_PAGE), selection)
}

/// What so many things may cost, a page at most, each with every field of `selection`.
pub(in crate::graphql) fn many(count: usize, selection: usize) -> usize {
    // The bound keeps a sum of costs from overflowing.
    count.min(MAX_PAGE).saturating_mul(selection).saturating_add(1).min(1 << 40)
}

/// How many are wanted at once, as the argument `name` says.
pub(in crate::graphql) fn size(name: &'static str, n: i64) -> Result<usize, Fault> {
    match usize::try_from(n) {
        Ok(n) if n <= MAX_PAGE => Ok(n),
        _ => Err(Fault::argument(name, format_args!("must be from 0 to {MAX_PAGE}, not {n}"))),
    }
}

impl PageArguments {
    pub(in crate::graphql) fn take(&self) -> Result<Take, Fault> {
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(Fault::argument("last", "can't be used together with first")),
            (Some(n), None) => Ok(Take::First(size("first", n)?)),
            (None, Some(n)) => Ok(Take::Last(size("last", n)?)),
            (None, None) if self.before.is_some() && self.after.is_none() => Ok(Take::Last(DEFAULT_PAGE)),
            (None, None) => Ok(Take::First(DEFAULT_PAGE)),
        }
    }

    /// The window of these arguments in a listing in this order.
    pub(in crate::graphql) fn window(&self, sequence: Sequence) -> Result<Window, Fault> {
        let position = |name, cursor: &Option<String>| -> Result<Option<Position>, Fault> {
            let Some(text) = cursor else { return Ok(None) };
            let cursor = Cursor::decode(text)
                .ok_or_else(|| Fault::argument(name, "is not a cursor of this service"))?;
            if cursor.sequence != sequence {
                return Err(Sequence::refusal(name));
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

/// The order of the places of a listing. Places in the tree are counted from where the listing begins, so
/// that these are of that listing alone.
pub(in crate::graphql) fn sequence(graph: &OrgGraph, scope: &Scope, order: Order) -> Sequence {
    let id = |&user: &UserIndex| graph.user(user).id();
    let Order::By(field, direction) = order else {
        return Sequence::named(&match scope {
            Scope::Reports { manager, .. } => format!("tree below {}", id(manager)),
            Scope::Heard { viewer, .. } => format!("tree heard by {}", id(viewer)),
            Scope::Hearers { user, .. } => format!("tree hearing {}", id(user)),
            Scope::Everyone | Scope::Orphans(_) | Scope::Roots | Scope::Among(_) | Scope::Nobody => {
                "tree".to_owned()
            }
        });
    };
    let field = match field {
        OrderField::Name => "name",
        OrderField::Email => "email",
        OrderField::Title => "title",
        OrderField::Created => "created",
        OrderField::Depth => "depth",
        OrderField::DirectReportCount => "direct reports",
        OrderField::TransitiveReportCount => "transitive reports",
    };
    match direction {
        Direction::Ascending => Sequence::named(field),
        Direction::Descending => Sequence::named(&format!("{field} downwards")),
    }
}

/// How many users of `scope` the filter admits.
pub(in crate::graphql) async fn count(
    ctx: &Context<'_>,
    graph: &OrgGraph,
    scope: &Scope,
    filter: &UserFilter,
) -> Result<usize, Fault> {
    if let Some(count) = graph.count_at_hand(scope, filter) {
        return Ok(count);
    }
    let allowance = Allowance::of(ctx)?;
    let count = || {
        let listing = graph.list_within(allowance.left(), scope, filter, Order::Tree);
        (listing.count(), listing.visits())
    };
    allowance.list(count).await
}

/// A page of a listing, and what is needed to count the whole of it when that is asked for.
pub(in crate::graphql) struct Slice {
    snapshot: Arc<OrgSnapshot>,
    scope: Scope,
    filter: UserFilter,
    page: Page,
    /// Where each user of the page stands.
    cursors: Vec<Cursor>,
    /// How many users there are in all, where that is known.
    total: Option<usize>,
}

impl Slice {
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        scope: Scope,
        filter: UserFilter,
        order: Order,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let sequence = sequence(&snapshot.graph, &scope, order);
        let window = arguments.window(sequence)?;
        if let (Order::By(field, direction), Scope::Everyone | Scope::Orphans(_) | Scope::Roots) =
            (order, &scope)
        {
            derive(&snapshot, Derived::Order(field, direction)).await?;
        }
        let allowance = Allowance::of(ctx)?;
        let page = || {
            let listing = snapshot.graph.list_within(allowance.left(), &scope, &filter, order);
            let page = listing.page(&window);
            let cursor = |&user: &UserIndex| Cursor::new(snapshot.version, sequence, listing.position(user));
            let cursors = page.users.iter().map(cursor).collect();
            ((page, cursors), listing.visits())
        };
        let (page, cursors) = allowance.list(page).await?;
        Ok(Self { snapshot, scope, filter, page, cursors, total: None })
    }

    /// A page of `total` users who are no listing.
    pub(super) fn of(snapshot: Arc<OrgSnapshot>, page: Page, cursors: Vec<Cursor>, total: usize) -> Self {
        let filter = UserFilter::default();
        Self { snapshot, scope: Scope::Nobody, filter, page, cursors, total: Some(total) }
    }

    pub(super) async fn count(&self, ctx: &Context<'_>) -> Result<usize, Fault> {
        match self.total {
            Some(total) => Ok(total),
            None => count(ctx, &self.snapshot.graph, &self.scope, &self.filter).await,
        }
    }

    pub(super) fn info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.cursors.first().map(Cursor::encode),
            end_cursor: self.cursors.last().map(Cursor::encode),
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
    pub(super) fn edges(&self) -> impl Iterator<Item = (UserIndex, String)> {
        self.page.users.iter().copied().zip(self.cursors.iter().map(Cursor::encode))
    }

    pub(super) fn node(&self, user: UserIndex) -> UserView {
        UserView::member(self.snapshot.clone(), user)
    }
}
