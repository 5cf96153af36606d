//! How much may be asked of Gong, who goes first, and how a caller is told that it has to wait.

use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;

/// How much may be asked of Gong.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Calls under way at once.
    pub max_in_flight: u32,
    /// Calls begun in any second.
    pub max_per_second: u32,
    /// Calls in any 24 hours.
    pub daily_budget: u32,
    /// Calls of the daily budget that only look-ups may use.
    pub lookup_reserve: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_in_flight: 3, max_per_second: 3, daily_budget: 10_000, lookup_reserve: 1_000 }
    }
}

impl Limits {
    /// Look-ups that there may be in any 24 hours.
    pub(super) fn for_lookups(&self) -> u32 {
        self.lookup_reserve.max(self.daily_budget.div_ceil(2))
    }

    /// The time between two starts. A little more than the even share: Gong counts arrivals, which can
    /// be closer together than departures.
    pub(super) fn spacing(&self) -> Duration {
        const ARRIVAL_SLACK: Duration = Duration::from_millis(60);
        (Duration::from_secs(1) + ARRIVAL_SLACK) / self.max_per_second.max(1)
    }
}

/// Who goes first when both wait: a look-up, which somebody waits for. To keep a scan alive under a
/// flood of look-ups, a waiting scan gets every fifth turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody waits for the answer.
    Lookup,
    /// The next page of a scan.
    Scan,
}

impl Urgency {
    /// How long a caller of this kind rather waits than is told that Gong is closed.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Lookup => Duration::from_secs(5),
            Self::Scan => Duration::from_secs(60),
        }
    }
}

/// Why a call was not made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Gong asked for silence until then, longer than this caller waits.
    #[error("Gong asked not to be called before {until}")]
    Closed {
        /// When calls are let through again.
        until: Timestamp,
    },
    /// The calls of the day are spent, or this caller's part of them.
    #[error("the day's calls to Gong are spent; the next is possible at {until}")]
    BudgetSpent {
        /// When there is budget again.
        until: Timestamp,
    },
    /// No more calls were allowed in all ([`Limiter::allow_only`](super::Limiter::allow_only)).
    #[error("the calls that were allowed are made")]
    NoneLeft,
}

/// What is asked of Gong right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Calls under way.
    pub in_flight: u32,
    /// Calls begun in the last second.
    pub starts_in_last_second: u32,
    /// Calls of the last day, in whole hours: the running one and the 24 before it.
    pub calls_today: u32,
    /// The look-ups among them.
    pub lookups_today: u32,
    /// How many calls there may be.
    pub daily_budget: u32,
    /// Until when Gong asked not to be called, if it did.
    pub closed_until: Option<Timestamp>,
}

/// The calls of one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpentHour {
    /// Whole hours since 1970.
    pub hour: i64,
    /// Calls of all kinds.
    pub calls: u32,
    /// The look-ups among them.
    pub lookups: u32,
}
