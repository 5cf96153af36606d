//! What is wrong in random companies, kind by kind, against what the kinds say of themselves.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::org::{
    self, Bounds, ChainEnd, EmailAddress, IssueKind, ManagerStatus, OrgGraph, OrphanReason, Severity,
    UserKind,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, build, companies, for_all},
    model::Model,
    org_scale::{indexes, on_a_small_stack, under},
};

/// An issue as the model finds it: kind and people, then severity, people below and what was counted.
type Found = BTreeMap<(IssueKind, Vec<usize>, String), (Severity, u32, u32)>;

#[test]
fn small_companies_have_these_issues() {
    let bounds = (1..4_u32, 1..5_u32);
    for_all(GRAPHS, (companies(9), bounds), |(company, (span, depth))| {
        agrees(&company.users(), Bounds { span, depth })
    });
}

#[test]
fn larger_companies_have_these_issues() {
    for_all(60, companies(45), |company| {
        agrees(&company.users(), Bounds { span: 5, depth: 6 })?;
        agrees(&company.users(), Bounds::USUAL)
    });
}

fn agrees(records: &[org::UserParts], bounds: Bounds) -> TestCaseResult {
    let model = Model::of(records);
    let graph = build(records.to_vec());
    let issues = graph.issues(bounds);
    let number = |&user: &org::UserIndex| model.find(graph.user(user).id()).unwrap();

    let mut found = Found::new();
    for issue in issues.all() {
        let people: Vec<_> = issue.people.iter().map(number).collect();
        // An address is named by its hash, of which the model knows nothing.
        let address = if issue.kind == IssueKind::DuplicateEmail { issue.key.clone() } else { String::new() };
        let first = people.first().map(|&first| model.users[first].id.as_str());
        match issue.kind {
            IssueKind::DuplicateEmail => {}
            IssueKind::MultipleRoots => prop_assert_eq!(&issue.key, ""),
            _ => prop_assert_eq!(Some(issue.key.as_str()), first),
        }
        let answer = (issue.severity, issue.below, issue.amount);
        prop_assert_eq!(found.insert((issue.kind, people, address), answer), None, "{:?} twice", issue);
    }
    prop_assert_eq!(nameless(found), nameless(expected(&model, bounds)));
    in_order_and_found_again(&graph, bounds)
}

/// Issues without the hashes of addresses: each kind and people as often as it comes.
#[expect(clippy::type_complexity, reason = "it is a list of tuples for a comparison")]
fn nameless(found: Found) -> Vec<(IssueKind, Vec<usize>, (Severity, u32, u32))> {
    let mut list: Vec<_> =
        found.into_iter().map(|((kind, people, _), answer)| (kind, people, answer)).collect();
    list.sort_unstable();
    list
}

