//! Whose team would change: the people whom somebody may hear with access to their team's calls.

use super::Shape;
use crate::org::{OrgGraph, UserIndex, UserKind};

/// What becomes of somebody's team, in persons other than the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamChange {
    /// Whose team it is.
    pub user: UserIndex,
    /// How many it has before.
    pub before: u32,
    /// How many it has after.
    pub after: u32,
    /// How many are in it only after.
    pub gained: u32,
    /// How many are in it only before.
    pub lost: u32,
}

/// The persons whose team isn't the same before and after the moves of `movers`.
///
/// Before and after, a team is a slice of the walk, so whoever is in both is a point in a rectangle; all
/// rectangles are counted in one sweep, in O(log n) each.
pub(super) fn changed(
    graph: &OrgGraph,
    before: &Shape<'_>,
    after: &Shape<'_>,
    movers: &[UserIndex],
) -> Vec<TeamChange> {
    let mut above = above(graph, before, movers);
    above.extend(self::above(graph, after, movers));
    above.sort_unstable_by_key(|user| before.walk.places[user.at()].enter);
    above.dedup();
    above.retain(|user| graph.user(*user).kind() == UserKind::Person);
    let in_both = in_both(graph, before, after, &above);
    let change = |(&user, both): (&UserIndex, u32)| {
        let teams = [before, after].map(|shape| shape.counts.persons(shape.walk.team(user)));
        let [gained, lost] = [teams[1] - both, teams[0] - both];
        let change = TeamChange { user, before: teams[0] - 1, after: teams[1] - 1, gained, lost };
        (gained > 0 || lost > 0).then_some(change)
    };
    above.iter().zip(in_both).filter_map(change).collect()
}

/// Everybody above one of `users`. A team in which nobody moves, before or after, stays as it is.
fn above(graph: &OrgGraph, shape: &Shape<'_>, users: &[UserIndex]) -> Vec<UserIndex> {
    let mut seen = vec![false; graph.users().len()];
    let mut above = Vec::new();
    for &user in users {
        let mut next = shape.manager(user);
        while let Some(manager) = next.filter(|manager| !seen[manager.at()]) {
            seen[manager.at()] = true;
            above.push(manager);
            next = shape.manager(manager);
        }
    }
    above
}

/// For each of `users`, how many persons are in the team before and in the team after, the user among them.
fn in_both(graph: &OrgGraph, before: &Shape<'_>, after: &Shape<'_>, users: &[UserIndex]) -> Vec<u32> {
    // At the beginning of a slice what has been there so far is taken away, at its end it is added.
    let mut edges = Vec::with_capacity(2 * users.len());
    for (at, user) in users.iter().enumerate() {
        let team = before.walk.team(*user);
        edges.push((team.start, at, false));
        edges.push((team.end, at, true));
    }
    edges.sort_unstable();
    let mut edges = edges.into_iter().peekable();
    let mut in_both = vec![0_u32; users.len()];
    let mut sums = Sums::new(graph.users().len());
    for place in 0..=before.walk.order.len() {
        while let Some((_, at, is_end)) = edges.next_if(|edge| edge.0 == place) {
            let team = after.walk.team(users[at]);
            let so_far = sums.before(team.end) - sums.before(team.start);
            // What is added is at least what was taken away; it need not be so in between.
            in_both[at] =
                if is_end { in_both[at].wrapping_add(so_far) } else { in_both[at].wrapping_sub(so_far) };
        }
        if let Some(&user) = before.walk.order.get(place)
            && graph.user(user).kind() == UserKind::Person
        {
            sums.add(after.walk.places[user.at()].enter as usize);
        }
    }
    in_both
}

/// Counts of places, so that both adding one and summing up those before a place are cheap: a Fenwick tree.
struct Sums(Vec<u32>);

impl Sums {
    fn new(places: usize) -> Self {
        Self(vec![0; places + 1])
    }

    fn add(&mut self, place: usize) {
        let mut at = place + 1;
        while let Some(sum) = self.0.get_mut(at) {
            *sum += 1;
            at += at & at.wrapping_neg();
        }
    }

    fn before(&self, place: usize) -> u32 {
        let mut at = place;
        let mut sum = 0;
        while at > 0 {
            sum += self.0[at];
            at &= at - 1;
        }
        sum
    }
}
