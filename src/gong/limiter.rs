//! The one door to Gong: who may call, and when.
//!
//! Gong documents 3 calls a second and 10,000 a day for the whole company; a widely read guide says 3 at
//! once instead (*coded for*). All three are kept. Starts are spaced evenly rather than let through in
//! bursts: no window of a second ever has more than its share, and look-ups that come in the meantime
//! gather into larger batches.
//!
//! What Gong counts is arrivals. A call over a new connection arrives later than it departs, by a
//! handshake, and the calls after it don't: so the next start waits until the connection is open.
//!
//! Own code and no rate-limiting crate, because three things have to be decided under one lock: the
//! limits, who goes first, and that a turn which isn't used gives its place back.

mod usage;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use super::{
    budget::DayLedger,
    limits::{Limits, Refusal, Urgency},
};
use crate::clock::Clock;

/// Look-ups that may overtake a waiting scan before it gets a turn.
const LOOKUPS_IN_A_ROW: u32 = 4;

/// Lets calls through, one [`Turn`] each.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    clock: Clock,
    state: Mutex<State>,
    changed: Notify,
    spent: Notify,
}

#[derive(Debug)]
struct State {
    in_flight: u32,
    /// The calls that may still be made at all, if somebody has said so.
    allowed: Option<u32>,
    scan_calls: u64,
    /// When calls began, those of the last second.
    starts: VecDeque<Instant>,
    next_start: Instant,
    closed_until: Option<Instant>,
    ledger: DayLedger,
    /// The look-ups among the calls of the ledger.
    lookups: DayLedger,
    /// By the number of calls under way beside it: when a call was last answered. Tells whether there is
    /// an open connection for one more.
    answered: Vec<Option<Instant>>,
    /// A call over a new connection has not been heard of; until when that is waited for.
    cold_call: Option<Instant>,
    waiting_lookups: u32,
    waiting_scans: u32,
    /// Look-ups that went while a scan was waiting, since the scan's last turn.
    overtaken: u32,
}

impl State {
    /// Leaves the starts of the last second.
    fn forget_starts(&mut self, now: Instant) {
        while self.starts.front().is_some_and(|&start| now - start >= Duration::from_secs(1)) {
            self.starts.pop_front();
        }
    }
}

/// How long an idle connection is trusted to be open.
const KEPT_OPEN: Duration = Duration::from_secs(15);

/// What opening a connection may take. Longer than that nobody is held up by an answer that is slow.
const HANDSHAKE: Duration = Duration::from_secs(2);

/// What a waiting caller does next.
enum Next {
    Go { started: Instant, cold: Option<Instant>, beside: usize },
    WaitUntil(Instant),
    WaitForChange,
    GiveUp(Refusal),
}

impl Limiter {
    /// A limiter that has let nobody through yet.
    pub fn new(limits: Limits, clock: Clock) -> Arc<Self> {
        let state = State {
            in_flight: 0,
            allowed: None,
            scan_calls: 0,
            starts: VecDeque::new(),
            next_start: Instant::now(),
            closed_until: None,
            ledger: DayLedger::default(),
            lookups: DayLedger::default(),
            answered: vec![None; limits.max_in_flight as usize],
            cold_call: None,
            waiting_lookups: 0,
            waiting_scans: 0,
            overtaken: 0,
        };
        Arc::new(Self {
            limits,
            clock,
            state: Mutex::new(state),
            changed: Notify::new(),
            spent: Notify::new(),
        })
    }

