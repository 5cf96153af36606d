//! Parts of an answer whose length is known: `Range`, and the conditions that go with it (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{
    HeaderMap, HeaderName,
    header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE},
};

use super::super::graphql::Tag;

/// What a request for an answer of this name and length comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// The client has it already.
    Nothing,
    /// None of its bytes: the range lies beyond its end.
    Beyond,
    /// The answer is another than the client wants a part of.
    Another,
}

/// What is wanted of the answer with this name, before its length is known.
pub(super) fn of(headers: &HeaderMap, tag: &Tag, length: impl FnOnce() -> u64) -> Wanted {
    if wants_another(headers, tag) {
        return Wanted::Another;
    }
    if headers.contains_key(IF_NONE_MATCH) && tag.is_known(headers) {
        return Wanted::Nothing;
    }
    let one = headers.get_all(RANGE).iter().collect::<Vec<_>>();
    let [range] = one.as_slice() else { return Wanted::Whole };
    if headers.contains_key(IF_RANGE) && !names(headers, IF_RANGE, tag) {
        return Wanted::Whole;
    }
    match range.to_str().ok().and_then(read) {
        Some(range) => range.of(length()),
        // Another unit, several ranges, or none: all of it is always an answer.
        None => Wanted::Whole,
    }
}

/// Whether `If-Match` names another answer than this one.
pub(super) fn wants_another(headers: &HeaderMap, tag: &Tag) -> bool {
    headers.contains_key(IF_MATCH) && !names(headers, IF_MATCH, tag)
}

/// Whether a header names `tag`, or any answer there is. A weak name is none here.
pub(super) fn names(headers: &HeaderMap, header: HeaderName, tag: &Tag) -> bool {
    let said = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    let is_it = |said: &str| said == "*" || (said == tag.text() && !said.starts_with("W/"));
    said.flat_map(|said| said.split(',')).map(str::trim).any(is_it)
}

/// Bytes as a client tells them, without knowing the length.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    From(u64, Option<u64>),
    Last(u64),
}

fn read(range: &str) -> Option<Told> {
    let (unit, range) = range.split_once('=')?;
    let (from, to) = range.trim().split_once('-').filter(|_| unit.trim().eq_ignore_ascii_case("bytes"))?;
    let number = |text: &str| {
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (from.trim(), to.trim()) {
        ("", last) => number(last).map(Told::Last),
        (from, "") => Some(Told::From(number(from)?, None)),
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then_some(Told::From(from, Some(to)))
        }
    }
}

impl Told {
    fn of(self, length: u64) -> Wanted {
        match self {
            Self::Last(0) => Wanted::Beyond,
            Self::Last(last) => Wanted::Part(length.saturating_sub(last)..length),
            Self::From(from, _) if from >= length => Wanted::Beyond,
            Self::From(from, to) => {
                Wanted::Part(from..to.map_or(length, |to| to.saturating_add(1).min(length)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wanted(said: &[(HeaderName, &str)]) -> Wanted {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        of(&headers, &Tag::of_text("x").strong(), || 100)
    }

    #[test]
    fn a_range_is_what_it_says_as_far_as_there_are_bytes() {
        for (range, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=10-", Wanted::Part(10..100)),
            ("bytes=90-200", Wanted::Part(90..100)),
            ("bytes=-8", Wanted::Part(92..100)),
            ("bytes=-500", Wanted::Part(0..100)),
            ("Bytes = 5-6", Wanted::Part(5..7)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..100)),
            ("bytes=100-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("rows=0-1", Wanted::Whole),
        ] {
            assert_eq!(wanted(&[(RANGE, range)]), expected, "{range}");
        }
    }

    #[test]
    fn conditions_hold_for_this_answer_alone() {
        let tag = Tag::of_text("x").strong();
        let (own, weak) = (tag.text(), format!("W/{}", tag.text()));
        let part = (RANGE, "bytes=0-1");
        let of_part = Wanted::Part(0..2);
        assert_eq!(wanted(&[part.clone(), (IF_RANGE, own)]), of_part);
        assert_eq!(wanted(&[part.clone(), (IF_RANGE, &weak)]), Wanted::Whole);
        assert_eq!(wanted(&[part.clone(), (IF_RANGE, "Sun, 06 Nov 1994 08:49:37 GMT")]), Wanted::Whole);
        assert_eq!(wanted(&[part.clone(), (IF_MATCH, own)]), of_part);
        assert_eq!(wanted(&[part.clone(), (IF_MATCH, "\"other\"")]), Wanted::Another);
        assert_eq!(wanted(&[(IF_MATCH, &weak)]), Wanted::Another);
        assert_eq!(wanted(&[(IF_MATCH, "*")]), Wanted::Whole);
        assert_eq!(wanted(&[part, (IF_NONE_MATCH, &weak)]), Wanted::Nothing);
    }
}
