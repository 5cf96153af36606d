//! Windows of time as clients write them.

use async_graphql::Context;
use jiff::{SignedDuration, Span, Timestamp, ToSpan, Unit, tz::Offset};

use super::{
    connection::size,
    error::{ErrorCode, Fault},
    notes::looks_beside_the_snapshot,
    scalar::{Date, DateTime},
};
use crate::{
    clock::Clock,
    directory::{DateWindow, TimeWindow},
};

/// The longest window, in days: a year.
const MAX_DAYS: i64 = 366;
/// How much is given of what comes without pages when nobody says.
const DEFAULT_FIRST: usize = 50;

/// The time of day.
pub(super) fn now(ctx: &Context<'_>) -> Result<Timestamp, Fault> {
    looks_beside_the_snapshot(ctx);
    let missing = || Fault::new(ErrorCode::InternalServerError, "the schema has no clock");
    ctx.data_opt::<Clock>().map(Clock::now).ok_or_else(missing)
}

/// Days of the company's calendar. Its time zone is not known here: today is any day that it is somewhere.
pub(super) fn days(now: Timestamp, from: &Date, to: &Date) -> Result<DateWindow, Fault> {
    let (from, to) = (from.0, to.0);
    let today = day_at(now, 14);
    if from > today {
        return Err(Fault::argument("from", format_args!("{from} is in the future")));
    }
    if today.tomorrow().is_ok_and(|tomorrow| to > tomorrow) {
        return Err(Fault::argument("to", format_args!("{to} is in the future")));
    }
    if to <= from {
        return Err(Fault::argument("to", format_args!("must be after from, {from}, and is {to}")));
    }
    let long = from.until((Unit::Day, to)).map_or(i64::MAX, |span| i64::from(span.get_days()));
    if long > MAX_DAYS {
        return Err(Fault::argument(
            "from",
            format_args!("must be at most {MAX_DAYS} days before to, not {long}"),
        ));
    }
    Ok(DateWindow { from, to })
}

/// So many days, the last of which is over everywhere.
pub(super) fn days_until_now(now: Timestamp, argument: &'static str, days: i64) -> Result<DateWindow, Fault> {
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Fault::argument(argument, format_args!("must be from 1 to {MAX_DAYS} days, not {days}")));
    }
    let to = day_at(now, -12);
    let from = to.checked_sub(Span::new().try_days(days).unwrap_or(1.day()));
    Ok(DateWindow { from: from.unwrap_or(jiff::civil::Date::MIN), to })
}

/// Moments.
pub(super) fn moments(now: Timestamp, from: &DateTime, to: &DateTime) -> Result<TimeWindow, Fault> {
    let (from, to) = (from.0, to.0);
    let day = SignedDuration::from_hours(24);
    if from > now {
        return Err(Fault::argument("from", format_args!("{from} is in the future")));
    }
    // The end of today is as good a way as any to say now.
    if to.duration_since(now) > day {
        return Err(Fault::argument("to", format_args!("{to} is more than a day in the future")));
    }
    if to <= from {
        return Err(Fault::argument("to", format_args!("must be after from, {from}, and is {to}")));
    }
    if to.duration_since(from).as_secs() > MAX_DAYS * day.as_secs() {
        return Err(Fault::argument("from", format_args!("must be at most {MAX_DAYS} days before to, {to}")));
    }
    Ok(TimeWindow { from, to })
}

/// So many days until this hour.
pub(super) fn latest(now: Timestamp, days: i64) -> TimeWindow {
    let hour = SignedDuration::from_hours(1).as_secs();
    let to = Timestamp::from_second(now.as_second().div_euclid(hour) * hour).unwrap_or(now);
    let from = to.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
    TimeWindow { from, to }
}

/// `first` of a list that has no cursors.
pub(super) fn first(first: Option<i64>) -> Result<usize, Fault> {
    first.map_or(Ok(DEFAULT_FIRST), |n| size("first", n))
}

/// The day where clocks are so many hours ahead of UTC.
fn day_at(now: Timestamp, hours: i8) -> jiff::civil::Date {
    Offset::constant(hours).to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-10T11:30:00Z".parse().unwrap()
    }

    fn day(text: &str) -> Date {
        Date(text.parse().unwrap())
    }

    fn moment(text: &str) -> DateTime {
        DateTime(text.parse().unwrap())
    }

    #[test]
    fn windows_of_days_end_after_they_begin_and_not_after_today() {
        let refused = |from, to| days(now(), &day(from), &day(to)).err().map(|fault| format!("{fault:?}"));
        // At UTC+14 it is the 11th already, and the day after the last is not part of the window.
        assert_eq!(refused("2026-03-10", "2026-03-12"), None);
        assert_eq!(refused("2025-03-11", "2026-03-12"), None);
        for (from, to, argument) in [
            ("2026-03-12", "2026-03-13", "from"),
            ("2026-03-01", "2026-03-13", "to"),
            ("2026-03-01", "2026-03-01", "to"),
            ("2026-03-02", "2026-03-01", "to"),
            ("2025-03-10", "2026-03-12", "from"),
            ("-009999-01-01", "2026-03-01", "from"),
        ] {
            let told = refused(from, to).unwrap();
            assert!(told.contains(&format!("argument: Some({argument:?})")), "{from} to {to}: {told}");
        }
    }

    #[test]
    fn the_last_days_are_over_everywhere() {
        let window = days_until_now(now(), "inactiveForDays", 90).unwrap();
        // At UTC-12 it is still the 9th.
        assert_eq!(
            (window.from.to_string(), window.to.to_string()),
            ("2025-12-09".into(), "2026-03-09".into())
        );
        for days in [i64::MIN, -1, 0, 367, i64::MAX] {
            assert!(days_until_now(now(), "inactiveForDays", days).is_err(), "{days}");
        }
    }

    #[test]
    fn windows_of_moments_end_after_they_begin_and_not_later_than_tomorrow() {
        let refused = |from, to| moments(now(), &moment(from), &moment(to)).is_err();
        assert!(!refused("2026-03-10T11:30:00Z", "2026-03-11T11:30:00Z"));
        assert!(!refused("2025-03-11T00:00:00Z", "2026-03-11T00:00:00Z"));
        assert!(refused("2026-03-10T11:30:00.001Z", "2026-03-11T11:30:00Z"));
        assert!(refused("2026-03-10T11:30:00Z", "2026-03-11T11:30:01Z"));
        assert!(refused("2026-03-10T00:00:00Z", "2026-03-10T00:00:00Z"));
        assert!(refused("2025-03-01T00:00:00Z", "2026-03-11T00:00:00Z"));
        assert!(refused("-009999-01-02T01:59:59Z", "2026-03-11T00:00:00Z"));
    }

    #[test]
    fn the_latest_days_begin_and_end_with_an_hour() {
        let window = latest(now(), 30);
        assert_eq!(window.to, "2026-03-10T11:00:00Z".parse().unwrap());
        assert_eq!(window.from, "2026-02-08T11:00:00Z".parse().unwrap());
    }
}
