//! The way from one user to another: up to somebody above both, and down again.

use super::{OrgGraph, UserIndex};

/// The shortest way between two users that goes up first and then down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// Where it begins.
    pub from: UserIndex,
    /// Where it ends.
    pub to: UserIndex,
    /// Where it turns: above both, or one of the two.
    pub turning_point: UserIndex,
    /// Steps from the beginning up to the turning point.
    pub up: u32,
    /// Steps from there down to the end.
    pub down: u32,
}

impl OrgGraph {
    /// The shortest way from one user to another; `None` if they are in different trees. A ring's links
    /// lead one way, up or, the other way round, down; of two ways that are equally short the one that
    /// turns at the smaller id is taken.
    ///
    /// Costs a step for each manager of `from`.
    pub fn path(&self, from: UserIndex, to: UserIndex) -> Option<Path> {
        if !self.share_tree(from, to) {
            return None;
        }
        let walk = &self.walk;
        let place = walk.places[to.at()].enter;
        let over_both = |above: &UserIndex| {
            walk.places[above.at()].enter <= place && place < walk.places[above.at()].exit
        };
        let lowest = std::iter::successors(Some(from), |&above| self.manager(above))
            .take(walk.places[from.at()].level as usize + 1)
            .find(over_both);
        if let Some(turning_point) = lowest {
            return Some(self.path_over(turning_point, from, to));
        }
        // The two arrive in a ring at different members. One way goes up on to where `to` arrives, the
        // other turns where `from` arrives; to turn anywhere else is a detour both ways.
        let ring = &walk.component_of(from).ring;
        let arrival = |user: UserIndex| ring.get(walk.places[user.at()].ring_place as usize).copied();
        let paths = [from, to].into_iter().filter_map(arrival).map(|turn| self.path_over(turn, from, to));
        paths.min_by_key(|path| (path.up + path.down, self.user(path.turning_point).id()))
    }

    fn path_over(&self, turning_point: UserIndex, from: UserIndex, to: UserIndex) -> Path {
        let steps = |user| self.distance(turning_point, user).unwrap_or(0);
        Path { from, to, turning_point, up: steps(from), down: steps(to) }
    }

    /// Everybody along `path`, both ends included. Costs one step each.
    pub fn along(&self, path: &Path) -> Vec<UserIndex> {
        let upwards = |user| std::iter::successors(Some(user), |&above| self.manager(above));
        let mut users: Vec<_> = upwards(path.from).take(path.up as usize + 1).collect();
        users.extend(upwards(path.to).take(path.down as usize));
        // The second half was walked from its end.
        if let Some(down) = users.get_mut(path.up as usize + 1..) {
            down.reverse();
        }
        users
    }
}
