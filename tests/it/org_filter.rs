//! Filters of every kind, and trees of them, against what their words say.

mod words;
mod random;

use std::collections::BTreeSet;

use orgraph::org::{Fragment, Order, Scope, TextFilter, UserFilter, UserKind, UserParts};
use proptest::{collection::vec, prelude::*};

use self::random::{extra, tree, with_extras};
use crate::{
    company::{GRAPHS, build, companies, for_all, user},
    model::Model,
};

#[test]
fn a_filter_holds_for_whom_its_words_say() {
    for_all(GRAPHS, (companies(9), vec(extra(), 4), tree()), |(company, extras, tree)| {
        let records = with_extras(company.users(), &extras);
        let (model, graph) = (Model::of(&records), build(records));
        let filter = tree.filter();
        prop_assert_eq!(filter.weight(), tree.parts());
        let mut wanted = 0;
        for at in model.everybody() {
            let id = &model.users[at].id;
            let user = graph.find(id.as_str()).unwrap();
            let admits = tree.admits(&model, at);
            prop_assert_eq!(filter.admits(&graph, user), admits, "{}", id);
            wanted += usize::from(admits);

            let managers = graph.managers(user).filter(|&manager| filter.admits(&graph, manager));
            let managers: Vec<_> = managers.map(|manager| graph.user(manager).id()).collect();
            let above = model.chain(at).iter().filter(|&&manager| tree.admits(&model, manager));
            prop_assert_eq!(managers, above.map(|&above| &*model.users[above].id).collect::<Vec<_>>());
        }
        prop_assert_eq!(graph.list(&Scope::Everyone, &filter, Order::NAME).count(), wanted);
        Ok(())
    });
}

/// The larger the company, the more of its people are in the same ring, or under the same manager.
#[test]
fn and_so_in_larger_companies() {
    for_all(60, (companies(45), vec(extra(), 7), vec(tree(), 8)), |(company, extras, trees)| {
        let records = with_extras(company.users(), &extras);
        let (model, graph) = (Model::of(&records), build(records));
        for tree in &trees {
            let filter = tree.filter();
            let listing = graph.list(&Scope::Everyone, &filter, Order::Tree);
            let found: BTreeSet<_> = listing.iter().map(|user| graph.user(user).id()).collect();
            let wanted = model.everybody().filter(|&at| tree.admits(&model, at));
            let wanted: BTreeSet<_> = wanted.map(|at| &*model.users[at].id).collect();
            prop_assert_eq!(found, wanted, "{:?}", tree);
        }
        Ok(())
    });
}

#[test]
fn avatars_are_found_by_whoever_speaks_of_kinds() {
    let avatar = UserParts { kind: UserKind::Avatar, ..user("a") };
    let graph = build(vec![user("p"), avatar]);
    let of_kind = |kind| UserFilter { kinds: Some(vec![kind]), ..UserFilter::default() };
    let not = |filter| UserFilter { not: Some(Box::new(filter)), ..UserFilter::default() };
    let or = |filters| UserFilter { or: Some(filters), ..UserFilter::default() };
    let active = UserFilter { active: Some(true), ..UserFilter::default() };
    let inactive = UserFilter { active: Some(false), ..UserFilter::default() };
    for (filter, expected) in [
        (UserFilter::default(), "p"),
        (UserFilter::of_any_kind(), "pa"),
        (not(inactive.clone()), "p"),
        (not(of_kind(UserKind::Person)), "a"),
        (not(of_kind(UserKind::Avatar)), "p"),
        (or(vec![of_kind(UserKind::Avatar), active.clone()]), "pa"),
        (or(vec![of_kind(UserKind::Avatar), inactive]), "a"),
        (UserFilter { and: vec![of_kind(UserKind::Avatar)], ..active }, "a"),
    ] {
        let found: String =
            ["p", "a"].into_iter().filter(|id| filter.admits(&graph, graph.find(id).unwrap())).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// A name as long as its sort key, and longer, is compared whole.
#[test]
fn long_names_are_compared_whole() {
    for length in [250, 252, 253, 254, 255, 256, 257, 300] {
        let name = format!("{}é", "N".repeat(length - 2));
        let graph = build(vec![UserParts { first_name: Some(format!("{name}Z")), ..user("1") }]);
        let one = graph.find("1").unwrap();
        let is = |text: &str| UserFilter {
            name: TextFilter { equals: Some(Fragment::new(text)), ..TextFilter::default() },
            ..UserFilter::default()
        };
        assert!(is(&format!("{name}z")).admits(&graph, one), "{length}");
        assert!(!is(&name).admits(&graph, one), "{length}");
    }
}

#[test]
fn a_listing_looks_no_further_than_it_may() {
    let graph = build((0..50).map(|at| user(&format!("{at:02}"))).collect());
    let pair = UserFilter { and: vec![UserFilter::default(); 3], ..UserFilter::default() };
    let scope = Scope::Everyone;
    let listing = graph.list_within(40, &scope, &pair, Order::NAME);
    assert_eq!(listing.iter().count(), 10, "four visits a user");
    assert!(listing.visits() > 40, "and it tells that it didn't do all");
    assert_eq!(graph.list_within(200, &scope, &pair, Order::NAME).iter().count(), 50);
}
