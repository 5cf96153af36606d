//! Another list of somebody's reports, and listings of named users, held against the naive model.

use std::{collections::BTreeSet, sync::Arc};

use orgraph::org::{Order, Scope, Take, UserFilter, UserId, UserIndex, Window};
use proptest::{collection::vec, prelude::*};

use crate::{
    company::{GRAPHS, build, companies, for_all},
    model::Model,
};

#[test]
fn two_lists_of_reports_differ_where_a_reader_of_both_says_so() {
    let theirs = vec(any::<u8>(), 0..12);
    for_all(GRAPHS, (companies(9), any::<u8>(), theirs), |(company, manager, theirs)| {
        let model = Model::of(&company.users());
        let graph = build(company.users());
        let Some(manager) = usize::from(manager).checked_rem(model.users.len()) else { return Ok(()) };
        // Of the company, somebody's more than once, and now and then of nobody.
        let id = |pick: &u8| match model.users.get(usize::from(*pick) % (model.users.len() + 1)) {
            Some(user) => UserId::new(user.id.as_str()),
            None => UserId::new(format!("unknown {pick}")),
        };
        let theirs: Vec<UserId> = theirs.iter().map(id).collect();
        let place = graph.find(model.users[manager].id.as_str());
        let told = graph.compare_reports(place, &theirs);

        let reports = |user: &str| {
            model
                .everybody()
                .any(|at| model.users[at].id == user && at != manager && model.manager(at) == Some(manager))
        };
        let mut only_there: Vec<&UserId> = Vec::new();
        for user in &theirs {
            if !reports(user.as_str()) && !only_there.contains(&user) {
                only_there.push(user);
            }
        }
        prop_assert_eq!(told.only_there.iter().collect::<Vec<_>>(), only_there);
        let only_here: BTreeSet<&str> = model
            .everybody()
            .filter(|&at| model.users[at].active && model.is_person(at) && reports(&model.users[at].id))
            .map(|at| model.users[at].id.as_str())
            .filter(|id| theirs.iter().all(|user| user.as_str() != *id))
            .collect();
        let here: BTreeSet<&str> = told.only_here.iter().map(|&user| graph.user(user).id()).collect();
        prop_assert_eq!(here, only_here);
        prop_assert_eq!(told.is_none(), told.only_there.is_empty() && told.only_here.is_empty());
        let nobodys = graph.compare_reports(None, &theirs);
        prop_assert_eq!(
            nobodys.only_there.iter().collect::<BTreeSet<_>>(),
            theirs.iter().collect::<BTreeSet<_>>()
        );
        prop_assert!(nobodys.only_here.is_empty());
        Ok(())
    });
}

#[test]
fn a_listing_of_named_users_has_them_in_the_order_of_everybodys() {
    for_all(GRAPHS, (companies(7), vec(any::<bool>(), 7), 1_usize..5), |(company, named, size)| {
        let graph = build(company.users());
        let filter = UserFilter::of_any_kind();
        for order in [Order::NAME, Order::Tree] {
            let everybody: Vec<UserIndex> = graph.list(&Scope::Everyone, &filter, order).iter().collect();
            let wanted: Vec<_> =
                everybody.iter().zip(&named).filter(|(_, named)| **named).map(|(user, _)| *user).collect();
            let scope = Scope::Among(Arc::new(wanted.iter().copied().collect()));
            let listing = graph.list(&scope, &filter, order);
            prop_assert_eq!(listing.count(), wanted.len());
            let (mut paged, mut after): (Vec<UserIndex>, _) = (Vec::new(), None);
            loop {
                let page = listing.page(&Window { after, before: None, take: Take::First(size) });
                paged.extend(&page.users);
                if !page.has_next {
                    break;
                }
                after = page.users.last().map(|&user| listing.position(user));
            }
            prop_assert_eq!(paged, wanted);
        }
        Ok(())
    });
}
