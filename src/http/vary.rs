//! What an answer depends on beside its URL, for whoever keeps it on the way.

use axum::http::{HeaderMap, HeaderValue, header::VARY};

/// All that an answer of `/graphql` depends on.
pub(super) const OF_GRAPHQL: HeaderValue = HeaderValue::from_static("accept, authorization, accept-encoding");

/// Tells that an answer depends on the request's `header`, one of [those](OF_GRAPHQL), if it hasn't been told already.
pub(super) fn depends_on(headers: &mut HeaderMap, header: &'static str) {
    debug_assert!(OF_GRAPHQL.to_str().is_ok_and(|all| all.contains(header)), "{header}");
    if headers.get(VARY) == Some(&OF_GRAPHQL) {
        return;
    }
    let names = headers.get_all(VARY).iter().filter_map(|value| value.to_str().ok());
    let mut names = names.flat_map(|value| value.split(',').map(str::trim));
    if !names.any(|name| name.eq_ignore_ascii_case(header)) {
        headers.append(VARY, HeaderValue::from_static(header));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_answer_depends_on_is_told_once() {
        for (told, header, expected) in [
            (&[][..], "accept-encoding", &["accept-encoding"][..]),
            (&["accept"], "accept-encoding", &["accept", "accept-encoding"]),
            (&["accept, Accept-Encoding"], "accept-encoding", &["accept, Accept-Encoding"]),
            (&["origin", "authorization"], "authorization", &["origin", "authorization"]),
            (
                &["accept, authorization, accept-encoding"],
                "authorization",
                &["accept, authorization, accept-encoding"],
            ),
        ] {
            let mut headers: HeaderMap =
                told.iter().map(|told| (VARY, HeaderValue::from_static(told))).collect();
            depends_on(&mut headers, header);
            assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), expected);
        }
    }
}
