//! From `managerId` texts to links between users, and to the petgraph tree.

use petgraph::graph::{Graph, NodeIndex};

use super::{User, UserIndex, ids::Ids};

/// What became of a user's own `managerId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManagerStatus {
    /// The id is empty.
    None,
    /// It names another user, who is active.
    Active,
    /// It names another user, who is inactive.
    Inactive,
    /// It names nobody of this workspace.
    NotFound,
    /// It names the user itself.
    OwnId,
}

/// The tree: an edge leads from a manager to a report. Node *n* is the user at index *n*.
pub(super) type Tree = Graph<(), ()>;

/// Every user's link upwards.
pub(super) struct Links {
    pub(super) manager: Vec<Option<UserIndex>>,
    pub(super) status: Vec<ManagerStatus>,
}

impl Links {
    pub(super) fn resolve(users: &[User], ids: &Ids) -> Self {
        let (manager, status) = users.iter().map(|user| resolve_one(user, users, ids)).unzip();
        Self { manager, status }
    }

    /// The tree of these links. `by_name` gives the order in which [`Tree::neighbors`] yields the
    /// reports of one manager; petgraph yields the youngest edge first, so the edges go in backwards.
    pub(super) fn tree(&self, by_name: &[UserIndex]) -> Tree {
        let mut tree = Tree::with_capacity(self.manager.len(), self.manager.len());
        for _ in &self.manager {
            tree.add_node(());
        }
        for &report in by_name.iter().rev() {
            if let Some(manager) = self.manager[report.at()] {
                tree.add_edge(node(manager), node(report), ());
            }
        }
        tree
    }
}

/// The manager whom `user` names and what is to say of that link, in a company of `users`.
pub(super) fn resolve_one(user: &User, users: &[User], ids: &Ids) -> (Option<UserIndex>, ManagerStatus) {
    resolve(user.manager_id(), user.id(), users, ids)
}

/// The same for the user `itself` with this `managerId`.
pub(super) fn resolve(
    manager_id: Option<&str>,
    itself: &str,
    users: &[User],
    ids: &Ids,
) -> (Option<UserIndex>, ManagerStatus) {
    let Some(named) = manager_id else { return (None, ManagerStatus::None) };
    if named == itself {
        return (None, ManagerStatus::OwnId);
    }
    match ids.find(users, named) {
        None => (None, ManagerStatus::NotFound),
        Some(manager) if users[manager.at()].active() => (Some(manager), ManagerStatus::Active),
        Some(manager) => (Some(manager), ManagerStatus::Inactive),
    }
}

pub(super) fn node(user: UserIndex) -> NodeIndex {
    NodeIndex::new(user.at())
}

pub(super) fn user(node: NodeIndex) -> UserIndex {
    UserIndex::new(node.index())
}