    /// Waits for permission to make one call. A caller that goes away while waiting leaves no trace.
    ///
    /// # Errors
    /// At once, when the wait would be longer than a caller of this urgency waits.
    pub async fn turn(self: &Arc<Self>, urgency: Urgency) -> Result<Turn, Refusal> {
        let _waiting = Waiting::new(self, urgency);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.next(urgency) {
                Next::Go { started, cold, beside } => {
                    return Ok(Turn { limiter: self.clone(), urgency, started, cold, beside, used: false });
                }
                Next::GiveUp(refusal) => return Err(refusal),
                Next::WaitForChange => changed.await,
                Next::WaitUntil(when) => {
                    tokio::select! { () = sleep_until(when) => {} () = changed => {} }
                }
            }
        }
    }

    /// Lets nobody through for `wait`: Gong asked for it.
    pub fn close_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        if state.closed_until.is_none_or(|closed| closed < until) {
            state.closed_until = Some(until);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Lets only so many calls through from now on, whatever the day has left.
    pub fn allow_only(&self, calls: u32) {
        self.state().allowed = Some(calls);
        self.changed.notify_waiters();
    }

    /// How many calls may still be made, if [that was said](Self::allow_only).
    pub fn allowed(&self) -> Option<u32> {
        self.state().allowed
    }

    /// The limits that are kept.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// A connection is open: the call that waited for it arrives now.
    pub(super) fn connected(&self) {
        let mut state = self.state();
        if state.cold_call.take().is_some() {
            state.next_start = state.next_start.max(Instant::now() + self.limits.spacing());
            drop(state);
            self.changed.notify_waiters();
        }
    }

    fn next(&self, urgency: Urgency) -> Next {
        let (now, today) = (Instant::now(), self.clock.now());
        let mut state = self.state();
        if let Some(until) = state.closed_until.filter(|&until| until > now) {
            let wait = until - now;
            return if wait > urgency.patience() {
                Next::GiveUp(Refusal::Closed { until: today.saturating_add(wait).unwrap_or(Timestamp::MAX) })
            } else {
                Next::WaitUntil(until)
            };
        }
        if let Some(until) = self.spent_until(&mut state, urgency, today) {
            return Next::GiveUp(Refusal::BudgetSpent { until });
        }
        if state.allowed == Some(0) {
            return Next::GiveUp(Refusal::NoneLeft);
        }
        let scan_is_due = state.waiting_scans > 0 && state.overtaken >= LOOKUPS_IN_A_ROW;
        let others_first = match urgency {
            Urgency::Lookup => scan_is_due,
            Urgency::Scan => state.waiting_lookups > 0 && !scan_is_due,
        };
        if others_first || state.in_flight >= self.limits.max_in_flight {
            return Next::WaitForChange;
        }
        if let Some(until) = state.cold_call.filter(|&until| now < until) {
            return Next::WaitUntil(until);
        }
        if now < state.next_start {
            return Next::WaitUntil(state.next_start);
        }
        let beside = state.in_flight as usize;
        let warm = state.answered[beside].is_some_and(|answered| now - answered <= KEPT_OPEN);
        let cold = (!warm).then(|| now + HANDSHAKE);
        state.cold_call = cold;
        state.in_flight += 1;
        state.allowed = state.allowed.map(|allowed| allowed - 1);
        state.forget_starts(now);
        state.starts.push_back(now);
        state.next_start = now + self.limits.spacing();
        state.ledger.add(today);
        match urgency {
            Urgency::Lookup => state.lookups.add(today),
            Urgency::Scan => state.scan_calls += 1,
        }
        state.overtaken = match urgency {
            Urgency::Lookup if state.waiting_scans > 0 => state.overtaken + 1,
            _ => 0,
        };
        Next::Go { started: now, cold, beside }
    }

    /// Until when nothing is left of the day for `urgency`, if so. Scans leave the look-ups' reserve
    /// alone, and look-ups leave half of the day, so that neither can starve the other.
    fn spent_until(&self, state: &mut State, urgency: Urgency, today: Timestamp) -> Option<Timestamp> {
        let Limits { daily_budget, lookup_reserve, .. } = self.limits;
        let until = |ledger: &mut DayLedger, budget| {
            (ledger.spent(today) >= budget).then(|| ledger.opens_at(today, budget))
        };
        match urgency {
            Urgency::Scan => until(&mut state.ledger, daily_budget.saturating_sub(lookup_reserve)),
            Urgency::Lookup => until(&mut state.ledger, daily_budget)
                .or_else(|| until(&mut state.lookups, self.limits.for_lookups())),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two statements above, so a panic elsewhere doesn't spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a caller among those who wait, as long as it does.
struct Waiting<'a>(&'a Limiter, Urgency);

impl<'a> Waiting<'a> {
    fn new(limiter: &'a Limiter, urgency: Urgency) -> Self {
        *Self::count(&mut limiter.state(), urgency) += 1;
        Self(limiter, urgency)
    }

    fn count(state: &mut State, urgency: Urgency) -> &mut u32 {
        match urgency {
            Urgency::Lookup => &mut state.waiting_lookups,
            Urgency::Scan => &mut state.waiting_scans,
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        *Self::count(&mut self.0.state(), self.1) -= 1;
        self.0.changed.notify_waiters();
    }
}

/// Permission to make one call, held until its answer is read. Dropped unused, it counts for nothing.
#[derive(Debug)]
pub struct Turn {
    limiter: Arc<Limiter>,
    urgency: Urgency,
    started: Instant,
    /// If it goes over a connection that has to be opened first: until when others wait for it.
    cold: Option<Instant>,
    /// Calls that were under way when it began.
    beside: usize,
    used: bool,
}

impl Turn {
    /// The call is made now.
    pub(super) fn begin(&mut self) {
        self.used = true;
        self.limiter.spent.notify_one();
    }

    /// Gong has answered: the call had arrived by now.
    pub(super) fn heard(&mut self) {
        let limiter = self.limiter.clone();
        let mut state = limiter.state();
        self.warm(&mut state, Instant::now());
        drop(state);
        limiter.changed.notify_waiters();
    }

    /// Nobody waits for the answer any more, but Gong may still be at work on it: the place stays taken for
    /// as long again.
    pub(super) fn keep_for(mut self, wait: Duration) {
        let limiter = self.limiter.clone();
        self.warm(&mut limiter.state(), Instant::now());
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            drop(self);
        });
    }

    /// The answer is read to its end: the connection can serve another call.
    pub(super) fn kept_open(&mut self) {
        self.limiter.state().answered[self.beside] = Some(Instant::now());
    }

    /// Lets others start again after a cold call, spaced from the latest that it can have arrived.
    fn warm(&mut self, state: &mut State, now: Instant) {
        let cold = self.cold.take();
        if cold.is_some() && cold == state.cold_call {
            state.cold_call = None;
            if self.used {
                state.next_start = state.next_start.max(now + self.limiter.limits.spacing());
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let limiter = self.limiter.clone();
        let mut state = limiter.state();
        state.in_flight -= 1;
        self.warm(&mut state, Instant::now());
        if !self.used {
            if let Some(at) = state.starts.iter().rposition(|&start| start == self.started) {
                state.starts.remove(at);
            }
            state.ledger.take_back();
            state.allowed = state.allowed.map(|allowed| allowed + 1);
            match self.urgency {
                Urgency::Lookup => state.lookups.take_back(),
                Urgency::Scan => state.scan_calls -= 1,
            }
            // Unless somebody has started since, the place in the second is free again.
            if state.next_start == self.started + limiter.limits.spacing() {
                state.next_start = self.started;
            }
        }
        drop(state);
        limiter.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests;
