//! Whom a request is for, where nobody is asked for a credential and only this machine comes in.
//!
//! A page of another site can have its own name lead to this machine (DNS rebinding): to the browser the service is
//! then part of that site, and the page may read what it answers. It can't choose what the browser writes into `Host`.

use std::net::IpAddr;

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header::HOST},
};

use super::{
    answer::refusal,
    next::{Answer, Next},
    request_id::RequestId,
};
use crate::graphql::ErrorCode;

/// Refuses what is sent to any name but this machine's own, if `only_this_machine`.
pub(super) fn check<'a>(only_this_machine: bool, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    if only_this_machine && !is_this_machine(request.headers()) {
        let message = "where nobody is asked for a credential, this service answers to localhost and to addresses \
                       only; ask it by one, have it ask for credentials, or start it with --insecure-no-auth";
        let id = RequestId::of(&request);
        let refused = refusal(StatusCode::MISDIRECTED_REQUEST, ErrorCode::BadUserInput, message, &id);
        return Answer::Now(refused);
    }
    next.run(request)
}

/// Whether the host is an address or `localhost`: names that nobody else can have lead here. Browsers always send
/// one; so does HTTP/1.1.
fn is_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
    name.parse::<IpAddr>().is_ok() || is_localhost(name.rsplit('.').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_lead_nowhere_else_are_this_machine() {
        for (host, ours) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("orgraph.localhost:8080", true),
            ("localhost.", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("10.0.0.5", true),
            ("evil.example:8080", false),
            ("localhost.evil.example", false),
            ("notlocalhost", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            assert_eq!(is_this_machine(&headers), ours, "{host}");
        }
        assert!(is_this_machine(&HeaderMap::new()));
    }
}
