//! Guessing is not free: credentials that don't hold are counted by the address that they come from.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};
use tokio::time::Instant;

use super::viewer::network;

/// Wrong credentials that an address may send in a window before it is refused, and the window.
const MOST: u32 = 30;
const WINDOW: Duration = Duration::from_secs(60);

/// Addresses that are counted at once; whoever hasn't come for longest is forgotten first.
const ADDRESSES: u64 = 50_000;

/// The windows of addresses.
#[derive(Debug)]
pub(super) struct Attempts(Cache<IpAddr, Arc<Mutex<Window>>>);

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Instant,
    wrong: u32,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(ADDRESSES)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(2 * WINDOW)
                .build(),
        )
    }

    /// How long this address is to be refused for, if it is.
    pub(super) fn refused_for(&self, address: IpAddr) -> Option<Duration> {
        let window = self.0.get(&network(address))?;
        let window = *window.lock().unwrap_or_else(PoisonError::into_inner);
        let left = WINDOW.saturating_sub(window.began.elapsed());
        (window.wrong >= MOST && !left.is_zero()).then_some(left)
    }

    /// Counts a credential that doesn't hold. Nobody is refused for longer because they were refused.
    pub(super) fn wrong(&self, address: IpAddr) {
        let fresh = || Window { began: Instant::now(), wrong: 0 };
        let window = self.0.get_with(network(address), || Arc::new(Mutex::new(fresh())));
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.began.elapsed() >= WINDOW {
            *window = fresh();
        }
        window.wrong = window.wrong.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_is_refused_until_its_window_ends() {
        let attempts = Attempts::new();
        let guesser = address("192.0.2.1");
        tokio::time::advance(Duration::from_secs(1)).await;
        for _ in 0..MOST {
            assert_eq!(attempts.refused_for(guesser), None);
            attempts.wrong(guesser);
        }
        assert_eq!(attempts.refused_for(guesser), Some(WINDOW));
        assert_eq!(attempts.refused_for(address("192.0.2.2")), None);
        tokio::time::advance(Duration::from_secs(50)).await;
        assert_eq!(attempts.refused_for(guesser), Some(Duration::from_secs(10)));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(attempts.refused_for(guesser), None);
        attempts.wrong(guesser);
        assert_eq!(attempts.refused_for(guesser), None, "a new window");
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_of_ipv6_is_one_and_a_mapped_address_is_itself() {
        let attempts = Attempts::new();
        (0..MOST).for_each(|n| attempts.wrong(address(&format!("2001:db8:1:2::{n:x}"))));
        assert!(attempts.refused_for(address("2001:db8:1:2:ffff::1")).is_some());
        assert!(attempts.refused_for(address("2001:db8:1:3::1")).is_none());
        (0..MOST).for_each(|_| attempts.wrong(address("::ffff:192.0.2.9")));
        assert!(attempts.refused_for(address("192.0.2.9")).is_some());
        assert!(attempts.refused_for(address("192.0.2.8")).is_none());
    }
}
