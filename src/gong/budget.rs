//! How many calls were made in the last day.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// Counts calls by the hour over a sliding day.
///
/// Gong documents a number of calls a day, but not when its day begins (*assumed*: nobody published
/// it). Counting the running hour and the 24 before it keeps the number under every reading.
#[derive(Debug, Default)]
pub(super) struct DayLedger {
    /// Hours since 1970 and the calls in each, oldest first.
    hours: VecDeque<(i64, u32)>,
}

const HOURS_COUNTED: i64 = 25;

impl DayLedger {
    /// Calls that still count at `now`.
    pub(super) fn spent(&mut self, now: Timestamp) -> u32 {
        let hour = hour_of(now);
        while self.hours.front().is_some_and(|&(oldest, _)| oldest + HOURS_COUNTED <= hour) {
            self.hours.pop_front();
        }
        self.hours.iter().fold(0, |sum: u32, &(_, calls)| sum.saturating_add(calls))
    }

    /// Notes one call.
    pub(super) fn add(&mut self, now: Timestamp) {
        let hour = hour_of(now);
        match self.hours.back_mut() {
            // A clock that was set back must not free what is spent.
            Some((latest, calls)) if *latest >= hour => *calls += 1,
            _ => self.hours.push_back((hour, 1)),
        }
    }

    /// Notes calls of an hour that were made before this ledger was.
    pub(super) fn add_hour(&mut self, hour: i64, calls: u32) {
        match self.hours.iter_mut().find(|(known, _)| *known == hour) {
            Some((_, known)) => *known = known.saturating_add(calls),
            None => {
                let place = self.hours.partition_point(|&(known, _)| known < hour);
                self.hours.insert(place, (hour, calls));
            }
        }
    }

    /// The hours and the calls in each, oldest first.
    pub(super) fn hours(&self) -> impl Iterator<Item = (i64, u32)> {
        self.hours.iter().copied()
    }

    /// The calls of one hour.
    pub(super) fn of(&self, hour: i64) -> u32 {
        self.hours.iter().find(|&&(known, _)| known == hour).map_or(0, |&(_, calls)| calls)
    }

    /// Takes back the latest call: it wasn't made after all.
    pub(super) fn take_back(&mut self) {
        if let Some((_, calls)) = self.hours.back_mut() {
            *calls = calls.saturating_sub(1);
        }
    }

    /// When calls made until `now` will have left less than `budget` of them in the day.
    pub(super) fn opens_at(&mut self, now: Timestamp, budget: u32) -> Timestamp {
        let mut left = self.spent(now);
        for &(hour, calls) in &self.hours {
            left = left.saturating_sub(calls);
            if left < budget {
                let opens = Timestamp::from_second((hour + HOURS_COUNTED) * 3600);
                return opens.unwrap_or(now).max(now);
            }
        }
        // Only where the budget is nothing at all.
        now.saturating_add(SignedDuration::from_hours(HOURS_COUNTED)).unwrap_or(now)
    }
}

fn hour_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64, minute: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600 + minute * 60).unwrap()
    }

    #[test]
    fn a_call_counts_for_a_whole_day() {
        let mut ledger = DayLedger::default();
        ledger.add(at(100, 59));
        assert_eq!(ledger.spent(at(124, 58)), 1);
        assert_eq!(ledger.spent(at(124, 59)), 1, "a day later, to the minute");
        assert_eq!(ledger.spent(at(125, 0)), 0);
    }

    #[test]
    fn it_tells_when_the_budget_opens_again() {
        let mut ledger = DayLedger::default();
        for _ in 0..3 {
            ledger.add(at(100, 0));
        }
        ledger.add(at(103, 0));
        assert_eq!(ledger.opens_at(at(104, 0), 4), at(125, 0));
        assert_eq!(ledger.opens_at(at(104, 0), 1), at(128, 0));
        assert!(ledger.opens_at(at(104, 0), 0) > at(104, 0));
    }

    #[test]
    fn a_call_that_was_not_made_is_not_spent() {
        let mut ledger = DayLedger::default();
        ledger.add(at(1, 0));
        ledger.take_back();
        assert_eq!(ledger.spent(at(1, 0)), 0);
        ledger.take_back();
        assert_eq!(ledger.spent(at(1, 0)), 0);
    }

    #[test]
    fn hours_of_another_process_count_too() {
        let mut ledger = DayLedger::default();
        ledger.add(at(103, 0));
        ledger.add_hour(103, 4);
        ledger.add_hour(101, 2);
        assert_eq!(ledger.hours().collect::<Vec<_>>(), [(101, 2), (103, 5)]);
        assert_eq!((ledger.spent(at(104, 0)), ledger.of(103), ledger.of(102)), (7, 5, 0));
        assert_eq!(ledger.spent(at(127, 0)), 5, "the oldest goes first");
    }

    #[test]
    fn a_clock_set_back_frees_nothing() {
        let mut ledger = DayLedger::default();
        ledger.add(at(100, 0));
        ledger.add(at(50, 0));
        assert_eq!(ledger.spent(at(100, 0)), 2);
    }
}
