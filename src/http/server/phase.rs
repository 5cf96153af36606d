//! What a connection is doing, and until when it may.
//!
//! Whatever moves it (bytes read, a request begun, an answer's end, all of it written) happens while the
//! connection is polled. Its driver asks after that how long it may go on so.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::{Duration, Instant};

use super::Times;

/// How long a connection that is to be closed may take to say so.
const LINGER: Duration = Duration::from_secs(5);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// The head of a request is due.
    Head,
    /// A request is worked on. How long that may take is `request_time`'s to say.
    Running,
    /// An answer is on its way.
    Sending,
    /// A stream of events is, which has no end of its own.
    Streaming,
    /// The whole answer has been made, and not all of it is written.
    Sent,
    /// Nothing, between two requests.
    Idle,
    /// It is being closed.
    Ending,
}

/// What a connection is doing, as whatever moves it tells.
pub(super) struct Phase {
    times: Times,
    now: Mutex<Now>,
}

#[derive(Clone, Copy)]
struct Now {
    doing: Doing,
    until: Until,
}

/// Until when it may do that.
#[derive(Clone, Copy)]
enum Until {
    /// It has no end.
    Never,
    /// So long from when it is next settled.
    For(Duration),
    At(Instant),
}

impl Phase {
    /// Of a connection that has just been accepted.
    pub(super) fn new(times: Times) -> Self {
        Self { times, now: Mutex::new(Now { doing: Doing::Head, until: Until::For(times.head) }) }
    }

    /// What it is doing.
    pub(super) fn doing(&self) -> Doing {
        self.lock().doing
    }

    /// Until when it may do what it is doing, if that has an end. Time that has begun to run since this was asked last
    /// runs from now on: most steps are taken within one poll, and only the last of them has to look at the clock.
    pub(super) fn settle(&self) -> Option<Instant> {
        let mut now = self.lock();
        if let Until::For(time) = now.until {
            now.until = Until::At(Instant::now() + time);
        }
        match now.until {
            Until::At(moment) => Some(moment),
            _ => None,
        }
    }

    /// Bytes have come.
    pub(super) fn heard(&self) {
        self.step(|now| (now.doing == Doing::Idle).then_some((Doing::Head, Until::For(self.times.head))));
    }

    /// A request's head is complete.
    pub(super) fn asked(&self) {
        self.step(|_| Some((Doing::Running, Until::Never)));
    }

    /// An answer has begun.
    pub(super) fn answering(&self, streams: bool) {
        self.step(|_| match streams {
            true => Some((Doing::Streaming, Until::Never)),
            false => Some((Doing::Sending, Until::For(self.times.answer))),
        });
    }

    /// The answer's last byte is known.
    pub(super) fn answered(&self) {
        self.step(|now| match now.doing {
            Doing::Sending => Some((Doing::Sent, now.until)),
            Doing::Streaming => Some((Doing::Sent, Until::For(self.times.answer))),
            _ => None,
        });
    }

    /// All that there was to write is written.
    pub(super) fn flushed(&self) {
        self.step(|now| (now.doing == Doing::Sent).then_some((Doing::Idle, Until::For(self.times.idle))));
    }

    /// It is to be closed.
    pub(super) fn ending(&self) {
        self.step(|_| Some((Doing::Ending, Until::For(LINGER))));
    }

    fn step(&self, next: impl FnOnce(Now) -> Option<(Doing, Until)>) {
        let mut now = self.lock();
        let Some((doing, until)) = next(*now).filter(|_| now.doing != Doing::Ending) else { return };
        *now = Now { doing, until };
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_step_has_its_time() {
        let times = Times::default();
        let phase = Phase::new(times);
        let left = || (phase.settle().map(|until| until - Instant::now()), phase.doing());
        assert_eq!(left(), (Some(times.head), Doing::Head));
        tokio::time::advance(Duration::from_secs(3)).await;
        phase.heard();
        assert_eq!(left().0, Some(times.head - Duration::from_secs(3)), "more bytes buy no time");
        phase.asked();
        phase.heard();
        assert_eq!(left(), (None, Doing::Running), "a body is no head");
        phase.answering(false);
        assert_eq!(left(), (Some(times.answer), Doing::Sending));
        tokio::time::advance(Duration::from_secs(4)).await;
        phase.flushed();
        assert_eq!(left().1, Doing::Sending, "what is flushed isn't all");
        phase.answered();
        assert_eq!(left(), (Some(times.answer - Duration::from_secs(4)), Doing::Sent));
        phase.flushed();
        assert_eq!(left(), (Some(times.idle), Doing::Idle));
        phase.heard();
        assert_eq!(left(), (Some(times.head), Doing::Head));
        phase.asked();
        phase.answering(true);
        assert_eq!(left(), (None, Doing::Streaming));
        phase.answered();
        assert_eq!(left(), (Some(times.answer), Doing::Sent));
        phase.ending();
        phase.asked();
        assert_eq!(left(), (Some(LINGER), Doing::Ending), "there is no way back");
    }

    #[tokio::test(start_paused = true)]
    async fn of_steps_that_are_taken_at_once_the_last_has_its_whole_time() {
        let times = Times::default();
        let phase = Phase::new(times);
        phase.settle();
        tokio::time::advance(Duration::from_secs(3)).await;
        phase.asked();
        phase.answering(false);
        phase.answered();
        assert_eq!(phase.settle(), Some(Instant::now() + times.answer));
        phase.flushed();
        phase.heard();
        assert_eq!(phase.settle(), Some(Instant::now() + times.head));
    }
}
