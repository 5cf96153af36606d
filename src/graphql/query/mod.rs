//! The root of the schema, in parts: a file for each kind of question.

mod access;
mod asking;
mod health;
mod identities;
mod lines;
mod live;
mod people;
mod search;
mod state;
mod subgraph;
mod tree;
mod what_if;

use async_graphql::{EmptyMutation, MergedObject, SDLExportOptions, Schema, SchemaBuilder};

use super::subscription::Subscription;

pub use subgraph::subgraph_sdl;

/// The schema, without a directory behind it.
pub(super) fn schema() -> SchemaBuilder<Query, EmptyMutation, Subscription> {
    Schema::build(Query::default(), EmptyMutation, Subscription)
}

/// The schema as text, in GraphQL's schema definition language.
pub fn sdl() -> String {
    schema().finish().sdl_with_options(SDLExportOptions::new().include_specified_by())
}

/// The organisation, read from one snapshot a request.
#[derive(Default, MergedObject)]
pub(super) struct Query(Organisation, asking::Asking);

// What is asked of the service itself stays out: behind a gateway it would tell of the gateway, and other
// subgraphs have fields and types of these names.
/// The organisation, read from one snapshot a request.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct SubgraphQuery(Organisation);

/// What is asked of the organisation, read from one snapshot a request.
#[derive(Default, MergedObject)]
pub(super) struct Organisation(
    people::People,
    lines::Lines,
    tree::Tree,
    search::Search,
    health::Health,
    access::Access,
    what_if::WhatIf,
    identities::Identities,
    live::Live,
    state::State,
    subgraph::Subgraph,
);
