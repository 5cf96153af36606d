//! Who came, who went and who changed between two pictures of one company.

use std::collections::HashSet;

use super::{OrgGraph, User, UserField, UserFields, UserIndex};

/// What became of one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Is there only in the later picture.
    Added,
    /// Is there only in the earlier one.
    Removed,
    /// Is in both, with another record or another manager.
    Changed,
    /// Is in both, and in the team that is looked at only in the later one.
    Entered,
    /// Is in both, and in the team that is looked at only in the earlier one.
    Left,
}

/// One user of whom two pictures tell different things. Each place is one in its own picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserChange {
    /// What became of them.
    pub kind: ChangeKind,
    /// Where they were; `None` for somebody who wasn't there.
    pub before: Option<UserIndex>,
    /// Where they are; `None` for somebody who isn't any more.
    pub after: Option<UserIndex>,
    /// What is different; empty for whoever came or went, or was only moved along with somebody above.
    pub fields: UserFields,
}

/// All that is different between two pictures of one company. Whoever is gone comes first, in the order of the
/// earlier tree, then everybody else in the order of the later one, a manager before those below.
///
/// A user has changed when their record has, the moment of reading left aside, or when their `managerId` names
/// somebody else than before, or somebody where it named nobody. What happens to people around them is no
/// change of theirs.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    changes: Vec<UserChange>,
    /// Whether anybody's place in the tree may be another.
    moved: bool,
}

impl Difference {
    /// Compares `after` with `before`: one look-up by id and one comparison a user.
    pub fn between(before: &OrgGraph, after: &OrgGraph) -> Self {
        let mut changes = Vec::new();
        let (mut moved, mut known) = (false, 0);
        for (at, new) in after.users().iter().enumerate() {
            let place = UserIndex::new(at);
            let Some(old) = before.find(new.id()) else {
                moved = true;
                changes.push(UserChange {
                    kind: ChangeKind::Added,
                    before: None,
                    after: Some(place),
                    fields: UserFields::default(),
                });
                continue;
            };
            known += 1;
            let mut fields = UserFields::between(before.user(old), new);
            if manager(before, old) != manager(after, place) {
                fields.insert(UserField::Manager);
                moved = true;
            }
            if !fields.is_empty() {
                let kind = ChangeKind::Changed;
                changes.push(UserChange { kind, before: Some(old), after: Some(place), fields });
            }
        }
        if known < before.users().len() {
            moved = true;
            let gone = |(at, old): (usize, &User)| {
                after.find(old.id()).is_none().then(|| UserChange {
                    kind: ChangeKind::Removed,
                    before: Some(UserIndex::new(at)),
                    after: None,
                    fields: UserFields::default(),
                })
            };
            changes.extend(before.users().iter().enumerate().filter_map(gone));
        }
        arrange(&mut changes, before, after);
        Self { changes, moved }
    }

    /// The changes of the whole company.
    pub fn changes(&self) -> &[UserChange] {
        &self.changes
    }

    /// The changes of one team, of the two companies that were compared: the user with the id `lead` and
    /// everybody below, in either tree. Who is in the company all along and in the team only before or only
    /// after has left or entered it. A team whose lead isn't there is empty.
    ///
    /// Costs one step a change, and where anybody's place in the tree changed one look-up a member.
    pub fn of_team(&self, before: &OrgGraph, after: &OrgGraph, lead: &str) -> Vec<UserChange> {
        let (was, is) = (Team::of(before, lead), Team::of(after, lead));
        let mut changes = Vec::new();
        for change in &self.changes {
            let was_in = change.before.is_some_and(|user| was.has(user));
            let is_in = change.after.is_some_and(|user| is.has(user));
            let kind = match (was_in, is_in, change.kind) {
                (false, false, _) => continue,
                (true, false, ChangeKind::Changed) => ChangeKind::Left,
                (false, true, ChangeKind::Changed) => ChangeKind::Entered,
                (_, _, kind) => kind,
            };
            changes.push(UserChange { kind, ..*change });
        }
        if self.moved {
            let told: HashSet<_> = self.changes.iter().filter_map(|change| change.before).collect();
            let along = |kind, before, after| UserChange {
                kind,
                before: Some(before),
                after: Some(after),
                fields: UserFields::default(),
            };
            for &old in was.members().iter().filter(|old| !told.contains(old)) {
                let new = after.find(before.user(old).id()).filter(|&new| !is.has(new));
                changes.extend(new.map(|new| along(ChangeKind::Left, old, new)));
            }
            for &new in is.members() {
                let old = before.find(after.user(new).id());
                let old = old.filter(|&old| !was.has(old) && !told.contains(&old));
                changes.extend(old.map(|old| along(ChangeKind::Entered, old, new)));
            }
        }
        arrange(&mut changes, before, after);
        changes
    }
}

/// A user and everybody below.
struct Team<'a> {
    graph: &'a OrgGraph,
    lead: Option<UserIndex>,
}

impl<'a> Team<'a> {
    fn of(graph: &'a OrgGraph, lead: &str) -> Self {
        Self { graph, lead: graph.find(lead) }
    }

    fn has(&self, user: UserIndex) -> bool {
        self.lead.is_some_and(|lead| lead == user || self.graph.distance(lead, user).is_some())
    }

    fn members(&self) -> &'a [UserIndex] {
        let walk = &self.graph.walk;
        self.lead.map_or(&[], |lead| &walk.order[walk.team(lead)])
    }
}

fn manager(graph: &OrgGraph, user: UserIndex) -> Option<&str> {
    graph.manager(user).map(|manager| graph.user(manager).id())
}

/// Whoever isn't in `after` or has left the team first, by the tree before; then the rest by the tree after.
fn arrange(changes: &mut [UserChange], before: &OrgGraph, after: &OrgGraph) {
    changes.sort_unstable_by_key(|change| match (change.kind, change.before, change.after) {
        (ChangeKind::Removed | ChangeKind::Left, Some(old), _) => (0, before.walk.places[old.at()].enter),
        (_, _, Some(new)) => (1, after.walk.places[new.at()].enter),
        (_, _, None) => (2, 0),
    });
}
