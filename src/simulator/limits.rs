//! The three limits on calls, and the permit of a call that they let in.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use thiserror::Error;
use tokio::time::Instant;

use super::{settings::Settings, sliding::SlidingSecond};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a call is not let in, and in how long one may be. The words are assumed: the text of a 429
/// is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("too many calls today")]
    DaySpent(Duration),
    #[error("too many calls at once")]
    InFlight,
    #[error("too many calls in a second")]
    Starts(Duration),
}

impl Refusal {
    /// `Retry-After`: whole seconds, rounded up, at least 1.
    pub(super) fn retry_after(self) -> u64 {
        match self {
            Self::InFlight => 1,
            Self::DaySpent(wait) | Self::Starts(wait) => {
                (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
            }
        }
    }
}

/// The limits and how far they are used up. A refused call uses up none of them.
#[derive(Debug)]
struct Limits {
    max_in_flight: Option<usize>,
    max_starts_per_second: Option<usize>,
    calls_per_day: Option<u64>,
    in_flight: usize,
    starts: SlidingSecond,
    day_began: Instant,
    calls_today: u64,
}

impl Limits {
    fn admit(&mut self, now: Instant) -> Result<(), Refusal> {
        while now.duration_since(self.day_began) >= DAY {
            self.day_began += DAY;
            self.calls_today = 0;
        }
        if self.calls_per_day.is_some_and(|most| self.calls_today >= most) {
            return Err(Refusal::DaySpent((self.day_began + DAY).duration_since(now)));
        }
        if self.max_in_flight.is_some_and(|most| self.in_flight >= most) {
            return Err(Refusal::InFlight);
        }
        if let Some(wait) =
            self.max_starts_per_second.and_then(|most| self.starts.until_fewer_than(most, now))
        {
            return Err(Refusal::Starts(wait));
        }
        self.starts.push(now);
        self.calls_today += 1;
        self.in_flight += 1;
        Ok(())
    }
}

/// Where every call comes in.
#[derive(Clone, Debug)]
pub(super) struct Turnstile(Arc<Mutex<Limits>>);

/// A call that came in.
pub(super) struct Arrival {
    /// The calls in flight, this one among them even if it was refused.
    pub(super) in_flight: usize,
    pub(super) outcome: Result<Permit, Refusal>,
}

/// Held while a call is in flight. Dropping it, however the call ends, makes room for another.
pub(super) struct Permit(Turnstile);

impl Turnstile {
    /// The turnstile of a workspace whose day begins now.
    pub(super) fn new(settings: &Settings) -> Self {
        Self(Arc::new(Mutex::new(Limits {
            max_in_flight: settings.max_in_flight,
            max_starts_per_second: settings.max_starts_per_second,
            calls_per_day: settings.calls_per_day,
            in_flight: 0,
            starts: SlidingSecond::default(),
            day_began: Instant::now(),
            calls_today: 0,
        })))
    }

    /// A call comes in now.
    pub(super) fn enter(&self) -> Arrival {
        let mut limits = self.limits();
        let in_flight = limits.in_flight + 1;
        let outcome = limits.admit(Instant::now()).map(|()| Permit(self.clone()));
        Arrival { in_flight, outcome }
    }

    /// The calls that are being answered now.
    pub(super) fn in_flight(&self) -> usize {
        self.limits().in_flight
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.limits().in_flight -= 1;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const OFF: fn() -> Settings = || Settings {
        max_in_flight: None,
        max_starts_per_second: None,
        calls_per_day: None,
        ..Settings::default()
    };

    fn refusal(turnstile: &Turnstile) -> Option<Refusal> {
        turnstile.enter().outcome.err()
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_slides_and_a_refused_call_takes_no_place_in_it() {
        let turnstile = Turnstile::new(&Settings { max_starts_per_second: Some(2), ..OFF() });
        assert_eq!(refusal(&turnstile), None);
        advance(Duration::from_millis(600)).await;
        assert_eq!(refusal(&turnstile), None);
        assert_eq!(refusal(&turnstile), Some(Refusal::Starts(Duration::from_millis(400))));
        advance(Duration::from_millis(400)).await;
        assert_eq!(refusal(&turnstile), None);
        assert_eq!(refusal(&turnstile), Some(Refusal::Starts(Duration::from_millis(600))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_spent_day_ends() {
        let turnstile = Turnstile::new(&Settings { calls_per_day: Some(1), ..OFF() });
        assert_eq!(refusal(&turnstile), None);
        advance(Duration::from_millis(1500)).await;
        assert_eq!(refusal(&turnstile).map(Refusal::retry_after), Some(24 * 3600 - 1));
        advance(DAY * 2).await;
        assert_eq!(refusal(&turnstile), None);
    }

    #[test]
    fn a_dropped_permit_makes_room() {
        let turnstile = Turnstile::new(&Settings { max_in_flight: Some(1), ..OFF() });
        let held = turnstile.enter();
        assert_eq!(refusal(&turnstile), Some(Refusal::InFlight));
        drop(held);
        assert_eq!(turnstile.in_flight(), 0);
        assert_eq!(refusal(&turnstile), None);
    }
}
