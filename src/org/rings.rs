//! Rings: users who are their own manager's manager, in two steps or more.

use petgraph::{algo::kosaraju_scc, visit::NodeFiltered};

use super::{
    User, UserIndex,
    links::{Links, Tree, user},
};

/// All rings among the users for whom `suspect` holds. Each ring stands in the order of its links (the
/// manager of a member is the next one) and begins with its smallest id; the rings stand in the order
/// of their first ids.
///
/// Kosaraju's algorithm and not Tarjan's, because petgraph's Tarjan recurses: a ring can be as long as
/// the company is large.
pub(super) fn rings(
    tree: &Tree,
    links: &Links,
    users: &[User],
    suspect: impl Fn(UserIndex) -> bool,
) -> Vec<Vec<UserIndex>> {
    let suspects = NodeFiltered::from_fn(tree, |node| suspect(user(node)));
    let mut rings: Vec<_> = kosaraju_scc(&suspects)
        .into_iter()
        .filter(|component| component.len() > 1)
        .filter_map(|component| {
            let first = component.into_iter().map(user).min_by_key(|&member| users[member.at()].id())?;
            Some(in_order_of_links(first, links))
        })
        .collect();
    rings.sort_unstable_by_key(|ring| ring.first().map(|&first| users[first.at()].id()));
    rings
}

fn in_order_of_links(first: UserIndex, links: &Links) -> Vec<UserIndex> {
    let up = |&member: &UserIndex| links.manager[member.at()].filter(|&manager| manager != first);
    std::iter::successors(Some(first), up).collect()
}
