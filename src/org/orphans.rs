//! Whose line to a root is broken or missing, and why.

use super::{ManagerStatus, User, UserIndex, links::Links, walk::Walk};

/// Why somebody's line to a root is broken or missing. People *below* a broken link are no orphans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrphanReason {
    /// `managerId` names nobody here.
    ManagerNotFound,
    /// `managerId` is the user's own id.
    ManagerIsSelf,
    /// The user is a member of a ring.
    ManagementCycle,
    /// The user is active, the manager is not.
    ManagerInactive,
    /// No manager and no reports: in nobody's tree.
    NoManager,
}

impl OrphanReason {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [
        Self::ManagerNotFound,
        Self::ManagerIsSelf,
        Self::ManagementCycle,
        Self::ManagerInactive,
        Self::NoManager,
    ];

    /// Its name, as clients know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ManagerNotFound => "MANAGER_NOT_FOUND",
            Self::ManagerIsSelf => "MANAGER_IS_SELF",
            Self::ManagementCycle => "MANAGEMENT_CYCLE",
            Self::ManagerInactive => "MANAGER_INACTIVE",
            Self::NoManager => "NO_MANAGER",
        }
    }
}

/// The reason for one user, if any; the first that applies in the order of the match.
pub(super) fn reason(
    status: ManagerStatus,
    active: bool,
    in_ring: bool,
    has_reports: bool,
) -> Option<OrphanReason> {
    match status {
        ManagerStatus::None => (!has_reports).then_some(OrphanReason::NoManager),
        ManagerStatus::OwnId => Some(OrphanReason::ManagerIsSelf),
        ManagerStatus::NotFound => Some(OrphanReason::ManagerNotFound),
        _ if in_ring => Some(OrphanReason::ManagementCycle),
        ManagerStatus::Inactive if active => Some(OrphanReason::ManagerInactive),
        ManagerStatus::Inactive | ManagerStatus::Active => None,
    }
}

/// Everybody's reason, and whether somebody above is an orphan.
pub(super) struct Orphans {
    pub(super) reason: Vec<Option<OrphanReason>>,
    pub(super) under: Vec<bool>,
}

impl Orphans {
    pub(super) fn find(users: &[User], links: &Links, walk: &Walk) -> Self {
        let mut has_reports = vec![false; users.len()];
        for manager in links.manager.iter().flatten() {
            has_reports[manager.at()] = true;
        }
        let one = |user: UserIndex| {
            let at = user.at();
            reason(links.status[at], users[at].active(), walk.in_ring(user), has_reports[at])
        };
        let reason: Vec<_> = (0..users.len()).map(|at| one(UserIndex::new(at))).collect();

        // In the order of the walk a manager comes before the reports, but for the rings, whose members
        // are all orphans anyway.
        let mut under = vec![false; users.len()];
        for user in &walk.order {
            if let Some(manager) = links.manager[user.at()] {
                under[user.at()] = under[manager.at()] || reason[manager.at()].is_some();
            }
        }
        Self { reason, under }
    }
}
