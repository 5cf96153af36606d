//! Where a request came from: the socket, or what a trusted proxy says of it.

mod forwarded;
mod proxies;

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::Request,
    http::{HeaderValue, header::STRICT_TRANSPORT_SECURITY},
};

use super::next::{Answer, Next};

pub use proxies::TrustedProxies;

/// In the extensions of a request that came by a socket: the client. It is the other end of the connection, unless that
/// is a trusted proxy, which then says whose request it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) address: IpAddr,
    /// Whether it went by TLS, to us or to a trusted proxy.
    pub(super) by_tls: bool,
}

/// What is told of clients, and what they are told.
#[derive(Clone)]
pub(super) struct Telling {
    pub(super) proxies: TrustedProxies,
    /// `strict-transport-security`, for what went by TLS.
    hsts: Option<HeaderValue>,
}

impl Telling {
    pub(super) fn new(proxies: TrustedProxies, hsts: Duration) -> Self {
        let seconds = hsts.as_secs();
        let hsts = HeaderValue::from_str(&format!("max-age={seconds}")).ok().filter(|_| seconds > 0);
        Self { proxies, hsts }
    }
}

/// Finds out whose the request is, and gives an answer that goes by TLS the word that others should too.
pub(super) fn tell<'a>(telling: &'a Telling, mut request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let mut is_by_tls = false;
    if let Some(&Client { address, by_tls }) = request.extensions().get() {
        let origin = telling.proxies.origin(address, request.headers());
        is_by_tls = by_tls || origin.by_tls;
        if let Some(client) = request.extensions_mut().get_mut() {
            *client = Client { address: origin.address, by_tls: is_by_tls };
        }
    }
    let answering = next.run(request);
    match telling.hsts.as_ref().filter(|_| is_by_tls) {
        None => answering,
        Some(hsts) => answering.then(|response| {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }),
    }
}
