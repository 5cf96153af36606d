//! One user in the picture of one snapshot.

use std::sync::Arc;

use super::{
    Chain, ChainEnd, ManagerStatus, Managers, OrgGraph, OrgSnapshot, OrphanReason, Sight, User, UserIndex,
    links, orphans,
};

/// A user and the snapshot that everything around them is read from.
///
/// The record can be fresher than the snapshot, and the user even unknown to it: the line upwards then
/// starts from the fresh `managerId`, while everybody else, the reports too, is as the snapshot has them:
/// for somebody new to it there are none, even where a broken link of the snapshot names them.
#[derive(Clone)]
pub struct UserView {
    snapshot: Arc<OrgSnapshot>,
    place: Place,
}

#[derive(Clone)]
enum Place {
    Member(UserIndex),
    Fresh { record: Arc<User>, member: Option<UserIndex> },
}

impl UserView {
    /// A user of the snapshot, with the snapshot's record.
    pub fn member(snapshot: Arc<OrgSnapshot>, user: UserIndex) -> Self {
        Self { snapshot, place: Place::Member(user) }
    }

    /// A user with a record that was read after the snapshot, of which no more is seen than of the snapshot's.
    pub fn fresh(snapshot: Arc<OrgSnapshot>, record: Arc<User>) -> Self {
        let record = match snapshot.graph.sight() {
            Sight::Everything => record,
            Sight::WithoutContact => Arc::new(record.without_contact()),
        };
        let member = snapshot.graph.find(record.id());
        Self { snapshot, place: Place::Fresh { record, member } }
    }

    /// The snapshot around this user.
    pub fn snapshot(&self) -> &Arc<OrgSnapshot> {
        &self.snapshot
    }

    /// The record.
    pub fn user(&self) -> &User {
        match &self.place {
            Place::Member(user) => self.graph().user(*user),
            Place::Fresh { record, .. } => record,
        }
    }

    /// The user's id.
    pub fn id(&self) -> &str {
        self.user().id()
    }

    /// The user's place in the snapshot; `None` for somebody it doesn't know.
    pub fn index(&self) -> Option<UserIndex> {
        match self.place {
            Place::Member(user) => Some(user),
            Place::Fresh { member, .. } => member,
        }
    }

    /// The manager, with the snapshot's record.
    pub fn manager(&self) -> Option<Self> {
        let (manager, _) = self.link();
        manager.map(|manager| Self::member(self.snapshot.clone(), manager))
    }

    /// What became of `managerId`.
    pub fn manager_status(&self) -> ManagerStatus {
        self.link().1
    }

    /// The managers up to the top.
    pub fn chain(&self) -> Chain {
        Chain { managers: self.managers().collect(), end: self.top() }
    }

    /// The managers of the [`chain`](Self::chain), one by one. One step a manager.
    pub fn managers(&self) -> Managers<'_> {
        let graph = self.graph();
        let next = match self.place {
            Place::Member(user) => return graph.managers(user),
            Place::Fresh { .. } => self.link().0,
        };
        let left = next.map_or(0, |manager| match self.steps_up_from(manager) {
            Some(steps) => steps as usize,
            None => 1 + graph.chain_length(manager),
        });
        Managers { graph, next, left }
    }

    /// How many managers [`chain`](Self::chain) has. Constant time.
    pub fn chain_length(&self) -> usize {
        self.managers().len()
    }

    /// Where the walk up ends. Constant time.
    pub fn top(&self) -> ChainEnd {
        if let Place::Member(user) = self.place {
            return self.graph().top(user);
        }
        match self.link() {
            (Some(manager), _) if self.steps_up_from(manager).is_some() => ChainEnd::Cycle,
            (Some(manager), _) => self.graph().top(manager),
            (None, ManagerStatus::NotFound) => ChainEnd::ManagerNotFound,
            (None, ManagerStatus::OwnId) => ChainEnd::SelfManaged,
            (None, _) => ChainEnd::Root,
        }
    }

    /// Steps to the top; `None` when the top is a ring.
    pub fn depth(&self) -> Option<u32> {
        if let Place::Member(user) = self.place {
            return self.graph().depth(user);
        }
        (self.top() != ChainEnd::Cycle).then(|| self.chain_length() as u32)
    }

    /// How many persons report to this user, directly or at all.
    pub fn report_count(&self, transitive: bool) -> u32 {
        let count = if transitive { OrgGraph::transitive_count } else { OrgGraph::direct_count };
        self.index().map_or(0, |user| count(self.graph(), user))
    }

    /// Why the line to a root is broken or missing, if it is.
    pub fn orphan_reason(&self) -> Option<OrphanReason> {
        if let Place::Member(user) = self.place {
            return self.graph().orphan_reason(user);
        }
        let status = self.manager_status();
        let has_reports = self.index().is_some_and(|user| !self.graph().direct_reports(user).is_empty());
        orphans::reason(status, self.user().active(), self.is_above_itself(), has_reports)
    }

    /// Whether somebody above is an orphan.
    pub fn under_orphan(&self) -> bool {
        if let Place::Member(user) = self.place {
            return self.graph().under_orphan(user);
        }
        let graph = self.graph();
        // Whoever has no manager and no reports has this one, now.
        let broken = |manager: UserIndex| {
            graph.orphan_reason(manager).is_some_and(|reason| reason != OrphanReason::NoManager)
        };
        self.is_above_itself() || self.managers().any(broken)
    }

    /// Whether the walk up comes back to this user.
    fn is_above_itself(&self) -> bool {
        self.link().0.is_some_and(|manager| self.steps_up_from(manager).is_some())
    }

    /// Steps from `manager` up to this user; `None` if this user isn't above, as far as the snapshot knows.
    fn steps_up_from(&self, manager: UserIndex) -> Option<u32> {
        self.graph().distance(self.index()?, manager)
    }

    fn link(&self) -> (Option<UserIndex>, ManagerStatus) {
        let graph = self.graph();
        match &self.place {
            Place::Member(user) => (graph.manager(*user), graph.manager_status(*user)),
            Place::Fresh { record, .. } => links::resolve_one(record, &graph.users, &graph.ids),
        }
    }

    fn graph(&self) -> &OrgGraph {
        &self.snapshot.graph
    }
}
