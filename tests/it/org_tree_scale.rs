//! Lines, charts and closures of companies so deep, so wide or so round that anything that recurses, or
//! makes what it need not, shows: asked on a thread with a small stack.

use orgraph::org::{
    ChainEnd, ChartLimit, ChartLimits, ChartScope, Line, LineScope, LineWindow, NoCommonManager, Path,
    Relation, Take, UserFilter, UserView,
};

use crate::{
    company::build,
    org_fresh::snapshot,
    org_scale::{indexes, on_a_small_stack, under},
};

const EVERYTHING: ChartLimits = ChartLimits { depth: None, nodes: usize::MAX };

fn company(filter: UserFilter) -> ChartScope {
    ChartScope { root: None, filter }
}

fn nobody() -> UserFilter {
    UserFilter { active: Some(false), ..UserFilter::default() }
}

#[test]
fn a_line_of_200_000() {
    const LENGTH: usize = 200_000;
    on_a_small_stack(|| {
        let snapshot = snapshot((0..LENGTH).map(|at| under(at, at.checked_sub(1))).collect());
        let graph = &snapshot.graph;
        let people = indexes(graph);
        let (top, lowest) = (people[0], people[LENGTH - 1]);
        assert_eq!(graph.relation(top, lowest), Relation::Manager(LENGTH as u32 - 1));
        assert_eq!(graph.common_manager(&people[LENGTH - 1_000..]), Ok(people[LENGTH - 1_001]));
        assert_eq!(graph.common_manager(&people), Err(NoCommonManager::TopAmongThem));

        let path = graph.path(lowest, top).unwrap();
        let up = LENGTH as u32 - 1;
        assert_eq!(path, Path { from: lowest, to: top, turning_point: top, up, down: 0 });
        assert!(graph.along(&path).iter().rev().eq(&people));
        let back = graph.path(top, lowest).unwrap();
        assert_eq!(graph.along(&back), people);

        let view = UserView::member(snapshot.clone(), lowest);
        assert_eq!(view.chain_from_top(), people[..LENGTH - 1]);
        assert_eq!(view.at_level(100).unwrap().index(), Some(people[100]));

        let chart = graph.chart(&company(UserFilter::default()), EVERYTHING);
        let users: Vec<_> = chart.nodes.iter().filter_map(|node| node.user).collect();
        assert_eq!(users, people);
        assert!(chart.nodes.iter().zip(0..).all(|(node, depth)| node.depth == depth));
        let some = graph.chart(&company(UserFilter::default()), ChartLimits { depth: None, nodes: 10_000 });
        assert_eq!(some.nodes[..9_999], chart.nodes[..9_999]);
        assert_eq!((some.nodes[9_999].hidden, some.nodes[9_999].limit), (1, Some(ChartLimit::Nodes)));
        assert_eq!(graph.chart_size(&company(UserFilter::default())).0, LENGTH);
        assert_eq!(graph.chart_size(&company(nobody())).0, 1);

        let lines = graph.lines(LineScope::default());
        assert_eq!(lines.count(), (LENGTH * (LENGTH - 1) / 2) as u64);
        let page = lines.page(&LineWindow { after: None, before: None, take: Take::Last(2) });
        let line = |distance: usize| Line {
            ancestor: people[LENGTH - 1 - distance],
            descendant: lowest,
            distance: distance as u32,
        };
        assert_eq!(page.lines, [line(LENGTH - 2), line(LENGTH - 1)]);
        let after = Some(lines.position(&line(100_000)));
        let page = lines.page(&LineWindow { after, before: None, take: Take::First(2) });
        assert_eq!(page.lines, [line(100_001), line(100_002)]);
        assert!(page.has_previous && page.has_next);
    });
}

#[test]
fn a_manager_of_103_405() {
    const SPAN: usize = 103_405;
    on_a_small_stack(|| {
        let graph = build((0..=SPAN).map(|at| under(at, (at > 0).then_some(0))).collect());
        let people = indexes(&graph);
        assert_eq!(graph.common_manager(&people[1..]), Ok(people[0]));
        assert_eq!(graph.along(&graph.path(people[1], people[SPAN]).unwrap()).len(), 3);
        let chart = graph.chart(&company(UserFilter::default()), ChartLimits { depth: None, nodes: 1_000 });
        assert_eq!(chart.nodes.len(), 1_000);
        assert_eq!((chart.nodes[0].children as usize, chart.nodes[0].hidden as usize), (SPAN, SPAN - 999));
        assert_eq!(graph.chart(&company(UserFilter::default()), EVERYTHING).nodes.len(), SPAN + 1);
        let lines = graph.lines(LineScope { with_self: true, ..LineScope::default() });
        assert_eq!(lines.count() as usize, 2 * SPAN + 1);
        let all = lines.page(&LineWindow { after: None, before: None, take: Take::First(usize::MAX) });
        assert_eq!(all.lines.len(), 2 * SPAN + 1);
    });
}

#[test]
fn a_ring_of_100_000() {
    const LENGTH: usize = 100_000;
    on_a_small_stack(|| {
        let graph = build((0..LENGTH).map(|at| under(at, Some((at + 1) % LENGTH))).collect());
        let people = indexes(&graph);
        let but_one = [&people[..500], &people[501..]].concat();
        assert_eq!(graph.common_manager(&but_one), Ok(people[500]));
        assert_eq!(graph.common_manager(&people), Err(NoCommonManager::RingAmongThem));
        assert_eq!(graph.relation(people[9], people[7]), Relation::Both(2));
        // The other way round the ring is shorter.
        let path = graph.path(people[0], people[60_000]).unwrap();
        assert_eq!((path.turning_point, path.up, path.down), (people[0], 0, 40_000));
        assert_eq!(graph.along(&path).len(), 40_001);

        let chart = graph.chart(&company(UserFilter::default()), EVERYTHING);
        assert_eq!(chart.nodes.len(), LENGTH);
        assert_eq!((chart.nodes[0].user, chart.nodes[0].line_end), (Some(people[0]), Some(ChainEnd::Cycle)));
        for (depth, node) in chart.nodes.iter().enumerate().skip(1) {
            assert_eq!(node.user, Some(people[LENGTH - depth]));
            assert_eq!((node.parent, node.below as usize), (Some(depth - 1), LENGTH - 1 - depth));
        }
        let lines = graph.lines(LineScope::default());
        assert_eq!(lines.count(), LENGTH as u64 * (LENGTH as u64 - 1));
        let near = graph.lines(LineScope { max_distance: Some(3), ..LineScope::default() });
        assert_eq!(near.count() as usize, LENGTH * 3);
    });
}

#[test]
fn nobody_at_all() {
    let graph = build(Vec::new());
    assert_eq!(graph.common_manager(&[]), Err(NoCommonManager::Nobody));
    let chart = graph.chart(&company(UserFilter::default()), EVERYTHING);
    let [company_node] = &chart.nodes[..] else { panic!("one node") };
    assert_eq!((company_node.user, company_node.parent, company_node.below), (None, None, 0));
    let lines = graph.lines(LineScope::default());
    assert_eq!(lines.count(), 0);
    let page = lines.page(&LineWindow { after: None, before: None, take: Take::Last(9) });
    assert!(page.lines.is_empty() && !page.has_previous && !page.has_next);
}
