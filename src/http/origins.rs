//! Pages of other sites: which may read answers (CORS), and what the others can't make a browser do.
//!
//! A POST has to be `application/json`, for which a browser asks first. A GET it just sends. Nobody can read the
//! answer to that but the sites in the list, and a GET changes nothing here; but it may have Gong asked, which costs
//! calls of the day, and it may use up what somebody may ask. So a GET that a browser sends for another site is
//! refused, unless it carries a header for which the browser had to ask.

use std::{str::FromStr, time::Duration};

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{
        ACCEPT, AGE, AUTHORIZATION, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, ORIGIN, RETRY_AFTER,
        WWW_AUTHENTICATE,
    },
};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Headers that no page can send to another site without its leave.
const PREFLIGHT: [&str; 3] = ["x-orgraph-preflight", "apollo-require-preflight", "x-apollo-operation-name"];

/// What else a page may send.
const SENT: [HeaderName; 9] = [
    ACCEPT,
    AUTHORIZATION,
    CONTENT_TYPE,
    IF_NONE_MATCH,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("apollographql-client-name"),
    HeaderName::from_static("apollographql-client-version"),
];

/// What a page may see beside the body.
const SEEN: [HeaderName; 5] =
    [AGE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE, HeaderName::from_static("x-request-id")];

/// How long a browser may remember what it was allowed.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// The sites whose pages may read answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// None but the service's own.
    #[default]
    None,
    /// Whichever. Pages never send a browser's own credentials (cookies, Basic), with a list or without.
    Any,
    /// These.
    Listed(Vec<Origin>),
}

/// A site: scheme, host and port, as browsers write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected an origin such as https://app.example.org";
        let text = text.trim().to_ascii_lowercase();
        let uri: Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        let is_bare = format!("{}://{authority}", uri.scheme_str().unwrap_or_default()) == text;
        if !is_web || !is_bare || authority.contains('@') || authority.contains('*') {
            return Err(EXPECTED);
        }
        HeaderValue::from_str(&text).map(Self).map_err(|_| EXPECTED)
    }
}

impl Origins {
    /// What tells browsers of it; `None` where no site is allowed.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let allowed = match self {
            Self::None => return None,
            Self::Any => AllowOrigin::any(),
            Self::Listed(origins) => AllowOrigin::list(origins.iter().map(|origin| origin.0.clone())),
        };
        let preflight = PREFLIGHT.map(HeaderName::from_static);
        let sent: Vec<_> = SENT.into_iter().chain(preflight).collect();
        Some(
            CorsLayer::new()
                .allow_origin(allowed)
                .allow_methods([Method::GET, Method::HEAD, Method::POST])
                .allow_headers(sent)
                .expose_headers(SEEN)
                .max_age(REMEMBERED),
        )
    }

    /// Whether a request comes from a page that has no business here: a browser says that it sends it for another
    /// site, and that one isn't allowed. Programs say nothing of the kind. Whoever opens a connection that CORS has
    /// no say in (WebSocket) has to be asked this too.
    pub(super) fn is_foreign(&self, headers: &HeaderMap) -> bool {
        if let Some(origin) = headers.get(ORIGIN) {
            return !(self.allow(origin) || is_own(origin, headers));
        }
        // Said on https and to this machine. A link that somebody follows from elsewhere is not from here either.
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        site.is_some_and(|site| site != b"same-origin" && site != b"none")
    }

    fn allow(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::Listed(origins) => origins.iter().any(|listed| listed.0 == origin),
        }
    }
}

/// Whether a browser has asked before it sent this.
pub(super) fn has_asked(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let json = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    };
    PREFLIGHT.into_iter().any(said) || headers.get(CONTENT_TYPE).is_some_and(json)
}

/// Whether an origin is the service's own, by the host that the request is for.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for good in ["https://app.example.org", " HTTP://localhost:3000 ", "https://[::1]:8443"] {
            assert!(good.parse::<Origin>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "null",
            "*",
            "app.example.org",
            "https://",
            "https://app.example.org/",
            "https://app.example.org/path",
            "https://*.example.org",
            "https://me@example.org",
            "ftp://example.org",
            "https://example.org?x",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_browser_sends_for_another_site_is_foreign() {
        let listed = Origins::Listed(vec!["https://app.example.org".parse().unwrap()]);
        let host = ("host", "localhost:8080");
        for (pairs, foreign) in [
            (&[host][..], false),
            (&[host, ("sec-fetch-site", "none")], false),
            (&[host, ("sec-fetch-site", "same-origin")], false),
            (&[host, ("sec-fetch-site", "same-site")], true),
            (&[host, ("sec-fetch-site", "cross-site")], true),
            (&[host, ("sec-fetch-site", "anything")], true),
            (&[host, ("origin", "http://localhost:8080")], false),
            (&[host, ("origin", "http://localhost:8081")], true),
            (&[host, ("origin", "null")], true),
            (&[("origin", "http://localhost")], true),
            (&[host, ("origin", "https://app.example.org"), ("sec-fetch-site", "cross-site")], false),
            (&[host, ("origin", "https://app.example.org.evil.example")], true),
        ] {
            assert_eq!(listed.is_foreign(&headers(pairs)), foreign, "{pairs:?}");
        }
        let app = headers(&[host, ("origin", "https://app.example.org")]);
        assert!(Origins::None.is_foreign(&app) && !Origins::Any.is_foreign(&app));
    }

    #[test]
    fn a_header_that_needs_leave_tells_that_leave_was_given() {
        for (name, value, asked) in [
            ("x-orgraph-preflight", "1", true),
            ("apollo-require-preflight", "true", true),
            ("x-apollo-operation-name", "", false),
            ("content-type", "application/json; charset=utf-8", true),
            ("content-type", "text/plain; application/json", false),
            ("accept", "application/json", false),
        ] {
            assert_eq!(has_asked(&headers(&[(name, value)])), asked, "{name}: {value}");
        }
    }
}
