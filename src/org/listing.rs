//! Lists of users: a scope, a filter, an order, and a window that moves along it.

use std::{borrow::Cow, cell::Cell, cmp::Ordering, collections::BTreeSet, sync::Arc};

use super::{
    CallAccess, Direction, Order, OrgGraph, OrphanReason, SortKey, UserFilter, UserIndex,
    order::{KeyRef, compare},
};

/// Which users a listing is about, before the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole company.
    Everyone,
    /// The reports of `manager` who are at most `reach` steps below: 1 for the direct ones, all for
    /// `None`.
    #[expect(missing_docs, reason = "said above")]
    Reports { manager: UserIndex, reach: Option<u32> },
    /// The orphans with one of these reasons; all orphans for `None`.
    Orphans(Option<Vec<OrphanReason>>),
    /// Users whose `managerId` is empty.
    Roots,
    /// These users.
    Among(Arc<BTreeSet<UserIndex>>),
    /// Whom `viewer` may hear with this access, the viewer among them.
    #[expect(missing_docs, reason = "said above")]
    Heard { viewer: UserIndex, access: CallAccess },
    /// Who may hear `user` with this access, the user among them.
    #[expect(missing_docs, reason = "said above")]
    Hearers { user: UserIndex, access: CallAccess },
    /// The reports of somebody who isn't in this graph.
    Nobody,
}

/// Where a page begins or ends: what the user at the edge is sorted by, and the id. It keeps its
/// meaning when the company changes and even when that user is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Position {
    pub key: SortKey,
    pub id: super::UserId,
}

/// How many users of a window are wanted, and from which of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub enum Take {
    First(usize),
    Last(usize),
}

/// A part of a listing: after one position, before another, both left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Window {
    pub after: Option<Position>,
    pub before: Option<Position>,
    pub take: Take,
}

/// Users of a window, always in the order of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The users.
    pub users: Vec<UserIndex>,
    /// Whether the listing has users before them.
    pub has_previous: bool,
    /// Whether the listing has users after them.
    pub has_next: bool,
}

/// A listing over one graph.
pub struct Listing<'a> {
    graph: &'a OrgGraph,
    scope: &'a Scope,
    filter: &'a UserFilter,
    order: Order,
    /// Everybody of the scope and perhaps more, in order.
    users: Cow<'a, [UserIndex]>,
    /// What looking at a user costs.
    weight: usize,
    /// Users looked at so far.
    visits: Cell<usize>,
    /// Users whom it may look at.
    most: usize,
}

/// A sorted user costs about as much as so many that are looked at.
const VISITS_TO_SORT: usize = 8;

impl OrgGraph {
    /// The users of `scope` whom `filter` admits, in `order`.
    ///
    /// Costs nothing for the whole company in an order used before and for all reports in tree order;
    /// otherwise the scope is gathered and sorted.
    pub fn list<'a>(&'a self, scope: &'a Scope, filter: &'a UserFilter, order: Order) -> Listing<'a> {
        self.list_within(usize::MAX, scope, filter, order)
    }

    /// [`list`](Self::list) that looks at about `most` users and then holds nobody else: whoever sets the
    /// bound compares it with [`Listing::visits`] and, where that is more, throws the answer away.
    pub fn list_within<'a>(
        &'a self,
        most: usize,
        scope: &'a Scope,
        filter: &'a UserFilter,
        order: Order,
    ) -> Listing<'a> {
        let users = match (scope, order) {
            (Scope::Reports { manager, reach: Some(1) }, _) => Cow::Owned(self.direct_reports(*manager)),
            (Scope::Reports { manager, .. }, _) => Cow::Borrowed(&self.walk.order[self.walk.below(*manager)]),
            (Scope::Heard { viewer, access }, _) => {
                Cow::Borrowed(&self.walk.order[self.heard(*viewer, *access)])
            }
            (Scope::Hearers { user, access }, _) => Cow::Owned(self.hearers(*user, *access)),
            (Scope::Nobody, _) => Cow::Borrowed([].as_slice()),
            (_, Order::Tree) => Cow::Borrowed(self.walk.order.as_slice()),
            (_, Order::By(field, direction)) => Cow::Borrowed(self.sorted(field, direction)),
        };
        let gathered = if let Cow::Owned(users) = &users { users.len() } else { 0 };
        let (weight, visits) = (filter.weight(), Cell::new(gathered));
        let mut listing = Listing { graph: self, scope, filter, order, users, weight, visits, most };
        let part = matches!(scope, Scope::Reports { .. } | Scope::Heard { .. } | Scope::Hearers { .. });
        if let (true, Order::By(field, direction)) = (part, order) {
            let mut kept: Vec<_> = listing.iter().collect();
            self.sort(&mut kept, field, direction);
            listing.visits.update(|visits| visits + VISITS_TO_SORT * kept.len());
            listing.users = Cow::Owned(kept);
        }
        listing
    }
}

