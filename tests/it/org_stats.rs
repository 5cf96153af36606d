//! The shape of random companies and of their parts, against the words' plain meaning.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::org::{self, Census, Figures, GroupBy, OrgGraph, UserFilter, UserIndex, UserKind};
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, build, companies, for_all},
    model::Model,
    org_scale::{indexes, on_a_small_stack, under},
};

#[derive(Clone, Debug)]
struct Asked {
    root: Option<u8>,
    active: Option<bool>,
    avatars: bool,
    by: GroupBy,
}

const GROUPS: [GroupBy; 5] =
    [GroupBy::Depth, GroupBy::Title, GroupBy::EmailDomain, GroupBy::Top, GroupBy::Manager];

fn asked() -> impl Strategy<Value = Asked> {
    let root = proptest::option::of(any::<u8>());
    let by = prop::sample::select(GROUPS.as_slice());
    (root, proptest::option::of(any::<bool>()), any::<bool>(), by)
        .prop_map(|(root, active, avatars, by)| Asked { root, active, avatars, by })
}

#[test]
fn small_companies_have_this_shape() {
    for_all(GRAPHS, (companies(9), asked()), |(company, asked)| agrees(&company.users(), &asked));
}

#[test]
fn larger_companies_have_this_shape() {
    for_all(60, (companies(45), asked()), |(company, asked)| agrees(&company.users(), &asked));
}

/// Who is counted, by the model's numbers, with the depth of each.
struct Naive<'a> {
    model: &'a Model,
    depths: BTreeMap<usize, Option<u32>>,
}

impl Naive<'_> {
    fn span(&self, user: usize) -> usize {
        self.model.direct(user).iter().filter(|report| self.depths.contains_key(report)).count()
    }
}

fn agrees(records: &[org::UserParts], asked: &Asked) -> TestCaseResult {
    let model = Model::of(records);
    let graph = build(records.to_vec());
    let root = asked.root.filter(|_| !records.is_empty()).map(|at| usize::from(at) % model.users.len());

    let counted = |&user: &usize| {
        let record = &model.users[user];
        (asked.avatars || model.is_person(user)) && asked.active.is_none_or(|active| active == record.active)
    };
    let depth = |user: usize| match root {
        None => model.depth(user),
        Some(root) if root == user => Some(0),
        Some(root) => model.distance(root, user),
    };
    let scope = match root {
        None => model.everybody().collect(),
        Some(root) => [vec![root], model.below(root)].concat(),
    };
    let depths = scope.iter().copied().filter(counted).map(|user| (user, depth(user))).collect();
    let naive = Naive { model: &model, depths };

    let kinds = asked.avatars.then(|| vec![UserKind::Person, UserKind::Avatar]);
    let filter = UserFilter { active: asked.active, kinds, ..UserFilter::default() };
    let root = root.map(|root| graph.find(model.users[root].id.as_str()).unwrap());
    let census = graph.census(root, &filter);

    let everybody: Vec<_> = naive.depths.keys().copied().collect();
    prop_assert_eq!(graph.reachable(root), scope.len());
    prop_assert_eq!(census.headcount(), everybody.len());
    figures(&naive, &everybody, &census.figures())?;
    depths_agree(&naive, &census)?;
    groups(&naive, &graph, &census, asked.by)
}

