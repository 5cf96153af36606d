//! The proxies whose word is taken, and what follows from it.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::forwarded::{self, Hop};

/// The proxies in front of the service. Only what one of them sends says where a request came from. Cheap to
/// clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// Where a request came from in the first place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) address: IpAddr,
    /// Whether a proxy says that it was asked by TLS.
    pub(super) by_tls: bool,
}

impl FromStr for TrustedProxies {
    type Err = String;

    /// Addresses and networks such as `10.0.0.0/8`, with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let read = |part: &str| {
            let address = part.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
            address.or_else(|_| part.parse::<IpNet>()).map_err(|_| {
                format!("{part:?} is no address and no network such as 10.0.0.0/8 or 2001:db8::/32")
            })
        };
        Ok(Self(parts.map(read).collect::<Result<_, _>>()?))
    }
}

impl TrustedProxies {
    /// Whether nobody is one.
    pub fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `address` is one of theirs.
    pub(in crate::http) fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whose request it is that came from `socket`: the nearest address that is no trusted proxy's. Each proxy
    /// adds the address that asked it on the right, so all that stands left of that one is hearsay. Where
    /// something can't be read, the last proxy that could be is whom we know. A proxy that writes one of the two
    /// kinds of headers passes the other on as a client sent it: where they tell of different clients, none is
    /// believed.
    pub(super) fn origin(&self, socket: IpAddr, headers: &HeaderMap) -> Origin {
        let unknown = Origin { address: socket, by_tls: false };
        if !self.include(socket) {
            return unknown;
        }
        match (forwarded::hops(headers), forwarded::x_hops(headers)) {
            (Some(hops), None) | (None, Some(hops)) => self.nearest(hops, unknown),
            (Some(hops), Some(x_hops)) => {
                let [told, x_told] = [hops, x_hops].map(|hops| self.nearest(hops, unknown));
                if told.address == x_told.address { told } else { unknown }
            }
            (None, None) => unknown,
        }
    }

