//! What one client may ask for over time: a bucket of cost for each, which fills up again.

mod bucket;
mod meter;

use std::{sync::Arc, time::Duration};

use ahash::RandomState;
use async_graphql::ServerError;
use moka::{policy::EvictionPolicy, sync::Cache};
use tokio::time::Instant;

use self::bucket::{Account, Rate};
pub(super) use self::meter::Meter;
use super::{
    error::{ErrorCode, fault},
    outcome::whole_seconds,
};

/// The limit on what one client may ask for over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateSettings {
    /// What a client may spend at once, in the unit of [`Caps::cost`](super::Caps); 0 for no limit.
    pub capacity: u64,
    /// How long an empty bucket takes to fill up again.
    pub period: Duration,
    /// What a request costs that is refused before it is run, so that junk isn't free.
    pub refusal_cost: u64,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { capacity: 10_000_000, period: Duration::from_secs(60), refusal_cost: 100 }
    }
}

/// Refuses a client that has asked for too much of late.
pub(super) fn throttled(wait: Duration) -> ServerError {
    let seconds = whole_seconds(wait);
    let message = format!("this client has spent what it may for now; it may ask again in {seconds} s");
    let mut error = fault(ErrorCode::Throttled, message);
    error.extensions.get_or_insert_default().set("retryAfterSeconds", seconds);
    error
}

/// The most clients that are remembered. One that is forgotten has a full bucket again.
const MOST_CLIENTS: u64 = 100_000;

/// The buckets of all clients. Cheap to clone.
#[derive(Clone)]
pub(super) struct Rates {
    rate: Option<Rate>,
    refusal_cost: u64,
    buckets: Cache<Arc<str>, Arc<Account>, RandomState>,
    since: Instant,
}

impl Rates {
    pub(super) fn new(settings: &RateSettings) -> Self {
        // Nobody owes more than a bucket and one answer, so that whoever is idle so long has a full one.
        let idle = settings.period.saturating_mul(2).max(Duration::from_secs(1));
        Self {
            rate: Rate::new(settings.capacity, settings.period),
            // Beyond a bucket nobody could ask anything.
            refusal_cost: settings.refusal_cost.min(settings.capacity),
            buckets: Cache::builder()
                .max_capacity(MOST_CLIENTS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(idle)
                .build_with_hasher(RandomState::new()),
            since: Instant::now(),
        }
    }

    /// What the client of this id spends on an event that it has subscribed to: none is refused for it.
    pub(super) fn meter_of_event(&self, client: &Arc<str>) -> Meter {
        self.meter(client).on_credit()
    }

    /// What the client of this id spends on one request.
    pub(super) fn meter(&self, client: &Arc<str>) -> Meter {
        let account =
            self.rate.map(|rate| (rate, self.buckets.get_with_by_ref(client, || Arc::new(Account::full()))));
        Meter::new(account, self.since, self.refusal_cost)
    }
}