fn figures(naive: &Naive<'_>, users: &[usize], figures: &Figures) -> TestCaseResult {
    let mut spans: Vec<_> = users.iter().map(|&user| naive.span(user)).filter(|&span| span > 0).collect();
    spans.sort_unstable();
    let active = users.iter().filter(|&&user| naive.model.users[user].active).count();
    prop_assert_eq!(figures.headcount, users.len());
    prop_assert_eq!(figures.active, active);
    prop_assert_eq!(figures.managers(), spans.len());
    prop_assert_eq!(figures.individual_contributors(), users.len() - spans.len());
    let number = |span: Option<&usize>| span.map(|&span| span as u32);
    prop_assert_eq!(figures.spans.min(), number(spans.first()));
    prop_assert_eq!(figures.spans.max(), number(spans.last()));
    let count = spans.len() as f64;
    prop_assert_eq!(figures.spans.mean(), (count > 0.0).then(|| spans.iter().sum::<usize>() as f64 / count));
    let median = match spans.as_slice() {
        [] => None,
        spans if spans.len() % 2 == 1 => Some(spans[spans.len() / 2] as f64),
        spans => Some((spans[spans.len() / 2 - 1] + spans[spans.len() / 2]) as f64 / 2.0),
    };
    prop_assert_eq!(figures.spans.median(), median);

    let mut expected_from = 1;
    let mut in_buckets = 0;
    for (from, to, managers) in figures.spans.histogram() {
        prop_assert_eq!(from, expected_from, "the buckets follow each other");
        let to = to.unwrap_or(u32::MAX);
        let inside = spans.iter().filter(|&&span| (from..=to).contains(&(span as u32))).count();
        prop_assert_eq!(managers, inside);
        in_buckets += managers;
        expected_from = to.wrapping_add(1);
    }
    prop_assert_eq!((expected_from, in_buckets), (0, spans.len()));
    Ok(())
}

fn depths_agree(naive: &Naive<'_>, census: &Census) -> TestCaseResult {
    let by_depth = census.by_depth();
    let greatest = naive.depths.values().flatten().max().copied();
    prop_assert_eq!(by_depth.len(), greatest.map_or(0, |depth| depth as usize + 1));
    for (depth, &headcount) in (0..).zip(&by_depth) {
        let there = naive.depths.values().filter(|&&at| at == Some(depth)).count();
        prop_assert_eq!(headcount as usize, there);
    }
    let depths: BTreeSet<_> = naive.depths.values().flatten().collect();
    prop_assert_eq!(census.layers(), depths.len());
    let without = naive.depths.values().filter(|depth| depth.is_none()).count();
    prop_assert_eq!(census.without_depth(), without);
    Ok(())
}

fn groups(naive: &Naive<'_>, graph: &OrgGraph, census: &Census, by: GroupBy) -> TestCaseResult {
    let model = naive.model;
    let above = |user: usize| match by {
        GroupBy::Manager => model.manager(user),
        GroupBy::Top => {
            let top = model.chain(user).last().copied().unwrap_or(user);
            // In or below a ring the walk ends in it, wherever it came in.
            Some(model.ring(top).first().copied().unwrap_or(top))
        }
        _ => None,
    };
    let key = |user: usize| {
        let record = &model.users[user];
        match by {
            GroupBy::Depth => naive.depths[&user].map(|depth| depth.to_string()),
            GroupBy::Title => record.title.as_ref().map(|title| title.to_lowercase()),
            GroupBy::EmailDomain => {
                let address = record.email_address.as_ref()?;
                Some(address.as_str().split('@').next_back().unwrap().to_lowercase())
            }
            GroupBy::Top | GroupBy::Manager => above(user).map(|above| model.users[above].id.to_string()),
        }
    };
    let mut expected: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for &user in naive.depths.keys() {
        expected.entry(key(user)).or_default().push(user);
    }
    let mut expected: Vec<_> = expected.into_iter().collect();
    expected.sort_by_key(|(key, users)| (usize::MAX - users.len(), key.is_none(), key.clone()));

    let groups = census.groups(graph, by);
    let keys: Vec<_> = groups.iter().map(|group| group.key.clone()).collect();
    prop_assert_eq!(&keys, &expected.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), "{:?}", by);
    let index = |user: usize| graph.find(model.users[user].id.as_str()).unwrap();
    for (group, (_, users)) in groups.iter().zip(&expected) {
        figures(naive, users, &group.figures)?;
        let user: Option<UserIndex> = above(users[0]).map(index);
        prop_assert_eq!(group.user, user);
        let spelt = |label: &str| {
            let times = |title: &str| {
                users.iter().filter(|&&user| model.users[user].title.as_deref() == Some(title)).count()
            };
            let titles = users.iter().filter_map(|&user| model.users[user].title.as_deref());
            titles
                .into_iter()
                .all(|other| times(other) < times(label) || (times(other) == times(label) && label <= other))
        };
        match (by, &group.label) {
            (GroupBy::Title, Some(label)) => prop_assert!(spelt(label), "{}", label),
            (_, label) => prop_assert_eq!(label, &group.key),
        }
    }
    Ok(())
}

