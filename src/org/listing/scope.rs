//! Whom a listing is about: who they are, whether somebody is one of them, and how many they are.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use crate::org::{CallAccess, OrgGraph, OrphanReason, UserFilter, UserIndex};

/// Which users a listing is about, before the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole company.
    Everyone,
    /// The reports of `manager` who are at most `reach` steps below: 1 for the direct ones, all for
    /// `None`.
    #[expect(missing_docs, reason = "said above")]
    Reports { manager: UserIndex, reach: Option<u32> },
    /// The orphans with one of these reasons; all orphans for `None`.
    Orphans(Option<Vec<OrphanReason>>),
    /// Users whose `managerId` is empty.
    Roots,
    /// These users.
    Among(Arc<BTreeSet<UserIndex>>),
    /// Whom `viewer` may hear with this access, the viewer among them.
    #[expect(missing_docs, reason = "said above")]
    Heard { viewer: UserIndex, access: CallAccess },
    /// Who may hear `user` with this access, the user among them.
    #[expect(missing_docs, reason = "said above")]
    Hearers { user: UserIndex, access: CallAccess },
    /// The reports of somebody who isn't in this graph.
    Nobody,
}

impl Scope {
    /// Whether it is a part of the tree, in which places are counted from its own first user.
    pub(super) fn is_part(&self) -> bool {
        match self {
            Self::Reports { .. } | Self::Heard { .. } | Self::Hearers { .. } => true,
            Self::Everyone | Self::Orphans(_) | Self::Roots | Self::Among(_) | Self::Nobody => false,
        }
    }

    /// Everybody of it and perhaps more, in the order of the tree.
    pub(super) fn users<'a>(&self, graph: &'a OrgGraph) -> Cow<'a, [UserIndex]> {
        let order = graph.walk.order.as_slice();
        match self {
            Self::Everyone => Cow::Borrowed(order),
            Self::Reports { manager, reach: Some(1) } => Cow::Borrowed(graph.direct_reports(*manager)),
            Self::Reports { manager, .. } => Cow::Borrowed(&order[graph.walk.below(*manager)]),
            Self::Orphans(_) => Cow::Borrowed(&graph.extracts.orphans),
            Self::Roots => Cow::Borrowed(&graph.extracts.roots),
            Self::Among(users) => Cow::Owned(graph.in_tree_order(users.iter().copied().collect())),
            Self::Heard { viewer, access } => Cow::Borrowed(&order[graph.heard(*viewer, *access)]),
            Self::Hearers { user, access } => Cow::Owned(graph.hearers(*user, *access)),
            Self::Nobody => Cow::Borrowed(&[]),
        }
    }

    /// The same by name, where that is at hand.
    pub(super) fn by_name<'a>(&self, graph: &'a OrgGraph) -> Option<&'a [UserIndex]> {
        match self {
            Self::Orphans(_) => Some(&graph.extracts.orphans_by_name),
            Self::Roots => Some(&graph.extracts.roots_by_name),
            _ => None,
        }
    }

    /// Whether `user` is of it.
    pub(super) fn holds(&self, graph: &OrgGraph, user: UserIndex) -> bool {
        let may_hear = |viewer, user, access| {
            graph.least_access(viewer, user).is_some_and(|least: CallAccess| least <= access)
        };
        match *self {
            Self::Everyone => true,
            Self::Among(ref users) => users.contains(&user),
            Self::Nobody => false,
            Self::Reports { manager, reach } => graph
                .distance(manager, user)
                .is_some_and(|distance| reach.is_none_or(|reach| distance <= reach)),
            Self::Orphans(ref reasons) => graph
                .orphan_reason(user)
                .is_some_and(|reason| reasons.as_ref().is_none_or(|wanted| wanted.contains(&reason))),
            Self::Heard { viewer, access } => may_hear(viewer, user, access),
            Self::Hearers { user: heard, access } => may_hear(user, heard, access),
            Self::Roots => graph.user(user).manager_id().is_none(),
        }
    }

    /// How many of it `filter` admits, where nobody has to be looked at for that.
    pub(super) fn count(&self, graph: &OrgGraph, filter: &UserFilter) -> Option<usize> {
        if let (Self::Everyone, Some(under)) = (self, filter.is_every_person_under()) {
            return Some(graph.find(under.as_str()).map_or(0, |it| graph.transitive_count(it) as usize));
        }
        if !filter.is_every_person() {
            return None;
        }
        let persons = match *self {
            Self::Everyone => graph.person_count(),
            Self::Reports { manager, reach: Some(1) } => graph.direct_count(manager),
            Self::Reports { manager, reach: None } => graph.transitive_count(manager),
            Self::Orphans(ref reasons) => graph.extracts.orphan_persons(reasons.as_deref()),
            Self::Roots => graph.extracts.root_persons(),
            Self::Heard { viewer, access } => graph.counts.persons(graph.heard(viewer, access)),
            Self::Nobody => 0,
            Self::Reports { .. } | Self::Among(_) | Self::Hearers { .. } => return None,
        };
        Some(persons as usize)
    }
}
