//! Listings of random companies: every scope, filter and order, read whole and in pages.

use std::{cmp::Ordering, fmt::Debug};

use orgraph::org::{
    self, Direction, Fragment, ManagerStatus, Order, OrderField, OrgGraph, OrphanReason, Position, Scope,
    SortKey, Take, UserFilter, UserId, UserIndex, UserKind, Window,
};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::{select, subsequence},
    test_runner::TestCaseResult,
};

use crate::{
    company::{self, Company, GRAPHS, Link, Record, companies, for_all, user},
    model::Model,
};

const FIELDS: [OrderField; 7] = [
    OrderField::Name,
    OrderField::Email,
    OrderField::Title,
    OrderField::Created,
    OrderField::Depth,
    OrderField::DirectReportCount,
    OrderField::TransitiveReportCount,
];

fn orders() -> Vec<Order> {
    let both =
        |field| [Direction::Ascending, Direction::Descending].map(|direction| Order::By(field, direction));
    FIELDS.into_iter().flat_map(both).chain([Order::Tree]).collect()
}

/// A scope in which the manager has a number of the model.
#[derive(Clone, Debug)]
enum Who {
    Everyone,
    Reports { manager: usize, reach: Option<u32> },
    Orphans(Option<Vec<OrphanReason>>),
    Roots,
    Nobody,
}

impl Who {
    fn of(model: &Model, wish: &Wish) -> Vec<Self> {
        let mut scopes = vec![
            Self::Everyone,
            Self::Roots,
            Self::Nobody,
            Self::Orphans(None),
            Self::Orphans(Some(wish.reasons.clone())),
        ];
        if !model.users.is_empty() {
            let manager = usize::from(wish.manager) % model.users.len();
            for reach in [None, Some(0), Some(1), Some(2), Some(u32::MAX)] {
                scopes.push(Self::Reports { manager, reach });
            }
        }
        scopes
    }

    fn holds(&self, model: &Model, user: usize) -> bool {
        match self {
            Self::Everyone => true,
            Self::Reports { manager, reach } => match model.distance(*manager, user) {
                None => false,
                Some(distance) => distance <= reach.unwrap_or(u32::MAX),
            },
            Self::Orphans(None) => model.orphan_reason(user).is_some(),
            Self::Orphans(Some(reasons)) => {
                reasons.iter().any(|&reason| model.orphan_reason(user) == Some(reason))
            }
            Self::Roots => model.status(user) == ManagerStatus::None,
            Self::Nobody => false,
        }
    }

    /// The same scope in a graph; nobody's reports when the manager isn't there.
    fn scope(&self, model: &Model, graph: &OrgGraph) -> Scope {
        match self {
            Self::Everyone => Scope::Everyone,
            Self::Reports { manager, reach } => match graph.find(model.users[*manager].id.as_str()) {
                Some(manager) => Scope::Reports { manager, reach: *reach },
                None => Scope::Nobody,
            },
            Self::Orphans(reasons) => Scope::Orphans(reasons.clone()),
            Self::Roots => Scope::Roots,
            Self::Nobody => Scope::Nobody,
        }
    }

    /// The same scope in another model.
    fn in_other(&self, model: &Model, other: &Model) -> Self {
        match self {
            Self::Reports { manager, reach } => match other.find(model.users[*manager].id.as_str()) {
                Some(manager) => Self::Reports { manager, reach: *reach },
                None => Self::Nobody,
            },
            scope => scope.clone(),
        }
    }
}

/// What a test picks at random beside the company.
#[derive(Clone, Debug)]
struct Wish {
    manager: u8,
    reasons: Vec<OrphanReason>,
    filter: Filter,
    page_sizes: Vec<usize>,
    /// The one listing that is meant, counted round all of them; without it all.
    only: Option<usize>,
}

#[derive(Clone, Debug, Default)]
struct Filter {
    active: Option<bool>,
    kinds: Option<Vec<UserKind>>,
    statuses: Option<Vec<ManagerStatus>>,
    name: Option<&'static str>,
    title: Option<&'static str>,
    email: Option<&'static str>,
}

impl Filter {
    fn of_any_kind() -> Self {
        Self { kinds: Some(vec![UserKind::Avatar, UserKind::Person]), ..Self::default() }
    }

    fn filter(&self) -> UserFilter {
        UserFilter {
            active: self.active,
            kinds: self.kinds.clone(),
            manager_status: self.statuses.clone(),
            name_contains: self.name.map(Fragment::new),
            title_contains: self.title.map(Fragment::new),
            email_contains: self.email.map(Fragment::new),
            ..UserFilter::default()
        }
    }

