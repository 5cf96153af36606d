//! What is asked of a random company: scopes, filters, orders.

use std::fmt::Debug;

use orgraph::org::{Direction, ManagerStatus, Order, OrderField, OrphanReason, UserKind};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::{select, subsequence},
    test_runner::TestCaseResult,
};

use super::naive::{Filter, Who};
use crate::{
    company::{Company, GRAPHS, companies, for_all},
    model::Model,
};

pub(crate) const FIELDS: [OrderField; 7] = [
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

/// What a test picks at random beside the company.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) manager: u8,
    pub(super) reasons: Vec<OrphanReason>,
    filter: Filter,
    pub(super) page_sizes: Vec<usize>,
    /// The one listing that is meant, counted round all of them; without it all.
    only: Option<usize>,
}

/// Some who are in nearly every company, an id that some name as manager, one of which nearly the same are, and
/// nobody's.
const IDS: [&str; 9] = [
    "9000000000000000011",
    "48",
    "00000084",
    "21",
    "00000057",
    "9000000000000000095",
    "nobody-0",
    "048",
    "nobody",
];

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
        (
            weighted(0.3, subsequence(IDS.to_vec(), 0..=5)),
            weighted(0.3, subsequence(IDS.to_vec(), 0..=5)),
            weighted(0.3, select(IDS.to_vec())),
            any::<bool>(),
        ),
    )
        .prop_map(|(active, kinds, statuses, name, title, email, named)| {
            let (ids, manager_ids, under, inside) = named;
            Filter { active, kinds, statuses, name, title, email, ids, manager_ids, under, inside }
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
pub(super) fn for_companies<S: Strategy<Value: Debug>>(
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
pub(super) fn for_each_listing(
    model: &Model,
    wish: &Wish,
    test: impl Fn(&Who, &Filter, Order) -> TestCaseResult,
) -> TestCaseResult {
    let scopes = Who::of(model, wish);
    let Filter { under, ids, .. } = wish.filter.clone();
    let filters = [
        Filter::default(),
        Filter::of_any_kind(),
        wish.filter.clone(),
        Filter { under, ..Filter::default() },
        Filter { ids, ..Filter::of_any_kind() },
    ];
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
