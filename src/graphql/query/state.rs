//! What answers are made from, and how its reading is doing.

use async_graphql::{Context, Object, Result};

use crate::graphql::{
    find::{self, World},
    model::{Snapshot, SyncStatus},
};

#[derive(Default)]
pub(super) struct State;

#[Object]
impl State {
    /// The snapshot that this answer is from.
    async fn snapshot(&self, ctx: &Context<'_>) -> Result<Snapshot> {
        Ok(Snapshot(World::of(ctx)?.snapshot))
    }

    /// How the reading of Gong is doing; answered before the first snapshot too.
    async fn sync_status(&self, ctx: &Context<'_>) -> Result<SyncStatus> {
        Ok(find::directory(ctx)?.into())
    }
}
