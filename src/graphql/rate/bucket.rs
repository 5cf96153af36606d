//! One client's bucket: a pure function of time.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How large buckets are and how fast they fill up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    capacity: u64,
    period: Duration,
}

impl Rate {
    /// None for a capacity of 0, or a time in which nothing is ever spent.
    pub(super) fn new(capacity: u64, period: Duration) -> Option<Self> {
        (capacity > 0 && !period.is_zero()).then_some(Self { capacity, period })
    }

    pub(super) fn capacity(self) -> u64 {
        self.capacity
    }

    pub(super) fn per_second(self) -> f64 {
        self.capacity as f64 / self.period.as_secs_f64()
    }

    /// How long it takes to earn `cost`, rounded up.
    fn time(self, cost: u64) -> Duration {
        let nanos = u128::from(cost).saturating_mul(self.period.as_nanos()).div_ceil(self.capacity.into());
        // Of a duration no nanoseconds go beyond what one holds, but of a large cost they could.
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// When the bucket will be full, as time since the service began; in the past for a full one. Nothing has to
/// run to fill it, and whoever owes something has one that is full that much later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    full_at: Duration,
}

impl Bucket {
    /// What can be spent at `now`.
    pub(super) fn left(self, rate: Rate, now: Duration) -> u64 {
        let open = now.saturating_add(rate.period).saturating_sub(self.full_at.max(now));
        let left = open.as_nanos().saturating_mul(rate.capacity.into()) / rate.period.as_nanos().max(1);
        u64::try_from(left).unwrap_or(u64::MAX).min(rate.capacity)
    }

    /// How long until the bucket is full.
    pub(super) fn full_in(self, now: Duration) -> Duration {
        self.full_at.saturating_sub(now)
    }

    /// Spends `cost`, or tells how long to wait until that can be spent; never for more than a full bucket.
    pub(super) fn take(&mut self, cost: u64, rate: Rate, now: Duration) -> Result<(), Duration> {
        let full_at = self.full_at.max(now).saturating_add(rate.time(cost));
        let latest = now.saturating_add(rate.period);
        if full_at > latest {
            return Err(full_at - latest);
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Spends `cost`, whether or not it is there. Of what is owed already nothing is let go, also where it was for a moment
    /// that is later than this one.
    pub(super) fn owe(&mut self, cost: u64, rate: Rate, now: Duration) {
        let latest = now.saturating_add(rate.period.saturating_mul(2)).max(self.full_at);
        self.full_at = self.full_at.max(now).saturating_add(rate.time(cost)).min(latest);
    }

    /// Gives back what was taken and not used.
    pub(super) fn give_back(&mut self, cost: u64, rate: Rate) {
        self.full_at = self.full_at.saturating_sub(rate.time(cost));
    }
}

/// A bucket that several requests of one client take from.
#[derive(Debug)]
pub(super) struct Account(Mutex<Bucket>);

impl Account {
    pub(super) fn full() -> Self {
        Self(Mutex::new(Bucket::default()))
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Bucket) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// 600 in a minute: ten a second.
    fn rate() -> Rate {
        Rate::new(600, seconds(60)).unwrap()
    }

    #[test]
    fn a_bucket_is_spent_and_fills_up_again() {
        let mut bucket = Bucket::default();
        // At which second what is asked for, what comes of it, what is left.
        for (at, cost, wait, left) in [
            (0, 600, None, 0),
            (0, 1, Some(Duration::from_millis(100)), 0),
            (1, 11, Some(Duration::from_millis(100)), 10),
            (1, 10, None, 0),
            (11, 60, None, 40),
            (11, 100, Some(seconds(6)), 40),
            (11, 0, None, 40),
            (67, 600, None, 0),
            (1_000, 1, None, 599),
        ] {
            let now = seconds(at);
            assert_eq!(bucket.take(cost, rate(), now).err(), wait, "{cost} at {at}");
            assert_eq!(bucket.left(rate(), now), left, "after {cost} at {at}");
        }
    }

    #[test]
    fn what_is_given_back_can_be_spent() {
        let (mut bucket, now) = (Bucket::default(), seconds(5));
        bucket.take(500, rate(), now).unwrap();
        bucket.give_back(450, rate());
        assert_eq!(bucket.left(rate(), now), 550);
        bucket.give_back(10_000, rate());
        assert_eq!(bucket.left(rate(), now), 600, "no more than full");
    }

    #[test]
    fn what_is_owed_has_to_be_earned_first() {
        let (mut bucket, now) = (Bucket::default(), seconds(5));
        bucket.owe(700, rate(), now);
        assert_eq!(bucket.left(rate(), now), 0);
        assert_eq!(bucket.take(1, rate(), now), Err(Duration::from_millis(10_100)));
        bucket.owe(1_000_000, rate(), now);
        assert_eq!(bucket.full_in(now), seconds(120), "nobody is shut out for longer");
        bucket.owe(1, rate(), now - seconds(3));
        assert_eq!(bucket.full_in(now), seconds(120), "what was owed before is owed still");
        assert_eq!(bucket.take(600, rate(), now + seconds(120)), Ok(()));
    }

    #[test]
    fn whoever_waits_as_told_is_let_in_and_nobody_spends_more_than_the_rate() {
        let mut rng = fastrand::Rng::with_seed(5);
        for _ in 0..200 {
            let rate = Rate::new(rng.u64(1..3_000), Duration::from_millis(rng.u64(1..90_000))).unwrap();
            let (mut bucket, mut now, mut spent) = (Bucket::default(), Duration::ZERO, 0);
            for _ in 0..100 {
                now += Duration::from_micros(rng.u64(0..50_000));
                let cost = rng.u64(0..=rate.capacity());
                if let Err(wait) = bucket.take(cost, rate, now) {
                    now += wait;
                    assert_eq!(bucket.take(cost, rate, now), Ok(()), "{rate:?} {cost}");
                }
                spent += cost;
                let earned = now.as_secs_f64() * rate.per_second() + rate.capacity() as f64;
                assert!(spent as f64 <= earned + 1.0, "{rate:?}: {spent} of {earned}");
            }
        }
    }

    #[test]
    fn large_numbers_are_no_matter() {
        let rate = Rate::new(u64::MAX, Duration::from_secs(u64::MAX / 4)).unwrap();
        let mut bucket = Bucket::default();
        bucket.take(u64::MAX, rate, seconds(1)).unwrap();
        bucket.owe(u64::MAX, rate, seconds(1));
        let _ = bucket.left(rate, seconds(2));
        assert_eq!(Rate::new(0, seconds(1)), None);
        assert_eq!(Rate::new(1, Duration::ZERO), None);
    }
}
