//! Places in a listing of one company, and what is after and before them in a later one.

use std::cmp::Ordering;

use orgraph::org::{Order, OrgGraph, Position, Scope, Take, UserFilter, UserKind, UserParts, Window};
use proptest::{collection::vec, option::of, prelude::*};

use super::{
    ids,
    naive::{compare, expected, key, plain},
    wish::{for_companies, for_each_listing},
};
use crate::{
    company::{self, Company, Link, Record, build, user},
    model::Model,
};

/// What happens to a record between two snapshots.
#[derive(Clone, Debug)]
enum Change {
    Nothing,
    Gone,
    Renamed(Option<u8>),
    Moved(Link),
    Created(Option<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::Nothing),
        2 => Just(Change::Gone),
        1 => of(0..company::FIRST_NAMES.len() as u8).prop_map(Change::Renamed),
        1 => company::link().prop_map(Change::Moved),
        1 => of(0..4_u8).prop_map(Change::Created),
    ]
}

/// The company before, and after `changes` with `more` people.
fn changed(company: &Company, changes: &[Change], more: &[Record]) -> (Vec<UserParts>, Vec<UserParts>) {
    let before = company.users();
    let mut later = company.clone();
    // Ids go by the place, so newcomers stand behind and the gone are taken out at the end.
    later.records.extend(more.iter().map(|record| Record { repeats: None, ..record.clone() }));
    for (record, change) in later.records.iter_mut().zip(changes) {
        match change {
            Change::Nothing | Change::Gone => {}
            Change::Renamed(first) => record.first = *first,
            Change::Moved(link) => record.link = link.clone(),
            Change::Created(created) => record.created = *created,
        }
    }
    let mut changes = changes.iter();
    let mut after = later.users();
    after.retain(|_| !matches!(changes.next(), Some(Change::Gone)));
    (before, after)
}

#[test]
fn positions_outlive_their_company() {
    let changes = (vec(change(), 14), vec(company::record(), 0..4));
    for_companies(60, 14, changes, |company, wish, (changes, more)| {
        let (before, after) = changed(&company, &changes, &more);
        let (old_model, old) = (Model::of(&before), build(before));
        let (model, graph) = (Model::of(&after), build(after));
        for_each_listing(&old_model, &wish, |who, filter, order| {
            let old_scope = who.scope(&old_model, &old);
            let scope = who.scope(&old_model, &graph);
            let filter_of_org = filter.filter();
            let old_listing = old.list(&old_scope, &filter_of_org, order);
            let listing = graph.list(&scope, &filter_of_org, order);
            let all = expected(&model, &who.in_other(&old_model, &model), filter, order);
            for edge in old_listing.iter().map(|user| old_listing.position(user)) {
                let (up_to, from) = sides(&model, &all, order, &edge);
                let next =
                    listing.page(&Window { after: Some(edge.clone()), before: None, take: Take::First(99) });
                let previous =
                    listing.page(&Window { after: None, before: Some(edge), take: Take::Last(99) });
                if let Some(up_to) = up_to {
                    prop_assert_eq!(ids(&graph, next.users.clone()), &all[up_to..], "after the edge");
                }
                if let Some(from) = from {
                    prop_assert_eq!(ids(&graph, previous.users.clone()), &all[..from], "before the edge");
                }
                let (after, before) = (ids(&graph, next.users), ids(&graph, previous.users));
                prop_assert!(all.ends_with(&after), "what follows goes to the end");
                prop_assert!(all.starts_with(&before), "what goes before is from the beginning");
                prop_assert_eq!(next.has_previous, after.len() < all.len());
                prop_assert_eq!(previous.has_next, before.len() < all.len());
                prop_assert!(!next.has_next && !previous.has_previous);
            }
            Ok(())
        })
    });
}

/// How many of `all` are not after `edge`, and how many are before it, where the words say.
fn sides(model: &Model, all: &[&str], order: Order, edge: &Position) -> (Option<usize>, Option<usize>) {
    match order {
        Order::By(field, direction) => {
            let edge = (plain(&edge.key), edge.id.as_str());
            let entry = |id| (key(model, field, model.find(id).unwrap()), id);
            let count = |keep: fn(Ordering) -> bool| {
                all.iter().filter(|&&id| keep(compare(direction, &entry(id), &edge))).count()
            };
            (Some(count(Ordering::is_le)), Some(count(Ordering::is_lt)))
        }
        // In the tree somebody who is still listed is where they are now; a place alone says less.
        Order::Tree => match all.iter().position(|id| *id == edge.id.as_str()) {
            Some(at) => (Some(at + 1), Some(at)),
            None => (None, None),
        },
    }
}

/// Whoever goes to another manager is still somebody of the company, but stands nowhere in this listing.
#[test]
fn in_the_tree_nobody_is_skipped_when_the_last_of_a_page_moves() {
    let of = |id, manager: Option<&str>| UserParts { manager_id: manager.map(str::to_owned), ..user(id) };
    let company = |manager_of_b, more: Option<UserParts>| {
        let mut users = vec![of("m", None), of("z", None)];
        users.extend(["a", "b", "c", "d"].map(|id| of(id, Some(if id == "b" { manager_of_b } else { "m" }))));
        users.extend(more);
        build(users)
    };
    let avatar = || UserParts { kind: UserKind::Avatar, ..of("x", Some("m")) };
    // Where there is an avatar everybody has to be looked at, else nobody.
    for more in [None, Some(avatar())] {
        let (before, after) = (company("m", more.clone()), company("z", more));
        let filter = UserFilter::default();
        let reports = |of: &OrgGraph| Scope::Reports { manager: of.find("m").unwrap(), reach: Some(1) };
        let (scope, later) = (reports(&before), reports(&after));
        let gone = before.list(&scope, &filter, Order::Tree).position(before.find("b").unwrap());

        let listing = after.list(&later, &filter, Order::Tree);
        let next = listing.page(&Window { after: Some(gone.clone()), before: None, take: Take::First(9) });
        assert!(next.has_previous);
        assert_eq!(ids(&after, next.users), ["c", "d"]);
        let last = listing.page(&Window { after: None, before: Some(gone), take: Take::Last(9) });
        assert!(last.has_next);
        assert_eq!(ids(&after, last.users), ["a"]);
    }
}

/// The place of somebody who left is taken by whoever came next: that one follows the edge, whatever
/// the two ids are.
#[test]
fn in_the_tree_nobody_is_skipped_when_the_last_of_a_page_leaves() {
    for ids in [["a", "b", "c"], ["c", "b", "a"]] {
        let named = |at: usize| UserParts { first_name: Some(format!("name {at}")), ..user(ids[at]) };
        let before = build(vec![named(0), named(1), named(2)]);
        let after = build(vec![named(0), named(2)]);
        let (scope, filter) = (Scope::Everyone, UserFilter::default());
        let gone = before.list(&scope, &filter, Order::Tree).position(before.find("b").unwrap());

        let listing = after.list(&scope, &filter, Order::Tree);
        let next = listing.page(&Window { after: Some(gone.clone()), before: None, take: Take::First(9) });
        assert_eq!(self::ids(&after, next.users), [ids[2]]);
        let previous = listing.page(&Window { after: None, before: Some(gone), take: Take::Last(9) });
        assert_eq!(self::ids(&after, previous.users), [ids[0]]);
    }
}
