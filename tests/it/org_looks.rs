//! Whom a listing looks at: nobody where a number is known, and nobody else where a filter or a scope names them.

use orgraph::org::{
    Direction, Order, OrderField, OrgGraph, OrphanReason, Scope, Take, UserFilter, UserId, UserKind,
    UserParts, Window,
};

use crate::company::{build, user};

const PEOPLE: usize = 1_000;

/// Eight reports a manager; three name a manager who isn't there, and an avatar names nobody.
fn company() -> OrgGraph {
    let users = (0..PEOPLE).map(|at| {
        let manager_id = match at {
            0 => None,
            300..=302 => Some("nobody".to_owned()),
            _ => Some(((at - 1) / 8).to_string()),
        };
        UserParts { manager_id, ..user(&at.to_string()) }
    });
    let avatar = UserParts { kind: UserKind::Avatar, ..user("avatar") };
    build(users.chain([avatar]).collect())
}

fn ids(ids: &[&str]) -> Option<std::collections::HashSet<UserId>> {
    Some(ids.iter().copied().map(UserId::new).collect())
}

/// How many are in the listing, and how many were looked at for a whole reading.
fn looked_at(graph: &OrgGraph, scope: &Scope, filter: &UserFilter, order: Order) -> (usize, usize) {
    let listing = graph.list(scope, filter, order);
    let all = listing.iter().count();
    (all, listing.visits())
}

#[test]
fn known_numbers_are_not_counted() {
    let graph = company();
    let everybody = UserFilter::default();
    let not_found = Scope::Orphans(Some(vec![OrphanReason::ManagerNotFound]));
    let other = Scope::Orphans(Some(vec![OrphanReason::NoManager, OrphanReason::ManagementCycle]));
    let under = |id: &str| UserFilter { under: Some(UserId::new(id)), ..UserFilter::default() };
    for (scope, filter, expected) in [
        (Scope::Everyone, everybody.clone(), PEOPLE),
        (Scope::Orphans(None), everybody.clone(), 3),
        (not_found, everybody.clone(), 3),
        (other, everybody.clone(), 0),
        (Scope::Roots, everybody, 1),
        (Scope::Everyone, under("0"), PEOPLE - 4),
        (Scope::Everyone, under("nobody"), 0),
    ] {
        let listing = graph.list(&scope, &filter, Order::Tree);
        assert_eq!((listing.count(), listing.visits()), (expected, 0), "{scope:?} {filter:?}");
    }
}

#[test]
fn few_are_looked_at_where_they_are_named() {
    let graph = company();
    let nobody_else = UserFilter::of_any_kind();
    assert_eq!(looked_at(&graph, &Scope::Orphans(None), &nobody_else, Order::Tree), (4, 4));
    assert_eq!(looked_at(&graph, &Scope::Roots, &nobody_else, Order::Tree), (2, 2));
    // By name they stand already.
    assert_eq!(looked_at(&graph, &Scope::Orphans(None), &nobody_else, Order::NAME), (4, 4));
    // Each is looked at, sorted for eight, and looked at again.
    let by_title = Order::By(OrderField::Title, Direction::Ascending);
    assert_eq!(looked_at(&graph, &Scope::Orphans(None), &nobody_else, by_title), (4, 4 + 4 * 8 + 4));

    let named = UserFilter { ids: ids(&["7", "700", "nobody"]), ..UserFilter::default() };
    assert_eq!(looked_at(&graph, &Scope::Everyone, &named, Order::Tree), (2, 2 + 2));
    // The reports of one, the one, and all whose manager isn't there.
    let managed = UserFilter { manager_ids: ids(&["1", "nobody"]), ..UserFilter::default() };
    assert_eq!(looked_at(&graph, &Scope::Everyone, &managed, Order::Tree), (11, 12 + 12));

    let below = graph.transitive_count(graph.find("1").unwrap()) as usize;
    assert!(below > 8 && below < PEOPLE / 2);
    let under = UserFilter { under: Some(UserId::new("1")), ..UserFilter::default() };
    assert_eq!(looked_at(&graph, &Scope::Everyone, &under, Order::Tree), (below, below));
    let inside = UserFilter { and: vec![under.clone(), named], ..UserFilter::default() };
    // Three filters for each of two, one of whom is sorted and looked at again.
    assert_eq!(looked_at(&graph, &Scope::Everyone, &inside, Order::NAME), (1, 2 + 2 * 3 + 8 + 3));
}

/// Everybody is in the order of names already: whoever wants the first of many needn't have them sorted.
#[test]
fn the_first_of_many_reports_are_picked_out_of_everybody() {
    let graph = company();
    let scope = Scope::Reports { manager: graph.find("0").unwrap(), reach: None };
    let filter = UserFilter::default();
    let listing = graph.list(&scope, &filter, Order::NAME);
    let page = listing.page(&Window { after: None, before: None, take: Take::First(10) });
    assert!(page.has_next && page.users.len() == 10);
    assert!(listing.visits() < 30, "{}", listing.visits());
}
