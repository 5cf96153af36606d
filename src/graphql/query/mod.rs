//! The root of the schema, in parts: a file for each kind of question.

mod lines;
mod live;
mod people;
mod state;

use async_graphql::{
    EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions, Schema, SchemaBuilder,
};

/// The schema, without a directory behind it.
pub(super) fn schema() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
}

/// The schema as text, in GraphQL's schema definition language.
pub fn sdl() -> String {
    schema().finish().sdl_with_options(SDLExportOptions::new().include_specified_by())
}

/// The organisation, read from one snapshot a request.
#[derive(Default, MergedObject)]
pub(super) struct Query(people::People, lines::Lines, state::State, live::Live);
