//! `Forwarded` (RFC 7239), and the `X-Forwarded-…` headers from before there was a standard.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, header::FORWARDED};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The most steps that are read; nobody has so many proxies.
const MOST: usize = 64;

/// One step of a request's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    /// Who asked; `None` if that isn't told or can't be read.
    pub(super) address: Option<IpAddr>,
    /// Whether it was by TLS, as far as it is told.
    pub(super) by_tls: bool,
}

/// The steps of a request's way as `Forwarded` tells them, the nearest last. None at all if it can't be read as a
/// whole; `None` if it isn't there.
pub(super) fn hops(headers: &HeaderMap) -> Option<Vec<Hop>> {
    headers
        .contains_key(FORWARDED)
        .then(|| all(headers, &FORWARDED).and_then(|text| elements(&text)).unwrap_or_default())
}

/// The same as the headers tell them that are older than the standard.
pub(super) fn x_hops(headers: &HeaderMap) -> Option<Vec<Hop>> {
    headers.contains_key(X_FORWARDED_FOR).then(|| read_x(headers))
}

fn read_x(headers: &HeaderMap) -> Vec<Hop> {
    let last = all(headers, &X_FORWARDED_PROTO).unwrap_or_default();
    let by_tls = last.rsplit(',').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("https"));
    let Some(text) = all(headers, &X_FORWARDED_FOR) else { return Vec::new() };
    text.rsplitn(MOST, ',')
        .map(|entry| Hop { address: node(entry.trim()), by_tls })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect()
}

/// All lines of a header as one; `None` if there is none or one is no text.
fn all(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Option<Vec<&str>> = headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
    lines.filter(|lines| !lines.is_empty()).map(|lines| lines.join(","))
}

/// The elements of a `Forwarded` header.
fn elements(text: &str) -> Option<Vec<Hop>> {
    let mut hops = Vec::new();
    let mut rest = text;
    loop {
        let mut hop = Hop { address: None, by_tls: false };
        let mut is_empty = true;
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let name = token(rest);
            if !name.is_empty() {
                is_empty = false;
                let (value, after) = value(rest[name.len()..].strip_prefix('=')?)?;
                rest = after.trim_start_matches([' ', '\t']);
                match name {
                    _ if name.eq_ignore_ascii_case("for") => hop.address = node(&value),
                    _ if name.eq_ignore_ascii_case("proto") => {
                        hop.by_tls = value.eq_ignore_ascii_case("https")
                    }
                    _ => {}
                }
            }
            match rest.strip_prefix(';') {
                Some(after) => rest = after,
                None => break,
            }
        }
        // Lists may have empty elements, which say nothing.
        if !is_empty {
            hops.push(hop);
        }
        match (rest.strip_prefix(','), rest.is_empty()) {
            (Some(after), _) => rest = after,
            (None, true) => return Some(hops.split_off(hops.len().saturating_sub(MOST))),
            (None, false) => return None,
        }
    }
}

/// The token at the beginning; empty if there is none.
fn token(text: &str) -> &str {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    &text[..end]
}

/// The value at the beginning, a token or a quoted string, and what comes after it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let token = token(text);
        return (!token.is_empty()).then(|| (token.to_owned(), &text[token.len()..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

/// An address, perhaps with a port; `None` for `unknown`, for names that are made up to hide one, and for
/// what is neither.
fn node(text: &str) -> Option<IpAddr> {
    let address: IpAddr = if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        if !port.is_empty() && !is_port(port.strip_prefix(':')?) {
            return None;
        }
        address.parse::<Ipv6Addr>().ok()?.into()
    } else if let Ok(bare) = text.parse::<Ipv6Addr>() {
        bare.into()
    } else {
        let (address, port) = text.split_once(':').unwrap_or((text, "0"));
        address.parse::<Ipv4Addr>().ok().filter(|_| is_port(port))?.into()
    };
    Some(address.to_canonical())
}

/// A number, or a made-up name.
fn is_port(text: &str) -> bool {
    match text.strip_prefix('_') {
        Some(name) => {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        }
        None => (1..=5).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit()),
    }
}
