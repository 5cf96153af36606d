//! What a connection is doing, and until when it may.
//!
//! Whatever moves it (bytes read, a request begun, an answer's end, all of it written) happens while the
//! connection is polled. Its driver looks again at a moment that it was told, and is woken before that only if there
//! is less time than it was told: a connection in steady use moves no timer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::{
    sync::Notify,
    time::{Duration, Instant},
};

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

pub(super) struct Phase {
    times: Times,
    now: Mutex<Now>,
    sooner: Notify,
}

#[derive(Clone, Copy)]
struct Now {
    doing: Doing,
    until: Option<Instant>,
    /// When the driver looks again.
    look: Instant,
}

/// How long a driver doesn't look at what has no end.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

impl Phase {
    /// Of a connection that has just been accepted.
    pub(super) fn new(times: Times) -> Self {
        let until = Instant::now() + times.head;
        let now = Now { doing: Doing::Head, until: Some(until), look: until };
        Self { times, now: Mutex::new(now), sooner: Notify::new() }
    }

    /// What it is doing.
    pub(super) fn doing(&self) -> Doing {
        self.lock().doing
    }

    /// When to look again; what it is doing, if the time for that is over.
    pub(super) fn look(&self) -> Result<Instant, Doing> {
        let (mut now, moment) = (self.lock(), Instant::now());
        if now.until.is_some_and(|until| until <= moment) {
            return Err(now.doing);
        }
        now.look = now.until.unwrap_or(moment + LONG);
        Ok(now.look)
    }

    /// Done when it has to be looked at earlier than that.
    pub(super) async fn sooner(&self) {
        self.sooner.notified().await;
    }

    /// Bytes have come.
    pub(super) fn heard(&self) {
        self.step(|now| (now == Doing::Idle).then_some((Doing::Head, Limit::From(self.times.head))));
    }

    /// A request's head is complete.
    pub(super) fn asked(&self) {
        self.step(|_| Some((Doing::Running, Limit::None)));
    }

    /// An answer has begun.
    pub(super) fn answering(&self, streams: bool) {
        self.step(|_| match streams {
            true => Some((Doing::Streaming, Limit::None)),
            false => Some((Doing::Sending, Limit::From(self.times.answer))),
        });
    }

    /// The answer's last byte is known.
    pub(super) fn answered(&self) {
        self.step(|now| match now {
            Doing::Sending => Some((Doing::Sent, Limit::AsItIs)),
            Doing::Streaming => Some((Doing::Sent, Limit::From(self.times.answer))),
            _ => None,
        });
    }

    /// All that there was to write is written.
    pub(super) fn flushed(&self) {
        self.step(|now| (now == Doing::Sent).then_some((Doing::Idle, Limit::From(self.times.idle))));
    }

    /// It is to be closed.
    pub(super) fn ending(&self) {
        self.step(|_| Some((Doing::Ending, Limit::From(LINGER))));
    }

    fn step(&self, next: impl FnOnce(Doing) -> Option<(Doing, Limit)>) {
        let mut now = self.lock();
        let Some((doing, limit)) = next(now.doing).filter(|_| now.doing != Doing::Ending) else { return };
        now.doing = doing;
        match limit {
            Limit::None => now.until = None,
            Limit::From(time) => now.until = Some(Instant::now() + time),
            Limit::AsItIs => {}
        }
        if now.until.is_some_and(|until| until < now.look) {
            self.sooner.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Limit {
    None,
    From(Duration),
    AsItIs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_step_has_its_time() {
        let times = Times::default();
        let phase = Phase::new(times);
        let left = || (phase.doing(), phase.lock().until.map(|until| until - Instant::now()));
        assert_eq!(left(), (Doing::Head, Some(times.head)));
        tokio::time::advance(Duration::from_secs(3)).await;
        phase.heard();
        assert_eq!(left().1, Some(times.head - Duration::from_secs(3)), "more bytes buy no time");
        phase.asked();
        phase.heard();
        assert_eq!(left(), (Doing::Running, None), "a body is no head");
        phase.answering(false);
        tokio::time::advance(Duration::from_secs(4)).await;
        phase.flushed();
        assert_eq!(left().0, Doing::Sending, "what is flushed isn't all");
        phase.answered();
        assert_eq!(left(), (Doing::Sent, Some(times.answer - Duration::from_secs(4))));
        phase.flushed();
        assert_eq!(left(), (Doing::Idle, Some(times.idle)));
        phase.heard();
        assert_eq!(left(), (Doing::Head, Some(times.head)));
        phase.asked();
        phase.answering(true);
        assert_eq!(left(), (Doing::Streaming, None));
        phase.answered();
        assert_eq!(left(), (Doing::Sent, Some(times.answer)));
        phase.ending();
        phase.asked();
        assert_eq!(left(), (Doing::Ending, Some(LINGER)), "there is no way back");
    }

    #[tokio::test(start_paused = true)]
    async fn the_driver_looks_no_later_than_the_time_is_over_and_seldom_before() {
        let times = Times::default();
        let phase = Phase::new(times);
        let in_time = async |time| tokio::time::timeout(time, phase.sooner()).await.is_ok();
        let head = phase.look().unwrap();
        assert_eq!(head, Instant::now() + times.head);
        for _ in 0..3 {
            phase.asked();
            phase.answering(false);
            phase.answered();
            phase.flushed();
            phase.heard();
        }
        assert!(!in_time(Duration::from_secs(1)).await, "there is as much time as it was told, or more");
        tokio::time::advance(times.head).await;
        assert_eq!(phase.look(), Err(Doing::Head));
        phase.asked();
        assert_eq!(phase.look(), Ok(Instant::now() + LONG));
        phase.answering(false);
        assert!(in_time(Duration::ZERO).await);
        assert_eq!(phase.look(), Ok(Instant::now() + times.answer));
        phase.ending();
        assert!(in_time(Duration::ZERO).await);
        tokio::time::advance(LINGER).await;
        assert_eq!(phase.look(), Err(Doing::Ending));
    }
}
