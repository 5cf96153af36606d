//! Lists of users: a scope, a filter, an order, and a window that moves along it.

mod scope;

use std::{borrow::Cow, cell::Cell, cmp::Ordering};

use super::{
    Derived, Direction, Order, OrderField, OrgGraph, SortKey, UserFilter, UserIndex, UserKind,
    filter::Sieve,
    order::{KeyRef, compare},
};

pub use scope::Scope;

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
    sieve: Sieve<'a>,
    order: Order,
    /// Everybody of the listing and perhaps more, in order.
    users: Cow<'a, [UserIndex]>,
    /// The place in the walk from which places in the tree are counted: that of the first of the scope.
    first_place: u32,
    /// Who of these users is of the listing.
    members: Members,
    /// What looking at a user costs.
    weight: usize,
    /// Users looked at so far.
    visits: Cell<usize>,
    /// Users whom it may look at.
    most: usize,
}

/// Who of some users is of a listing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Members {
    /// Each of them: none has to be looked at.
    All,
    /// Each who is a person.
    Persons,
    /// Whoever is in the scope and passes the filter.
    Sifted,
}

/// A sorted user costs about as much as so many that are looked at.
const VISITS_TO_SORT: usize = 8;

impl OrgGraph {
    /// The users of `scope` whom `filter` admits, in `order`.
    ///
    /// Looks at the scope alone, or at those alone whom the filter names, whoever are fewer; in another order
    /// than the tree's these are sorted, or where they are many, and everybody is in that order already,
    /// picked out of everybody.
    pub fn list<'a>(&'a self, scope: &'a Scope, filter: &'a UserFilter, order: Order) -> Listing<'a> {
        self.list_within(usize::MAX, scope, filter, order)
    }

    /// How many users of `scope` `filter` admits, where nobody has to be looked at for that.
    pub fn count_at_hand(&self, scope: &Scope, filter: &UserFilter) -> Option<usize> {
        scope.count(self, filter)
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
        let of_scope = scope.users(self);
        let first_place = if scope.is_part() { of_scope.first().copied() } else { None };
        let first_place = first_place.map_or(0, |first| self.walk.places[first.at()].enter);
        let sieve = filter.over(self);
        let few = sieve.few(of_scope.len());
        let by_name = if few.is_none() && order == Order::NAME { scope.by_name(self) } else { None };
        let users = few.unwrap_or(of_scope);
        let gathered = if let Cow::Owned(users) = &users { users.len() } else { 0 };
        let mut listing = Listing {
            graph: self,
            scope,
            filter,
            sieve,
            order,
            users,
            first_place,
            members: Members::Sifted,
            weight: filter.weight(),
            visits: Cell::new(gathered),
            most,
        };
        match (by_name, order) {
            (Some(users), _) => listing.users = Cow::Borrowed(users),
            (None, Order::By(field, direction)) => listing.arrange(field, direction),
            (None, Order::Tree) => {}
        }
        // Whoever is of the listing is among them.
        listing.members = match scope.count(self, filter) {
            Some(count) if count == listing.users.len() => Members::All,
            _ if matches!(scope, Scope::Everyone) && filter.is_every_person() => Members::Persons,
            _ => Members::Sifted,
        };
        listing
    }
}

impl Listing<'_> {
    /// How many users the listing has. Constant time where no filter and no depth limit is set.
    pub fn count(&self) -> usize {
        self.scope.count(self.graph, self.filter).unwrap_or_else(|| self.iter().count())
    }

    /// All users of the listing.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = UserIndex> {
        self.users.iter().copied().filter(|&user| self.looked_at(user))
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
        Position { key: self.key(user).to_owned(), id: super::UserId::new(self.graph.user(user).id()) }
    }

    /// What the listing has cost so far, in users looked at; a filter with others inside counts for each.
    pub fn visits(&self) -> usize {
        self.visits.get()
    }

    /// Puts the users, who are in the order of the tree, in this one.
    fn arrange(&mut self, field: OrderField, direction: Direction) {
        let graph = self.graph;
        let everybody = graph.users().len();
        let is_there = !self.scope.is_part() || graph.has(Derived::Order(field, direction));
        if is_there && self.users.len() * VISITS_TO_SORT > everybody {
            self.users = Cow::Borrowed(graph.sorted(field, direction));
            return;
        }
        let mut kept: Vec<_> = self.iter().collect();
        graph.sort(&mut kept, field, direction);
        self.visits.update(|visits| visits + VISITS_TO_SORT * kept.len());
        self.users = Cow::Owned(kept);
    }

    /// Whether one of `users` is of the listing.
    fn holds(&self, user: UserIndex) -> bool {
        self.members == Members::All || self.looked_at(user)
    }

    /// The same at the price of a look: whoever goes through all of them takes that long.
    fn looked_at(&self, user: UserIndex) -> bool {
        let visits = self.visits.get() + self.weight;
        self.visits.set(visits);
        visits <= self.most
            && match self.members {
                Members::All => true,
                Members::Persons => self.graph.user(user).kind() == UserKind::Person,
                Members::Sifted => self.is_of_it(user),
            }
    }

    /// Whether anybody of the company is of the listing.
    fn is_of_it(&self, user: UserIndex) -> bool {
        self.scope.holds(self.graph, user) && self.sieve.admits(user)
    }

    /// How many of `users` stand before `edge`, or at it if `before` says so of `Equal`.
    fn edge(&self, edge: &Position, before: fn(Ordering) -> bool) -> usize {
        if self.order == Order::Tree {
            return self.edge_in_tree(edge, before);
        }
        self.users.partition_point(|&user| {
            let user = (self.key(user), self.graph.user(user).id());
            before(compare(self.direction(), user, (edge.key.borrow(), edge.id.as_str())))
        })
    }

    fn edge_in_tree(&self, edge: &Position, before: fn(Ordering) -> bool) -> usize {
        let place = |user: UserIndex| self.graph.walk.places[user.at()].enter;
        match self.graph.find(edge.id.as_str()) {
            // Somebody still here is where they are now, whatever the place was.
            Some(user) if self.is_of_it(user) => {
                self.users.partition_point(|&other| before(place(other).cmp(&place(user))))
            }
            // Where somebody was who is gone, the next one stands now: before that one, both ways.
            _ => self.users.partition_point(|&user| self.key(user) < edge.key.borrow()),
        }
    }

    fn key(&self, user: UserIndex) -> KeyRef<'_> {
        match self.order {
            Order::By(field, _) => self.graph.key(field, user),
            // Whoever stands before the scope isn't in it, and is no more than before its first.
            Order::Tree => {
                KeyRef::Place(self.graph.walk.places[user.at()].enter.saturating_sub(self.first_place))
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

/// Most pages have no more users.
const PAGE: usize = 1_000;

/// The first `n` of `users`, and whether there is one more.
fn some_of(mut users: impl Iterator<Item = UserIndex>, n: usize) -> (Vec<UserIndex>, bool) {
    let most = users.size_hint().1.map_or(n, |most| most.min(n));
    let mut some = Vec::with_capacity(most.min(PAGE));
    some.extend(users.by_ref().take(n));
    (some, users.next().is_some())
}
