//! What the head of an answer tells, whatever the answer is: who gave it, how soon, and what time it is there.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The head of one answer, good or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The host that answered.
    pub host: String,
    /// When the call was sent, by our clock.
    pub asked_at: Timestamp,
    /// The time from sending the call to the head of its answer; with opening a connection, if one had to be opened.
    pub took: Duration,
    /// The `Date` of the answer, in whole seconds; `None` if there is none that can be read.
    pub date: Option<Timestamp>,
}

impl Heard {
    /// How far our clock is ahead of the answer's `Date`; less than nothing if it is behind. Right to a second,
    /// and half of the time that the answer took.
    pub fn ahead(&self) -> Option<SignedDuration> {
        let half = SignedDuration::try_from(self.took / 2).ok()?;
        let ours = self.asked_at.saturating_add(half).ok()?;
        // Of its second the middle.
        let theirs = self.date?.saturating_add(SignedDuration::from_millis(500)).ok()?;
        Some(ours.duration_since(theirs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_compared_in_the_middle_of_a_call() {
        let heard = |date: Option<&str>| Heard {
            host: String::new(),
            asked_at: "2026-01-01T00:00:10Z".parse().unwrap(),
            took: Duration::from_secs(1),
            date: date.map(|date| date.parse().unwrap()),
        };
        let ahead = |date| heard(Some(date)).ahead().unwrap().as_secs();
        assert_eq!(ahead("2026-01-01T00:00:10Z"), 0);
        assert_eq!(ahead("2026-01-01T00:00:00Z"), 10);
        assert_eq!(ahead("2026-01-01T00:01:10Z"), -60);
        assert_eq!(heard(None).ahead(), None);
    }
}
