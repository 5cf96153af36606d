//! What is worked out of a graph when somebody first asks for it, and kept for as long as the graph.

use std::sync::Arc;

use super::{Bounds, Direction, OrderField, OrgGraph, OrgSnapshot, Sight};

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

impl Derived {
    /// All there is.
    fn all() -> impl Iterator<Item = Self> {
        let orders = OrderField::ALL.into_iter().flat_map(|field| {
            [Direction::Ascending, Direction::Descending].map(|direction| Self::Order(field, direction))
        });
        orders.chain([Self::Issues, Self::SharedIdentities, Self::SearchIndex])
    }
}

impl OrgSnapshot {
    /// Works out what was asked of `before`, for everybody who asks the same of this one: nobody waits for it because
    /// a snapshot is new.
    pub fn derive_as_in(self: &Arc<Self>, before: &Arc<Self>) {
        self.graph.derive_as_in(&before.graph);
        if before.sees(Sight::WithoutContact) {
            let (own, before) =
                (self.seen_with(Sight::WithoutContact), before.seen_with(Sight::WithoutContact));
            own.graph.derive_as_in(&before.graph);
        }
    }
}

impl OrgGraph {
    fn derive_as_in(&self, before: &Self) {
        Derived::all().filter(|&derived| before.has(derived)).for_each(|derived| self.derive(derived));
    }

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