impl Listing<'_> {
    /// How many users the listing has. Constant time where no filter and no depth limit is set.
    pub fn count(&self) -> usize {
        if self.filter.is_every_person() {
            match *self.scope {
                Scope::Everyone => return self.graph.person_count() as usize,
                Scope::Reports { manager, reach: Some(1) } => {
                    return self.graph.direct_count(manager) as usize;
                }
                Scope::Reports { manager, reach: None } => {
                    return self.graph.transitive_count(manager) as usize;
                }
                Scope::Heard { viewer, access } => {
                    return self.graph.counts.persons(self.graph.heard(viewer, access)) as usize;
                }
                _ => {}
            }
        }
        self.iter().count()
    }

    /// All users of the listing.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = UserIndex> {
        self.users.iter().copied().filter(|&user| self.holds(user))
    }

    /// The users of `window`.
    pub fn page(&self, window: &Window) -> Page {
        let start = window.after.as_ref().map_or(0, |edge| self.edge(edge, Ordering::is_le));
        let end = window.before.as_ref().map_or(self.users.len(), |edge| self.edge(edge, Ordering::is_lt));
        let end = end.max(start);
        let held = |part: &[UserIndex]| part.iter().any(|&user| self.holds(user));
        let inside = self.users[start..end].iter().copied().filter(|&user| self.holds(user));

        let (users, more) = match window.take {
            Take::First(n) => some_of(inside, n),
            Take::Last(n) => {
                let (mut users, more) = some_of(inside.rev(), n);
                users.reverse();
                (users, more)
            }
        };
        let first = matches!(window.take, Take::First(_));
        Page {
            users,
            has_previous: (!first && more) || held(&self.users[..start]),
            has_next: (first && more) || held(&self.users[end..]),
        }
    }

    /// The position of `user` in this listing.
    pub fn position(&self, user: UserIndex) -> Position {
        Position { key: self.key(user).to_owned(), id: self.graph.user(user).id.clone() }
    }

    /// What the listing has cost so far, in users looked at; a filter with others inside counts for each.
    pub fn visits(&self) -> usize {
        self.visits.get()
    }

    fn holds(&self, user: UserIndex) -> bool {
        self.visits.update(|visits| visits + self.weight);
        if self.visits.get() > self.most {
            return false;
        }
        let graph = self.graph;
        let in_scope = match self.scope {
            Scope::Everyone => true,
            Scope::Among(users) => users.contains(&user),
            Scope::Nobody => false,
            Scope::Reports { manager, reach } => graph
                .distance(*manager, user)
                .is_some_and(|distance| reach.is_none_or(|reach| distance <= reach)),
            Scope::Orphans(reasons) => graph
                .orphan_reason(user)
                .is_some_and(|reason| reasons.as_ref().is_none_or(|wanted| wanted.contains(&reason))),
            Scope::Heard { viewer, access } => {
                graph.least_access(*viewer, user).is_some_and(|least| least <= *access)
            }
            Scope::Hearers { user: heard, access } => {
                graph.least_access(user, *heard).is_some_and(|least| least <= *access)
            }
            Scope::Roots => graph.user(user).manager_id.is_none(),
        };
        in_scope && self.filter.admits(graph, user)
    }

    /// How many of `users` stand before `edge`, or at it if `before` says so of `Equal`.
    fn edge(&self, edge: &Position, before: fn(Ordering) -> bool) -> usize {
        let found = self.graph.find(edge.id.as_str());
        let key = match (self.order, found) {
            // In the tree somebody still here is where they are now, whatever the place was.
            (Order::Tree, Some(user)) if self.holds(user) => self.key(user),
            // Where somebody was who is gone, the next one stands now: before that one, both ways.
            (Order::Tree, _) => {
                return self.users.partition_point(|&user| self.key(user) < edge.key.borrow());
            }
            _ => edge.key.borrow(),
        };
        self.users.partition_point(|&user| {
            let user = (self.key(user), &self.graph.user(user).id);
            before(compare(self.direction(), user, (key, &edge.id)))
        })
    }

    fn key(&self, user: UserIndex) -> KeyRef<'_> {
        match self.order {
            Order::By(field, _) => self.graph.key(field, user),
            Order::Tree => {
                let place = |user: UserIndex| self.graph.walk.enter[user.at()];
                KeyRef::Place(place(user) - self.users.first().map_or(0, |&first| place(first)))
            }
        }
    }

    fn direction(&self) -> Direction {
        match self.order {
            Order::Tree => Direction::Ascending,
            Order::By(_, direction) => direction,
        }
    }
}

/// The first `n` of `users`, and whether there is one more.
fn some_of(mut users: impl Iterator<Item = UserIndex>, n: usize) -> (Vec<UserIndex>, bool) {
    let some = users.by_ref().take(n).collect();
    (some, users.next().is_some())
}
