//! Companies of sizes and shapes at which anything that recurses, or walks anew for each user, shows:
//! asked on a thread with a small stack.

use std::{collections::HashSet, sync::Arc, thread};

use orgraph::org::{
    Anomaly, Chain, ChainEnd, Direction, EmailAddress, EmailMatch, ManagerStatus, Order, OrgGraph,
    OrphanReason, Scope, Take, UserFilter, UserIndex, UserParts, UserView, Window,
};

use crate::{
    company::{build, user},
    org_fresh::snapshot,
    org_listing::FIELDS,
};

const STACK_BYTES: usize = 256 * 1024;

pub(crate) fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn id(at: usize) -> String {
    format!("{at:07}")
}

pub(crate) fn under(at: usize, manager: Option<usize>) -> UserParts {
    UserParts { manager_id: manager.map(id), ..user(&id(at)) }
}

/// User number to index.
pub(crate) fn indexes(graph: &OrgGraph) -> Vec<UserIndex> {
    (0..graph.users().len()).map(|at| graph.find(&id(at)).unwrap()).collect()
}

/// Everybody comes once in every order, in the whole and in pages from both ends.
fn everybody_is_listed_once(graph: &OrgGraph, scope: &Scope, expected: usize) {
    let filter = UserFilter::default();
    let by = FIELDS.map(|field| Order::By(field, Direction::Descending));
    for order in by.into_iter().chain([Order::Tree]) {
        let listing = graph.list(scope, &filter, order);
        assert_eq!(listing.count(), expected);
        let all: Vec<_> = listing.iter().collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), expected);
        if let Some(middle) = all.get(expected / 2) {
            let edge = listing.position(*middle);
            let next =
                listing.page(&Window { after: Some(edge.clone()), before: None, take: Take::First(1000) });
            assert!(all[expected / 2 + 1..].starts_with(&next.users) && next.has_previous);
            let previous = listing.page(&Window { after: None, before: Some(edge), take: Take::Last(1000) });
            assert!(all[..expected / 2].ends_with(&previous.users) && previous.has_next);
        }
    }
}

#[test]
fn a_line_of_200_000() {
    const LENGTH: usize = 200_000;
    on_a_small_stack(|| {
        // The lowest first, so that nobody's manager comes before.
        let users = (0..LENGTH).rev().map(|at| under(at, at.checked_sub(1)));
        let snapshot = snapshot(users.collect());
        let graph = &snapshot.graph;
        let people = indexes(graph);
        for (at, &person) in people.iter().enumerate() {
            assert_eq!(graph.depth(person), Some(at as u32));
            assert_eq!(graph.top(person), ChainEnd::Root);
            assert_eq!(graph.manager(person), at.checked_sub(1).map(|manager| people[manager]));
            assert_eq!(graph.direct_count(person), u32::from(at + 1 < LENGTH));
            assert_eq!(graph.transitive_count(person) as usize, LENGTH - 1 - at);
            assert_eq!(
                graph.distance(people[LENGTH / 2], person),
                at.checked_sub(LENGTH / 2).map(|d| d as u32).filter(|&d| d > 0)
            );
            assert_eq!(graph.orphan_reason(person), None);
            assert!(!graph.under_orphan(person) && graph.ring(person).is_empty());
        }
        let mut above = people.clone();
        let lowest = above.pop().unwrap();
        above.reverse();
        assert_eq!(graph.chain(lowest), Chain { managers: above.clone(), end: ChainEnd::Root });
        assert_eq!(graph.anomalies(), []);
        everybody_is_listed_once(graph, &Scope::Everyone, LENGTH);
        everybody_is_listed_once(graph, &Scope::Reports { manager: people[0], reach: None }, LENGTH - 1);
        everybody_is_listed_once(graph, &Scope::Reports { manager: people[9], reach: Some(700) }, 700);
        everybody_is_listed_once(graph, &Scope::Roots, 1);

        // The head of the line now reports to its foot.
        let closed = UserView::fresh(snapshot.clone(), Arc::new(under(0, Some(LENGTH - 1)).into()));
        above.pop();
        above.insert(0, lowest);
        assert_eq!(closed.chain(), Chain { managers: above, end: ChainEnd::Cycle });
        assert_eq!(closed.orphan_reason(), Some(OrphanReason::ManagementCycle));
        assert_eq!((closed.depth(), closed.under_orphan()), (None, true));
    });
}

