//! What would become of the company if some people got other managers. Nothing is changed.

mod shape;
mod teams;

use std::collections::{BTreeSet, HashSet};

use super::{ChainEnd, ManagerStatus, OrgGraph, OrphanReason, UserId, UserIndex, UserKind};

use shape::{Moved, Shape};
pub use teams::TeamChange;

/// A user gets another manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who moves.
    pub user: UserIndex,
    /// The new manager, whether or not anybody has that id; `None` for no manager.
    pub manager_id: Option<UserId>,
}

/// Something about a user before the moves and after them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Change<T> {
    pub user: UserIndex,
    pub before: T,
    pub after: T,
}

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as the answers of `OrgGraph` by the same names")]
pub struct Placement {
    pub manager_id: Option<UserId>,
    pub manager: Option<UserIndex>,
    pub manager_status: ManagerStatus,
    pub depth: Option<u32>,
    pub top: Top,
    pub orphan_reason: Option<OrphanReason>,
}

/// Where the walk up ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Top {
    /// Why it ends there.
    pub end: ChainEnd,
    /// At whom; of a ring, the member with the smallest id.
    pub user: UserIndex,
}

/// How many persons report to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as `OrgGraph` counts them")]
pub struct Span {
    pub direct: u32,
    pub transitive: u32,
}

/// What some moves would change. Lists are in the order of the tree before the moves, unless they say
/// otherwise; avatars are left out of those that say "persons".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// Who moves, each once, in the order of the moves.
    pub moved: Vec<Change<Placement>>,
    /// The rings that are there only after, as [`OrgGraph::ring`] has them, from the smallest id on.
    pub rings_made: Vec<Vec<UserIndex>>,
    /// The rings that are there only before.
    pub rings_broken: Vec<Vec<UserIndex>>,
    /// Persons who become orphans, stop to be, or are orphans for another reason.
    pub orphans: Vec<Change<Option<OrphanReason>>>,
    /// The old and new managers of those who move away from one or to one.
    pub spans: Vec<Change<Span>>,
    /// Persons whose depth changes.
    pub depths: Vec<Change<Option<u32>>>,
    /// The greatest depth of a person before; `None` where nobody has one.
    pub deepest_before: Option<u32>,
    /// The greatest depth of a person after.
    pub deepest_after: Option<u32>,
    /// Persons whose line ends elsewhere, or for another reason.
    pub tops: Vec<Change<Top>>,
    /// Persons whose team isn't the same.
    pub teams: Vec<TeamChange>,
}

impl OrgGraph {
    /// The company as it would be after all of `moves` at once, compared with what it is. Of two moves of one
    /// user the later counts.
    ///
    /// Costs about as much as building the tree: O(n log n) for n users, whatever moves.
    pub fn simulate(&self, moves: &[Move]) -> Simulation {
        let moved = Moved::by(self, moves);
        let (before, after) = (Shape::of(self), moved.shape());
        let persons = || {
            let is_person = |user: &UserIndex| self.user(*user).kind() == UserKind::Person;
            self.walk.order.iter().copied().filter(is_person)
        };
        let deepest = |shape: &Shape<'_>| persons().filter_map(|user| shape.depth(user)).max();
        let rings_before: HashSet<_> = before.rings().collect();
        let rings_after: HashSet<_> = after.rings().collect();

        let mut seen = HashSet::new();
        let movers: Vec<_> = moves.iter().map(|one| one.user).filter(|&user| seen.insert(user)).collect();
        let relinked = movers.iter().copied().filter(|&user| before.manager(user) != after.manager(user));
        let touched: BTreeSet<_> = relinked
            .flat_map(|user| [before.manager(user), after.manager(user)])
            .flatten()
            .map(|manager| self.walk.places[manager.at()].enter)
            .collect();
        let touched = touched.into_iter().map(|place| self.walk.order[place as usize]);

        Simulation {
            rings_made: without(after.rings(), &rings_before),
            rings_broken: without(before.rings(), &rings_after),
            orphans: changes(persons(), |user| (before.orphan_reason(user), after.orphan_reason(user))),
            spans: touched
                .map(|user| Change { user, before: before.span(user), after: after.span(user) })
                .collect(),
            depths: changes(persons(), |user| (before.depth(user), after.depth(user))),
            deepest_before: deepest(&before),
            deepest_after: deepest(&after),
            tops: changes(persons(), |user| (before.top(user), after.top(user))),
            teams: teams::changed(self, &before, &after, &movers),
            moved: movers
                .into_iter()
                .map(|user| Change {
                    user,
                    before: before.placement(user, self.user(user).manager_id().map(UserId::new)),
                    after: after.placement(user, moved.manager_id(user)),
                })
                .collect(),
        }
    }
}

/// Those of `rings` who are not in `others`.
fn without<'a>(
    rings: impl Iterator<Item = &'a [UserIndex]>,
    others: &HashSet<&[UserIndex]>,
) -> Vec<Vec<UserIndex>> {
    rings.filter(|ring| !others.contains(ring)).map(<[UserIndex]>::to_vec).collect()
}

/// What changes of `users`, where it does.
fn changes<T: PartialEq>(
    users: impl Iterator<Item = UserIndex>,
    of: impl Fn(UserIndex) -> (T, T),
) -> Vec<Change<T>> {
    let change = |user| {
        let (before, after) = of(user);
        (before != after).then_some(Change { user, before, after })
    };
    users.filter_map(change).collect()
}
