//! What moves would change.

use std::sync::Arc;

use async_graphql::{ID, Object, OutputType, Result, SimpleObject};

use super::{ManagerStatus, OrphanReason, User, chain::ChainEnd};
use crate::{
    graphql::connection::{MAX_PAGE, cost, size},
    org::{self, Change, OrgSnapshot, Simulation, UserIndex, UserView},
};

pub(in crate::graphql) struct MoveSimulation {
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    pub(in crate::graphql) simulation: Simulation,
    pub(in crate::graphql) unknown_user_ids: Vec<ID>,
    pub(in crate::graphql) unknown_manager_ids: Vec<ID>,
}

/// What some moves would change, reckoned over the snapshot; nothing is changed, here or at Gong. Users in it
/// are as they are before the moves. Lists are in the order of the tree before the moves; avatars are among
/// those who move, in rings and among managers, and left out of the rest.
#[Object]
impl MoveSimulation {
    /// Those who move, each once, in the order in which they were named; where they are already where they
    /// would go, before and after are alike.
    async fn moved(&self) -> ChangeList<MovedUser> {
        ChangeList::of(self.simulation.moved.iter(), |change| MovedUser {
            user: self.member(change.user),
            before: self.placement(&change.before),
            after: self.placement(&change.after),
        })
    }

    /// Ids to be moved that nobody of the snapshot has, each once; they change nothing.
    async fn unknown_user_ids(&self) -> &[ID] {
        &self.unknown_user_ids
    }

    /// Ids of new managers that nobody of the snapshot has, each once. Whoever moves to one becomes an
    /// orphan: `MANAGER_NOT_FOUND`.
    async fn unknown_manager_ids(&self) -> &[ID] {
        &self.unknown_manager_ids
    }

    /// The rings that the moves make.
    async fn rings_made(&self) -> ChangeList<SimulatedRing> {
        ChangeList::of(self.simulation.rings_made.iter(), |ring| self.ring(ring))
    }

    /// The rings that the moves break, or make others of.
    async fn rings_broken(&self) -> ChangeList<SimulatedRing> {
        ChangeList::of(self.simulation.rings_broken.iter(), |ring| self.ring(ring))
    }

    /// Persons who become orphans.
    async fn orphans_made(&self) -> ChangeList<OrphanChange> {
        self.orphans(|before, after| !before && after)
    }

    /// Persons who are orphans no more.
    async fn orphans_mended(&self) -> ChangeList<OrphanChange> {
        self.orphans(|before, after| before && !after)
    }

    /// Persons who stay orphans, for another reason.
    async fn orphans_changed(&self) -> ChangeList<OrphanChange> {
        self.orphans(|before, after| before && after)
    }

    /// How many report to the old and the new managers of those who get another manager.
    async fn spans(&self) -> ChangeList<SpanChange> {
        ChangeList::of(self.simulation.spans.iter(), |change| SpanChange {
            manager: self.member(change.user),
            before: change.before.into(),
            after: change.after.into(),
        })
    }

    /// Persons whose depth changes: those who move, and those below them.
    async fn depths(&self) -> ChangeList<DepthChange> {
        ChangeList::of(self.simulation.depths.iter(), |change| DepthChange {
            user: self.member(change.user),
            before: change.before,
            after: change.after,
        })
    }

    /// The greatest depth of a person before; null when nobody has one.
    async fn max_depth_before(&self) -> Option<u32> {
        self.simulation.deepest_before
    }

    /// The greatest depth of a person after; null when nobody has one.
    async fn max_depth_after(&self) -> Option<u32> {
        self.simulation.deepest_after
    }

    /// Persons whose line of managers ends at somebody else, or for another reason.
    async fn tops(&self) -> ChangeList<TopChange> {
        ChangeList::of(self.simulation.tops.iter(), |change| TopChange {
            user: self.member(change.user),
            before: self.top(change.before),
            after: self.top(change.after),
        })
    }

    /// Persons who may hear others than before, with access to the calls of their team: an estimate from the
    /// hierarchy, as `callVisibility` with `TEAM`.
    async fn call_visibility(&self) -> ChangeList<CallVisibilityChange> {
        ChangeList::of(self.simulation.teams.iter(), |change| CallVisibilityChange {
            viewer: self.member(change.user),
            before: change.before,
            after: change.after,
            gained: change.gained,
            lost: change.lost,
        })
    }
}

impl MoveSimulation {
    fn member(&self, user: UserIndex) -> User {
        User(UserView::member(self.snapshot.clone(), user))
    }

    fn ring(&self, members: &[UserIndex]) -> SimulatedRing {
        SimulatedRing {
            length: members.len(),
            shown: members.iter().take(MAX_PAGE).map(|&member| self.member(member)).collect(),
        }
    }

    fn orphans(&self, wanted: impl Fn(bool, bool) -> bool) -> ChangeList<OrphanChange> {
        let wanted = |change: &&Change<Option<_>>| wanted(change.before.is_some(), change.after.is_some());
        ChangeList::of(self.simulation.orphans.iter().filter(wanted), |change| OrphanChange {
            user: self.member(change.user),
            before: change.before.map(Into::into),
            after: change.after.map(Into::into),
        })
    }

    fn placement(&self, placement: &org::Placement) -> Placement {
        Placement {
            manager_id: placement.manager_id.as_ref().map(|id| ID::from(id.as_str())),
            manager: placement.manager.map(|manager| self.member(manager)),
            manager_status: placement.manager_status.into(),
            depth: placement.depth,
            top: self.top(placement.top),
            orphan_reason: placement.orphan_reason.map(Into::into),
        }
    }

