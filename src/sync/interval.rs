//! How often Gong is read: as often as was said, or as the size of the company and the day allow.

use std::{fmt, str::FromStr, time::Duration};

use thiserror::Error;

use super::Percent;
use crate::gong::{Limits, Usage};

/// The time from the beginning of one scan to the beginning of the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interval {
    /// As short as a share of the day's calls allows, from a minute to a day.
    #[default]
    Auto,
    /// So long, from a second to a week.
    Every(Duration),
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The shortest that is chosen.
const SHORTEST_AUTO: Duration = Duration::from_secs(60);
/// The shortest and the longest that can be said.
const SAID: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(7 * 24 * 60 * 60);

/// Why a text is no interval.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IntervalError {
    /// Not a number and a unit.
    #[error("expected auto, or a time such as 30s, 15m, 2h or 1d")]
    Form,
    /// Too short or too long.
    #[error("expected a time from 1s to 7d")]
    Range,
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let duration: jiff::SignedDuration = match text.trim() {
            auto if auto.eq_ignore_ascii_case("auto") => return Ok(Self::Auto),
            // jiff reads days as calendar days only.
            days if days.ends_with('d') => {
                let days: i64 = days.trim_end_matches('d').parse().map_err(|_| IntervalError::Form)?;
                jiff::SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60))
            }
            other => other.parse().map_err(|_| IntervalError::Form)?,
        };
        let duration = Duration::try_from(duration).map_err(|_| IntervalError::Range)?;
        if SAID.contains(&duration) { Ok(Self::Every(duration)) } else { Err(IntervalError::Range) }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Every(time) => write!(f, "{}", Time(*time)),
        }
    }
}

/// A time as a person writes it.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            s if s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            s if s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            s if s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}

/// An interval for which a day has too few calls.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "a scan every {} is {scans} scans a day of {cost} calls each, {} calls; the daily budget of {budget} less the \
     look-up reserve of {reserve} leaves {} for scans. The shortest interval that fits is {}s; `auto` chooses one",
    Time(*.interval), *.scans * u64::from(*.cost), .budget - .reserve, self.shortest().as_secs()
)]
pub struct TooOften {
    interval: Duration,
    scans: u64,
    cost: u32,
    budget: u32,
    reserve: u32,
}

impl TooOften {
    /// The shortest interval that fits, in whole seconds.
    fn shortest(&self) -> Duration {
        shortest(self.cost, self.budget - self.reserve)
    }
}

fn shortest(cost: u32, budget: u32) -> Duration {
    Duration::from_secs((DAY.as_secs() * u64::from(cost)).div_ceil(u64::from(budget.max(1))))
}

impl Interval {
    /// Whether the day has room for scans of `cost` calls each.
    ///
    /// # Errors
    /// If it hasn't, with the arithmetic. `Auto` always fits.
    pub fn fits(self, cost: u32, limits: &Limits) -> Result<(), TooOften> {
        let Self::Every(interval) = self else { return Ok(()) };
        let (budget, reserve) = (limits.daily_budget, limits.lookup_reserve.min(limits.daily_budget));
        if interval >= shortest(cost, budget - reserve) {
            return Ok(());
        }
        let scans = DAY.as_millis().div_ceil(interval.as_millis().max(1)) as u64;
        Err(TooOften { interval, scans, cost, budget, reserve })
    }