    fn admits(&self, model: &Model, at: usize) -> bool {
        let user = &model.users[at];
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let kind = match &self.kinds {
            None => user.kind == UserKind::Person,
            Some(kinds) => kinds.contains(&user.kind),
        };
        let active = self.active != Some(!user.active);
        let status = match &self.statuses {
            None => true,
            Some(statuses) => statuses.contains(&model.status(at)),
        };
        let name = match self.name {
            None => true,
            Some(part) => model.name(at).is_some_and(|name| has(&name, part)),
        };
        let title = match self.title {
            None => true,
            Some(part) => user.title.as_ref().is_some_and(|title| has(title, part)),
        };
        let email = match self.email {
            None => true,
            Some(part) => model.addresses(at).iter().any(|address| has(address, part)),
        };
        kind && active && status && name && title && email
    }
}

/// What somebody is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(i64),
}

fn key(model: &Model, field: OrderField, user: usize) -> Option<Key> {
    Some(match field {
        OrderField::Name => Key::Text(model.name(user)?.to_lowercase()),
        OrderField::Email => Key::Text(model.users[user].email_address.as_ref()?.as_str().to_lowercase()),
        OrderField::Title => Key::Text(model.users[user].title.as_ref()?.to_lowercase()),
        OrderField::Depth => Key::Number(model.depth(user)?.into()),
        OrderField::Created => Key::Number(model.users[user].created?.as_second()),
        OrderField::DirectReportCount => Key::Number(model.persons(&model.direct(user)).into()),
        OrderField::TransitiveReportCount => Key::Number(model.persons(&model.below(user)).into()),
    })
}

/// Those without a key last, whatever the direction; ties by id, upwards in both.
fn compare(direction: Direction, a: &(Option<Key>, UserId), b: &(Option<Key>, UserId)) -> Ordering {
    let by_key = match (&a.0, &b.0) {
        (Some(a), Some(b)) if direction == Direction::Descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_key.then_with(|| a.1.cmp(&b.1))
}

fn expected(model: &Model, who: &Who, filter: &Filter, order: Order) -> Vec<UserId> {
    let mut users = model.in_tree_order();
    if let Order::By(field, direction) = order {
        let entry = |user: usize| (key(model, field, user), model.users[user].id.clone());
        users.sort_by(|&a, &b| compare(direction, &entry(a), &entry(b)));
    }
    users.retain(|&user| who.holds(model, user) && filter.admits(model, user));
    users.into_iter().map(|user| model.users[user].id.clone()).collect()
}

fn ids(graph: &OrgGraph, users: impl IntoIterator<Item = UserIndex>) -> Vec<UserId> {
    users.into_iter().map(|user| graph.user(user).id.clone()).collect()
}

fn wish() -> impl Strategy<Value = Wish> {
    use ManagerStatus::{Active, Inactive, None, NotFound, OwnId};
    use OrphanReason::{ManagementCycle, ManagerInactive, ManagerIsSelf, ManagerNotFound, NoManager};
    let reasons = vec![ManagementCycle, ManagerInactive, ManagerIsSelf, ManagerNotFound, NoManager];
    let filter = (
        of(any::<bool>()),
        of(subsequence(vec![UserKind::Person, UserKind::Avatar], 0..=2)),
        weighted(0.3, subsequence(vec![Active, Inactive, NotFound, None, OwnId], 0..=5)),
        weighted(0.25, select(vec!["", "N", "é", "NN B", "öZ"])),
        weighted(0.25, select(vec!["", "engineer", "ä", "x"])),
        weighted(0.25, select(vec!["", "JÜRGEN1", "@EXAMPLE", "x@"])),
    )
        .prop_map(|(active, kinds, statuses, name, title, email)| Filter {
            active,
            kinds,
            statuses,
            name,
            title,
            email,
        });
    (any::<u8>(), subsequence(reasons, 0..=5), filter, vec(1..8_usize, 1..4)).prop_map(
        |(manager, reasons, filter, page_sizes)| Wish {
            manager,
            reasons,
            filter,
            page_sizes,
            only: Option::None,
        },
    )
}

/// Runs `test` for every listing of some companies of at most `size` records, and for one listing, whichever,
/// of each of very many small ones.
/// A hundred thousand companies between the five tests that ask this way.
fn for_companies<S: Strategy<Value: Debug>>(
    cases: u32,
    size: usize,
    more: S,
    test: impl Fn(Company, Wish, S::Value) -> TestCaseResult,
) {
    for_all(cases, (companies(size), wish(), &more), |(company, wish, more)| test(company, wish, more));
    let one = (wish(), any::<usize>()).prop_map(|(wish, only)| Wish { only: Some(only), ..wish });
    for_all(GRAPHS / 5, (companies(6), one, &more), |(company, wish, more)| test(company, wish, more));
}

/// Runs `test` for the scopes, filters and orders that the wish means.
fn for_each_listing(
    model: &Model,
    wish: &Wish,
    test: impl Fn(&Who, &Filter, Order) -> TestCaseResult,
) -> TestCaseResult {
    let scopes = Who::of(model, wish);
    let filters = [Filter::default(), Filter::of_any_kind(), wish.filter.clone()];
    let orders = orders();
    let all = scopes.len() * filters.len() * orders.len();
    let places = wish.only.map_or(0..all, |only| only % all..only % all + 1);
    for at in places {
        let order = orders[at % orders.len()];
        let filter = &filters[at / orders.len() % filters.len()];
        let who = &scopes[at / orders.len() / filters.len()];
        test(who, filter, order).map_err(|error| match error {
            TestCaseError::Fail(why) => TestCaseError::fail(format!("{who:?} {filter:?} {order:?}: {why}")),
            reject => reject,
        })?;
    }
    Ok(())
}

#[test]
fn a_listing_is_a_filter_and_a_sort() {
    for_companies(60, 16, Just(()), |company, wish, ()| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), org::build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let expected = expected(&model, who, filter, order);
            prop_assert_eq!(&ids(&graph, listing.iter()), &expected);
            prop_assert_eq!(listing.count(), expected.len());
            let mut backwards = ids(&graph, listing.iter().rev());
            backwards.reverse();
            prop_assert_eq!(backwards, expected);
            for user in listing.iter() {
                let position = listing.position(user);
                prop_assert_eq!(&position.id, &graph.user(user).id);
                if let Order::By(field, _) = order {
                    let at = model.find(position.id.as_str()).unwrap();
                    prop_assert_eq!(plain(&position.key), key(&model, field, at));
                }
            }
            Ok(())
        })
    });
}

