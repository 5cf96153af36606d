//! Windows of time that requests name.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use crate::simulator::{
    calendar::{Calendar, Day},
    envelope::Fault,
    request::required_time,
};

/// A window: its beginning is part of it, its end is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Window {
    /// Reads both bounds, which must be there and in order. `keys` are what they are called.
    pub(super) fn read(keys: [&str; 2], from: Option<&str>, to: Option<&str>) -> Result<Self, Fault> {
        let (from, to) = (required_time(keys[0], from)?, required_time(keys[1], to)?);
        if from >= to {
            return Err(Fault::BadRequest(format!("{} must be before {}", keys[0], keys[1])));
        }
        Ok(Self { from, to })
    }

    /// Refuses a window that is longer than so many days.
    pub(super) fn at_most(self, days: Option<u32>) -> Result<Self, Fault> {
        match days {
            Some(most)
                if self.to.duration_since(self.from) > SignedDuration::from_hours(24 * i64::from(most)) =>
            {
                Err(Fault::BadRequest(format!("the window may be at most {most} days long")))
            }
            _ => Ok(self),
        }
    }

    pub(super) fn contains(&self, time: Timestamp) -> bool {
        (self.from..self.to).contains(&time)
    }

    /// The days that it touches.
    pub(super) fn days(&self, calendar: &Calendar) -> Range<Day> {
        let last = Timestamp::from_nanosecond(self.to.as_nanosecond() - 1).unwrap_or(self.to);
        calendar.day_of(self.from)..calendar.day_of(last) + 1
    }
}
