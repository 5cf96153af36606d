//! What is spent of the limits, and when there is room for more.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Limiter, State};
use crate::gong::{
    budget::DayLedger,
    limits::{SpentHour, Usage},
};

impl Limiter {
    /// What is asked of Gong right now.
    pub fn usage(&self) -> Usage {
        let (now, today) = (Instant::now(), self.clock.now());
        let mut state = self.state();
        state.forget_starts(now);
        let closed = state.closed_until.and_then(|until| until.checked_duration_since(now));
        Usage {
            in_flight: state.in_flight,
            starts_in_last_second: state.starts.len() as u32,
            calls_today: state.ledger.spent(today),
            lookups_today: state.lookups.spent(today),
            daily_budget: self.limits.daily_budget,
            closed_until: closed
                .filter(|wait| !wait.is_zero())
                .map(|wait| today.saturating_add(wait).unwrap_or(Timestamp::MAX)),
        }
    }

    /// Calls of the day that are left for look-ups.
    pub fn lookups_left(&self) -> u32 {
        let today = self.clock.now();
        let mut state = self.state();
        let all = self.limits.daily_budget.saturating_sub(state.ledger.spent(today));
        all.min(self.limits.for_lookups().saturating_sub(state.lookups.spent(today)))
    }

    /// Calls of scans since this limiter was made.
    pub fn scan_calls(&self) -> u64 {
        self.state().scan_calls
    }

    /// When a scan of so many calls can begin, so that scans stay within `share` calls of the day and all
    /// calls within what the day has for scans: now, or when enough of the earlier calls are a day ago. A
    /// scan that doesn't fit into a day at all fits as soon as no other call is in its way.
    ///
    /// For the share, the hour of which only a part is within the day isn't counted: a scan that is due after
    /// a day would otherwise wait until that hour is over.
    pub fn scan_fits_at(&self, calls: u32, share: u32) -> Timestamp {
        let today = self.clock.now();
        let hours = self.spent_by_hour();
        let fits = |spent: &dyn Fn(&SpentHour) -> u32, now: Timestamp, budget: u32| {
            let mut ledger = DayLedger::default();
            hours.iter().for_each(|hour| ledger.add_hour(hour.hour, spent(hour)));
            let before = budget.saturating_sub(calls);
            if ledger.spent(now) <= before { now } else { ledger.opens_at(now, before + 1) }
        };
        let for_scans = self.limits.daily_budget.saturating_sub(self.limits.lookup_reserve);
        let all = fits(&|hour| hour.calls, today, for_scans);
        // What the ledger says of an hour later leaves out the oldest hour.
        let hour = SignedDuration::from_hours(1);
        let later = today.saturating_add(hour).unwrap_or(today);
        let scans = fits(&|hour| hour.calls.saturating_sub(hour.lookups), later, share);
        all.max(scans.saturating_sub(hour).unwrap_or(scans))
    }

    /// Done when a call was made since this was last done. For one who waits: whoever keeps
    /// [`spent_by_hour`](Self::spent_by_hour).
    pub async fn calls_made(&self) {
        self.spent.notified().await;
    }

    /// The calls that still count, by the hour.
    pub fn spent_by_hour(&self) -> Vec<SpentHour> {
        let mut state = self.state();
        state.ledger.spent(self.clock.now());
        let State { ledger, lookups, .. } = &*state;
        ledger.hours().map(|(hour, calls)| SpentHour { hour, calls, lookups: lookups.of(hour) }).collect()
    }

    /// Counts calls that were made before this limiter was. Hours that are more than a day ahead are of a
    /// clock that was wrong, and are left out.
    pub fn count_earlier(&self, hours: impl IntoIterator<Item = SpentHour>) {
        let tomorrow = self.clock.now().as_second().div_euclid(3600) + 24;
        let mut state = self.state();
        for SpentHour { hour, calls, lookups } in hours.into_iter().filter(|spent| spent.hour <= tomorrow) {
            state.ledger.add_hour(hour, calls);
            state.lookups.add_hour(hour, lookups);
        }
    }
}
