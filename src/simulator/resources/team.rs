//! Who looks after whose calls.

use std::collections::{BTreeMap, BTreeSet};

use crate::simulator::{listing, user::SimUser};

/// The direct reports of some managers.
pub(super) struct Teams<'a>(BTreeMap<&'a str, Vec<&'a SimUser>>);

impl<'a> Teams<'a> {
    /// The people who name one of these managers, themselves and avatars left out, in listing order.
    pub(super) fn of(people: &'a [SimUser], managers: &BTreeSet<&str>) -> Self {
        let mut teams: BTreeMap<&str, Vec<&SimUser>> = BTreeMap::new();
        for user in listing::everybody(people) {
            if let Some(manager) = user.manager_id.as_deref()
                && manager != user.id
                && managers.contains(manager)
            {
                teams.entry(manager).or_default().push(user);
            }
        }
        Self(teams)
    }

    /// The direct reports of a manager.
    pub(super) fn reports(&self, manager: &str) -> &[&'a SimUser] {
        self.0.get(manager).map_or(&[], Vec::as_slice)
    }
}

/// The manager who looks after this person's calls: one who is at work, and somebody else.
pub(super) fn coach<'a>(people: &'a [SimUser], user: &SimUser) -> Option<&'a SimUser> {
    let manager = listing::latest(people, user.manager_id.as_deref()?)?;
    (manager.id != user.id && manager.active && !manager.avatar).then_some(manager)
}
