//! Who may hear whom in random companies, held against sets that are filled person by person.

use std::collections::BTreeSet;

use orgraph::org::{
    AccessFinding, CallAccess, ChainEnd, Direction, ManagerStatus, Order, OrderField, OrgGraph, Scope, Take,
    UserFilter, UserIndex, UserKind, UserParts, Window,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, build, companies, for_all, user},
    model::Model,
};

const ALL: [CallAccess; 3] = [CallAccess::Own, CallAccess::Team, CallAccess::ManagersTeams];

fn heard(model: &Model, viewer: usize, access: CallAccess) -> BTreeSet<usize> {
    let team = |head: usize| model.below(head).into_iter().chain([head]);
    match access {
        CallAccess::Own => [viewer].into(),
        CallAccess::Team => team(viewer).collect(),
        CallAccess::ManagersTeams => {
            team(viewer).chain(model.manager(viewer).into_iter().flat_map(team)).collect()
        }
    }
}

#[test]
fn access_is_as_the_words_say() {
    for_all(GRAPHS, companies(9), |company| {
        let records = company.users();
        let model = Model::of(&records);
        agrees(&model, &build(records), &[Order::Tree])
    });
}

#[test]
fn access_in_larger_companies_and_in_other_orders() {
    let orders = [Order::Tree, Order::NAME, Order::By(OrderField::DirectReportCount, Direction::Descending)];
    for_all(60, companies(45), |company| {
        let records = company.users();
        let model = Model::of(&records);
        agrees(&model, &build(records), &orders)
    });
}

fn agrees(model: &Model, graph: &OrgGraph, orders: &[Order]) -> TestCaseResult {
    let at = |user: usize| graph.find(model.users[user].id.as_str()).unwrap();
    let ids = |users: &BTreeSet<usize>| -> BTreeSet<&str> {
        users.iter().map(|&user| model.users[user].id.as_str()).collect()
    };
    for access in ALL {
        let everybody: Vec<_> = model.everybody().map(|viewer| heard(model, viewer, access)).collect();
        for user in model.everybody() {
            let hearers: BTreeSet<_> =
                model.everybody().filter(|&viewer| everybody[viewer].contains(&user)).collect();
            for (scope, expected) in [
                (Scope::Heard { viewer: at(user), access }, &everybody[user]),
                (Scope::Hearers { user: at(user), access }, &hearers),
            ] {
                for &order in orders {
                    listed(graph, &scope, order, &ids(expected))?;
                }
            }
            let name = &model.users[user].id;
            prop_assert_eq!(
                graph.findings_on_heard(at(user), access),
                on_heard(model, user, access),
                "{}",
                name
            );
            prop_assert_eq!(
                graph.findings_on_hearers(at(user), access),
                on_hearers(model, user, access),
                "{}",
                name
            );
        }
    }
    for viewer in model.everybody() {
        for user in model.everybody() {
            let least = ALL.into_iter().find(|&access| heard(model, viewer, access).contains(&user));
            prop_assert_eq!(graph.least_access(at(viewer), at(user)), least);
        }
    }
    Ok(())
}

/// The listing holds exactly `expected`, once each, in whole and in pages, and counts them.
fn listed(graph: &OrgGraph, scope: &Scope, order: Order, expected: &BTreeSet<&str>) -> TestCaseResult {
    let id = |user| graph.user(user).id();
    let of_any_kind = UserFilter::of_any_kind();
    let listing = graph.list(scope, &of_any_kind, order);
    let all: Vec<_> = listing.iter().collect();
    prop_assert_eq!(&all.iter().copied().map(id).collect::<BTreeSet<_>>(), expected);
    prop_assert_eq!(all.len(), expected.len());
    prop_assert_eq!(listing.count(), expected.len());
    // The same order as among everybody.
    let whole = graph.list(&Scope::Everyone, &of_any_kind, order);
    prop_assert_eq!(&whole.iter().filter(|user| all.contains(user)).collect::<Vec<_>>(), &all);

    let (mut seen, mut edge) = (Vec::<UserIndex>::new(), None);
    loop {
        let page = listing.page(&Window { after: edge, before: None, take: Take::First(2) });
        seen.extend(&page.users);
        prop_assert_eq!(page.has_next, seen.len() < all.len());
        edge = page.users.last().filter(|_| page.has_next).map(|&last| listing.position(last));
        if edge.is_none() {
            break;
        }
    }
    prop_assert_eq!(&seen, &all);

    let persons = UserFilter::default();
    let persons = graph.list(scope, &persons, order);
    let expected = all.iter().filter(|&&user| graph.user(user).kind() == UserKind::Person).count();
    prop_assert_eq!((persons.count(), persons.iter().count()), (expected, expected));
    Ok(())
}