fn plain(key: &SortKey) -> Option<Key> {
    Some(match key {
        SortKey::Text(text) => Key::Text(text.clone()),
        SortKey::Moment(moment) => Key::Number(moment.as_second()),
        SortKey::Count(number) | SortKey::Place(number) => Key::Number((*number).into()),
        SortKey::Rank(..) => unreachable!("a listing isn't ranked"),
        SortKey::Missing => return None,
    })
}

#[test]
fn pages_visit_the_listing_once_in_order() {
    for_companies(40, 16, Just(()), |company, wish, ()| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), org::build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let all: Vec<_> = listing.iter().collect();

            let (mut edge, mut seen) = (None, Vec::<UserIndex>::new());
            for size in wish.page_sizes.iter().cycle() {
                let page = listing.page(&Window { after: edge, before: None, take: Take::First(*size) });
                prop_assert_eq!(page.has_previous, !seen.is_empty(), "something before the page");
                seen.extend(&page.users);
                prop_assert_eq!(page.users.len(), (*size).min(all.len() + page.users.len() - seen.len()));
                prop_assert_eq!(page.has_next, seen.len() < all.len(), "something after the page");
                let Some(&last) = page.users.last().filter(|_| page.has_next) else { break };
                edge = Some(listing.position(last));
            }
            prop_assert_eq!(&seen, &all);

            let (mut edge, mut seen) = (None, Vec::<UserIndex>::new());
            for size in wish.page_sizes.iter().cycle() {
                let page = listing.page(&Window { after: None, before: edge, take: Take::Last(*size) });
                prop_assert_eq!(page.has_next, !seen.is_empty(), "something after the page");
                seen.splice(0..0, page.users.iter().copied());
                prop_assert_eq!(page.has_previous, seen.len() < all.len(), "something before the page");
                let Some(&first) = page.users.first().filter(|_| page.has_previous) else { break };
                edge = Some(listing.position(first));
            }
            prop_assert_eq!(&seen, &all);
            Ok(())
        })
    });
}

