//! Every answer of `OrgGraph` in random companies, held against the model.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::org::{
    Anomaly, AnomalyKind, ChainEnd, ChartLimits, ChartScope, EmailAddress, EmailMatch, GroupBy, OrgGraph,
    User, UserFilter, UserIndex, UserParts,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, build, companies, for_all, user},
    model::Model,
};

/// The numbers of the model for users of the graph.
fn named(model: &Model, graph: &OrgGraph, users: &[UserIndex]) -> Vec<usize> {
    users.iter().map(|&user| model.find(graph.user(user).id()).unwrap()).collect()
}

fn index(model: &Model, graph: &OrgGraph, user: usize) -> UserIndex {
    graph.find(model.users[user].id.as_str()).unwrap()
}

#[test]
fn small_companies_are_as_the_words_say() {
    for_all(GRAPHS, companies(9), |company| agrees(&company.users()));
}

#[test]
fn larger_companies_are_as_the_words_say() {
    for_all(60, companies(45), |company| agrees(&company.users()));
}

fn agrees(records: &[UserParts]) -> TestCaseResult {
    let model = Model::of(records);
    let graph = build(records.to_vec());
    everybody_is_there_once(&model, &graph)?;
    upwards(&model, &graph)?;
    downwards(&model, &graph)?;
    emails(&model, &graph)?;
    anomalies(&model, &graph)
}

fn everybody_is_there_once(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    prop_assert_eq!(graph.users().len(), model.users.len());
    for user in &model.users {
        let found = graph.find(user.id.as_str());
        let packed = User::from(user.clone());
        prop_assert!(
            found.is_some_and(|found| *graph.user(found) == packed),
            "{:?} is the last record",
            user
        );
        prop_assert!(graph.users().contains(&packed));
        for unlike in [format!("0{}", user.id), format!("{} ", user.id)] {
            prop_assert_eq!(graph.find(&unlike).is_some(), model.find(&unlike).is_some());
        }
    }
    prop_assert_eq!(graph.find("nobody-0"), None);
    let persons: Vec<_> = model.everybody().collect();
    prop_assert_eq!(graph.person_count(), model.persons(&persons));
    Ok(())
}

fn upwards(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    for user in model.everybody() {
        let at = index(model, graph, user);
        let id = &model.users[user].id;
        let manager = model.manager(user).map(|manager| index(model, graph, manager));
        prop_assert_eq!(graph.manager(at), manager, "manager of {}", id);
        prop_assert_eq!(graph.manager_status(at), model.status(user), "status of {}", id);
        prop_assert_eq!(graph.top(at), model.end(user), "top of {}", id);
        prop_assert_eq!(graph.depth(at), model.depth(user), "depth of {}", id);
        prop_assert_eq!(graph.orphan_reason(at), model.orphan_reason(user), "orphan reason of {}", id);
        prop_assert_eq!(graph.under_orphan(at), model.under_orphan(user), "under orphan: {}", id);

        let chain = graph.chain(at);
        prop_assert_eq!(named(model, graph, &chain.managers), model.chain(user), "chain of {}", id);
        prop_assert_eq!(graph.chain_length(at), chain.managers.len(), "length of the chain of {}", id);
        prop_assert_eq!(chain.end, model.end(user), "end of the chain of {}", id);
        let distinct: BTreeSet<_> = chain.managers.iter().chain([&at]).collect();
        prop_assert_eq!(distinct.len(), chain.managers.len() + 1, "somebody twice above {}", id);
    }
    Ok(())
}

fn downwards(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    for user in model.everybody() {
        let at = index(model, graph, user);
        let id = &model.users[user].id;
        prop_assert_eq!(graph.direct_count(at), model.persons(&model.direct(user)), "direct of {}", id);
        prop_assert_eq!(
            graph.transitive_count(at),
            model.persons(&model.below(user)),
            "transitive of {}",
            id
        );
        for report in model.everybody() {
            let distance = graph.distance(at, index(model, graph, report));
            prop_assert_eq!(
                distance,
                model.distance(user, report),
                "{} over {}",
                id,
                &model.users[report].id
            );
            prop_assert_eq!(distance.is_some(), model.below(user).contains(&report));
        }

        // Nothing says with whom a ring begins when a member is asked for it.
        let mut ring = named(model, graph, graph.ring(at));
        let smallest = ring.iter().position(|&member| model.ring(user).first() == Some(&member));
        ring.rotate_left(smallest.unwrap_or(0));
        prop_assert_eq!(ring, model.ring(user), "ring of {}", id);
    }
    Ok(())
}

