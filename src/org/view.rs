//! One user in the picture of one snapshot.

use std::sync::Arc;

use super::{
    Chain, ChainEnd, ManagerStatus, OrgGraph, OrgSnapshot, OrphanReason, Sight, User, UserId, UserIndex,
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
        let member = snapshot.graph.find(record.id.as_str());
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
    pub fn id(&self) -> &UserId {
        &self.user().id
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
        if let Place::Member(user) = self.place {
            return self.graph().chain(user);
        }
        let (manager, status) = self.link();
        let Some(manager) = manager else {
            let end = match status {
                ManagerStatus::NotFound => ChainEnd::ManagerNotFound,
                ManagerStatus::OwnId => ChainEnd::SelfManaged,
                _ => ChainEnd::Root,
            };
            return Chain { managers: Vec::new(), end };
        };
        let above = self.graph().chain(manager);
        let mut managers = Vec::with_capacity(above.managers.len() + 1);
        managers.push(manager);
        managers.extend(above.managers);
        match managers.iter().position(|&manager| Some(manager) == self.index()) {
            None => Chain { managers, end: above.end },
            Some(itself) => {
                managers.truncate(itself);
                Chain { managers, end: ChainEnd::Cycle }
            }
        }
    }

    /// The managers of the [`chain`](Self::chain), one by one. One step a manager for a user of the snapshot.
    pub fn managers(&self) -> Box<dyn Iterator<Item = UserIndex> + '_> {
        match self.place {
            Place::Member(user) => Box::new(self.graph().managers(user)),
            Place::Fresh { .. } => Box::new(self.chain().managers.into_iter()),
        }
    }

    /// How many managers [`chain`](Self::chain) has. Constant time for a user of the snapshot.
    pub fn chain_length(&self) -> usize {
        match self.place {
            Place::Member(user) => self.graph().chain_length(user),
            Place::Fresh { .. } => self.chain().managers.len(),
        }
    }

    /// Where the walk up ends. Constant time for a user of the snapshot.
    pub fn top(&self) -> ChainEnd {
        match self.place {
            Place::Member(user) => self.graph().top(user),
            Place::Fresh { .. } => self.chain().end,
        }
    }

    /// Steps to the top; `None` when the top is a ring.
    pub fn depth(&self) -> Option<u32> {
        if let Place::Member(user) = self.place {
            return self.graph().depth(user);
        }
        let chain = self.chain();
        (chain.end != ChainEnd::Cycle).then_some(chain.managers.len() as u32)
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
        orphans::reason(status, self.user().active, self.is_above_itself(), has_reports)
    }

    /// Whether somebody above is an orphan.
    pub fn under_orphan(&self) -> bool {
        if let Place::Member(user) = self.place {
            return self.graph().under_orphan(user);
        }
        let graph = self.graph();
        // Whoever has no manager and no reports has this one, now.
        let broken = |&manager: &UserIndex| {
            graph.orphan_reason(manager).is_some_and(|reason| reason != OrphanReason::NoManager)
        };
        self.is_above_itself() || self.chain().managers.iter().any(broken)
    }

    /// Whether the walk up comes back to this user.
    fn is_above_itself(&self) -> bool {
        let (Some(manager), Some(itself)) = (self.link().0, self.index()) else { return false };
        self.graph().distance(itself, manager).is_some()
    }

    fn link(&self) -> (Option<UserIndex>, ManagerStatus) {
        let graph = self.graph();
        match &self.place {
            Place::Member(user) => (graph.manager(*user), graph.manager_status(*user)),
            Place::Fresh { record, .. } => links::resolve_one(record, &graph.users, &graph.index),
        }
    }

    fn graph(&self) -> &OrgGraph {
        &self.snapshot.graph
    }
}
