//! Pages of listings: every size, window and text, and edges that are of another listing.

use orgraph::org::{
    Direction, Order, OrderField, Position, Scope, SortKey, Take, UserFilter, UserId, UserIndex, UserParts,
    Window,
};
use proptest::{collection::vec, option::of, prelude::*, sample::select};

use super::wish::{for_companies, for_each_listing};
use crate::{
    company::{build, user},
    model::Model,
};

#[test]
fn pages_visit_the_listing_once_in_order() {
    for_companies(40, 16, Just(()), |company, wish, ()| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let all: Vec<_> = listing.iter().collect();

            let (mut edge, mut seen) = (None, Vec::<UserIndex>::new());
            for size in wish.page_sizes.iter().cycle() {
                let page = listing.page(&Window { after: edge, before: None, take: Take::First(*size) });
                prop_assert_eq!(page.has_previous, !seen.is_empty(), "something before the page");
                seen.extend(&page.users);
                prop_assert_eq!(page.users.len(), (*size).min(all.len() + page.users.len() - seen.len()));
                prop_assert_eq!(page.has_next, seen.len() < all.len(), "something after the page");
                let Some(&last) = page.users.last().filter(|_| page.has_next) else { break };
                edge = Some(listing.position(last));
            }
            prop_assert_eq!(&seen, &all);

            let (mut edge, mut seen) = (None, Vec::<UserIndex>::new());
            for size in wish.page_sizes.iter().cycle() {
                let page = listing.page(&Window { after: None, before: edge, take: Take::Last(*size) });
                prop_assert_eq!(page.has_next, !seen.is_empty(), "something after the page");
                seen.splice(0..0, page.users.iter().copied());
                prop_assert_eq!(page.has_previous, seen.len() < all.len(), "something before the page");
                let Some(&first) = page.users.first().filter(|_| page.has_previous) else { break };
                edge = Some(listing.position(first));
            }
            prop_assert_eq!(&seen, &all);
            Ok(())
        })
    });
}

#[test]
fn a_window_is_a_slice() {
    let windows = vec((of(any::<u8>()), of(any::<u8>()), 0..6_usize, any::<bool>()), 1..5);
    for_companies(60, 14, windows, |company, wish, windows| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let all: Vec<_> = listing.iter().collect();
            for &(after, before, n, forwards) in &windows {
                let place =
                    |at: Option<u8>| at.filter(|_| !all.is_empty()).map(|at| usize::from(at) % all.len());
                let (after, before) = (place(after), place(before));
                let start = after.map_or(0, |at| at + 1);
                let end = before.unwrap_or(all.len());
                let page = listing.page(&Window {
                    after: after.map(|at| listing.position(all[at])),
                    before: before.map(|at| listing.position(all[at])),
                    take: if forwards { Take::First(n) } else { Take::Last(n) },
                });
                if end < start {
                    prop_assert!(page.users.is_empty(), "nobody is both after and before");
                    continue;
                }
                let n = n.min(end - start);
                let slice = if forwards { start..start + n } else { end - n..end };
                prop_assert_eq!(page.has_previous, slice.start > 0);
                prop_assert_eq!(page.has_next, slice.end < all.len());
                prop_assert_eq!(page.users, &all[slice]);
            }
            Ok(())
        })
    });
}

/// Cursors come from outside: one of another listing, or one that nobody gave out.
#[test]
fn foreign_positions_do_no_harm() {
    let key = prop_oneof![
        select(vec!["", "ann", "zzz"]).prop_map(|text| SortKey::Text(text.to_owned())),
        select(vec![0, 2, -5])
            .prop_map(|second| SortKey::Moment(jiff::Timestamp::from_second(second).unwrap())),
        select(vec![0, 3, u32::MAX]).prop_map(SortKey::Count),
        select(vec![0, 3, u32::MAX]).prop_map(SortKey::Place),
        select(vec![None, Some("ann".to_owned())]).prop_map(|name| SortKey::Rank(0, name)),
        Just(SortKey::Missing),
    ];
    let id = select(vec!["", "11", "00000047", "9000000000000000077", "nobody-0", "zzz"]);
    let edge = (key, id).prop_map(|(key, id)| Position { key, id: UserId::new(id) });
    for_companies(60, 12, (edge.clone(), edge), |company, wish, (one, other)| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter, order);
            let all: Vec<_> = listing.iter().collect();
            for take in [Take::First(3), Take::Last(3), Take::First(usize::MAX)] {
                let window = Window { after: Some(one.clone()), before: Some(other.clone()), take };
                let users = listing.page(&window).users;
                prop_assert!(users.is_empty() || all.windows(users.len()).any(|part| part == users));
            }
            Ok(())
        })
    });
}

#[test]
fn texts_of_any_length_can_be_paged_through() {
    // Multi-byte letters, so that a key cut at a fixed byte would cut a letter in two.
    let names = ["ß", "ßé", "é", "İ", "漢"].map(|letter| letter.repeat(700));
    let users = (0..20).map(|at| {
        let text = format!("{}{}", names[at % 5], 20 - at);
        UserParts {
            first_name: Some(text.clone()),
            title: Some(text.clone()),
            email_address: Some(text),
            ..user(&format!("{at:02}"))
        }
    });
    let graph = build(users.collect());
    let (scope, filter) = (Scope::Everyone, UserFilter::default());
    for field in [OrderField::Name, OrderField::Title, OrderField::Email] {
        let listing = graph.list(&scope, &filter, Order::By(field, Direction::Ascending));
        let (mut after, mut seen) = (None, Vec::<UserIndex>::new());
        loop {
            let page = listing.page(&Window { after, before: None, take: Take::First(3) });
            seen.extend(&page.users);
            let Some(&last) = page.users.last().filter(|_| page.has_next) else { break };
            let edge = listing.position(last);
            let SortKey::Text(key) = &edge.key else { panic!("{:?}", edge.key) };
            assert!(key.len() <= 256, "a cursor stays small");
            after = Some(edge);
        }
        assert_eq!(seen.len(), 20);
        assert_eq!(seen, listing.iter().collect::<Vec<_>>());
    }
}