#[test]
fn a_manager_of_103_405() {
    const SPAN: usize = 103_405;
    on_a_small_stack(|| {
        let address = EmailAddress::new("all@example.org");
        let shared = |user| UserParts { email_aliases: vec![address.as_str().to_owned()], ..user };
        let users = (0..=SPAN).map(|at| shared(under(at, (at > 0).then_some(0))));
        let graph = build(users.collect());
        let people = indexes(&graph);
        let head = people[0];
        assert_eq!(graph.direct_count(head) as usize, SPAN);
        assert_eq!(graph.transitive_count(head) as usize, SPAN);
        for &report in &people[1..] {
            assert_eq!(graph.distance(head, report), Some(1));
            assert_eq!(graph.distance(report, head), None);
            assert_eq!(graph.depth(report), Some(1));
            assert_eq!(graph.transitive_count(report), 0);
            assert_eq!(graph.manager_status(report), ManagerStatus::Active);
            assert_eq!(graph.chain(report), Chain { managers: vec![head], end: ChainEnd::Root });
        }
        let EmailMatch::Many(holders) = graph.find_by_email(&address) else { panic!("all share it") };
        assert_eq!(holders.len(), SPAN + 1);
        let [Anomaly::DuplicateEmail { holders }] = graph.anomalies() else { panic!("one address") };
        assert_eq!(holders.len(), SPAN + 1);
        everybody_is_listed_once(&graph, &Scope::Everyone, SPAN + 1);
        everybody_is_listed_once(&graph, &Scope::Reports { manager: head, reach: Some(1) }, SPAN);
        everybody_is_listed_once(&graph, &Scope::Reports { manager: head, reach: None }, SPAN);
    });
}

#[test]
fn a_ring_of_100_000() {
    const LENGTH: usize = 100_000;
    on_a_small_stack(|| {
        let graph = build((0..LENGTH).map(|at| under(at, Some((at + 1) % LENGTH))).collect());
        let people = indexes(&graph);
        for (at, &person) in people.iter().enumerate() {
            assert_eq!(graph.depth(person), None);
            assert_eq!(graph.top(person), ChainEnd::Cycle);
            assert_eq!(graph.direct_count(person), 1);
            assert_eq!(graph.transitive_count(person) as usize, LENGTH - 1);
            let steps = (LENGTH + 500 - at) % LENGTH;
            assert_eq!(graph.distance(people[500], person), Some(steps as u32).filter(|&steps| steps > 0));
            assert_eq!(graph.orphan_reason(person), Some(OrphanReason::ManagementCycle));
            assert!(graph.under_orphan(person));
            assert_eq!(graph.ring(person).len(), LENGTH);
        }
        let chain = graph.chain(people[0]);
        assert_eq!(chain, Chain { managers: people[1..].to_vec(), end: ChainEnd::Cycle });
        assert_eq!(graph.anomalies(), [Anomaly::ManagementCycle { members: people.clone() }]);
        everybody_is_listed_once(&graph, &Scope::Everyone, LENGTH);
        everybody_is_listed_once(&graph, &Scope::Orphans(None), LENGTH);
        everybody_is_listed_once(&graph, &Scope::Reports { manager: people[7], reach: None }, LENGTH - 1);
        everybody_is_listed_once(&graph, &Scope::Reports { manager: people[7], reach: Some(900) }, 900);
        everybody_is_listed_once(&graph, &Scope::Roots, 0);
    });
}

#[test]
fn nobody_at_all() {
    on_a_small_stack(|| {
        let graph = build(Vec::new());
        assert!(graph.users().is_empty() && graph.anomalies().is_empty());
        assert_eq!(graph.person_count(), 0);
        assert_eq!(graph.find(""), None);
        assert_eq!(graph.find_by_email(&EmailAddress::new("")), EmailMatch::Nobody);
        for scope in [Scope::Everyone, Scope::Orphans(None), Scope::Roots, Scope::Nobody] {
            everybody_is_listed_once(&graph, &scope, 0);
        }
    });
}
