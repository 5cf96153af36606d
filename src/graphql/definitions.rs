//! The types of the schema, read from its definition language once for everybody who has to know them.

use async_graphql::parser::{
    parse_schema,
    types::{TypeDefinition, TypeSystemDefinition},
};

/// The types that a schema defines. What can't be read defines none.
pub(super) fn types(sdl: &str) -> Vec<TypeDefinition> {
    let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.collect()
}
