//! What may be spent over time.

use async_graphql::{Context, SimpleObject};

use crate::{
    clock::Clock,
    graphql::{
        error::{ErrorCode, Fault},
        rate::Meter,
        scalar::DateTime,
    },
};

/// What a client may spend: a bucket that every answer takes from and that fills up again with time. The unit is
/// that of `extensions.cost`: a field, or a part of a call to Gong.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RateLimit {
    /// What a full bucket holds; null where nothing is limited.
    limit: Option<u64>,
    /// What this query could cost, as its pages say. What it doesn't use is given back once it is answered.
    cost: u64,
    /// What is left now, the cost of this query taken; null where nothing is limited.
    remaining: Option<u64>,
    /// What is spent and hasn't come back yet; null where nothing is limited.
    used: Option<u64>,
    /// When the bucket will be full again if nothing more is asked.
    reset_at: DateTime,
    /// What comes back in a second; null where nothing is limited.
    refill_per_second: Option<f64>,
}

impl RateLimit {
    /// That of whoever asks.
    pub(in crate::graphql) fn of(ctx: &Context<'_>) -> Result<Self, Fault> {
        let missing = || Fault::new(ErrorCode::InternalServerError, "the request has no meter");
        let meter = ctx.data_opt::<Meter>().ok_or_else(missing)?;
        let now = ctx.data_opt::<Clock>().ok_or_else(missing)?.now();
        let spent = meter.spent();
        let full_in = spent.map(|spent| spent.full_in).unwrap_or_default();
        Ok(Self {
            limit: spent.map(|spent| spent.capacity),
            cost: meter.requested().unwrap_or_default(),
            remaining: spent.map(|spent| spent.left),
            used: spent.map(|spent| spent.capacity - spent.left),
            reset_at: now.checked_add(full_in).unwrap_or(now).into(),
            refill_per_second: spent.map(|spent| spent.per_second),
        })
    }
}
