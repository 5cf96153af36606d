//! Running a plan: one walk over its steps and the snapshot.

use std::cell::Cell;

use super::{
    Planned, Unplanned,
    arguments::{Arguments, Bound, Slot},
    collect::{Entry, Selection},
    compile::Plan,
    json::Json,
    steps::{Root, Snapshot},
};
use crate::{
    graphql::{find, request::Allowance},
    org::{Derived, EmailMatch, Order, OrgGraph, OrgSnapshot, Scope, UserFilter, UserIndex},
};

/// What a request sees, and what it may spend.
pub(in crate::graphql) struct World<'a> {
    pub(in crate::graphql) snapshot: &'a OrgSnapshot,
    pub(in crate::graphql) allowance: &'a Allowance,
    pub(in crate::graphql) arguments: &'a [Bound<'a>],
    /// What the snapshot has not worked out yet, for which the plan has given up.
    pub(in crate::graphql) missing: &'a Cell<Option<Derived>>,
}

impl Plan {
    /// Writes the data of an answer.
    pub(in crate::graphql) fn run(&self, world: &World<'_>, out: &mut Json) -> Planned<()> {
        world.object(&self.root, out, |root, out| world.root(root, out))
    }
}

impl<'a> World<'a> {
    pub(super) fn graph(&self) -> &'a OrgGraph {
        &self.snapshot.graph
    }

    /// The arguments of a field.
    pub(super) fn given(&self, slot: Slot) -> Planned<&'a Arguments> {
        self.arguments.get(slot.0).map(|bound| &**bound).ok_or(Unplanned)
    }

    /// Writes an object, the value of each field as `write` does.
    pub(super) fn object<T>(
        &self,
        selection: &Selection<T>,
        out: &mut Json,
        mut write: impl FnMut(&T, &mut Json) -> Planned<()>,
    ) -> Planned<()> {
        if selection.is_empty() {
            out.raw("{");
        }
        for entry in selection {
            match entry {
                Entry::Fixed(pair) => out.before_value(pair),
                Entry::Step(key, step) => {
                    out.before_value(key);
                    write(step, out)?;
                }
            }
        }
        out.raw("}");
        Ok(())
    }

    fn root(&self, root: &Root, out: &mut Json) -> Planned<()> {
        match root {
            Root::User(slot, selection) => {
                let user = self.found(self.given(*slot)?)?;
                self.user_or_null(user, selection, out)
            }
            Root::Node(slot, selection) => {
                let user = self.known(self.given(*slot)?.id.as_deref())?;
                self.user(user, selection, out)
            }
            Root::UsersByIds(slot, selection) | Root::Nodes(slot, selection) => {
                let ids = &self.given(*slot)?.ids;
                if ids.len() > find::MAX_IDS {
                    return Err(Unplanned);
                }
                // All of them, before anything is written in vain.
                let users = ids.iter().map(|id| self.known(Some(id))).collect::<Planned<Vec<_>>>()?;
                out.list(users, |out, user| self.user(user, selection, out))
            }
            Root::Users(slot, selection) => {
                let given = self.given(*slot)?;
                let order = given.order.unwrap_or(Order::NAME);
                self.connection(&Scope::Everyone, given.filter.as_deref(), order, given, selection, out)
            }
            Root::Reports(slot, selection) => {
                let given = self.given(*slot)?;
                self.reports(self.known(given.id.as_deref())?, given, selection, out)
            }
            Root::ManagerChain(slot, selection) => {
                let given = self.given(*slot)?;
                self.chain(self.known(given.id.as_deref())?, given, selection, out)
            }
            Root::Orphans(slot, selection) => {
                let given = self.given(*slot)?;
                let scope = Scope::Orphans(given.reasons.clone());
                self.connection(&scope, given.filter.as_deref(), Order::NAME, given, selection, out)
            }
            Root::Roots(slot, selection) => {
                let given = self.given(*slot)?;
                let everybody = UserFilter::of_any_kind();
                self.connection(&Scope::Roots, Some(&everybody), Order::NAME, given, selection, out)
            }
            Root::Snapshot(selection) => self.object(selection, out, |step, out| {
                self.of_snapshot(step, out);
                Ok(())
            }),
        }
    }

    fn of_snapshot(&self, step: &Snapshot, out: &mut Json) {
        let snapshot = self.snapshot;
        match step {
            Snapshot::Version => out.word(&snapshot.version.to_string()),
            Snapshot::TakenAt => out.moment(snapshot.taken_at),
            Snapshot::UserCount => out.number(snapshot.graph.person_count().into()),
            Snapshot::Source => {
                out.word(super::users::word(crate::graphql::model::SnapshotSource::from(snapshot.source)))
            }
        }
    }

    /// Whoever has this id. Of somebody whom the snapshot doesn't know others know more.
    fn known(&self, id: Option<&str>) -> Planned<UserIndex> {
        id.and_then(|id| self.graph().find(id)).ok_or(Unplanned)
    }

    /// Whom `user` asks for.
    fn found(&self, given: &Arguments) -> Planned<Option<UserIndex>> {
        match (&given.id, &given.email) {
            (Some(id), None) => self.known(Some(id)).map(Some),
            (None, Some(address)) => match self.graph().find_by_email(find::address(address)?) {
                EmailMatch::One(user) => Ok(Some(user)),
                EmailMatch::Nobody => Ok(None),
                EmailMatch::Many(_) => Err(Unplanned),
            },
            _ => Err(Unplanned),
        }
    }
}
