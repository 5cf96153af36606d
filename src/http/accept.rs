//! Which media types a client can read, and which of them it would rather have: the `Accept` header.

use axum::http::{HeaderMap, header::ACCEPT};

/// What a client accepts.
pub(super) struct Accept(Vec<Range>);

/// A media range, such as `application/*;q=0.5`.
struct Range {
    kind: String,
    subkind: String,
    /// In thousandths.
    quality: u16,
}

/// How much a client wants a media type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// In thousandths; at 0 the type is not acceptable.
    pub(super) quality: u16,
    /// The type was named to the letter, and not by a wildcard.
    pub(super) named: bool,
}

impl Accept {
    /// What the headers say; `None` if they say nothing, so that anything will do.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let texts = headers.get_all(ACCEPT).iter().map(|value| value.to_str().unwrap_or("?"));
        let ranges: Vec<_> = texts.flat_map(|text| split(text, ',')).filter(|it| !it.is_empty()).collect();
        (!ranges.is_empty()).then(|| Self(ranges.into_iter().filter_map(Range::read).collect()))
    }

    /// How much `kind/subkind` is wanted: what the most specific range that fits says. Everything here is UTF-8.
    pub(super) fn wanted(&self, kind: &str, subkind: &str) -> Wanted {
        let fits = |range: &&Range| {
            (range.kind == "*" || range.kind == kind) && (range.subkind == "*" || range.subkind == subkind)
        };
        let specific = |range: &&Range| (range.kind != "*", range.subkind != "*", range.quality);
        let best = self.0.iter().filter(fits).max_by_key(specific);
        best.map_or(Wanted::default(), |range| Wanted { quality: range.quality, named: range.subkind != "*" })
    }
}

impl Range {
    /// A range that can't be read, or is for another charset than UTF-8, is none.
    fn read(text: &str) -> Option<Self> {
        let mut parts = split(text, ';').into_iter();
        let (kind, subkind) = parts.next()?.split_once('/')?;
        let (kind, subkind) = (kind.trim().to_ascii_lowercase(), subkind.trim().to_ascii_lowercase());
        if kind.is_empty() || subkind.is_empty() || (kind == "*" && subkind != "*") {
            return None;
        }
        let mut quality = 1_000;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("q") {
                quality = thousandths(value)?;
                // What follows is no part of the media type.
                break;
            } else if name.eq_ignore_ascii_case("charset") && !is_utf8(value) {
                return None;
            }
        }
        Some(Self { kind, subkind, quality })
    }
}

/// Whether a charset parameter names UTF-8.
pub(super) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// The parts of a header's text between separators that aren't quoted, trimmed.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let between = |c: char| {
        let separates = c == separator && !quoted;
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
        separates
    };
    text.split(between).map(str::trim).collect()
}

/// A weight from 0 to 1 with at most three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| is_number)?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accept(text: &str) -> Option<Accept> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(text).unwrap());
        Accept::of(&headers)
    }

    fn quality(text: &str, kind: &str, subkind: &str) -> u16 {
        accept(text).unwrap().wanted(kind, subkind).quality
    }

    #[test]
    fn the_most_specific_range_counts() {
        let text = "*/*;q=0.1, application/*;q=0.5, application/json; q=0.8, text/html;q=0";
        assert_eq!(quality(text, "application", "json"), 800);
        assert_eq!(quality(text, "application", "xml"), 500);
        assert_eq!(quality(text, "image", "png"), 100);
        assert_eq!(quality(text, "text", "html"), 0);
        assert!(accept(text).unwrap().wanted("application", "json").named);
        assert!(!accept(text).unwrap().wanted("application", "xml").named);
    }

    #[test]
    fn names_are_compared_without_case_and_only_utf8_fits() {
        assert_eq!(quality("Application/JSON;Charset=\"UTF-8\"", "application", "json"), 1_000);
        assert_eq!(quality("application/json;charset=latin1", "application", "json"), 0);
        assert_eq!(quality("application/json;charset=latin1, */*;q=0.2", "application", "json"), 200);
        assert_eq!(quality("application/json;odata=\"a,b;q=0\";q=0.3", "application", "json"), 300);
    }

    #[test]
    fn what_cannot_be_read_accepts_nothing() {
        for text in ["?", "json", "application/", "*/json", "application/json;q=2", "application/json;q=.5"] {
            assert_eq!(quality(text, "application", "json"), 0, "{text}");
        }
        for (text, expected) in [("1", 1_000), ("1.000", 1_000), ("0.", 0), ("0.25", 250), ("0.001", 1)] {
            assert_eq!(thousandths(text), Some(expected), "{text}");
        }
        for text in ["1.1", "0.0001", "-1", "", "0.5x", "1e3"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }

    #[test]
    fn no_header_and_an_empty_one_say_nothing() {
        assert!(Accept::of(&HeaderMap::new()).is_none());
        assert!(accept("").is_none());
        assert!(accept(" , ").is_none());
    }
}
