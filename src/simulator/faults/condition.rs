//! Which calls a fault strikes.

use std::time::Duration;

use super::target::{Call, Target};

/// The keys of conditions.
pub(super) const KEYS: [&str; 7] = ["page", "calls", "endpoint", "after", "times", "every", "share"];

/// All of them have to hold; those that are not said do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Conditions {
    /// Pages of a listing, the first being 1.
    pub(super) page: Option<Span>,
    /// Calls to the endpoint since it was switched on, the first being 1.
    pub(super) call: Option<Span>,
    pub(super) endpoint: Option<Target>,
    /// The time since it was switched on.
    pub(super) after: Option<Duration>,
    /// How often it strikes in all.
    pub(super) times: Option<u64>,
    /// Of the calls to the endpoint, the last of each so many.
    pub(super) every: Option<u64>,
    /// The part of the calls, from 0 to 1.
    pub(super) share: Option<f64>,
}

/// From one number to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: u64,
    to: u64,
}

impl Conditions {
    /// Whether a call is of the endpoint, so that it counts.
    pub(super) fn counts(&self, call: &Call) -> bool {
        self.endpoint.as_ref().is_none_or(|endpoint| endpoint.is_of(call))
    }

    /// Whether the `number`th call that counts is struck, `age` after the fault was switched on. The same
    /// numbers are struck in each run.
    pub(super) fn hold(&self, call: &Call, number: u64, age: Duration) -> bool {
        let Self { page, call: calls, endpoint: _, after, times: _, every, share } = self;
        page.is_none_or(|pages| call.page.is_some_and(|page| pages.holds(page)))
            && calls.is_none_or(|calls| calls.holds(number))
            && after.is_none_or(|after| age >= after)
            && every.is_none_or(|every| number.is_multiple_of(every))
            && share.is_none_or(|share| fastrand::Rng::with_seed(number).f64() < share)
    }
}

impl Span {
    /// Reads `3`, `3..5`, `3..` or `..5`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number >= 1);
        let (from, to) = match text.split_once("..") {
            None => (number(text)?, number(text)?),
            Some(("", "")) => return None,
            Some(("", to)) => (1, number(to)?),
            Some((from, "")) => (number(from)?, u64::MAX),
            Some((from, to)) => (number(from)?, number(to)?),
        };
        (from <= to).then_some(Self { from, to })
    }

    fn holds(self, number: u64) -> bool {
        (self.from..=self.to).contains(&number)
    }
}

/// What the value of a condition has to be.
pub(super) fn expected(key: &str) -> &'static str {
    match key {
        "after" => "a time such as 30s or 5m",
        "times" | "every" => "a number from 1",
        "share" => "a number from 0 to 1",
        _ => "a number from 1, or a span such as 3..5, 3.. or ..5",
    }
}
