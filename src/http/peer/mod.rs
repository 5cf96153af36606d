//! Where a request came from: the socket, or what a trusted proxy says of it.

mod forwarded;
mod proxies;

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::Request,
    http::{HeaderValue, header::STRICT_TRANSPORT_SECURITY},
    response::Response,
};

use super::next::Next;

pub use proxies::TrustedProxies;

/// In a request's extensions: the address of the client. It is the socket's, unless that is a trusted proxy,
/// which then says whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// In a request's extensions: it went by TLS, to us or to a trusted proxy.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByTls;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    /// Whether it came by our own TLS.
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

/// Gives the request its client's address, and an answer that goes by TLS the word that others should too.
pub(super) async fn tell(telling: &Telling, mut request: Box<Request>, next: impl Next) -> Response {
    // There is none of what didn't come by a socket.
    let mut is_by_tls = false;
    if let Some(&Peer { address, by_tls }) = request.extensions().get() {
        let origin = telling.proxies.origin(address, request.headers());
        request.extensions_mut().insert(ClientAddress(origin.address));
        is_by_tls = by_tls || origin.by_tls;
        if is_by_tls {
            request.extensions_mut().insert(ByTls);
        }
    }
    let mut response = next.run(request).await;
    if let Some(hsts) = telling.hsts.as_ref().filter(|_| is_by_tls) {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
    response
}
