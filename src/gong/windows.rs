//! The windows of time that Gong is asked about.

use std::iter;

use jiff::{SignedDuration, Timestamp, civil::Date};

/// Days of the company's calendar, in its time zone: the first is part of it, the last is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateWindow {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// Moments: the first is part of it, the last is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeWindow {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

/// The longest window of one request for calls, in days. A guide claims 90; recordings show longer windows
/// working (*assumed*: the shorter is safe).
pub const MAX_CALL_WINDOW_DAYS: u32 = 90;

impl TimeWindow {
    /// The same time in windows of at most [`MAX_CALL_WINDOW_DAYS`], the earliest first. Nothing for a window
    /// that ends before it begins.
    pub fn parts(self) -> impl Iterator<Item = Self> {
        let longest = SignedDuration::from_hours(24 * i64::from(MAX_CALL_WINDOW_DAYS));
        let mut from = self.from;
        iter::from_fn(move || {
            let to = from.saturating_add(longest).unwrap_or(Timestamp::MAX).min(self.to);
            let part = (from < to).then_some(Self { from, to });
            from = to;
            part
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: &str, to: &str) -> TimeWindow {
        TimeWindow { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn the_parts_of_a_window_are_the_window() {
        for (from, to, parts) in [
            ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", 0),
            ("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z", 0),
            ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z", 1),
            ("2024-01-01T00:00:00Z", "2024-03-31T00:00:00Z", 1),
            ("2024-01-01T00:00:00Z", "2024-03-31T00:00:00.001Z", 2),
            ("2024-01-01T00:00:00Z", "2024-12-31T00:00:00Z", 5),
            ("9999-12-01T00:00:00Z", "9999-12-30T22:00:00Z", 1),
        ] {
            let whole = window(from, to);
            let split: Vec<_> = whole.parts().collect();
            assert_eq!(split.len(), parts, "{from} to {to}");
            assert!(split.windows(2).all(|pair| pair[0].to == pair[1].from), "{split:?}");
            if parts > 0 {
                assert_eq!((split[0].from, split[parts - 1].to), (whole.from, whole.to));
            }
            let longest = SignedDuration::from_hours(24 * 90);
            assert!(split.iter().all(|part| part.to.duration_since(part.from) <= longest), "{split:?}");
        }
    }
}