#[test]
fn a_window_is_a_slice() {
    let windows = vec((of(any::<u8>()), of(any::<u8>()), 0..6_usize, any::<bool>()), 1..5);
    for_companies(60, 14, windows, |company, wish, windows| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), org::build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let all: Vec<_> = listing.iter().collect();
            for &(after, before, n, forwards) in &windows {
                let place =
                    |at: Option<u8>| at.filter(|_| !all.is_empty()).map(|at| usize::from(at) % all.len());
                let (after, before) = (place(after), place(before));
                let start = after.map_or(0, |at| at + 1);
                let end = before.unwrap_or(all.len());
                let page = listing.page(&Window {
                    after: after.map(|at| listing.position(all[at])),
                    before: before.map(|at| listing.position(all[at])),
                    take: if forwards { Take::First(n) } else { Take::Last(n) },
                });
                if end < start {
                    prop_assert!(page.users.is_empty(), "nobody is both after and before");
                    continue;
                }
                let n = n.min(end - start);
                let slice = if forwards { start..start + n } else { end - n..end };
                prop_assert_eq!(page.has_previous, slice.start > 0);
                prop_assert_eq!(page.has_next, slice.end < all.len());
                prop_assert_eq!(page.users, &all[slice]);
            }
            Ok(())
        })
    });
}

/// What happens to a record between two snapshots.
#[derive(Clone, Debug)]
enum Change {
    Nothing,
    Gone,
    Renamed(Option<u8>),
    Moved(Link),
    Created(Option<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::Nothing),
        2 => Just(Change::Gone),
        1 => of(0..company::FIRST_NAMES.len() as u8).prop_map(Change::Renamed),
        1 => company::link().prop_map(Change::Moved),
        1 => of(0..4_u8).prop_map(Change::Created),
    ]
}

/// The company before, and after `changes` with `more` people.
fn changed(company: &Company, changes: &[Change], more: &[Record]) -> (Vec<org::User>, Vec<org::User>) {
    let before = company.users();
    let mut later = company.clone();
    // Ids go by the place, so newcomers stand behind and the gone are taken out at the end.
    later.records.extend(more.iter().map(|record| Record { repeats: None, ..record.clone() }));
    for (record, change) in later.records.iter_mut().zip(changes) {
        match change {
            Change::Nothing | Change::Gone => {}
            Change::Renamed(first) => record.first = *first,
            Change::Moved(link) => record.link = link.clone(),
            Change::Created(created) => record.created = *created,
        }
    }
    let mut changes = changes.iter();
    let mut after = later.users();
    after.retain(|_| !matches!(changes.next(), Some(Change::Gone)));
    (before, after)
}

#[test]
fn positions_outlive_their_company() {
    let changes = (vec(change(), 14), vec(company::record(), 0..4));
    for_companies(60, 14, changes, |company, wish, (changes, more)| {
        let (before, after) = changed(&company, &changes, &more);
        let (old_model, old) = (Model::of(&before), org::build(before));
        let (model, graph) = (Model::of(&after), org::build(after));
        for_each_listing(&old_model, &wish, |who, filter, order| {
            let old_scope = who.scope(&old_model, &old);
            let scope = who.scope(&old_model, &graph);
            let filter_of_org = filter.filter();
            let old_listing = old.list(&old_scope, &filter_of_org, order);
            let listing = graph.list(&scope, &filter_of_org, order);
            let all = expected(&model, &who.in_other(&old_model, &model), filter, order);
            for edge in old_listing.iter().map(|user| old_listing.position(user)) {
                let (up_to, from) = sides(&model, &all, order, &edge);
                let next =
                    listing.page(&Window { after: Some(edge.clone()), before: None, take: Take::First(99) });
                let previous =
                    listing.page(&Window { after: None, before: Some(edge), take: Take::Last(99) });
                if let Some(up_to) = up_to {
                    prop_assert_eq!(ids(&graph, next.users.clone()), &all[up_to..], "after the edge");
                }
                if let Some(from) = from {
                    prop_assert_eq!(ids(&graph, previous.users.clone()), &all[..from], "before the edge");
                }
                let (after, before) = (ids(&graph, next.users), ids(&graph, previous.users));
                prop_assert!(all.ends_with(&after), "what follows goes to the end");
                prop_assert!(all.starts_with(&before), "what goes before is from the beginning");
                prop_assert_eq!(next.has_previous, after.len() < all.len());
                prop_assert_eq!(previous.has_next, before.len() < all.len());
                prop_assert!(!next.has_next && !previous.has_previous);
            }
            Ok(())
        })
    });
}

