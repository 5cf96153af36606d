//! The company's calendar: its offset from UTC, its days, and what time it is.

use jiff::{Timestamp, civil::Date, tz::Offset};
use tokio::time::Instant;

use super::settings::Settings;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A day of the company, counted from 1970-01-01.
pub(super) type Day = i64;

/// Times as the company sees them. Its offset never changes, which is simpler than a real
/// company's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    offset: Offset,
    starts_at: Option<Timestamp>,
    began: Instant,
}

impl Calendar {
    /// The calendar of a company whose simulator begins now.
    pub(super) fn new(settings: &Settings) -> Self {
        Self { offset: settings.utc_offset, starts_at: settings.starts_at, began: Instant::now() }
    }

    /// What time it is, if the settings tell when the simulator began.
    pub(super) fn now(&self) -> Option<Timestamp> {
        self.starts_at?.checked_add(self.began.elapsed()).ok()
    }

    /// The first day that isn't over, if it is known what time it is.
    pub(super) fn today(&self) -> Option<Day> {
        self.now().map(|now| self.day_of(now))
    }

    /// The day that a time falls on.
    pub(super) fn day_of(&self, time: Timestamp) -> Day {
        (time.as_second() + i64::from(self.offset.seconds())).div_euclid(DAY)
    }

    /// The day of a date.
    pub(super) fn day_of_date(date: Date) -> Day {
        Offset::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .map_or(0, |midnight| midnight.as_second().div_euclid(DAY))
    }

    /// A time of a day, in seconds from its midnight.
    pub(super) fn time_on(&self, day: Day, seconds: i64) -> Timestamp {
        let second = day.saturating_mul(DAY) + seconds - i64::from(self.offset.seconds());
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    }

    /// A time as it stands in answers: with the company's offset.
    pub(super) fn print(&self, time: Timestamp) -> String {
        time.display_with_offset(self.offset).to_string()
    }

    /// The name of a time zone that always has this offset; the offset itself where there is none.
    pub(super) fn zone(&self) -> String {
        let seconds = self.offset.seconds();
        match (seconds / 3600, seconds % 3600) {
            (0, 0) => "Etc/UTC".to_owned(),
            // Their signs are the other way round: `Etc/GMT-2` is two hours ahead.
            (hours @ -12..=14, 0) => format!("Etc/GMT{:+}", -hours),
            _ => self.offset.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(hours: i8) -> Calendar {
        Calendar::new(&Settings { utc_offset: Offset::constant(hours), ..Settings::default() })
    }

    #[tokio::test]
    async fn days_and_times_are_the_companys() {
        let calendar = calendar(2);
        let evening: Timestamp = "2024-03-01T22:30:00Z".parse().unwrap();
        assert_eq!(calendar.day_of(evening), Calendar::day_of_date(Date::constant(2024, 3, 2)));
        assert_eq!(calendar.time_on(calendar.day_of(evening), 30 * 60), evening);
        assert_eq!(calendar.print(evening), "2024-03-02T00:30:00+02:00");
        assert_eq!(calendar.now(), None);
    }

    #[tokio::test]
    async fn zones_are_named() {
        assert_eq!(calendar(0).zone(), "Etc/UTC");
        assert_eq!(calendar(2).zone(), "Etc/GMT-2");
        assert_eq!(calendar(-8).zone(), "Etc/GMT+8");
    }

    #[tokio::test(start_paused = true)]
    async fn time_goes_on() {
        let starts_at = Some("2024-03-01T23:59:30Z".parse().unwrap());
        let calendar = Calendar::new(&Settings { starts_at, utc_offset: Offset::UTC, ..Settings::default() });
        let today = calendar.today().unwrap();
        tokio::time::advance(std::time::Duration::from_secs(60)).await;
        assert_eq!(calendar.today(), Some(today + 1));
    }
}
