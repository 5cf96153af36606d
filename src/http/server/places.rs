//! How many connections there are, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::ConnectionBounds;
use crate::{auth::network, http::peer::TrustedProxies};

/// The places for connections. Clones share them.
#[derive(Clone)]
pub(super) struct Places(Arc<Shared>);

struct Shared {
    bounds: ConnectionBounds,
    proxies: TrustedProxies,
    taken: Mutex<Taken>,
}

/// An address is in here for as long as it has a connection, so that there are never more than connections.
#[derive(Default)]
struct Taken {
    in_all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// A connection's place; free again when it is dropped.
pub(super) struct Place {
    shared: Arc<Shared>,
    network: Option<IpAddr>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    InAll,
    ForThisAddress,
}

impl Places {
    pub(super) fn new(bounds: ConnectionBounds, proxies: TrustedProxies) -> Self {
        Self(Arc::new(Shared { bounds, proxies, taken: Mutex::default() }))
    }

    /// A place for a connection from `address`.
    pub(super) fn take(&self, address: IpAddr) -> Result<Place, Full> {
        // All that comes through a proxy has the proxy's address.
        let network = (!self.0.proxies.include(address)).then(|| network(address));
        let mut taken = self.0.taken();
        if taken.in_all >= self.0.bounds.in_all {
            return Err(Full::InAll);
        }
        if let Some(network) = network {
            let count = taken.by_network.get(&network).copied().unwrap_or(0);
            if count >= self.0.bounds.per_address {
                return Err(Full::ForThisAddress);
            }
            taken.by_network.insert(network, count + 1);
        }
        taken.in_all += 1;
        Ok(Place { shared: Arc::clone(&self.0), network })
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.shared.taken();
        taken.in_all -= 1;
        let Some(network) = self.network else { return };
        if let Some(count) = taken.by_network.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(in_all: usize, per_address: usize, proxies: &str) -> Places {
        let bounds = ConnectionBounds { in_all, per_address, ..ConnectionBounds::default() };
        Places::new(bounds, proxies.parse().unwrap())
    }

    #[test]
    fn a_place_is_free_again_when_it_is_dropped() {
        let places = places(3, 2, "");
        let (a, b): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = places.take(a).unwrap();
        let _second = places.take(a).unwrap();
        assert_eq!(places.take(a).err(), Some(Full::ForThisAddress));
        let third = places.take(b).unwrap();
        assert_eq!(places.take(b).err(), Some(Full::InAll));
        drop(first);
        let again = places.take(a).unwrap();
        drop((third, again));
        assert_eq!(places.0.taken().by_network.len(), 1, "only who has a connection is counted");
    }

    #[test]
    fn neighbours_of_ipv6_are_one_address() {
        let places = places(9, 1, "");
        let _one = places.take("2001:db8::1".parse().unwrap()).unwrap();
        assert_eq!(places.take("2001:db8::2".parse().unwrap()).err(), Some(Full::ForThisAddress));
        assert!(places.take("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn proxies_are_counted_in_all_only() {
        let places = places(3, 1, "192.0.2.0/24");
        let proxy = "192.0.2.7".parse().unwrap();
        let _held = [(); 3].map(|()| places.take(proxy).unwrap());
        assert_eq!(places.take(proxy).err(), Some(Full::InAll));
    }
}