/// How many of `all` are not after `edge`, and how many are before it, where the words say.
fn sides(model: &Model, all: &[UserId], order: Order, edge: &Position) -> (Option<usize>, Option<usize>) {
    match order {
        Order::By(field, direction) => {
            let edge = (plain(&edge.key), edge.id.clone());
            let entry = |id: &UserId| (key(model, field, model.find(id.as_str()).unwrap()), id.clone());
            let count = |keep: fn(Ordering) -> bool| {
                all.iter().filter(|id| keep(compare(direction, &entry(id), &edge))).count()
            };
            (Some(count(Ordering::is_le)), Some(count(Ordering::is_lt)))
        }
        // In the tree somebody who is still listed is where they are now; a place alone says less.
        Order::Tree => match all.iter().position(|id| *id == edge.id) {
            Some(at) => (Some(at + 1), Some(at)),
            None => (None, None),
        },
    }
}

/// Cursors come from outside: one of another listing, or one that nobody gave out.
#[test]
fn foreign_positions_do_no_harm() {
    let key = prop_oneof![
        select(vec!["", "ann", "zzz"]).prop_map(|text| SortKey::Text(text.to_owned())),
        select(vec![0, 2, -5])
            .prop_map(|second| SortKey::Moment(jiff::Timestamp::from_second(second).unwrap())),
        select(vec![0, 3, u32::MAX]).prop_map(SortKey::Count),
        select(vec![0, 3, u32::MAX]).prop_map(SortKey::Place),
        select(vec![None, Some("ann".to_owned())]).prop_map(|name| SortKey::Rank(0, name)),
        Just(SortKey::Missing),
    ];
    let id = select(vec!["", "11", "00000047", "9000000000000000077", "nobody-0", "zzz"]);
    let edge = (key, id).prop_map(|(key, id)| Position { key, id: UserId::new(id) });
    for_companies(60, 12, (edge.clone(), edge), |company, wish, (one, other)| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), org::build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter, order);
            let all: Vec<_> = listing.iter().collect();
            for take in [Take::First(3), Take::Last(3), Take::First(usize::MAX)] {
                let window = Window { after: Some(one.clone()), before: Some(other.clone()), take };
                let users = listing.page(&window).users;
                prop_assert!(users.is_empty() || all.windows(users.len()).any(|part| part == users));
            }
            Ok(())
        })
    });
}

#[test]
fn texts_of_any_length_can_be_paged_through() {
    // Multi-byte letters, so that a key cut at a fixed byte would cut a letter in two.
    let names = ["ß", "ßé", "é", "İ", "漢"].map(|letter| letter.repeat(700));
    let users = (0..20).map(|at| {
        let text = format!("{}{}", names[at % 5], 20 - at);
        org::User {
            first_name: Some(text.clone()),
            title: Some(text.clone()),
            email_address: Some(org::EmailAddress::new(text)),
            ..user(&format!("{at:02}"))
        }
    });
    let graph = org::build(users.collect());
    let (scope, filter) = (Scope::Everyone, UserFilter::default());
    for field in [OrderField::Name, OrderField::Title, OrderField::Email] {
        let listing = graph.list(&scope, &filter, Order::By(field, Direction::Ascending));
        let (mut after, mut seen) = (None, Vec::<UserIndex>::new());
        loop {
            let page = listing.page(&Window { after, before: None, take: Take::First(3) });
            seen.extend(&page.users);
            let Some(&last) = page.users.last().filter(|_| page.has_next) else { break };
            let edge = listing.position(last);
            let SortKey::Text(key) = &edge.key else { panic!("{:?}", edge.key) };
            assert!(key.len() <= 256, "a cursor stays small");
            after = Some(edge);
        }
        assert_eq!(seen.len(), 20);
        assert_eq!(seen, listing.iter().collect::<Vec<_>>());
    }
}

/// The place of somebody who left is taken by whoever came next: that one follows the edge, whatever
/// the two ids are.
#[test]
fn in_the_tree_nobody_is_skipped_when_the_last_of_a_page_leaves() {
    for ids in [["a", "b", "c"], ["c", "b", "a"]] {
        let named = |at: usize| org::User { first_name: Some(format!("name {at}")), ..user(ids[at]) };
        let before = org::build(vec![named(0), named(1), named(2)]);
        let after = org::build(vec![named(0), named(2)]);
        let (scope, filter) = (Scope::Everyone, UserFilter::default());
        let gone = before.list(&scope, &filter, Order::Tree).position(before.find("b").unwrap());

        let listing = after.list(&scope, &filter, Order::Tree);
        let next = listing.page(&Window { after: Some(gone.clone()), before: None, take: Take::First(9) });
        assert_eq!(self::ids(&after, next.users), [UserId::new(ids[2])]);
        let previous = listing.page(&Window { after: None, before: Some(gone), take: Take::Last(9) });
        assert_eq!(self::ids(&after, previous.users), [UserId::new(ids[0])]);
    }
}
