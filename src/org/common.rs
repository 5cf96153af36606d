//! The nearest manager whom several users have in common.

use super::{OrgGraph, UserIndex};

/// Why several users have no manager in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCommonManager {
    /// There is nobody to have one.
    Nobody,
    /// They are in different trees.
    DifferentTrees,
    /// One of them is the top of the tree.
    TopAmongThem,
    /// The top of the tree is a ring, and all its members are among them.
    RingAmongThem,
}

impl OrgGraph {
    /// The user who is above all of `users` at the smallest greatest distance; of several such the one
    /// with the smallest id. Nobody is above themselves, so somebody among `users` never is.
    ///
    /// Costs a step for each of `users` and for each manager of the first.
    ///
    /// # Errors
    /// Why there is none.
    pub fn common_manager(&self, users: &[UserIndex]) -> Result<UserIndex, NoCommonManager> {
        let walk = &self.walk;
        let Some(&one) = users.first() else { return Err(NoCommonManager::Nobody) };
        if users.iter().any(|&user| !self.share_tree(one, user)) {
            return Err(NoCommonManager::DifferentTrees);
        }
        let places = || users.iter().map(|user| walk.places[user.at()].enter);
        let (first, last) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        let over_all = |manager: &UserIndex| {
            walk.places[manager.at()].enter < first && last < walk.places[manager.at()].exit
        };
        // Ring links are left aside here: whoever is found is nearer than the ring, or its nearest member.
        let lowest = std::iter::successors(self.manager(one), |&above| self.manager(above))
            .take(walk.places[one.at()].level as usize)
            .find(over_all);
        let ring = &walk.component_of(one).ring;
        match lowest {
            Some(manager) => Ok(manager),
            None if ring.is_empty() => Err(NoCommonManager::TopAmongThem),
            None => self.nearest_of_ring(ring, users).ok_or(NoCommonManager::RingAmongThem),
        }
    }

    /// The member of `ring`, not itself among `users`, to whom the farthest of `users` has the fewest steps.
    fn nearest_of_ring(&self, ring: &[UserIndex], users: &[UserIndex]) -> Option<UserIndex> {
        let length = ring.len() as i64;
        // A user at level l below place p has l - p + c steps to place c, and the ring's length more if c
        // is before p. So what counts is the greatest l - p at places up to c, and at places after it.
        const NONE: i64 = i64::MIN / 4;
        let mut head_start = vec![NONE; ring.len()];
        let mut asked = vec![false; ring.len()];
        for user in users {
            let (place, level) = (self.walk.places[user.at()].ring_place, self.walk.places[user.at()].level);
            let start = i64::from(level) - i64::from(place);
            head_start[place as usize] = head_start[place as usize].max(start);
            asked[place as usize] |= level == 0;
        }
        let mut after = vec![NONE; ring.len()];
        let mut greatest = NONE;
        for (after, start) in after.iter_mut().zip(&head_start).rev() {
            *after = greatest;
            greatest = greatest.max(*start);
        }
        let mut before = NONE;
        let mut nearest: Option<(i64, &str, UserIndex)> = None;
        for (place, &member) in ring.iter().enumerate() {
            before = before.max(head_start[place]);
            let farthest = before.max(after[place] + length) + place as i64;
            let candidate = (farthest, self.user(member).id(), member);
            if !asked[place] && nearest.is_none_or(|nearest| candidate < nearest) {
                nearest = Some(candidate);
            }
        }
        nearest.map(|(_, _, member)| member)
    }
}
