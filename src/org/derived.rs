//! What is worked out of a graph when somebody first asks for it, and kept for as long as the graph.

use super::{Bounds, Direction, OrderField, OrgGraph};

/// Something that takes up to a second or two for a million people the first time, and nothing afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Everybody in an order by a field.
    Order(OrderField, Direction),
    /// What is wrong with the company, by the usual bounds.
    Issues,
    /// Which addresses and phone numbers more than one user has.
    SharedIdentities,
    /// The index of words for [`search`](OrgGraph::search).
    SearchIndex,
}

impl OrgGraph {
    /// Whether it is there. If not, whoever first asks for what needs it waits for it, and so does everybody
    /// who asks meanwhile.
    pub fn has(&self, derived: Derived) -> bool {
        match derived {
            Derived::Order(field, direction) => self.sorted.has(field, direction),
            Derived::Issues => self.issues.get().is_some(),
            Derived::SharedIdentities => self.shared.is_known(),
            Derived::SearchIndex => self.search.get().is_some(),
        }
    }

    /// Works it out if it isn't there.
    pub fn derive(&self, derived: Derived) {
        match derived {
            Derived::Order(field, direction) => _ = self.sorted(field, direction),
            Derived::Issues => _ = self.issues(Bounds::USUAL),
            Derived::SharedIdentities => _ = self.identity_conflicts(),
            Derived::SearchIndex => _ = self.search_index(),
        }
    }
}
