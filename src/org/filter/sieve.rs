//! A filter over one graph: whom it names is looked up once and not for each user.

use super::{UserFilter, subject::Subject};
use crate::org::{OrgGraph, UserId, UserIndex, UserKind};

/// A [`UserFilter`] over one graph.
pub struct Sieve<'a> {
    graph: &'a OrgGraph,
    pub(super) root: Part<'a>,
    /// Whether avatars can pass: the filter says something of kinds, at whatever depth.
    of_any_kind: bool,
    /// It asks for nothing: persons pass.
    asks_nothing: bool,
}

/// The filter or one of those inside.
pub(super) struct Part<'a> {
    pub(super) filter: &'a UserFilter,
    pub(super) and: Vec<Part<'a>>,
    or: Option<Vec<Part<'a>>>,
    not: Option<Box<Part<'a>>>,
    pub(super) under: Under,
}

/// Below whom somebody has to be.
pub(super) enum Under {
    Anybody,
    One(UserIndex),
    /// Somebody who isn't in the graph: there is nobody below.
    Nobody,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(filter: &'a UserFilter, graph: &'a OrgGraph) -> Self {
        let (of_any_kind, asks_nothing) = (filter.asks_for_kind(), filter.is_every_person());
        Self { graph, root: Part::new(filter, graph), of_any_kind, asks_nothing }
    }

    /// Whether `user` passes. Avatars pass only if the filter says something of kinds, at whatever depth.
    pub fn admits(&self, user: UserIndex) -> bool {
        (self.of_any_kind || self.graph.user(user).kind() == UserKind::Person)
            && (self.asks_nothing || self.root.holds(&Subject::new(self.graph, user)))
    }

    pub(super) fn graph(&self) -> &'a OrgGraph {
        self.graph
    }
}

impl<'a> Part<'a> {
    fn new(filter: &'a UserFilter, graph: &'a OrgGraph) -> Self {
        let parts =
            |filters: &'a [UserFilter]| filters.iter().map(|filter| Self::new(filter, graph)).collect();
        let one = |id: &UserId| graph.find(id.as_str()).map_or(Under::Nobody, Under::One);
        Self {
            filter,
            and: parts(&filter.and),
            or: filter.or.as_deref().map(parts),
            not: filter.not.as_deref().map(|filter| Box::new(Self::new(filter, graph))),
            under: filter.under.as_ref().map_or(Under::Anybody, one),
        }
    }

    fn holds(&self, subject: &Subject<'_>) -> bool {
        let is_under = match self.under {
            Under::Anybody => true,
            Under::One(manager) => subject.graph.distance(manager, subject.user).is_some(),
            Under::Nobody => false,
        };
        is_under
            && self.filter.own_hold(subject)
            && self.and.iter().all(|part| part.holds(subject))
            && self.or.as_ref().is_none_or(|parts| parts.iter().any(|part| part.holds(subject)))
            && self.not.as_ref().is_none_or(|part| !part.holds(subject))
    }
}
