//! When a call is tried again: a function from what went wrong to how long to wait.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

/// What went wrong with one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setback {
    /// 429. With the wait that `Retry-After` asked for, if it could be read.
    Throttled(Option<Duration>),
    /// 5xx, also from the CDN in front of Gong (502, 503, 504, 520, 522: *coded for*).
    ServerFault,
    /// No connection, or one that broke.
    Unreachable,
    /// No whole answer in time.
    TimedOut,
    /// An answer that ends early or is no JSON.
    BrokenBody,
    /// Gong understood and said no (400, 401, 403, 404, …), or the answer has another shape: asking
    /// again gives the same.
    Final,
}

/// What to do about a [`Setback`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Try again after this long.
    Wait(Duration),
    /// Don't try again.
    GiveUp,
}

/// How often and how patiently a call is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub max_tries: u32,
    /// The wait before the second try; doubled for each later one.
    pub first_wait: Duration,
    /// The longest wait before a try. If Gong asks for a longer one, the call is given up.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_tries: 5, first_wait: Duration::from_millis(500), longest_wait: Duration::from_secs(60) }
    }
}

/// The bounds within which a `Retry-After` is believed. Beyond a day it can't be about calls a day.
const SHORTEST_RETRY_AFTER: Duration = Duration::from_secs(1);
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl RetryPolicy {
    /// What to do after `tries` tries, the last of which failed with `setback`. `jitter` is random, from
    /// 0 up to 1: it lengthens what Gong asked for by up to a tenth, and shortens our own waits by up to
    /// a half.
    pub fn decide(&self, setback: Setback, tries: u32, jitter: f64) -> Verdict {
        if setback == Setback::Final || tries >= self.max_tries {
            return Verdict::GiveUp;
        }
        let jitter = jitter.clamp(0.0, 1.0);
        let wait = match setback {
            Setback::Throttled(Some(asked)) => asked.mul_f64(1.0 + 0.1 * jitter),
            _ => {
                let doublings = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
                let full = self.first_wait.saturating_mul(doublings).min(self.longest_wait);
                full.mul_f64(1.0 - 0.5 * jitter)
            }
        };
        if wait > self.longest_wait { Verdict::GiveUp } else { Verdict::Wait(wait) }
    }
}

/// Reads a `Retry-After` header: whole seconds, or a date. Clamped to a second and a day; `None` for
/// anything else.
pub(super) fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    let asked = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) => {
            LONGEST_RETRY_AFTER
        }
        Err(_) => {
            let date = rfc2822::DateTimeParser::new().parse_timestamp(header).ok()?;
            Duration::try_from(date.duration_since(now).max(SignedDuration::ZERO)).ok()?
        }
    };
    Some(asked.clamp(SHORTEST_RETRY_AFTER, LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_refusal_is_final() {
        assert_eq!(RetryPolicy::default().decide(Setback::Final, 1, 0.0), Verdict::GiveUp);
    }

    #[test]
    fn what_may_pass_is_tried_again_after_a_doubling_wait() {
        let policy = RetryPolicy::default();
        for setback in [
            Setback::ServerFault,
            Setback::Unreachable,
            Setback::TimedOut,
            Setback::BrokenBody,
            Setback::Throttled(None),
        ] {
            let waits: Vec<_> = (1..=5).map(|tries| policy.decide(setback, tries, 0.0)).collect();
            let ms = |ms| Verdict::Wait(Duration::from_millis(ms));
            assert_eq!(waits, [ms(500), ms(1000), ms(2000), ms(4000), Verdict::GiveUp], "{setback:?}");
            assert_eq!(policy.decide(setback, 1, 1.0), ms(250), "{setback:?} with full jitter");
        }
    }

    #[test]
    fn no_number_of_tries_overflows_and_no_wait_is_longer_than_the_longest() {
        let policy = RetryPolicy { max_tries: u32::MAX, ..RetryPolicy::default() };
        for tries in [8, 31, 32, 33, 64, 1_000_000] {
            assert_eq!(policy.decide(Setback::TimedOut, tries, 0.0), Verdict::Wait(secs(60)), "{tries}");
        }
    }

    #[test]
    fn gong_is_waited_for_as_asked_but_not_for_ever() {
        let policy = RetryPolicy::default();
        let throttled = |asked| Setback::Throttled(Some(secs(asked)));
        assert_eq!(policy.decide(throttled(2), 1, 0.0), Verdict::Wait(secs(2)));
        assert_eq!(policy.decide(throttled(20), 1, 1.0), Verdict::Wait(secs(22)));
        assert_eq!(policy.decide(throttled(61), 1, 0.0), Verdict::GiveUp);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_a_date_and_clamped() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for (header, expected) in [
            ("1", Some(1)),
            (" 120 ", Some(120)),
            ("0", Some(1)),
            ("315360000", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Thu, 01 Jan 2026 00:00:30 GMT", Some(30)),
            ("Wed, 31 Dec 2025 00:00:00 GMT", Some(1)),
            ("Thu, 01 Jan 2099 00:00:00 GMT", Some(86_400)),
            ("soon", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, now), expected.map(secs), "{header:?}");
        }
    }
}