fn emails(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    for address in model.everybody().flat_map(|user| model.addresses(user)) {
        for spelling in [address.to_owned(), address.to_lowercase(), address.to_uppercase()] {
            let spelling = EmailAddress::new(spelling);
            let mut found = match graph.find_by_email(&spelling) {
                EmailMatch::Nobody => vec![],
                EmailMatch::One(user) => named(model, graph, &[user]),
                EmailMatch::Many(users) => {
                    prop_assert!(users.len() > 1, "{} of one holder is not ambiguous", address);
                    named(model, graph, users)
                }
            };
            found.sort_unstable();
            prop_assert_eq!(found, model.holders(&spelling), "holders of {}", address);
        }
    }
    prop_assert_eq!(graph.find_by_email(&EmailAddress::new("nobody@example.org")), EmailMatch::Nobody);
    Ok(())
}

fn anomalies(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    let kinds: Vec<_> = graph.anomalies().iter().map(Anomaly::kind).collect();
    prop_assert!(kinds.is_sorted(), "ids, then addresses, then rings: {:?}", kinds);
    let count = |wanted| kinds.iter().filter(|&&kind| kind == wanted).count();

    let mut repeated = BTreeSet::new();
    let mut shared = Vec::new();
    let mut rings = Vec::new();
    for anomaly in graph.anomalies() {
        match anomaly {
            Anomaly::DuplicateId { id, records } => {
                repeated.insert((id.to_string(), *records));
            }
            Anomaly::DuplicateEmail { holders } => {
                let mut holders = named(model, graph, holders);
                holders.sort_unstable();
                shared.push(holders);
            }
            Anomaly::ManagementCycle { members } => rings.push(named(model, graph, members)),
        }
    }
    prop_assert_eq!(repeated.len(), count(AnomalyKind::DuplicateId));
    prop_assert_eq!(&repeated, &model.repeated);
    prop_assert_eq!(rings, model.rings());

    let addresses = model.everybody().flat_map(|user| model.addresses(user)).map(str::to_lowercase);
    let distinct: BTreeSet<_> = addresses.collect();
    let holders = distinct.into_iter().map(|address| model.holders(&EmailAddress::new(address)));
    let mut expected: Vec<_> = holders.filter(|holders| holders.len() > 1).collect();
    expected.sort_unstable();
    shared.sort_unstable();
    prop_assert_eq!(shared, expected);
    Ok(())
}

#[test]
fn every_user_is_in_exactly_one_component() {
    for_all(GRAPHS, companies(9), |company| one_component_each(&company.users()));
}

