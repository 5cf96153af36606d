//! Whoever asks.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use jiff::Timestamp;

use super::Role;

/// Whoever asks: a name to count and log by, and a role. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Tells this viewer from others: `key:` and the name of an API key, `sub:` and the subject of a token, or
    /// `address:` and where an unauthenticated request came from. Never the key or the token.
    pub id: Arc<str>,
    /// What may be seen.
    pub role: Role,
    /// When the credential ends, if it does; a subscription ends with it.
    pub expires_at: Option<Timestamp>,
}

/// What the id of somebody begins with who was asked for no credential.
const ADDRESS: &str = "address:";

impl Viewer {
    /// Whether a credential says who it is; if not, the id only tells where a request came from.
    pub fn is_known(&self) -> bool {
        !self.id.starts_with(ADDRESS)
    }

    /// Somebody whom nobody asked for a credential, at `address`: may see everything. Of IPv6 the id tells the /64.
    pub fn unauthenticated(address: IpAddr) -> Self {
        let id = match network(address) {
            IpAddr::V4(address) => format!("{ADDRESS}{address}"),
            IpAddr::V6(network) => format!("{ADDRESS}{network}/64"),
        };
        Self { id: id.into(), role: Role::Admin, expires_at: None }
    }
}

/// Whom an address stands for: of IPv6 the /64, since whoever has one address there has them all.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}