    /// The interval for a company whose scan costs so many calls: for [`Auto`](Self::Auto) such that
    /// scans spend at most `share` of the daily budget, or what look-ups and their reserve leave of it;
    /// for one that was said, itself, or the shortest that fits the day if that is longer.
    pub fn for_cost(self, cost: u32, share: Percent, limits: &Limits, usage: &Usage) -> Duration {
        let cost = cost.max(1);
        let left = limits.daily_budget.saturating_sub(limits.lookup_reserve);
        match self {
            Self::Every(said) => said.max(shortest(cost, left)),
            Self::Auto => {
                let for_scans = share.of(limits.daily_budget).min(left.saturating_sub(usage.lookups_today));
                // The next scan may take a few calls more than the last: people come, a call is tried again.
                let cost = cost.saturating_add(cost / 50 + 1);
                match for_scans / cost {
                    0 => DAY,
                    scans => (DAY / scans).clamp(SHORTEST_AUTO, DAY),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Limits =
        Limits { max_in_flight: 3, max_per_second: 3, daily_budget: 10_000, lookup_reserve: 1_000 };

    fn usage(lookups_today: u32) -> Usage {
        Usage {
            in_flight: 0,
            starts_in_last_second: 0,
            calls_today: lookups_today,
            lookups_today,
            daily_budget: 10_000,
            closed_until: None,
        }
    }

    #[test]
    fn an_interval_is_auto_or_a_number_with_a_unit_from_a_second_to_a_week() {
        let every = |seconds| Ok(Interval::Every(Duration::from_secs(seconds)));
        for (text, seconds) in
            [("1s", 1), ("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("7d", 604_800)]
        {
            assert_eq!(text.parse(), every(seconds), "{text}");
        }
        for text in ["", "15", "m", "fifteen", "d", "1x", "automatic"] {
            assert_eq!(text.parse::<Interval>(), Err(IntervalError::Form), "{text}");
        }
        for text in ["0s", "500ms", "8d", "-1m"] {
            assert_eq!(text.parse::<Interval>(), Err(IntervalError::Range), "{text}");
        }
        for text in ["auto", "1s", "15m", "2h", "1d"] {
            assert_eq!(text.parse::<Interval>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_interval_follows_from_the_size_and_what_is_left_of_the_day() {
        let with = |share, cost, lookups| {
            Interval::Auto.for_cost(cost, Percent::new(share), &DEFAULT, &usage(lookups)).as_secs()
        };
        let auto = |cost, lookups| with(25, cost, lookups);
        assert_eq!(auto(3, 0), 138, "625 scans of up to 4 calls");
        assert_eq!(auto(1, 0), 69, "1,250 scans of up to 2 calls");
        assert_eq!(with(100, 1, 0), 60, "never below a minute");
        assert_eq!(auto(101, 0), 3_600, "24 scans of up to 104 calls");
        assert_eq!(auto(501, 0), 21_600, "4 scans of up to 512 calls");
        assert_eq!(auto(2_001, 0), 86_400, "one of up to 2,042");
        assert_eq!(auto(9_000, 0), 86_400, "never above a day");
        assert_eq!(auto(101, 8_000), 9_600, "look-ups have left 1,000: 9 scans");
        assert_eq!(auto(101, 9_000), 86_400);
        assert_eq!(auto(0, 0), 69);
    }

    #[test]
    fn an_interval_that_does_not_fit_is_refused_with_the_arithmetic() {
        let fits = |text: &str, cost| text.parse::<Interval>().unwrap().fits(cost, &DEFAULT);
        assert_eq!(fits("auto", 1_000_000), Ok(()));
        assert_eq!(fits("970s", 101), Ok(()));
        assert_eq!(fits("10s", 1), Ok(()));
        insta::assert_snapshot!(fits("969s", 101).unwrap_err(), @"a scan every 969s is 90 scans a day of 101 calls each, 9090 calls; the daily budget of 10000 less the look-up reserve of 1000 leaves 9000 for scans. The shortest interval that fits is 970s; `auto` chooses one");
        insta::assert_snapshot!(fits("1s", 1).unwrap_err(), @"a scan every 1s is 86400 scans a day of 1 calls each, 86400 calls; the daily budget of 10000 less the look-up reserve of 1000 leaves 9000 for scans. The shortest interval that fits is 10s; `auto` chooses one");
        let grown = Interval::Every(Duration::from_secs(60));
        assert_eq!(grown.for_cost(101, Percent::new(25), &DEFAULT, &usage(0)).as_secs(), 970);
        assert_eq!(grown.for_cost(1, Percent::new(25), &DEFAULT, &usage(0)).as_secs(), 60);
    }
}
