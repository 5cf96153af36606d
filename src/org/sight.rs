//! What somebody sees of the organisation who may not see how people are reached.
//!
//! It is a graph of its own, of records that don't lead to what may not be seen. Whatever is asked of it, in
//! whatever way, can't tell more than the records do: nothing has to be left out of an answer.

use std::sync::{Arc, OnceLock};

use super::{
    Anomaly, OrgGraph, OrgSnapshot, User,
    identities::{Held, Shared},
};

/// How much of its users' records a graph holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All that Gong says.
    Everything,
    /// All but how people are reached and by what they are let in: the trusted address, phone number and
    /// extension, the meeting rooms and the consent page.
    WithoutContact,
}

impl OrgSnapshot {
    /// The snapshot as `sight` shows it. The first call for less than everything makes records anew, which share
    /// their texts, one step a user; later ones cost nothing. [`sees`](Self::sees) tells which it would be.
    pub fn seen_with(self: &Arc<Self>, sight: Sight) -> Arc<Self> {
        if sight == self.graph.sight {
            return self.clone();
        }
        let reduced = self.graph.reduced.get_or_init(|| {
            let Self { version, taken_at, source, checks, .. } = **self;
            Arc::new(Self { version, taken_at, source, checks, graph: self.graph.without_contact() })
        });
        reduced.clone()
    }

    /// Whether [`seen_with`](Self::seen_with) costs nothing any more.
    pub fn sees(&self, sight: Sight) -> bool {
        sight == self.graph.sight || self.graph.reduced.get().is_some()
    }
}

impl OrgGraph {
    /// How much of the users' records it holds.
    pub fn sight(&self) -> Sight {
        self.sight
    }

    /// The graph that [`build()`](super::build()) makes of the same records [without
    /// contact](User::without_contact), with every user at the same place. Lines, orders and counts don't
    /// depend on what is left out and are shared, not copied.
    fn without_contact(&self) -> Self {
        let users: Vec<_> = self.users.iter().map(User::without_contact).collect();
        let emails = Held::emails(&users);
        let (repeats, others): (Vec<_>, Vec<_>) =
            self.anomalies.iter().cloned().partition(|it| matches!(it, Anomaly::DuplicateId { .. }));
        let rings = others.into_iter().filter(|it| matches!(it, Anomaly::ManagementCycle { .. }));
        let anomalies = repeats.into_iter().chain(emails.conflicts()).chain(rings).collect();
        Self {
            sight: Sight::WithoutContact,
            users: users.into(),
            ids: self.ids.clone(),
            emails,
            shared: Shared::default(),
            names: self.names.clone(),
            sorted: self.sorted.clone(),
            links: self.links.clone(),
            walk: self.walk.clone(),
            reports: self.reports.clone(),
            orphans: self.orphans.clone(),
            extracts: self.extracts.clone(),
            counts: self.counts.clone(),
            anomalies,
            issues: OnceLock::new(),
            search: OnceLock::new(),
            reduced: OnceLock::new(),
        }
    }
}
