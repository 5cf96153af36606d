//! orgraph as a subgraph of Apollo Federation 2: people whom other subgraphs refer to.
//!
//! async-graphql has entities of its own, but fails the whole list for one that is unknown, doesn't count
//! what they cost and says nothing about them in the schema. So the two fields are fields like any other, and
//! only the keys, which the schema of a client has no use for, are written into the subgraph's text.

use std::sync::LazyLock;

use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Result, SDLExportOptions, Schema};

use super::SubgraphQuery;
use crate::graphql::{
    connection::many,
    error::Fault,
    find::{self, MAX_IDS, World},
    model::{Entity, Key, Representation, Service},
};

/// The entities, each with its keys.
const KEYS: [(&str, &[&str]); 1] = [("User", &["id", "emailAddress"])];

static SUBGRAPH_SDL: LazyLock<String> = LazyLock::new(|| {
    let subgraph = Schema::build(SubgraphQuery::default(), EmptyMutation, EmptySubscription);
    let sdl = subgraph.finish().sdl_with_options(SDLExportOptions::new().federation());
    sdl.lines().map(|line| with_keys(line) + "\n").collect()
});

/// The schema as a subgraph, as text, in GraphQL's schema definition language.
pub fn subgraph_sdl() -> &'static str {
    &SUBGRAPH_SDL
}

/// A line of the schema; with the keys, where an entity begins.
fn with_keys(line: &str) -> String {
    let entity = KEYS.iter().find(|(name, _)| line.starts_with(&format!("type {name} ")));
    match (entity, line.strip_suffix('{')) {
        (Some((_, keys)), Some(head)) => {
            let keys: String = keys.iter().map(|key| format!("@key(fields: \"{key}\") ")).collect();
            format!("{head}{keys}{{")
        }
        _ => line.to_owned(),
    }
}

#[derive(Default)]
pub(super) struct Subgraph;

#[Object]
impl Subgraph {
    /// For a gateway: the entities with these keys, in that order. A user by `id`, or by `emailAddress` as
    /// `user` finds one by `email`; null where nobody has the key, and where more than one user has the
    /// address null and `AMBIGUOUS_EMAIL`.
    #[graphql(name = "_entities", complexity = "many(representations.len(), child_complexity)")]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Keys of entities, at most 1,000.")] representations: Vec<Representation>,
    ) -> Result<Vec<Option<Result<Entity>>>> {
        if representations.len() > MAX_IDS {
            let why = format_args!("must be at most {MAX_IDS}, not {}", representations.len());
            return Err(Fault::argument("representations", why).into());
        }
        let world = &World::of(ctx)?;
        let lookups = representations.iter().map(async |representation| match representation.key()? {
            Key::Id(id) => world.by_id(&id, None).await,
            Key::EmailAddress(address) => world.by_email(&address, None).await,
        });
        Ok(find::all(lookups).await?)
    }

    /// For a gateway: this subgraph.
    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        Service(subgraph_sdl())
    }
}
