//! What clients' requests are read by, for programs that make them up. Each function reads one part, checks what must
//! hold of whatever comes, and tells whether it was understood.

use axum::http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, CONTENT_TYPE},
};

use super::{
    media::{MediaType, check_body},
    parameters::{Asked, Misshapen, Parameters},
};

/// The query string of a GET.
///
/// # Panics
/// If what is wrong with it isn't fit to be told.
pub fn query_string(bytes: &[u8]) -> bool {
    let Ok(query) = str::from_utf8(bytes) else { return false };
    understood(Parameters::from_query(query))
}

/// The body of a POST.
///
/// # Panics
/// If what is wrong with it isn't fit to be told.
pub fn body(bytes: &[u8]) -> bool {
    understood(Asked::from_body(bytes))
}

/// `Accept` and `Content-Type`, a line each.
///
/// # Panics
/// If the media type that is chosen can't be written.
pub fn media_types(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(HeaderValue::from_bytes);
    let mut headers = HeaderMap::new();
    for name in [ACCEPT, CONTENT_TYPE] {
        if let Some(Ok(value)) = lines.next() {
            headers.insert(name, value);
        }
    }
    let accepted = MediaType::accepted(&headers);
    assert!(accepted.is_none_or(|media| media.header().to_str().is_ok()));
    accepted.is_some() && check_body(&headers).is_ok()
}

fn understood<T>(read: Result<T, Misshapen>) -> bool {
    let Err(misshapen) = read else { return true };
    let told = misshapen.to_string();
    assert!(!told.is_empty() && told.len() < 500 && !told.contains(char::is_control), "{told:?}");
    false
}