#[test]
fn long_titles_are_told_apart_by_their_beginning() {
    let titled =
        |id: &str, title: &str| org::UserParts { title: Some(title.into()), ..crate::company::user(id) };
    let long = "ä".repeat(200);
    let users = vec![
        titled("1", &format!("{long} one")),
        titled("2", &format!("{long} two")),
        titled("3", "  Head "),
        titled("4", "HEAD"),
        titled("5", "HEAD"),
        titled("6", "   "),
    ];
    let graph = build(users);
    let groups = graph.census(None, &UserFilter::default()).groups(&graph, GroupBy::Title);
    let told: Vec<_> = groups
        .iter()
        .map(|group| (group.key.as_deref(), group.label.as_deref(), group.figures.headcount))
        .collect();
    let start = "ä".repeat(128);
    let whole = format!("{long} one");
    assert_eq!(
        told,
        [(Some("head"), Some("HEAD"), 3), (Some(start.as_str()), Some(whole.as_str()), 2), (None, None, 1)]
    );
}

#[test]
fn a_line_of_200_000_has_as_many_layers() {
    const LENGTH: usize = 200_000;
    on_a_small_stack(|| {
        let graph = build((0..LENGTH).rev().map(|at| under(at, at.checked_sub(1))).collect());
        let people = indexes(&graph);
        let census = graph.census(None, &UserFilter::default());
        assert_eq!(census.by_depth(), vec![1; LENGTH]);
        assert_eq!(census.groups(&graph, GroupBy::Depth).len(), LENGTH);
        assert_eq!(census.groups(&graph, GroupBy::Manager).len(), LENGTH);
        let half = graph.census(Some(people[LENGTH / 2]), &UserFilter::default());
        assert_eq!(half.by_depth(), vec![1; LENGTH / 2]);
        let figures = half.figures();
        assert_eq!((figures.managers(), figures.individual_contributors()), (LENGTH / 2 - 1, 1));
        assert_eq!((figures.spans.median(), figures.spans.mean()), (Some(1.0), Some(1.0)));
    });
}

#[test]
fn a_manager_of_103_405_is_a_span() {
    const SPAN: usize = 103_405;
    on_a_small_stack(|| {
        let graph = build((0..=SPAN).map(|at| under(at, (at > 0).then_some(0))).collect());
        let census = graph.census(None, &UserFilter::default());
        let figures = census.figures();
        assert_eq!((figures.spans.min(), figures.spans.max()), (Some(SPAN as u32), Some(SPAN as u32)));
        assert_eq!(figures.spans.histogram().last(), Some((51, None, 1)));
        assert_eq!(census.by_depth(), [1, SPAN as u32]);
        assert_eq!(census.groups(&graph, GroupBy::Top).len(), 1);
    });
}

#[test]
fn a_ring_of_100_000_has_no_depth_but_from_a_member_down() {
    const LENGTH: usize = 100_000;
    on_a_small_stack(|| {
        let graph = build((0..LENGTH).map(|at| under(at, Some((at + 1) % LENGTH))).collect());
        let people = indexes(&graph);
        let census = graph.census(None, &UserFilter::default());
        assert_eq!((census.without_depth(), census.by_depth().len()), (LENGTH, 0));
        let [group] = census.groups(&graph, GroupBy::Top).try_into().unwrap();
        assert_eq!((group.user, group.figures.headcount), (Some(people[0]), LENGTH));
        let from_one = graph.census(Some(people[7]), &UserFilter::default());
        assert_eq!(from_one.by_depth(), vec![1; LENGTH]);
        assert_eq!(from_one.figures().managers(), LENGTH);
    });
}

#[test]
fn nobody_has_no_shape() {
    let graph = build(Vec::new());
    let census = graph.census(None, &UserFilter::default());
    let figures = census.figures();
    assert_eq!((figures.headcount, figures.active, figures.managers()), (0, 0, 0));
    assert_eq!((figures.spans.min(), figures.spans.max()), (None, None));
    assert_eq!((figures.spans.median(), figures.spans.mean()), (None, None));
    assert!(figures.spans.histogram().all(|(_, _, managers)| managers == 0));
    assert!(census.groups(&graph, GroupBy::Top).is_empty() && census.by_depth().is_empty());
}
