//! Levels counted from the top: the columns that tables of an organisation have.

use super::{ChainEnd, UserIndex, UserView};

impl UserView {
    /// The managers from the top down to the nearest. Costs one step a manager.
    pub fn chain_from_top(&self) -> Vec<UserIndex> {
        let mut managers = self.chain().managers;
        managers.reverse();
        managers
    }

    /// Who stands at `level` of the line from the top, which has level 0, down to this user, who is at the
    /// last; `None` below that, and where the top is a ring. Costs one step a manager.
    pub fn at_level(&self, level: usize) -> Option<Self> {
        if self.top() == ChainEnd::Cycle {
            return None;
        }
        let line = self.chain_from_top();
        match line.get(level) {
            Some(&manager) => Some(Self::member(self.snapshot().clone(), manager)),
            None => (level == line.len()).then(|| self.clone()),
        }
    }
}
