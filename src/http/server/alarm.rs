//! Interrupts a connection: the time for what it is doing is over, or the server stops.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use futures_util::FutureExt;
use tokio::{
    sync::watch,
    task::coop::unconstrained,
    time::{Duration, Instant, Sleep, sleep_until},
};

/// How long what has no end isn't looked at.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a connection doesn't go on as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interruption {
    /// What it was doing should have ended by now.
    TimeIsOver,
    /// The server stops; told once.
    Stopping,
}

/// What a connection's driver waits for beside the connection. While its timer runs it is moved only to be earlier; when it
/// goes off before the end that there is by now, it is set to that one. So a connection in steady use moves no timer. And
/// whoever is to be woken isn't registered with each poll anew.
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Sees a stop without waiting for it; nothing when that has been told.
    stopping: Option<watch::Receiver<bool>>,
    /// Whoever was registered last with both, as far as they are still to come.
    registered: Option<Waker>,
}

impl Alarm {
    pub(super) fn new(stopping: watch::Receiver<bool>) -> Self {
        let mut awaited = stopping.clone();
        Self {
            sleep: Box::pin(sleep_until(Instant::now() + LONG)),
            // Done when somebody has asked to stop, and when nobody can any more.
            stop: Box::pin(async move { _ = awaited.wait_for(|stop| *stop).await }),
            stopping: Some(stopping),
            registered: None,
        }
    }

    /// Ready when there is an interruption: `until` is over, if that is ever, or the server stops.
    pub(super) fn poll(&mut self, until: Option<Instant>, cx: &mut Context<'_>) -> Poll<Interruption> {
        let sooner = until.filter(|until| *until < self.sleep.deadline());
        if let Some(until) = sooner {
            self.sleep.as_mut().reset(until);
        }
        let is_registered = self.registered.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if is_registered && sooner.is_none() && !self.sleep.is_elapsed() && !self.is_stopping() {
            return Poll::Pending;
        }
        self.registered = Some(cx.waker().clone());
        // A task that has used up its budget isn't registered with what counts against that.
        while unconstrained(self.sleep.as_mut()).poll_unpin(cx).is_ready() {
            let now = Instant::now();
            match until {
                Some(until) if until <= now => return Poll::Ready(Interruption::TimeIsOver),
                until => self.sleep.as_mut().reset(until.unwrap_or(now + LONG)),
            }
        }
        if self.stopping.is_some() && unconstrained(self.stop.as_mut()).poll_unpin(cx).is_ready() {
            self.stopping = None;
            return Poll::Ready(Interruption::Stopping);
        }
        Poll::Pending
    }

    /// Whether there is a stop that hasn't been told.
    fn is_stopping(&self) -> bool {
        self.stopping.as_ref().is_some_and(|stopping| stopping.has_changed().unwrap_or(true))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_util::task::noop_waker;
    use tokio::{
        task::{coop::poll_proceed, yield_now},
        time::timeout,
    };

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What interrupts within an hour, and after how long.
    async fn next(alarm: &mut Alarm, until: Option<Instant>) -> Option<(Interruption, Duration)> {
        let began = Instant::now();
        let interrupted = timeout(3600 * SECOND, poll_fn(|cx| alarm.poll(until, cx))).await;
        interrupted.ok().map(|why| (why, began.elapsed()))
    }

    #[tokio::test(start_paused = true)]
    async fn goes_off_when_the_time_is_over_whatever_it_was_told_before() {
        let (_stop, stopping) = watch::channel(false);
        let mut alarm = Alarm::new(stopping);
        let over = |after| Some((Interruption::TimeIsOver, after));
        assert_eq!(next(&mut alarm, Some(Instant::now() + 9 * SECOND)).await, over(9 * SECOND));
        assert_eq!(next(&mut alarm, Some(Instant::now())).await, over(Duration::ZERO));
        // Later than it was told, then sooner.
        let first = Some(Instant::now() + 5 * SECOND);
        assert!(timeout(SECOND, poll_fn(|cx| alarm.poll(first, cx))).await.is_err());
        let later = Some(Instant::now() + 20 * SECOND);
        assert!(timeout(9 * SECOND, poll_fn(|cx| alarm.poll(later, cx))).await.is_err());
        assert_eq!(next(&mut alarm, Some(Instant::now() + SECOND)).await, over(SECOND));
        assert_eq!(next(&mut alarm, None).await, None, "what has no end doesn't end");
        tokio::time::advance(2 * LONG).await;
        assert_eq!(next(&mut alarm, None).await, None);
        assert_eq!(next(&mut alarm, Some(Instant::now() + SECOND)).await, over(SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn tells_once_that_the_server_stops() {
        let (stop, stopping) = watch::channel(false);
        let mut alarm = Alarm::new(stopping.clone());
        assert_eq!(next(&mut alarm, None).await, None);
        let stopped = async {
            tokio::time::sleep(SECOND).await;
            stop.send_replace(true);
        };
        let (told, ()) = tokio::join!(next(&mut alarm, None), stopped);
        assert_eq!(told, Some((Interruption::Stopping, SECOND)));
        assert_eq!(next(&mut alarm, None).await, None);
        let told = next(&mut Alarm::new(stopping), None).await;
        assert_eq!(told, Some((Interruption::Stopping, Duration::ZERO)), "one that comes too late");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_can_stop_it_no_more_has_stopped_it() {
        let (stop, stopping) = watch::channel(false);
        let mut alarm = Alarm::new(stopping);
        assert_eq!(next(&mut alarm, None).await, None);
        drop(stop);
        assert_eq!(next(&mut alarm, None).await, Some((Interruption::Stopping, Duration::ZERO)));
        assert_eq!(next(&mut alarm, None).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn wakes_a_task_that_had_used_up_its_budget_when_it_asked() {
        let (stop, stopping) = watch::channel(false);
        let mut alarm = Alarm::new(stopping);
        let until = Some(Instant::now() + SECOND);
        poll_fn(|cx| {
            while let Poll::Ready(step) = poll_proceed(cx) {
                step.made_progress();
            }
            assert!(alarm.poll(until, cx).is_pending());
            Poll::Ready(())
        })
        .await;
        yield_now().await;
        assert_eq!(next(&mut alarm, until).await, Some((Interruption::TimeIsOver, SECOND)));
        let stopped = async { stop.send_replace(true) };
        let (told, _) = tokio::join!(next(&mut alarm, None), stopped);
        assert_eq!(told, Some((Interruption::Stopping, Duration::ZERO)));
    }

    #[tokio::test(start_paused = true)]
    async fn wakes_whoever_has_asked_last() {
        let (_stop, stopping) = watch::channel(false);
        let mut alarm = Alarm::new(stopping);
        let until = Some(Instant::now() + SECOND);
        assert!(alarm.poll(until, &mut Context::from_waker(&noop_waker())).is_pending());
        assert_eq!(next(&mut alarm, until).await, Some((Interruption::TimeIsOver, SECOND)));
    }
}
