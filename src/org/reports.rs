//! Who reports to whom directly, as slices of one array.

use super::{UserIndex, links::Links, walk::Walk};

/// Everybody who has a manager: those of one manager stand together, in the order of the walk.
pub(super) struct Reports {
    /// Manager to the first of the reports in `users`; one entry more than users.
    starts: Vec<u32>,
    users: Vec<UserIndex>,
}

impl Reports {
    /// Two steps a user: those of each manager are counted, then each is put into the place that is left.
    pub(super) fn of(links: &Links, walk: &Walk) -> Self {
        let mut starts = vec![0; walk.order.len() + 1];
        for manager in links.manager.iter().flatten() {
            starts[manager.at() + 1] += 1;
        }
        for user in 1..starts.len() {
            starts[user] += starts[user - 1];
        }
        let mut next = starts.clone();
        let mut users = vec![UserIndex::new(0); starts.last().map_or(0, |&all| all as usize)];
        for &user in &walk.order {
            if let Some(manager) = links.manager[user.at()] {
                let place: &mut u32 = &mut next[manager.at()];
                users[*place as usize] = user;
                *place += 1;
            }
        }
        Self { starts, users }
    }

    /// Everybody who names `manager`, avatars among them.
    pub(super) fn direct(&self, manager: UserIndex) -> &[UserIndex] {
        &self.users[self.starts[manager.at()] as usize..self.starts[manager.at() + 1] as usize]
    }
}
