//! When the next scan begins, as a function of how the last one went.

use std::{fmt, str::FromStr, time::Duration};

use jiff::Timestamp;
use thiserror::Error;

use crate::{
    directory::{FailureKind, SyncState},
    gong::{GongError, Refusal},
};

/// The time from the beginning of one scan to the beginning of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval(Duration);

impl Interval {
    /// The shortest.
    pub const MIN: Duration = Duration::from_secs(1);
    /// The longest.
    pub const MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// The interval as a duration.
    pub fn as_duration(self) -> Duration {
        self.0
    }
}

impl Default for Interval {
    fn default() -> Self {
        Self(Duration::from_secs(15 * 60))
    }
}

/// Why a text is no interval.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IntervalError {
    /// Not a number and a unit.
    #[error("expected a time such as 30s, 15m, 2h or 1d")]
    Form,
    /// Too short or too long.
    #[error("expected a time from 1s to 7d")]
    Range,
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let duration: jiff::SignedDuration = match text.trim() {
            // jiff reads days as calendar days only.
            days if days.ends_with('d') => {
                let days: i64 = days.trim_end_matches('d').parse().map_err(|_| IntervalError::Form)?;
                jiff::SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60))
            }
            other => other.parse().map_err(|_| IntervalError::Form)?,
        };
        let duration = Duration::try_from(duration).map_err(|_| IntervalError::Range)?;
        if (Self::MIN..=Self::MAX).contains(&duration) {
            Ok(Self(duration))
        } else {
            Err(IntervalError::Range)
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            s if s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            s if s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            s if s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}

/// The first wait after a failure that may pass; doubled for each further one up to the interval.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// The longest wait after refused credentials: somebody may have changed them.
const LONGEST_UNAUTHORIZED: Duration = Duration::from_secs(60 * 60);

/// How long to wait after a good scan that took `took`.
pub(super) fn after_success(interval: Interval, took: Duration) -> Duration {
    interval.0.saturating_sub(took)
}

/// How long to wait after `failures` failed scans in a row, the last of them with `error`. `jitter` is
/// random, from 0 up to 1, and lengthens the wait by up to a fifth.
pub(super) fn after_failure(
    interval: Interval,
    error: &GongError,
    failures: u32,
    now: Timestamp,
    jitter: f64,
) -> Duration {
    let doubled = |first: Duration| {
        let doublings = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        first.saturating_mul(doublings)
    };
    let wait = match error {
        GongError::NoToken(cause) => return after_failure(interval, cause, failures, now, jitter),
        GongError::Unauthorized { .. } => doubled(interval.0.max(FIRST_RETRY)).min(LONGEST_UNAUTHORIZED),
        GongError::NotAsked(Refusal::Closed { until } | Refusal::BudgetSpent { until }) => {
            Duration::try_from(until.duration_since(now)).unwrap_or_default().max(Interval::MIN)
        }
        GongError::Throttled { retry_after: Some(wait), .. } => *wait,
        _ => doubled(FIRST_RETRY.min(interval.0)).min(interval.0.max(FIRST_RETRY)),
    };
    wait.mul_f64(1.0 + 0.2 * jitter.clamp(0.0, 1.0))
}

/// What a failed scan says about the sync.
pub(super) fn diagnosis(error: &GongError) -> (FailureKind, SyncState) {
    match error {
        GongError::NoToken(cause) => diagnosis(cause),
        GongError::Unauthorized { .. } | GongError::TokenStore(_) => {
            (FailureKind::Unauthorized, SyncState::Unauthorized)
        }
        GongError::NotAsked(Refusal::BudgetSpent { .. }) => {
            (FailureKind::BudgetSpent, SyncState::BudgetSpent)
        }
        GongError::NotAsked(Refusal::Closed { .. }) | GongError::Throttled { .. } => {
            (FailureKind::Throttled, SyncState::Retrying)
        }
        GongError::ServerFault { .. } | GongError::Unreachable(_) | GongError::TimedOut(_) => {
            (FailureKind::Unavailable, SyncState::Retrying)
        }
        GongError::Rejected { .. }
        | GongError::BrokenBody { .. }
        | GongError::BodyTooLarge { .. }
        | GongError::Decode { .. }
        | GongError::SameCursorTwice { .. }
        | GongError::CursorRefused { .. }
        | GongError::TooManyPages { .. } => (FailureKind::InvalidAnswer, SyncState::Retrying),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(text: &str) -> Interval {
        text.parse().unwrap()
    }

    #[test]
    fn an_interval_is_a_number_with_a_unit_from_a_second_to_a_week() {
        for (text, seconds) in
            [("1s", 1), ("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("7d", 604_800)]
        {
            assert_eq!(text.parse(), Ok(Interval(Duration::from_secs(seconds))), "{text}");
        }
        for text in ["", "15", "m", "fifteen", "d", "1x"] {
            assert_eq!(text.parse::<Interval>(), Err(IntervalError::Form), "{text}");
        }
        for text in ["0s", "500ms", "8d", "-1m"] {
            assert_eq!(text.parse::<Interval>(), Err(IntervalError::Range), "{text}");
        }
        for text in ["1s", "15m", "2h", "1d"] {
            assert_eq!(interval(text).to_string(), text);
        }
    }

    #[test]
    fn a_failure_that_may_pass_is_tried_again_sooner_than_the_interval_and_never_hot() {
        let now = Timestamp::UNIX_EPOCH;
        let fault = GongError::ServerFault { status: 503, request_id: None };
        let wait = |text, failures| after_failure(interval(text), &fault, failures, now, 0.0).as_secs();
        assert_eq!([1, 2, 3, 8, 9, 1_000].map(|n| wait("15m", n)), [5, 10, 20, 640, 900, 900]);
        assert_eq!([1, 2, 3, 4].map(|n| wait("1s", n)), [1, 2, 4, 5]);
        assert_eq!(after_failure(interval("15m"), &fault, 1, now, 1.0), Duration::from_secs(6));
    }

    #[test]
    fn refused_credentials_are_not_hammered_with() {
        let refused = GongError::Unauthorized { status: 401, message: String::new(), request_id: None };
        let wait = |text, n| after_failure(interval(text), &refused, n, Timestamp::UNIX_EPOCH, 0.0).as_secs();
        assert_eq!([1, 2, 3, 1_000].map(|n| wait("15m", n)), [900, 1_800, 3_600, 3_600]);
        assert_eq!([1, 2, 3].map(|n| wait("1s", n)), [5, 10, 20]);
    }

    #[test]
    fn gong_and_the_budget_are_waited_for() {
        let now = Timestamp::UNIX_EPOCH;
        let until = now + jiff::SignedDuration::from_hours(3);
        for refusal in [Refusal::Closed { until }, Refusal::BudgetSpent { until }] {
            let wait = after_failure(interval("1m"), &refusal.into(), 1, now, 0.0);
            assert_eq!(wait, Duration::from_secs(3 * 60 * 60));
        }
        let asked = GongError::Throttled { retry_after: Some(Duration::from_secs(600)), request_id: None };
        assert_eq!(after_failure(interval("1m"), &asked, 1, now, 0.0), Duration::from_secs(600));
    }
}
