//! What every answer tells browsers: not to guess, not to frame, not to keep, not to leak.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
};

use super::next::{Answer, Next};

/// Of an answer that is no page: it loads nothing and is shown nowhere.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// What every answer has, unless it says otherwise itself.
const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (CONTENT_SECURITY_POLICY, NO_PAGE),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The headers of an answer that has just begun, with a table for others, which copies keep.
pub(super) fn first() -> HeaderMap {
    let mut first = HeaderMap::with_capacity(2 * ALWAYS.len());
    first.extend(ALWAYS);
    first
}

pub(super) fn add<'a>(request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    next.run(request).then(|response| {
        let headers = response.headers_mut();
        // Where the first are, all are.
        if !headers.contains_key(X_CONTENT_TYPE_OPTIONS) {
            for (name, value) in ALWAYS {
                headers.entry(name).or_insert(value);
            }
        }
    })
}
