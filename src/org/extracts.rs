//! Parts of the company that are listed on their own: who they are, so that nobody else is looked at, and how
//! many, so that nobody is counted.

use super::{
    ManagerStatus, OrphanReason, User, UserIndex, UserKind, links::Links, orphans::Orphans, walk::Walk,
};

/// The orphans and the roots, avatars among them, in the order of the walk and by name.
pub(super) struct Extracts {
    pub(super) orphans: Vec<UserIndex>,
    pub(super) roots: Vec<UserIndex>,
    pub(super) orphans_by_name: Vec<UserIndex>,
    pub(super) roots_by_name: Vec<UserIndex>,
    /// Persons among the orphans, by reason.
    orphan_persons: [u32; OrphanReason::ALL.len()],
    root_persons: u32,
}

impl Extracts {
    pub(super) fn of(
        users: &[User],
        links: &Links,
        walk: &Walk,
        orphans: &Orphans,
        by_name: &[UserIndex],
    ) -> Self {
        let (mut listed, mut roots) = (Vec::new(), Vec::new());
        let (mut orphan_persons, mut root_persons) = ([0; OrphanReason::ALL.len()], 0);
        for &user in &walk.order {
            let person = u32::from(users[user.at()].kind() == UserKind::Person);
            if let Some(reason) = orphans.reason[user.at()] {
                listed.push(user);
                orphan_persons[reason as usize] += person;
            }
            if links.status[user.at()] == ManagerStatus::None {
                roots.push(user);
                root_persons += person;
            }
        }
        listed.shrink_to_fit();
        roots.shrink_to_fit();
        let is_orphan = |user: &UserIndex| orphans.reason[user.at()].is_some();
        let is_root = |user: &UserIndex| links.status[user.at()] == ManagerStatus::None;
        Self {
            orphans: listed,
            roots,
            orphans_by_name: by_name.iter().copied().filter(is_orphan).collect(),
            roots_by_name: by_name.iter().copied().filter(is_root).collect(),
            orphan_persons,
            root_persons,
        }
    }

    /// How many persons are orphans for one of these reasons; all of them for `None`.
    pub(super) fn orphan_persons(&self, reasons: Option<&[OrphanReason]>) -> u32 {
        let is_wanted = |reason: &OrphanReason| reasons.is_none_or(|wanted| wanted.contains(reason));
        let wanted = OrphanReason::ALL.into_iter().filter(is_wanted);
        wanted.map(|reason| self.orphan_persons[reason as usize]).sum()
    }

    /// How many persons are roots.
    pub(super) fn root_persons(&self) -> u32 {
        self.root_persons
    }
}