fn expected(model: &Model, bounds: Bounds) -> Found {
    let mut found = Found::new();
    let mut add = |kind, people: Vec<usize>, name: String, amount| {
        let reached: BTreeSet<_> = people.iter().flat_map(|&user| model.below(user)).collect();
        let others: Vec<_> = reached.into_iter().filter(|user| !people.contains(user)).collect();
        let severity = severity(model, kind, &people);
        found.insert((kind, people, name), (severity, model.persons(&others), amount));
    };
    let by_id = |mut users: Vec<usize>| {
        users.sort_by_key(|&user| &model.users[user].id);
        users
    };
    for user in model.everybody() {
        let record = &model.users[user];
        let person = model.is_person(user);
        let direct: Vec<_> = model.direct(user).into_iter().filter(|&one| model.is_person(one)).collect();
        let mut one = |kind, applies: bool, amount| {
            if applies {
                add(kind, vec![user], String::new(), amount);
            }
        };
        one(IssueKind::DanglingManager, person && model.status(user) == ManagerStatus::NotFound, 0);
        one(IssueKind::SelfManaged, person && model.status(user) == ManagerStatus::OwnId, 0);
        one(IssueKind::Isolated, person && model.orphan_reason(user) == Some(OrphanReason::NoManager), 0);
        one(IssueKind::ExtremeSpan, person && direct.len() > bounds.span as usize, direct.len() as u32);

        let mut with_reports = |kind, reports: Vec<usize>| {
            if !reports.is_empty() {
                add(kind, [vec![user], by_id(reports)].concat(), String::new(), 0);
            }
        };
        if record.kind == UserKind::Avatar {
            with_reports(IssueKind::AvatarManager, direct.clone());
        }
        if !record.active {
            let active = direct.iter().copied().filter(|&report| model.users[report].active);
            with_reports(IssueKind::InactiveManager, active.collect());
        }

        let tree: Vec<_> = [vec![user], model.below(user)].concat();
        let persons = tree.iter().copied().filter(|&member| model.is_person(member));
        let depth = |member: usize| model.depth(member).unwrap_or_default();
        let is_top = model.chain(user).is_empty() && model.end(user) != ChainEnd::Cycle;
        let greatest = persons.clone().map(depth).max().unwrap_or_default();
        if is_top && greatest > bounds.depth {
            let deepest = by_id(persons.filter(|&member| depth(member) == greatest).collect())[0];
            add(IssueKind::DeepChain, vec![user, deepest], String::new(), greatest);
        }
    }
    for ring in model.rings() {
        add(IssueKind::Cycle, ring, String::new(), 0);
    }
    let is_root = |&user: &usize| {
        model.is_person(user)
            && model.status(user) == ManagerStatus::None
            && model.persons(&model.below(user)) > 0
    };
    let roots = by_id(model.everybody().filter(is_root).collect());
    if roots.len() > 1 {
        add(IssueKind::MultipleRoots, roots, String::new(), 0);
    }
    let addresses: BTreeSet<_> =
        model.everybody().flat_map(|user| model.addresses(user)).map(str::to_lowercase).collect();
    for address in addresses {
        let holders = model.holders(&EmailAddress::new(address.clone()));
        if holders.len() > 1 {
            add(IssueKind::DuplicateEmail, by_id(holders), address, 0);
        }
    }
    for (id, records) in &model.repeated {
        add(IssueKind::DuplicateId, vec![model.find(id.as_str()).unwrap()], String::new(), *records);
    }
    found
}

fn severity(model: &Model, kind: IssueKind, people: &[usize]) -> Severity {
    let active = people.iter().filter(|&&user| model.is_person(user) && model.users[user].active).count();
    match kind {
        IssueKind::DanglingManager | IssueKind::SelfManaged | IssueKind::Cycle => {
            if active > 0 {
                Severity::Error
            } else {
                Severity::Warning
            }
        }
        IssueKind::DuplicateEmail => {
            if active > 1 {
                Severity::Error
            } else {
                Severity::Warning
            }
        }
        IssueKind::InactiveManager => Severity::Warning,
        IssueKind::Isolated | IssueKind::DuplicateId | IssueKind::AvatarManager => {
            if active > 0 {
                Severity::Warning
            } else {
                Severity::Info
            }
        }
        IssueKind::MultipleRoots => {
            if active > 1 {
                Severity::Warning
            } else {
                Severity::Info
            }
        }
        IssueKind::ExtremeSpan | IssueKind::DeepChain => Severity::Info,
    }
}

/// The worst first, then those with most people below; each found by its name, and from whom it touches.
fn in_order_and_found_again(graph: &OrgGraph, bounds: Bounds) -> TestCaseResult {
    let issues = graph.issues(bounds);
    let all = issues.all();
    for pair in all.windows(2) {
        let rank =
            |issue: &org::Issue| (issue.severity, u32::MAX - issue.below, issue.kind, issue.key.clone());
        prop_assert!(rank(&pair[0]) < rank(&pair[1]), "{:?}", pair);
    }
    for (at, issue) in (0..).zip(all) {
        prop_assert_eq!(issues.find(issue.kind, &issue.key), Some(at));
        prop_assert_eq!(issues.find(issue.kind, &format!("{}?", issue.key)), None);
    }
    for at in 0..graph.users().len() {
        let user = graph.find(graph.users()[at].id()).unwrap();
        let expected: Vec<_> =
            (0..).zip(all).filter(|(_, issue)| issue.people.contains(&user)).map(|(at, _)| at).collect();
        prop_assert_eq!(issues.touching(user), expected);
    }
    Ok(())
}