fn on_heard(model: &Model, viewer: usize, access: CallAccess) -> Vec<AccessFinding> {
    let mut findings = vec![];
    if access >= CallAccess::Team && model.in_ring(viewer) {
        findings.push(AccessFinding::InRing);
    }
    if access == CallAccess::ManagersTeams {
        match (model.status(viewer), model.manager(viewer)) {
            (ManagerStatus::None, _) => findings.push(AccessFinding::NoManager),
            (ManagerStatus::NotFound, _) => findings.push(AccessFinding::ManagerNotFound),
            (ManagerStatus::OwnId, _) => findings.push(AccessFinding::ManagerIsSelf),
            (_, Some(manager)) if model.in_ring(manager) && !model.in_ring(viewer) => {
                findings.push(AccessFinding::BelowRing);
            }
            _ => {}
        }
    }
    findings
}

fn on_hearers(model: &Model, user: usize, access: CallAccess) -> Vec<AccessFinding> {
    let finding = match model.end(user) {
        ChainEnd::Root => None,
        ChainEnd::ManagerNotFound => Some(AccessFinding::ManagerNotFound),
        ChainEnd::SelfManaged => Some(AccessFinding::ManagerIsSelf),
        ChainEnd::Cycle if model.in_ring(user) => Some(AccessFinding::InRing),
        ChainEnd::Cycle => Some(AccessFinding::BelowRing),
    };
    finding.into_iter().filter(|_| access > CallAccess::Own).collect()
}

/// On a small stack: a line, a span and a ring of the whole company.
#[test]
fn access_in_companies_of_100_000() {
    const PEOPLE: usize = 100_000;
    let under = |at: usize, manager: Option<usize>| UserParts {
        manager_id: manager.map(|manager| manager.to_string()),
        ..user(&at.to_string())
    };
    let test = move || {
        let line = build((0..PEOPLE).map(|at| under(at, at.checked_sub(1))).collect());
        let span = build((0..PEOPLE).map(|at| under(at, (at > 0).then_some(0))).collect());
        let ring = build((0..PEOPLE).map(|at| under(at, Some((at + 1) % PEOPLE))).collect());
        // Whom the first and the last hear, and who hears them, with access to their team and to their manager's.
        for (graph, heard, hearers) in [
            (&line, [[PEOPLE, PEOPLE], [1, 2]], [[1, 2], [PEOPLE, PEOPLE]]),
            (&span, [[PEOPLE, PEOPLE], [1, PEOPLE]], [[1, PEOPLE], [2, PEOPLE]]),
            (&ring, [[PEOPLE; 2]; 2], [[PEOPLE; 2]; 2]),
        ] {
            let ends = [0, PEOPLE - 1].map(|at| graph.find(&at.to_string()).unwrap());
            let counts = |scope: &dyn Fn(UserIndex, CallAccess) -> Scope| {
                ends.map(|user| {
                    [CallAccess::Team, CallAccess::ManagersTeams].map(|access| {
                        let (scope, filter) = (scope(user, access), UserFilter::default());
                        let listing = graph.list(&scope, &filter, Order::NAME);
                        assert_eq!(listing.iter().count(), listing.count());
                        listing.count()
                    })
                })
            };
            assert_eq!(counts(&|viewer, access| Scope::Heard { viewer, access }), heard);
            assert_eq!(counts(&|user, access| Scope::Hearers { user, access }), hearers);
        }
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(test).unwrap().join().unwrap();
}
