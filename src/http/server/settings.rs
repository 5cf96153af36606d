//! What the socket side is told: bounds and times, each with a default.

use std::time::Duration;

use super::Tls;
use crate::http::peer::TrustedProxies;

/// How the service meets the network. Every bound is a setting; the defaults hold for a service that anybody
/// can reach.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// How many connections there may be.
    pub connections: ConnectionBounds,
    /// How long things may take.
    pub times: Times,
    /// How large the head of a request may be.
    pub head: HeadBounds,
    /// How many requests are worked on at once.
    pub concurrency: ConcurrencyBounds,
    /// Whose word on where a request came from is taken.
    pub trusted_proxies: TrustedProxies,
    /// The certificate and its key; `None` for plain HTTP.
    pub tls: Option<Tls>,
    /// For how long browsers are told to come by TLS only, in answers that went by TLS; zero to say nothing.
    pub hsts: Duration,
}

/// How many connections there may be; one more is answered 503 and closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionBounds {
    /// In all.
    pub in_all: usize,
    /// From one address (of IPv6, from one /64). Trusted proxies are not counted.
    pub per_address: usize,
    /// Requests by one connection; the answer to the last says that it is closed.
    pub requests: u64,
    /// TLS handshakes that are worked on at once; others wait for their turn.
    pub handshakes: usize,
}

/// How long things may take. Whoever takes longer is closed, and nobody else waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// A TLS handshake, from being accepted.
    pub handshake: Duration,
    /// From a request's first byte (of the first one: from being accepted) to the end of its head.
    pub head: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// From the end of an answer to the first byte of the next request.
    pub idle: Duration,
    /// Without a single byte taken by a client who is being answered, streams included.
    pub stall: Duration,
    /// From the beginning of an answer to its last byte; streams of events may go on.
    pub answer: Duration,
    /// From the end of the head to the beginning of the answer.
    pub request: Duration,
}

/// How large the head of a request may be. What is larger is answered 431 or 414.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadBounds {
    /// Headers.
    pub headers: usize,
    /// Bytes of all headers, names and values.
    pub header_bytes: usize,
    /// Bytes of the URI.
    pub uri_bytes: usize,
}

/// How many requests to the schema are worked on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcurrencyBounds {
    /// In all.
    pub in_all: usize,
    /// Of one client.
    pub per_client: usize,
    /// How long a request waits for a place before it is refused.
    pub wait: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            connections: ConnectionBounds::default(),
            times: Times::default(),
            head: HeadBounds::default(),
            concurrency: ConcurrencyBounds::default(),
            trusted_proxies: TrustedProxies::default(),
            tls: None,
            hsts: Duration::from_secs(365 * 24 * 60 * 60),
        }
    }
}

impl Default for ConnectionBounds {
    fn default() -> Self {
        Self { in_all: 8_192, per_address: 1_024, requests: 1_000, handshakes: 256 }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            body: Duration::from_secs(20),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            answer: Duration::from_secs(300),
            request: Duration::from_secs(30),
        }
    }
}

impl Default for HeadBounds {
    fn default() -> Self {
        Self { headers: 64, header_bytes: 16 * 1_024, uri_bytes: 16 * 1_024 }
    }
}

impl Default for ConcurrencyBounds {
    fn default() -> Self {
        Self { in_all: 1_024, per_client: 256, wait: Duration::from_secs(5) }
    }
}
