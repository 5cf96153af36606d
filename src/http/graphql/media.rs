//! The media types of GraphQL over HTTP: what an answer is written as, and what a body may be.

use axum::http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE},
};

use super::super::accept::{Accept, is_utf8, split};

/// What an answer is written as. Both are the same JSON; they differ in what an HTTP status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::http) enum MediaType {
    /// `application/json`: a request that can be read is answered with 200, whatever becomes of it.
    Json,
    /// `application/graphql-response+json`: 200 only for what was run.
    GraphqlResponse,
}

impl MediaType {
    /// The one that a client would rather have; `None` if it accepts neither.
    ///
    /// Who says nothing, or says it by a wildcard, gets `application/json`. (From 2025 on the specification would
    /// rather see the other one where there is no `Accept`; its audits, and every client that doesn't know of it,
    /// expect this.)
    pub(in crate::http) fn accepted(headers: &HeaderMap) -> Option<Self> {
        // What most say.
        let mut said = headers.get_all(ACCEPT).iter();
        match (said.next().map(HeaderValue::as_bytes), said.next()) {
            (None | Some(b"application/json" | b"*/*"), None) => return Some(Self::Json),
            (Some(b"application/graphql-response+json"), None) => return Some(Self::GraphqlResponse),
            _ => {}
        }
        let Some(accept) = Accept::of(headers) else { return Some(Self::Json) };
        let json = accept.wanted("application", "json");
        let graphql = accept.wanted("application", "graphql-response+json");
        if graphql.quality > json.quality || (graphql.named && graphql.quality == json.quality) {
            return (graphql.quality > 0).then_some(Self::GraphqlResponse);
        }
        (json.quality > 0).then_some(Self::Json)
    }

    /// The value of `Content-Type`.
    pub(in crate::http) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// What a body may be, as `Accept` and `Accept-Post` tell it.
pub(in crate::http) const BODY: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Whether a body is said to be JSON in UTF-8 and nothing else; if not, what is wrong.
///
/// The types that a page on another site can post without asking first (`text/plain`, forms, none at all) are not
/// among what is taken, with no exception.
pub(super) fn check_body(headers: &HeaderMap) -> Result<(), &'static str> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(media_type), None) = (types.next(), types.next()) else {
        return Err("content-type: must be given, once, as application/json");
    };
    if media_type == "application/json" && !headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    let text = media_type.to_str().unwrap_or_default();
    let mut parts = split(text, ';').into_iter();
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case("application/json") {
        return Err("content-type: the body must be application/json");
    }
    let is_charset = |name: &str| name.trim().eq_ignore_ascii_case("charset");
    let mut charsets = parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| is_charset(name));
    if !charsets.all(|(_, charset)| is_utf8(charset)) {
        return Err("content-type: the body must be in UTF-8");
    }
    let plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(plain) {
        return Err("content-encoding: the body must not be compressed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(text: &str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(text).unwrap());
        MediaType::accepted(&headers)
    }

    #[test]
    fn a_client_gets_what_it_would_rather_have() {
        use MediaType::{GraphqlResponse, Json};
        const GRAPHQL: &str = "application/graphql-response+json";
        for (text, expected) in [
            ("*/*".to_owned(), Some(Json)),
            ("application/*".to_owned(), Some(Json)),
            ("application/json".to_owned(), Some(Json)),
            (GRAPHQL.to_owned(), Some(GraphqlResponse)),
            (format!("{GRAPHQL}; charset=utf-8"), Some(GraphqlResponse)),
            (format!("{GRAPHQL}, application/json;q=0.9"), Some(GraphqlResponse)),
            (format!("{GRAPHQL};q=0.8, application/json"), Some(Json)),
            (format!("application/json, {GRAPHQL}"), Some(GraphqlResponse)),
            (format!("*/*;q=0.9, {GRAPHQL};q=0.1"), Some(Json)),
            (format!("*/*, {GRAPHQL};q=0"), Some(Json)),
            (format!("{GRAPHQL}, application/json;q=0"), Some(GraphqlResponse)),
            ("application/*, application/json;q=0".to_owned(), Some(GraphqlResponse)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8".to_owned(), Some(Json)),
            ("text/html".to_owned(), None),
            ("application/json;q=0".to_owned(), None),
            ("application/json; charset=utf-16".to_owned(), None),
        ] {
            assert_eq!(accepted(&text), expected, "{text}");
        }
        assert_eq!(MediaType::accepted(&HeaderMap::new()), Some(Json));
    }

    #[test]
    fn a_body_is_json_in_utf8_and_nothing_else() {
        let check = |headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, HeaderValue::from_static(value));
            }
            check_body(&map).is_ok()
        };
        for good in
            ["application/json", "Application/JSON ; charset=UTF-8", "application/json;charset=\"utf8\""]
        {
            assert!(check(&[("content-type", good)]), "{good}");
        }
        for bad in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=latin1",
            "application/json; charset=utf-8; charset=utf-16",
            "application/jsonp",
            "text/plain; a=application/json",
            "",
        ] {
            assert!(!check(&[("content-type", bad)]), "{bad}");
        }
        assert!(!check(&[]));
        assert!(!check(&[("content-type", "application/json"), ("content-type", "application/json")]));
        assert!(!check(&[("content-type", "application/json"), ("content-encoding", "gzip")]));
    }
}