#[test]
fn an_address_keeps_its_name_when_its_holders_change() {
    let with = |id: &str, address: &str| org::UserParts {
        email_address: Some(address.into()),
        ..crate::company::user(id)
    };
    let key = |users: Vec<org::UserParts>| {
        let issues = build(users).issues(Bounds::USUAL);
        let shared: Vec<_> =
            issues.all().iter().filter(|issue| issue.kind == IssueKind::DuplicateEmail).collect();
        assert_eq!(shared.len(), 1);
        shared[0].key.clone()
    };
    let first = key(vec![with("1", "a@x.org"), with("2", "A@x.org")]);
    assert_eq!(first, key(vec![with("0", "a@X.org"), with("2", "a@x.org"), with("3", "a@x.org")]));
    assert_ne!(first, key(vec![with("1", "b@x.org"), with("2", "b@x.org")]));
    // FNV-1a as its authors publish it.
    assert_eq!(key(vec![with("1", "foobar"), with("2", "foobar")]), "85944171f73967e8");
}

#[test]
fn a_line_of_200_000_has_one_issue() {
    const LENGTH: usize = 200_000;
    on_a_small_stack(|| {
        let graph = build((0..LENGTH).rev().map(|at| under(at, at.checked_sub(1))).collect());
        let people = indexes(&graph);
        let issues = graph.issues(Bounds::USUAL);
        let [issue] = issues.all() else { panic!("{} issues", issues.all().len()) };
        assert_eq!((issue.kind, issue.severity), (IssueKind::DeepChain, Severity::Info));
        assert_eq!(issue.people, [people[0], people[LENGTH - 1]]);
        assert_eq!((issue.amount, issue.below), (LENGTH as u32 - 1, LENGTH as u32 - 2));
        assert_eq!(graph.below_count(&people), 0);
        assert_eq!(graph.below_count(&[people[9], people[5]]) as usize, LENGTH - 7);
    });
}

#[test]
fn a_manager_of_103_405_has_one_issue_of_each_kind() {
    const SPAN: usize = 103_405;
    on_a_small_stack(|| {
        let users = (0..=SPAN).map(|at| {
            let user = under(at, (at > 0).then_some(0));
            org::UserParts { active: at > 0, email_address: Some("all@example.org".into()), ..user }
        });
        let graph = build(users.collect());
        let people = indexes(&graph);
        let issues = graph.issues(Bounds::USUAL);
        let told: Vec<_> = issues
            .all()
            .iter()
            .map(|issue| (issue.kind, issue.severity, issue.people.len(), issue.below, issue.amount))
            .collect();
        assert_eq!(
            told,
            [
                (IssueKind::DuplicateEmail, Severity::Error, SPAN + 1, 0, 0),
                (IssueKind::InactiveManager, Severity::Warning, SPAN + 1, 0, 0),
                (IssueKind::ExtremeSpan, Severity::Info, 1, SPAN as u32, SPAN as u32),
            ]
        );
        assert_eq!(issues.touching(people[0]), [0, 1, 2]);
        assert!(people[1..].iter().all(|&report| issues.touching(report) == [0, 1]));
    });
}

#[test]
fn a_ring_of_100_000_is_one_issue() {
    const LENGTH: usize = 100_000;
    on_a_small_stack(|| {
        let ring = (0..LENGTH).map(|at| under(at, Some((at + 1) % LENGTH)));
        let below = (0..LENGTH).map(|at| under(LENGTH + at, Some(at)));
        let graph = build(ring.chain(below).collect());
        let people = indexes(&graph);
        let issues = graph.issues(Bounds::USUAL);
        let [issue] = issues.all() else { panic!("{} issues", issues.all().len()) };
        assert_eq!((issue.kind, issue.severity), (IssueKind::Cycle, Severity::Error));
        assert_eq!(issue.people, people[..LENGTH]);
        assert_eq!(issue.below as usize, LENGTH);
        assert!(people[..LENGTH].iter().all(|&member| issues.touching(member) == [0]));
        assert!(people[LENGTH..].iter().all(|&report| issues.touching(report).is_empty()));
        assert_eq!(graph.rings().collect::<Vec<_>>(), [&people[..LENGTH]]);
    });
}

#[test]
fn nobody_has_no_issues() {
    let graph = build(Vec::new());
    assert!(graph.issues(Bounds::USUAL).all().is_empty());
    assert_eq!((graph.rings().len(), graph.below_count(&[])), (0, 0));
}
