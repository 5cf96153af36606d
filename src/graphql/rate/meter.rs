//! What one request spends.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::bucket::{Account, Rate};

/// Measures one request, and takes what it costs from its client's bucket. Cheap to clone.
#[derive(Clone)]
pub(in crate::graphql) struct Meter(Arc<Measured>);

struct Measured {
    account: Option<(Rate, Arc<Account>)>,
    /// From when on time is counted in buckets.
    since: Instant,
    /// When the request came.
    came: Instant,
    refusal_cost: u64,
    /// Whoever has not enough owes it.
    on_credit: bool,
    /// What validation has found that it could cost.
    requested: OnceLock<u64>,
    /// What has been taken from the bucket.
    taken: AtomicU64,
    /// How long to wait, for whom the bucket had not enough.
    throttled: OnceLock<Duration>,
}

/// How a client's bucket is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::graphql) struct Spent {
    /// What a full bucket holds.
    pub(in crate::graphql) capacity: u64,
    /// What can be spent now.
    pub(in crate::graphql) left: u64,
    /// How long until it is full.
    pub(in crate::graphql) full_in: Duration,
    /// What flows in, in a second.
    pub(in crate::graphql) per_second: f64,
}

impl Measured {
    fn new(account: Option<(Rate, Arc<Account>)>, since: Instant, refusal_cost: u64) -> Self {
        Self {
            account,
            since,
            came: Instant::now(),
            refusal_cost,
            on_credit: false,
            requested: OnceLock::new(),
            taken: AtomicU64::new(0),
            throttled: OnceLock::new(),
        }
    }
}

impl Meter {
    pub(super) fn new(account: Option<(Rate, Arc<Account>)>, since: Instant, refusal_cost: u64) -> Self {
        Self(Arc::new(Measured::new(account, since, refusal_cost)))
    }

    /// The same, for what the client has been promised: it is owed, never refused.
    pub(super) fn on_credit(self) -> Self {
        let Measured { account, since, refusal_cost, .. } = &*self.0;
        let mut measured = Measured::new(account.clone(), *since, *refusal_cost);
        measured.on_credit = true;
        Self(Arc::new(measured))
    }

    /// When the request came.
    pub(in crate::graphql) fn came(&self) -> Instant {
        self.0.came
    }

    /// Takes what the least of requests costs, before anything is done for this one.
    pub(in crate::graphql) fn begin(&self) -> Result<(), Duration> {
        self.take(self.0.refusal_cost)
    }

    /// Takes `requested` in all, before the request is run.
    pub(in crate::graphql) fn request(&self, requested: u64) -> Result<(), Duration> {
        let requested = *self.0.requested.get_or_init(|| requested);
        self.take(requested.saturating_sub(self.0.taken.load(Ordering::Relaxed)))
    }

    /// Puts right what was taken, once it is known what the answer held.
    pub(in crate::graphql) fn settle(&self, actual: u64) {
        let Some((rate, account)) = &self.0.account else { return };
        let taken = self.0.taken.swap(actual, Ordering::Relaxed);
        account.with(|bucket| match actual.checked_sub(taken) {
            Some(0) => {}
            Some(more) => bucket.owe(more, *rate, self.now()),
            None => bucket.give_back(taken - actual, *rate),
        });
    }

    /// Leaves what a request costs at least that was not run.
    pub(in crate::graphql) fn settle_refused(&self) {
        self.settle(self.0.refusal_cost);
    }

    /// What validation has found that the request could cost; none before.
    pub(in crate::graphql) fn requested(&self) -> Option<u64> {
        self.0.requested.get().copied()
    }

    /// Notes what a refused request would have cost.
    pub(in crate::graphql) fn note(&self, requested: u64) {
        self.0.requested.get_or_init(|| requested);
    }

    /// How long the client has to wait, if the bucket had not enough.
    pub(in crate::graphql) fn throttled(&self) -> Option<Duration> {
        self.0.throttled.get().copied()
    }

    /// What the client could ever spend on one request; none without a limit.
    pub(in crate::graphql) fn capacity(&self) -> Option<u64> {
        self.0.account.as_ref().map(|(rate, _)| rate.capacity())
    }

    /// The client's bucket now; none without a limit.
    pub(in crate::graphql) fn spent(&self) -> Option<Spent> {
        let (rate, account) = self.0.account.as_ref()?;
        let (now, bucket) = (self.now(), account.with(|bucket| *bucket));
        Some(Spent {
            capacity: rate.capacity(),
            left: bucket.left(*rate, now),
            full_in: bucket.full_in(now),
            per_second: rate.per_second(),
        })
    }

    /// Takes it as of when the request came, or else as of now: what has flowed in since counts where it is needed.
    fn take(&self, cost: u64) -> Result<(), Duration> {
        let Some((rate, account)) = self.0.account.as_ref().filter(|_| cost > 0) else { return Ok(()) };
        // What was refused once isn't run, whatever flows in until somebody asks again.
        if let Some(wait) = self.throttled() {
            return Err(wait);
        }
        let take = |now| {
            account.with(|bucket| match self.0.on_credit {
                true => {
                    bucket.owe(cost, *rate, now);
                    Ok(())
                }
                false => bucket.take(cost, *rate, now),
            })
        };
        match take(self.time(self.0.came)).or_else(|_| take(self.now())) {
            Ok(()) => {
                self.0.taken.fetch_add(cost, Ordering::Relaxed);
                Ok(())
            }
            Err(wait) => Err(*self.0.throttled.get_or_init(|| wait)),
        }
    }

    /// A moment as buckets count them.
    fn time(&self, moment: Instant) -> Duration {
        moment.duration_since(self.0.since)
    }

    fn now(&self) -> Duration {
        self.time(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_has_paid_is_not_refused_for_what_others_pay_later() {
        // 600 in a minute.
        let rate = Rate::new(600, Duration::from_secs(60)).unwrap();
        let (account, since) = (Arc::new(Account::full()), Instant::now());
        let meter = || Meter::new(Some((rate, account.clone())), since, 1);
        let first = meter();
        first.begin().unwrap();
        first.request(300).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let second = meter();
        second.begin().unwrap();
        second.request(310).unwrap();
        assert_eq!(second.spent().unwrap().left, 0);
        second.settle(320);
        assert_eq!((first.request(300), first.throttled()), (Ok(()), None), "it is paid for");
        // And what flows in meanwhile counts for whoever has waited.
        let third = meter();
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(third.request(10), Ok(()));
        first.settle(100);
        assert_eq!(third.spent().unwrap().left, 200);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_refused_stays_refused() {
        let rate = Rate::new(600, Duration::from_secs(60)).unwrap();
        let meter = Meter::new(Some((rate, Arc::new(Account::full()))), Instant::now(), 100);
        meter.begin().unwrap();
        assert_eq!(meter.request(610), Err(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(meter.request(610), Err(Duration::from_secs(1)));
        assert_eq!(meter.throttled(), Some(Duration::from_secs(1)));
    }
}
