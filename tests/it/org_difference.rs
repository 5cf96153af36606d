//! The difference between two companies, held against one that compares everybody with everybody.

use std::collections::BTreeMap;

use orgraph::org::{ChangeKind, Difference, OrgGraph, UserField, UserFields, UserIndex};
use proptest::prelude::*;

use crate::company::{GRAPHS, build, companies, for_all};

type Told<'a> = BTreeMap<&'a str, (ChangeKind, UserFields)>;

fn manager(graph: &OrgGraph, user: UserIndex) -> Option<&str> {
    graph.manager(user).map(|manager| graph.user(manager).id())
}

/// Up, link by link, at most as often as there are users.
fn is_in(graph: &OrgGraph, user: UserIndex, lead: Option<&str>) -> bool {
    let Some(lead) = lead else { return true };
    let up = std::iter::successors(Some(user), |&user| graph.manager(user));
    up.take(graph.users().len() + 1).any(|user| graph.user(user).id() == lead)
}

fn naive<'a>(before: &'a OrgGraph, after: &'a OrgGraph, lead: Option<&str>) -> Told<'a> {
    let mut told = Told::new();
    let none = UserFields::default();
    for old in before.users() {
        let place = before.find(old.id()).unwrap();
        let was = is_in(before, place, lead);
        let Some(new_place) = after.find(old.id()) else {
            if was {
                told.insert(old.id(), (ChangeKind::Removed, none));
            }
            continue;
        };
        let new = after.user(new_place);
        let mut fields = UserFields::between(old, new);
        assert_eq!(fields.is_empty(), old.says_the_same_as(new));
        if manager(before, place) != manager(after, new_place) {
            fields.insert(UserField::Manager);
        }
        match (was, is_in(after, new_place, lead)) {
            (true, true) if !fields.is_empty() => told.insert(old.id(), (ChangeKind::Changed, fields)),
            (true, false) => told.insert(old.id(), (ChangeKind::Left, fields)),
            (false, true) => told.insert(old.id(), (ChangeKind::Entered, fields)),
            _ => None,
        };
    }
    for new in after.users() {
        let place = after.find(new.id()).unwrap();
        if before.find(new.id()).is_none() && is_in(after, place, lead) {
            told.insert(new.id(), (ChangeKind::Added, none));
        }
    }
    told
}

#[test]
fn everybody_who_is_different_is_told_once() {
    for_all(GRAPHS, (companies(9), companies(9), any::<u8>()), |(before, after, lead)| {
        let (before, after) = (build(before.users()), build(after.users()));
        let difference = Difference::between(&before, &after);
        let leads: Vec<_> = before.users().iter().chain(after.users()).map(|user| user.id()).collect();
        let lead = usize::from(lead).checked_rem(leads.len()).map(|at| leads[at]);
        let team = lead.map(|lead| difference.of_team(&before, &after, lead));
        for (lead, changes) in [(None, Some(difference.changes())), (lead, team.as_deref())] {
            let Some(changes) = changes else { continue };
            let mut told = Told::new();
            for change in changes {
                let old = change.before.map(|user| before.user(user).id());
                let new = change.after.map(|user| after.user(user).id());
                prop_assert!(old.is_none() || new.is_none() || old == new);
                let twice = told.insert(old.or(new).unwrap(), (change.kind, change.fields));
                prop_assert_eq!(twice, None);
            }
            prop_assert_eq!(told, naive(&before, &after, lead));
        }
        let none = Difference::between(&after, &after);
        prop_assert!(none.changes().is_empty());
        Ok(())
    });
}

#[test]
fn whoever_is_there_comes_after_who_is_gone_and_after_their_manager() {
    for_all(GRAPHS / 10, (companies(9), companies(9)), |(before, after)| {
        let (before, after) = (build(before.users()), build(after.users()));
        let difference = Difference::between(&before, &after);
        let changes = difference.changes();
        let gone = changes.partition_point(|change| change.kind == ChangeKind::Removed);
        prop_assert!(changes[gone..].iter().all(|change| change.kind != ChangeKind::Removed));
        let mut seen = Vec::new();
        for change in &changes[gone..] {
            let user = change.after.unwrap();
            let above_later = seen
                .iter()
                .any(|&earlier| after.manager(earlier) == Some(user) && after.ring(user).is_empty());
            prop_assert!(!above_later);
            seen.push(user);
        }
        Ok(())
    });
}
