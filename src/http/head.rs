//! What the head of a request must be like, beyond what the parser of HTTP sees to: not too large, and with one
//! meaning only, whoever else reads it.

use axum::{
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode, Uri, Version,
        header::{CONNECTION, HOST, TRANSFER_ENCODING},
        uri::Authority,
    },
};

use super::{
    HeadBounds,
    answer::refusal,
    next::{Answer, Next},
    peer::Client,
    request_id::RequestId,
};
use crate::graphql::ErrorCode;

/// Refuses a head that is too large or ambiguous, and closes the connection.
pub(super) fn check<'a>(bounds: &HeadBounds, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    match fault(bounds, &request) {
        None => next.run(request),
        Some((status, message)) => {
            let id = RequestId::of(&request);
            let mut response = refusal(status, ErrorCode::BadUserInput, &message, &id);
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            Answer::Now(response)
        }
    }
}

fn fault(bounds: &HeadBounds, request: &Request) -> Option<(StatusCode, String)> {
    let headers = request.headers();
    let bad = |message: &str| Some((StatusCode::BAD_REQUEST, message.to_owned()));
    let too_large = |message| Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, message));
    if length(request.uri()) > bounds.uri_bytes {
        let message = format!("the URI is longer than {} bytes; send the query by POST", bounds.uri_bytes);
        return Some((StatusCode::URI_TOO_LONG, message));
    }
    if headers.len() > bounds.headers {
        return too_large(format!("there are more than {} headers", bounds.headers));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if bytes > bounds.header_bytes {
        return too_large(format!("the headers are larger than {} bytes", bounds.header_bytes));
    }
    if request.method() == Method::CONNECT {
        return bad("this is no proxy");
    }
    // The parser takes the last of several encodings for the only one, and drops a length beside it; it closes
    // the connection then.
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (None, _) => {}
        (Some(one), None) if one.as_bytes().eq_ignore_ascii_case(b"chunked") => {}
        _ => return bad("transfer-encoding: only chunked is taken, and once"),
    }
    // Requests that didn't come by a socket have no host.
    request.extensions().get::<Client>().and_then(|_| host_fault(request)).and_then(bad)
}

/// One host, the same wherever it is named.
fn host_fault(request: &Request) -> Option<&'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host,
        (None, _) if request.version() < Version::HTTP_11 => return None,
        (None, _) => return Some("host: must be given"),
        (Some(_), Some(_)) => return Some("host: must be given once"),
    };
    let target = request.uri().authority();
    if target.is_none() && is_plain(host.as_bytes()) {
        return None;
    }
    let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    let Some(host) = host.filter(|host| !host.as_str().contains('@')) else {
        return Some("host: this is no host");
    };
    match target {
        Some(target) if !same(target, &host, request.uri()) => Some("host: is another than the URI's"),
        _ => None,
    }
}

/// Whether it is plainly a host, as nearly all are: a name or an address of IPv4, and maybe a port.
fn is_plain(host: &[u8]) -> bool {
    let name = host.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(byte)).count();
    match host.split_at(name) {
        ([], _) => false,
        (_, []) => true,
        (_, [b':', port @ ..]) => !port.is_empty() && port.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn same(target: &Authority, host: &Authority, uri: &Uri) -> bool {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let port = |of: &Authority| of.port_u16().unwrap_or(usual);
    target.host().eq_ignore_ascii_case(host.host()) && port(target) == port(host)
}

fn length(uri: &Uri) -> usize {
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len() + "https://".len());
    authority + uri.path().len() + uri.query().map_or(0, |query| query.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_a_host_is_one() {
        for (host, plain) in [
            ("localhost", true),
            ("orgraph.example.com:8080", true),
            ("127.0.0.1:65535", true),
            ("a-1", true),
            ("[::1]:8080", false),
            ("user@host", false),
            ("host:", false),
            ("host:80a", false),
            ("host:80:80", false),
            (":80", false),
            ("a_b", false),
            ("a b", false),
            ("", false),
        ] {
            assert_eq!(is_plain(host.as_bytes()), plain, "{host}");
            assert!(!plain || host.parse::<Authority>().is_ok_and(|it| it.as_str() == host), "{host}");
        }
    }
}
