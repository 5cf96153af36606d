//! How much of an organisation another one changes.

use super::{OrgGraph, UserKind};

/// What becomes of the persons of one organisation in a later one, in numbers. Avatars don't count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Persons before.
    pub persons: u32,
    /// Those who aren't there any more.
    pub removed: u32,
    /// Active persons before.
    pub active: u32,
    /// Those who are inactive or not there any more.
    pub deactivated: u32,
    /// Persons before who had a `managerId`.
    pub links: u32,
    /// Those who are still there, with another `managerId` or none.
    pub relinked: u32,
}

impl Changes {
    /// Compares `after` with `before`. One step a person.
    pub fn between(before: &OrgGraph, after: &OrgGraph) -> Self {
        let mut changes = Self::default();
        for old in before.users().iter().filter(|user| user.kind() == UserKind::Person) {
            let new = after.find(old.id()).map(|user| after.user(user));
            changes.persons += 1;
            changes.removed += u32::from(new.is_none());
            if old.active() {
                changes.active += 1;
                changes.deactivated += u32::from(new.is_none_or(|new| !new.active()));
            }
            if old.manager_id().is_some() {
                changes.links += 1;
                changes.relinked += u32::from(new.is_some_and(|new| new.manager_id() != old.manager_id()));
            }
        }
        changes
    }
}
