//! When the next scan begins, as a function of how the last one went.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    directory::{FailureKind, SyncState},
    gong::{GongError, Refusal},
};

/// The first wait after a failure that may pass; doubled for each further one up to the interval.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// The longest wait after refused credentials: somebody may have changed them.
const LONGEST_UNAUTHORIZED: Duration = Duration::from_secs(60 * 60);
/// The wait after the first scan that is held back: what a glitch has brought, another look puts right.
const SECOND_LOOK: Duration = Duration::from_secs(60);
/// The shortest wait for something that is known to pass.
const SHORTEST: Duration = Duration::from_secs(1);

/// How long to wait after a good scan that took `took`.
pub(super) fn after_success(interval: Duration, took: Duration) -> Duration {
    interval.saturating_sub(took)
}

/// How long to wait after `held_back` scans in a row that were held back, the last of which took `took`.
pub(super) fn after_quarantine(interval: Duration, held_back: u32, took: Duration) -> Duration {
    let interval = if held_back <= 1 { interval.min(SECOND_LOOK) } else { interval };
    interval.saturating_sub(took)
}

/// How long to wait after `failures` failed scans in a row, the last of them with `error`. `jitter` is
/// random, from 0 up to 1, and lengthens the wait by up to a fifth.
pub(super) fn after_failure(
    interval: Duration,
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
        GongError::Unauthorized { .. } => doubled(interval.max(FIRST_RETRY)).min(LONGEST_UNAUTHORIZED),
        GongError::NotAsked(Refusal::Closed { until } | Refusal::BudgetSpent { until }) => {
            Duration::try_from(until.duration_since(now)).unwrap_or_default().max(SHORTEST)
        }
        GongError::Throttled { retry_after: Some(wait), .. } => *wait,
        _ => doubled(FIRST_RETRY.min(interval)).min(interval.max(FIRST_RETRY)),
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
        GongError::NotAsked(Refusal::BudgetSpent { .. } | Refusal::NoneLeft) => {
            (FailureKind::BudgetSpent, SyncState::BudgetSpent)
        }
        GongError::NotAsked(Refusal::Closed { .. }) | GongError::Throttled { .. } => {
            (FailureKind::Throttled, SyncState::Retrying)
        }
        GongError::ServerFault { .. }
        | GongError::Unreachable(_)
        | GongError::Untrusted(_)
        | GongError::TimedOut(_) => (FailureKind::Unavailable, SyncState::Retrying),
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

    fn interval(text: &str) -> Duration {
        Duration::try_from(text.parse::<jiff::SignedDuration>().unwrap()).unwrap()
    }

    #[test]
    fn a_scan_that_is_held_back_is_looked_at_again_soon_but_only_once() {
        let took = Duration::from_secs(10);
        let wait = |text, held_back| after_quarantine(interval(text), held_back, took).as_secs();
        assert_eq!([1, 2, 3].map(|held_back| wait("1h", held_back)), [50, 3_590, 3_590]);
        assert_eq!([1, 2].map(|held_back| wait("30s", held_back)), [20, 20]);
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