    fn top(&self, top: org::Top) -> Top {
        Top { end: top.end.into(), user: self.member(top.user) }
    }
}

/// A list of which as many are shown as are asked for.
struct ChangeList<T> {
    total: usize,
    shown: Vec<T>,
}

impl<T> ChangeList<T> {
    fn of<C>(mut changes: impl Iterator<Item = C>, show: impl Fn(C) -> T) -> Self {
        let shown: Vec<_> = changes.by_ref().take(MAX_PAGE).map(show).collect();
        Self { total: shown.len() + changes.count(), shown }
    }
}

/// What the moves change of one kind: how many, and the first of them.
#[Object(
    concrete(name = "MovedUserList", params(MovedUser)),
    concrete(name = "SimulatedRingList", params(SimulatedRing)),
    concrete(name = "OrphanChangeList", params(OrphanChange)),
    concrete(name = "SpanChangeList", params(SpanChange)),
    concrete(name = "DepthChangeList", params(DepthChange)),
    concrete(name = "TopChangeList", params(TopChange)),
    concrete(name = "CallVisibilityChangeList", params(CallVisibilityChange))
)]
impl<T: OutputType> ChangeList<T> {
    /// How many there are in all.
    async fn total_count(&self) -> usize {
        self.total
    }

    /// The first of them.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn nodes(
        &self,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when it isn't given.")] first: Option<i64>,
    ) -> Result<&[T]> {
        Ok(shown(&self.shown, first)?)
    }
}

/// Somebody who moves.
#[derive(SimpleObject)]
struct MovedUser {
    /// Who.
    user: User,
    /// Where the user stands now.
    before: Placement,
    /// Where the user would stand.
    after: Placement,
}

/// Where somebody stands.
#[derive(SimpleObject)]
struct Placement {
    /// The `managerId`, whether or not anybody has that id.
    manager_id: Option<ID>,
    /// The user whom it names, if it names another user of this workspace.
    manager: Option<User>,
    /// What becomes of it.
    manager_status: ManagerStatus,
    /// Steps to the top of the tree, 0 at the top; null when the top is a ring.
    depth: Option<u32>,
    /// Where the line of managers ends.
    top: Top,
    /// Why the line to a root is broken or missing; null when it isn't.
    orphan_reason: Option<OrphanReason>,
}

/// Where a line of managers ends.
#[derive(SimpleObject)]
#[graphql(name = "LineTop")]
struct Top {
    /// Why it ends there.
    end: ChainEnd,
    /// The user at whom it ends; of a ring, the member with the smallest id.
    user: User,
}

struct SimulatedRing {
    length: usize,
    shown: Vec<User>,
}

/// Users who manage each other in a ring.
#[Object]
impl SimulatedRing {
    /// How many there are.
    async fn length(&self) -> usize {
        self.length
    }

    /// The members from the smallest id on: each one's manager is the next, the last one's the first.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn members(
        &self,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when it isn't given.")] first: Option<i64>,
    ) -> Result<&[User]> {
        Ok(shown(&self.shown, first)?)
    }
}

/// Somebody who becomes an orphan, is one no more, or for another reason.
#[derive(SimpleObject)]
struct OrphanChange {
    /// Who.
    user: User,
    /// Why the line to a root is broken or missing now; null when it isn't.
    before: Option<OrphanReason>,
    /// Why it would be; null when it wouldn't.
    after: Option<OrphanReason>,
}

/// How many report to a manager, now and then.
#[derive(SimpleObject)]
struct SpanChange {
    /// The manager.
    manager: User,
    /// How many report to the manager now.
    before: Span,
    /// How many would.
    after: Span,
}

/// How many persons report to somebody. Avatars are not counted.
#[derive(SimpleObject)]
struct Span {
    /// Directly.
    direct: u32,
    /// Directly or not.
    transitive: u32,
}

impl From<org::Span> for Span {
    fn from(span: org::Span) -> Self {
        Self { direct: span.direct, transitive: span.transitive }
    }
}

/// Somebody whose depth changes.
#[derive(SimpleObject)]
struct DepthChange {
    /// Who.
    user: User,
    /// Steps to the top now; null when the top is a ring.
    before: Option<u32>,
    /// Steps to the top then; null when the top is a ring.
    after: Option<u32>,
}

/// Somebody whose line of managers ends elsewhere, or for another reason.
#[derive(SimpleObject)]
struct TopChange {
    /// Who.
    user: User,
    /// Where the line ends now.
    before: Top,
    /// Where it would end.
    after: Top,
}

/// Somebody who may hear others than before. The numbers are of persons other than the viewer.
#[derive(SimpleObject)]
struct CallVisibilityChange {
    /// Who hears.
    viewer: User,
    /// How many persons the viewer may hear now.
    before: u32,
    /// How many the viewer could hear.
    after: u32,
    /// How many of those the viewer may not hear now.
    gained: u32,
    /// How many the viewer could hear no more.
    lost: u32,
}

/// The first of `all`, as many as the argument `first` says.
fn shown<T>(all: &[T], first: Option<i64>) -> Result<&[T], crate::graphql::error::Fault> {
    let wanted = size("first", first.unwrap_or(50))?;
    Ok(&all[..wanted.min(all.len())])
}