/// The company falls into the parts that its links connect, and every answer that has parts has these.
fn one_component_each(records: &[UserParts]) -> TestCaseResult {
    let graph = build(records.to_vec());
    let is_last = |at: usize| records[at + 1..].iter().all(|later| later.id != records[at].id);
    let users: Vec<_> = (0..records.len()).filter(|&at| is_last(at)).map(|at| &records[at]).collect();
    let components = components(&users);
    let at: Vec<_> = users.iter().map(|user| graph.find(user.id.as_str()).unwrap()).collect();
    let place = |user: UserIndex| at.iter().position(|&other| other == user).unwrap();

    // The way up ends at the same top, or in the same ring, for those of a component and for nobody else.
    let feet: Vec<_> = at.iter().map(|&user| foot(&graph, user)).collect();
    for (one, its_foot) in feet.iter().enumerate() {
        for (other, foot) in feet.iter().enumerate().skip(one + 1) {
            let together = components[one] == components[other];
            prop_assert_eq!(its_foot == foot, together, "{} and {}", one, other);
        }
    }
    let mut distinct = feet.clone();
    distinct.sort_unstable_by_key(|&foot| place(foot));
    distinct.dedup();
    for &user in &at {
        let reaches = |foot: &&UserIndex| **foot == user || graph.distance(**foot, user).is_some();
        let above = distinct.iter().filter(reaches);
        prop_assert_eq!(above.count(), 1, "above {}", graph.user(user).id());
    }

    // The groups by tops are the components, and as large.
    let mut sizes = BTreeMap::<_, usize>::new();
    for (foot, component) in feet.iter().zip(&components) {
        *sizes.entry((*component, graph.user(*foot).id())).or_default() += 1;
    }
    prop_assert_eq!(sizes.len(), distinct.len());
    let groups = graph.census(None, &UserFilter::of_any_kind()).groups(&graph, GroupBy::Top);
    prop_assert_eq!(groups.len(), sizes.len());
    for group in groups {
        let top = group.user.unwrap();
        let component = components[place(top)];
        let size = sizes.remove(&(component, graph.user(top).id()));
        prop_assert_eq!(size, Some(group.figures.headcount));
        prop_assert_eq!(group.key.as_deref(), Some(graph.user(top).id()));
    }

    // The chart of the company has everybody once, under the foot of the component.
    let whole = ChartScope { root: None, filter: UserFilter::of_any_kind() };
    let nodes = graph.chart(&whole, ChartLimits { depth: None, nodes: usize::MAX }).nodes;
    let mut drawn = BTreeSet::new();
    let mut branches = Vec::<Option<UserIndex>>::new();
    for node in &nodes {
        let branch = node.parent.and_then(|parent| branches[parent]).or(node.user);
        branches.push(branch);
        if let (Some(user), Some(branch)) = (node.user, branch) {
            let user = place(user);
            prop_assert!(drawn.insert(user), "{} is drawn twice", user);
            prop_assert_eq!(branch, feet[user]);
        }
    }
    prop_assert_eq!(drawn.len(), users.len());
    Ok(())
}

/// The number of everybody's component: users whom a link connects have the same.
fn components(users: &[&UserParts]) -> Vec<usize> {
    let mut numbers: Vec<_> = (0..users.len()).collect();
    for (user, record) in users.iter().enumerate() {
        let manager = users.iter().position(|other| record.manager_id.as_ref() == Some(&other.id));
        if let Some(manager) = manager {
            let (kept, given_up) = (numbers[manager], numbers[user]);
            numbers.iter_mut().filter(|number| **number == given_up).for_each(|number| *number = kept);
        }
    }
    numbers
}

/// Where the way up from `user` ends: the top, or of a ring the member with the smallest id.
fn foot(graph: &OrgGraph, user: UserIndex) -> UserIndex {
    let chain = graph.chain(user);
    let last = chain.managers.last().copied().unwrap_or(user);
    let ring = graph.ring(last).iter().copied();
    assert_eq!(chain.end == ChainEnd::Cycle, ring.len() > 0, "the ring at the end of a way up");
    ring.min_by_key(|&member| graph.user(member).id()).unwrap_or(last)
}

#[test]
fn a_ring_may_be_of_any_length_and_have_people_below() {
    for length in 2..12_usize {
        for below in 0..4 {
            let mut users = Vec::new();
            for member in 0..length {
                users.push(under(&format!("r{member:02}"), &format!("r{:02}", (member + 1) % length)));
            }
            for report in 0..below {
                users.push(under(&format!("b{report}"), &format!("r{:02}", report % length)));
            }
            let graph = build(users);
            for member in 0..length {
                let member = graph.find(&format!("r{member:02}")).unwrap();
                assert_eq!(graph.transitive_count(member) as usize, length - 1 + below);
                assert_eq!(graph.chain(member).managers.len(), length - 1);
            }
            assert_eq!(graph.anomalies().len(), 1);
        }
    }
}

fn under(id: &str, manager: &str) -> UserParts {
    UserParts { manager_id: Some(manager.into()), ..user(id) }
}
