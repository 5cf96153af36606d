//! One depth-first walk over the whole company, done once, that turns questions about the tree into
//! arithmetic: "everybody under X" is one slice, its size a subtraction, "is X above Y" two comparisons.

use super::{
    UserIndex,
    chain::ChainEnd,
    links::{Links, ManagerStatus, Tree, node, user},
};

/// Users who hang together. Everybody is in exactly one component.
pub(super) struct Component {
    /// First position of the component in the walk, and one past its last.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How every walk up ends in here.
    pub(super) top: ChainEnd,
    /// The ring at the top, in the order of its links; empty when the top is one user.
    pub(super) ring: Vec<UserIndex>,
}

/// Where a user stands. All of it is read at once: whoever asks for one of these often asks for another.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The position.
    pub(super) enter: u32,
    /// One past the last position below, ring links left aside.
    pub(super) exit: u32,
    /// Steps up to the top user, or to the ring; 0 for the top and for members of a ring.
    pub(super) level: u32,
    /// The component, among [`Walk::components`].
    pub(super) component: u32,
    /// For those in or below a ring: where in the ring the walk up arrives.
    pub(super) ring_place: u32,
}

/// Positions of the walk. A manager stands directly before everybody below; siblings stand by name.
/// The members of a ring stand in the order of the ring, each with the people below who are not in it.
pub(super) struct Walk {
    /// Position to user.
    pub(super) order: Vec<UserIndex>,
    /// User to place.
    pub(super) places: Vec<Place>,
    pub(super) components: Vec<Component>,
}

const UNSEEN: u32 = u32::MAX;

impl Walk {
    pub(super) fn with_capacity(users: usize) -> Self {
        Self {
            order: Vec::with_capacity(users),
            places: vec![Place { enter: UNSEEN, exit: 0, level: 0, component: 0, ring_place: 0 }; users],
            components: Vec::new(),
        }
    }

    /// Walks every component whose top is one user.
    pub(super) fn walk_tops(&mut self, tree: &Tree, links: &Links, by_name: &[UserIndex]) {
        for &top in by_name {
            let end = match (links.manager[top.at()], links.status[top.at()]) {
                (Some(_), _) => continue,
                (None, ManagerStatus::NotFound) => ChainEnd::ManagerNotFound,
                (None, ManagerStatus::OwnId) => ChainEnd::SelfManaged,
                (None, _) => ChainEnd::Root,
            };
            let start = self.here();
            self.walk_below(tree, top, 0, &[]);
            self.components.push(Component { start, end: self.here(), top: end, ring: Vec::new() });
        }
    }

    /// Walks every component whose top is a ring.
    pub(super) fn walk_rings(&mut self, tree: &Tree, rings: Vec<Vec<UserIndex>>) {
        for ring in rings {
            let start = self.here();
            for (place, &member) in (0..).zip(&ring) {
                self.walk_below(tree, member, place, &ring);
            }
            self.components.push(Component { start, end: self.here(), top: ChainEnd::Cycle, ring });
        }
    }

    /// Whether the walk has been at `user`.
    pub(super) fn seen(&self, user: UserIndex) -> bool {
        self.places[user.at()].enter != UNSEEN
    }

    /// Whether `user` is a member of a ring.
    pub(super) fn in_ring(&self, user: UserIndex) -> bool {
        self.places[user.at()].level == 0 && !self.component_of(user).ring.is_empty()
    }

    pub(super) fn component_of(&self, user: UserIndex) -> &Component {
        &self.components[self.places[user.at()].component as usize]
    }

    /// Steps to the top, 0 at the top; `None` when the top is a ring.
    pub(super) fn depth(&self, user: UserIndex) -> Option<u32> {
        (self.component_of(user).top != ChainEnd::Cycle).then(|| self.places[user.at()].level)
    }

    /// The positions of everybody below `user`; for a member of a ring its own position is among them.
    pub(super) fn below(&self, user: UserIndex) -> std::ops::Range<usize> {
        if self.in_ring(user) {
            let component = self.component_of(user);
            component.start as usize..component.end as usize
        } else {
            self.places[user.at()].enter as usize + 1..self.places[user.at()].exit as usize
        }
    }

    /// The positions of `user` and of everybody below.
    pub(super) fn team(&self, user: UserIndex) -> std::ops::Range<usize> {
        let below = self.below(user);
        below.start.min(self.places[user.at()].enter as usize)..below.end
    }

    /// Steps from `report` up to `manager`; `None` if `manager` is not above.
    pub(super) fn distance(&self, manager: UserIndex, report: UserIndex) -> Option<u32> {
        let (m, r) = (manager.at(), report.at());
        if manager == report || self.places[m].component != self.places[r].component {
            return None;
        }
        if self.in_ring(manager) {
            let ring = self.component_of(manager).ring.len() as u32;
            return Some(
                self.places[r].level + (self.places[m].ring_place + ring - self.places[r].ring_place) % ring,
            );
        }
        (self.places[m].enter < self.places[r].enter && self.places[r].enter < self.places[m].exit)
            .then(|| self.places[r].level - self.places[m].level)
    }

    fn here(&self) -> u32 {
        self.order.len() as u32
    }

    /// Visits `top` and all below who are in no ring.
    fn walk_below(&mut self, tree: &Tree, top: UserIndex, ring_place: u32, ring: &[UserIndex]) {
        let in_ring = !ring.is_empty();
        let mut path = vec![(top, tree.neighbors(node(top)).detach())];
        self.visit(top, 0, ring_place);
        while let Some((at, reports)) = path.last_mut() {
            let at = *at;
            match reports.next_node(tree).map(user) {
                // The one report of a ring's member that is in the ring itself is walked on its own.
                Some(report) if in_ring && at == top && is_before(ring, report, ring_place) => {}
                Some(report) => {
                    self.visit(report, path.len() as u32, ring_place);
                    path.push((report, tree.neighbors(node(report)).detach()));
                }
                None => {
                    self.places[at.at()].exit = self.here();
                    path.pop();
                }
            }
        }
    }

    fn visit(&mut self, user: UserIndex, level: u32, ring_place: u32) {
        self.places[user.at()].enter = self.here();
        self.places[user.at()].level = level;
        self.places[user.at()].component = self.components.len() as u32;
        self.places[user.at()].ring_place = ring_place;
        self.order.push(user);
    }
}

/// Whether `user` stands just before `place` in `ring`, that is, reports to the member at `place`.
fn is_before(ring: &[UserIndex], user: UserIndex, place: u32) -> bool {
    let before = (place as usize + ring.len() - 1) % ring.len();
    ring.get(before) == Some(&user)
}
