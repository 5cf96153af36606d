//! Whoever asks, and what they may.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use crate::{
    auth,
    graphql::{
        error::{ErrorCode, Fault},
        model::{RateLimit, Viewer},
        notes::looks_beside_the_snapshot,
        settings::Settings,
    },
};

#[derive(Default)]
pub(super) struct Asking;

#[Object]
impl Asking {
    /// Whoever asks: their role, what they see and what they may ask for. Answered before the first snapshot
    /// too.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        looks_beside_the_snapshot(ctx);
        let missing = || Fault::new(ErrorCode::InternalServerError, "the request has no viewer");
        let viewer = ctx.data_opt::<auth::Viewer>().ok_or_else(missing)?;
        let settings = ctx.data_opt::<Arc<Settings>>().ok_or_else(missing)?;
        Ok(Viewer { viewer: viewer.clone(), settings: settings.clone() })
    }

    /// What whoever asks may spend: each answer costs what it holds, and what is spent comes back with time.
    /// Answered before the first snapshot too.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Result<RateLimit> {
        looks_beside_the_snapshot(ctx);
        Ok(RateLimit::of(ctx)?)
    }
}
