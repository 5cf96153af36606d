//! What became of publications, for whoever looks after the service.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How a publication ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tables hold the snapshot.
    Published,
    /// The tables hold a newer one already.
    Older,
    /// The tables are as they were.
    Failed,
}

/// How publications have ended so far.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Told>);

/// What is told of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many the tables have taken.
    pub published: u64,
    /// How many were older than what the tables held.
    pub older: u64,
    /// How many have failed.
    pub failed: u64,
    /// When the snapshot of the tables was read from Gong, as far as this process has written or seen it.
    pub taken_at: Option<Timestamp>,
    /// When it was written.
    pub published_at: Option<Timestamp>,
}

impl Tally {
    /// What is told at this moment.
    pub fn told(&self) -> Told {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One has ended; the tables hold a snapshot that was taken then, unless it has failed.
    pub(super) fn ended(&self, outcome: Outcome, taken_at: Timestamp, now: Timestamp) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Outcome::Published => {
                told.published += 1;
                (told.taken_at, told.published_at) = (Some(taken_at), Some(now));
            }
            Outcome::Older => {
                told.older += 1;
                told.taken_at = Some(taken_at);
            }
            Outcome::Failed => told.failed += 1,
        }
    }
}
