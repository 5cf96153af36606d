//! Listings of random companies: every scope, filter and order, read whole and in pages.

mod naive;
mod wish;
mod pages;
mod changes;

use orgraph::org::{Order, OrgGraph, UserIndex};
use proptest::prelude::*;

pub(crate) use self::wish::FIELDS;
use self::{
    naive::{expected, key, plain},
    wish::{for_companies, for_each_listing},
};
use crate::{company::build, model::Model};

fn ids(graph: &OrgGraph, users: impl IntoIterator<Item = UserIndex>) -> Vec<&str> {
    users.into_iter().map(|user| graph.user(user).id()).collect()
}

#[test]
fn a_listing_is_a_filter_and_a_sort() {
    for_companies(60, 16, Just(()), |company, wish, ()| {
        let records = company.users();
        let (model, graph) = (Model::of(&records), build(records));
        for_each_listing(&model, &wish, |who, filter, order| {
            let (scope, filter_of_org) = (who.scope(&model, &graph), filter.filter());
            let listing = graph.list(&scope, &filter_of_org, order);
            let expected = expected(&model, who, filter, order);
            prop_assert_eq!(&ids(&graph, listing.iter()), &expected);
            prop_assert_eq!(listing.count(), expected.len());
            let mut backwards = ids(&graph, listing.iter().rev());
            backwards.reverse();
            prop_assert_eq!(backwards, expected);
            for user in listing.iter() {
                let position = listing.position(user);
                prop_assert_eq!(position.id.as_str(), graph.user(user).id());
                if let Order::By(field, _) = order {
                    let at = model.find(position.id.as_str()).unwrap();
                    prop_assert_eq!(plain(&position.key), key(&model, field, at));
                }
            }
            Ok(())
        })
    });
}
