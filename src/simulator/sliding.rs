//! Counting what happens within a second that slides.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// What happened in the second that ends now.
#[derive(Debug, Default)]
pub(super) struct SlidingSecond(VecDeque<Instant>);

impl SlidingSecond {
    /// Takes in what happens now and returns how much did in this second.
    pub(super) fn push(&mut self, now: Instant) -> usize {
        self.forget(now);
        self.0.push_back(now);
        self.0.len()
    }

    /// How long until there are fewer than `most`; `None` when there are now.
    pub(super) fn until_fewer_than(&mut self, most: usize, now: Instant) -> Option<Duration> {
        self.forget(now);
        let excess = self.0.len().checked_sub(most)?;
        Some(self.0.get(excess).map_or(SECOND, |began| (*began + SECOND).duration_since(now)))
    }

    fn forget(&mut self, now: Instant) {
        while self.0.front().is_some_and(|began| now.duration_since(*began) >= SECOND) {
            self.0.pop_front();
        }
    }
}