    /// The nearest of these that is no trusted proxy's.
    fn nearest(&self, hops: Vec<Hop>, mut origin: Origin) -> Origin {
        for Hop { address, by_tls } in hops.into_iter().rev() {
            let Some(address) = address else { break };
            origin = Origin { address, by_tls };
            if !self.include(address) {
                break;
            }
        }
        origin
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// Whose request it is, by these headers, when `socket` sends it and 10.0.0.0/8 and ::1 are trusted.
    fn origin(socket: &str, headers: &[(&str, &str)]) -> (String, bool) {
        let proxies: TrustedProxies = "10.0.0.0/8, ::1".parse().unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let Origin { address, by_tls } = proxies.origin(socket.parse().unwrap(), &map);
        (address.to_string(), by_tls)
    }

    #[test]
    fn a_stranger_is_whoever_the_socket_says() {
        let lies = [("forwarded", "for=192.0.2.1;proto=https"), ("x-forwarded-for", "192.0.2.2")];
        assert_eq!(origin("203.0.113.9", &lies), ("203.0.113.9".to_owned(), false));
        assert!(!TrustedProxies::default().origin("10.0.0.1".parse().unwrap(), &HeaderMap::new()).by_tls);
    }

    #[test]
    fn the_nearest_address_that_is_no_proxys_counts() {
        for (header, address, by_tls) in [
            ("for=192.0.2.1", "192.0.2.1", false),
            ("for=192.0.2.1;proto=https;by=10.0.0.1", "192.0.2.1", true),
            ("FOR=\"192.0.2.1:4711\" ; Proto=HTTPS", "192.0.2.1", true),
            ("for=\"[2001:db8::17]:4711\"", "2001:db8::17", false),
            ("for=\"[2001:db8::17]\"", "2001:db8::17", false),
            ("for=\"[::ffff:192.0.2.1]\"", "192.0.2.1", false),
            ("for=\"192.0.2.1:_port\"", "192.0.2.1", false),
            ("for=\"\\192.0.2.1\"", "192.0.2.1", false),
            // What stands left of it is hearsay.
            ("for=198.51.100.1, for=192.0.2.1", "192.0.2.1", false),
            ("for=198.51.100.1;proto=https, for=192.0.2.1;proto=http, for=10.9.9.9", "192.0.2.1", false),
            (", for=192.0.2.1 ,, ", "192.0.2.1", false),
            ("for=10.2.2.2, for=10.3.3.3", "10.2.2.2", false),
            ("host=\"a,b;for=198.51.100.1\";for=192.0.2.1", "192.0.2.1", false),
        ] {
            assert_eq!(origin(PROXY, &[("forwarded", header)]), (address.to_owned(), by_tls), "{header}");
        }
        assert_eq!(origin("::1", &[("forwarded", "for=192.0.2.1")]).0, "192.0.2.1");
        // Lines are one list.
        let lines = [("forwarded", "for=198.51.100.1"), ("forwarded", "for=192.0.2.1")];
        assert_eq!(origin(PROXY, &lines).0, "192.0.2.1");
    }

    #[test]
    fn two_stories_that_differ_are_none() {
        let (told, x_told) = (("forwarded", "for=192.0.2.1;proto=https"), ("x-forwarded-for", "192.0.2.1"));
        assert_eq!(origin(PROXY, &[told, x_told]), ("192.0.2.1".to_owned(), true));
        for made_up in ["for=192.0.2.99", "for=unknown", "nonsense", ""] {
            assert_eq!(
                origin(PROXY, &[("forwarded", made_up), x_told]),
                (PROXY.to_owned(), false),
                "{made_up}"
            );
        }
        assert_eq!(origin(PROXY, &[told, ("x-forwarded-for", "192.0.2.99")]).0, PROXY);
    }

    #[test]
    fn what_cant_be_read_says_nothing() {
        for header in [
            "",
            "for",
            "for=",
            "for=192.0.2.1:80",
            "for=\"192.0.2.1",
            "for=192.0.2.1 for=192.0.2.2",
            "for=[2001:db8::1]",
            "for=\"[2001:db8::1\"",
            "for=\"[2001:db8::1]x\"",
            "for=\"[192.0.2.1]\"",
            "for=192.0.2.256",
            "for=\"192.0.2.1:123456\"",
            "for=unknown",
            "for=_hidden",
            "proto=https",
            "for=192.0.2.1;;;=x",
            "for =192.0.2.1",
        ] {
            assert_eq!(origin(PROXY, &[("forwarded", header)]), (PROXY.to_owned(), false), "{header}");
        }
        // The last proxy that said who it is.
        let hidden = [("forwarded", "for=192.0.2.1, for=_hidden, for=10.5.5.5")];
        assert_eq!(origin(PROXY, &hidden).0, "10.5.5.5");
    }

    #[test]
    fn the_older_headers_are_read_where_there_is_no_other() {
        let https = ("x-forwarded-proto", "https");
        for (header, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("198.51.100.1, 192.0.2.1, 10.4.4.4", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("192.0.2.1, nonsense", PROXY),
        ] {
            assert_eq!(
                origin(PROXY, &[("x-forwarded-for", header)]),
                (address.to_owned(), false),
                "{header}"
            );
        }
        assert_eq!(origin(PROXY, &[("x-forwarded-for", "192.0.2.1"), https]), ("192.0.2.1".to_owned(), true));
    }

    #[test]
    fn a_long_way_is_cut_at_its_far_end() {
        let far: String = (0..1_000).map(|_| "for=10.1.1.1, ").collect();
        assert_eq!(origin(PROXY, &[("forwarded", &format!("for=192.0.2.1, {far}"))]).0, "10.1.1.1");
        assert_eq!(origin(PROXY, &[("forwarded", &format!("{far} for=192.0.2.1"))]).0, "192.0.2.1");
        assert_eq!(origin(PROXY, &[("x-forwarded-for", &"10.1.1.1,".repeat(1_000))]).0, PROXY);
    }

    #[test]
    fn lists_of_proxies_are_read() {
        let read = |text: &str| text.parse::<TrustedProxies>().map(|proxies| proxies.0.len());
        assert_eq!(read(""), Ok(0));
        assert_eq!(read(" 10.0.0.1 , 2001:db8::/32,"), Ok(2));
        for text in ["proxy", "10.0.0.0/33", "10.0.0.1:80", "*"] {
            assert!(read(text).unwrap_err().contains(text), "{text}");
        }
    }
}
