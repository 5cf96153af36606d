//! The tree as it is and as it would be, by the same words.

use std::collections::HashMap;

use super::{Move, Placement, Span, Top};
use crate::org::{
    ManagerStatus, OrgGraph, OrphanReason, UserId, UserIndex,
    build::walk_of,
    graph::Counts,
    links::{self, Links},
    orphans::Orphans,
    walk::Walk,
};

/// The tree after some moves. Users keep their indexes.
pub(super) struct Moved<'a> {
    manager_ids: HashMap<UserIndex, &'a Option<UserId>>,
    links: Links,
    walk: Walk,
    orphans: Orphans,
    counts: Counts,
}

impl<'a> Moved<'a> {
    pub(super) fn by(graph: &OrgGraph, moves: &'a [Move]) -> Self {
        let mut links = Links { manager: graph.links.manager.clone(), status: graph.links.status.clone() };
        for Move { user, manager_id } in moves {
            let record = graph.user(*user);
            let (manager, status) = links::resolve(
                manager_id.as_ref().map(UserId::as_str),
                record.id(),
                &graph.users,
                &graph.ids,
            );
            links.manager[user.at()] = manager;
            links.status[user.at()] = status;
        }
        let walk = walk_of(&graph.users, &links, graph.by_name());
        let orphans = Orphans::find(&graph.users, &links, &walk);
        let counts = Counts::new(&graph.users, &links, &walk);
        let manager_ids = moves.iter().map(|one| (one.user, &one.manager_id)).collect();
        Self { manager_ids, links, walk, orphans, counts }
    }

    pub(super) fn shape(&self) -> Shape<'_> {
        Shape { links: &self.links, walk: &self.walk, orphans: &self.orphans, counts: &self.counts }
    }

    /// The `managerId` of somebody who moves.
    pub(super) fn manager_id(&self, user: UserIndex) -> Option<UserId> {
        self.manager_ids.get(&user).copied().cloned().flatten()
    }
}

/// Who is where, of one of the two trees.
pub(super) struct Shape<'a> {
    links: &'a Links,
    pub(super) walk: &'a Walk,
    orphans: &'a Orphans,
    pub(super) counts: &'a Counts,
}

impl<'a> Shape<'a> {
    pub(super) fn of(graph: &'a OrgGraph) -> Self {
        Self { links: &graph.links, walk: &graph.walk, orphans: &graph.orphans, counts: &graph.counts }
    }

    pub(super) fn manager(&self, user: UserIndex) -> Option<UserIndex> {
        self.links.manager[user.at()]
    }

    pub(super) fn depth(&self, user: UserIndex) -> Option<u32> {
        self.walk.depth(user)
    }

    pub(super) fn orphan_reason(&self, user: UserIndex) -> Option<OrphanReason> {
        self.orphans.reason[user.at()]
    }

    pub(super) fn top(&self, user: UserIndex) -> Top {
        let component = self.walk.component_of(user);
        let first = self.walk.order[component.start as usize];
        Top { end: component.top, user: first }
    }

    pub(super) fn span(&self, user: UserIndex) -> Span {
        Span { direct: self.counts.direct(user), transitive: self.counts.transitive(self.walk, user) }
    }

    pub(super) fn rings(&self) -> impl Iterator<Item = &'a [UserIndex]> {
        let rings = self.walk.components.iter().map(|component| component.ring.as_slice());
        rings.filter(|ring| !ring.is_empty())
    }

    pub(super) fn placement(&self, user: UserIndex, manager_id: Option<UserId>) -> Placement {
        Placement {
            manager_id,
            manager: self.manager(user),
            manager_status: self.manager_status(user),
            depth: self.depth(user),
            top: self.top(user),
            orphan_reason: self.orphan_reason(user),
        }
    }

    fn manager_status(&self, user: UserIndex) -> ManagerStatus {
        self.links.status[user.at()]
    }
}
