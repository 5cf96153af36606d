//! Whose calls somebody may hear where access to calls follows the hierarchy, and who may hear somebody's.
//!
//! After Gong's help, "Available permission settings": *their own* is what a person took part in; *people who
//! report to them* is their team, "the entire hierarchy tree under that team member"; *their manager's teams*
//! is what "their manager and other team members with the same manager" took part in, with the entire tree
//! under the manager. An estimate: what a permission profile says beside that, shared and private calls and
//! workspaces are not known here.

use std::ops::Range;

use super::{ChainEnd, ManagerStatus, OrgGraph, UserIndex};

/// How far access to calls reaches; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallAccess {
    /// One's own calls.
    Own,
    /// Those of one's team as well: of everybody below.
    Team,
    /// Those of one's manager and of everybody below the manager as well. Who has no manager has one's own
    /// team.
    ManagersTeams,
}

/// What is to be known about an answer on access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessFinding {
    /// The user is a member of a ring.
    InRing,
    /// The user is below a ring.
    BelowRing,
    /// There is no manager whose teams could be opened.
    NoManager,
    /// The line upwards ends at somebody whose `managerId` names nobody here.
    ManagerNotFound,
    /// The line upwards ends at somebody who is their own manager.
    ManagerIsSelf,
}

impl OrgGraph {
    /// The least access with which `viewer` may hear `user`; `None` if none does. Constant time.
    pub fn least_access(&self, viewer: UserIndex, user: UserIndex) -> Option<CallAccess> {
        if viewer == user {
            Some(CallAccess::Own)
        } else if self.distance(viewer, user).is_some() {
            Some(CallAccess::Team)
        } else {
            let manager = self.manager(viewer)?;
            let opened = manager == user || self.distance(manager, user).is_some();
            opened.then_some(CallAccess::ManagersTeams)
        }
    }

    /// What is to be known about whom `viewer` may hear with this access.
    pub fn findings_on_heard(&self, viewer: UserIndex, access: CallAccess) -> Vec<AccessFinding> {
        let in_ring = self.walk.in_ring(viewer).then_some(AccessFinding::InRing);
        let finding = match access {
            CallAccess::Own => None,
            CallAccess::Team => in_ring,
            CallAccess::ManagersTeams => in_ring.or_else(|| match self.manager_status(viewer) {
                ManagerStatus::None => Some(AccessFinding::NoManager),
                ManagerStatus::NotFound => Some(AccessFinding::ManagerNotFound),
                ManagerStatus::OwnId => Some(AccessFinding::ManagerIsSelf),
                ManagerStatus::Active | ManagerStatus::Inactive => {
                    let manager = self.manager(viewer)?;
                    self.walk.in_ring(manager).then_some(AccessFinding::BelowRing)
                }
            }),
        };
        finding.into_iter().collect()
    }

    /// What is to be known about who may hear `user` with this access.
    pub fn findings_on_hearers(&self, user: UserIndex, access: CallAccess) -> Vec<AccessFinding> {
        let finding = match self.top(user) {
            _ if access == CallAccess::Own => None,
            ChainEnd::Root => None,
            ChainEnd::Cycle if self.walk.in_ring(user) => Some(AccessFinding::InRing),
            ChainEnd::Cycle => Some(AccessFinding::BelowRing),
            ChainEnd::ManagerNotFound => Some(AccessFinding::ManagerNotFound),
            ChainEnd::SelfManaged => Some(AccessFinding::ManagerIsSelf),
        };
        finding.into_iter().collect()
    }

    /// The positions in the walk of everybody whom `viewer` may hear, the viewer among them.
    pub(super) fn heard(&self, viewer: UserIndex, access: CallAccess) -> Range<usize> {
        let itself = self.walk.places[viewer.at()].enter as usize;
        match access {
            CallAccess::Own => itself..itself + 1,
            CallAccess::Team => self.walk.team(viewer),
            CallAccess::ManagersTeams => self.walk.team(self.manager(viewer).unwrap_or(viewer)),
        }
    }

    /// Everybody who may hear `user` with this access, the user among them, in the order of the walk. Costs
    /// one step each, and one for everybody above.
    pub(super) fn hearers(&self, user: UserIndex, access: CallAccess) -> Vec<UserIndex> {
        let mut line = vec![user];
        if access != CallAccess::Own {
            line.extend(self.managers(user));
        }
        let mut hearers = match access {
            CallAccess::Own | CallAccess::Team => line,
            // Their managers are on the line, or they have none and are on it themselves.
            CallAccess::ManagersTeams => {
                let reports = line.iter().flat_map(|&above| self.direct_reports(above)).copied();
                let tops = line.iter().copied().filter(|&above| self.manager(above).is_none());
                reports.chain(tops).collect()
            }
        };
        hearers.sort_unstable_by_key(|hearer| self.walk.places[hearer.at()].enter);
        hearers
    }
}
