//! One look over a text before it is parsed: the parser's own work grows with tokens, and it recurses over
//! values and types as well as selections, of which it bounds only the last.

use super::{Caps, Over};

/// Brackets of any kind that stand for one level of selections at most.
const BRACKETS_A_LEVEL: usize = 3;

/// Checks a text before it is parsed, up to the first cap that it passes.
pub(in crate::graphql) fn check(text: &str, caps: &Caps) -> Result<(), Over> {
    Over::at_most(text.len(), "documentBytes", caps.document_bytes, "bytes")?;
    let brackets = caps.depth.saturating_mul(BRACKETS_A_LEVEL);
    let seen = Seen::of(text.as_bytes(), caps.tokens, brackets);
    Over::at_most(seen.deepest, "depth", brackets, "brackets")
        .map_err(|_| Over::new("depth", caps.depth, "levels"))?;
    Over::at_most(seen.tokens, "tokens", caps.tokens, "tokens")?;
    Over::at_most(seen.longest_name, "nameBytes", caps.name_bytes, "bytes in one name")
}

/// What a text was seen to hold; all of it, or as far as one bound was passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// At least as many as the parser finds.
    tokens: usize,
    /// At least as deep as the parser goes.
    deepest: usize,
    longest_name: usize,
}

impl Seen {
    /// Strings and comments are passed over as the grammar does; from a string on that isn't closed, nothing
    /// is passed over and nothing closes.
    fn of(mut text: &[u8], most_tokens: usize, most_brackets: usize) -> Self {
        let (mut seen, mut depth, mut in_doubt) = (Self::default(), 0_usize, false);
        while let [first, rest @ ..] = text {
            // Byte order marks are blanks of the grammar.
            if let [b' ' | b'\t' | b',' | b'\r' | b'\n', rest @ ..] | [0xef, 0xbb, 0xbf, rest @ ..] = text {
                text = rest;
                continue;
            }
            if *first == b'#' && !in_doubt {
                text = rest.iter().position(|byte| b"\r\n".contains(byte)).map_or(&[], |end| &rest[end..]);
                continue;
            }
            seen.tokens += 1;
            text = match first {
                b'"' if !in_doubt => after_string(rest).unwrap_or_else(|| {
                    in_doubt = true;
                    rest
                }),
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    seen.deepest = seen.deepest.max(depth);
                    rest
                }
                b')' | b']' | b'}' if !in_doubt => {
                    depth = depth.saturating_sub(1);
                    rest
                }
                b'.' => rest.strip_prefix(b"..").unwrap_or(rest),
                b'-' | b'0'..=b'9' => after_number(rest),
                first if is_of_name(*first) => {
                    let more = run(rest, is_of_name);
                    seen.longest_name = seen.longest_name.max(1 + more);
                    &rest[more..]
                }
                _ => rest,
            };
            if seen.tokens > most_tokens || seen.deepest > most_brackets {
                break;
            }
        }
        seen
    }
}

fn is_of_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn run(text: &[u8], is_in: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| is_in(**byte)).count()
}

/// What follows a number whose first character stands before `text`.
fn after_number(text: &[u8]) -> &[u8] {
    let digits = |text: &[u8]| run(text, |byte| byte.is_ascii_digit());
    let mut text = &text[digits(text)..];
    if let [b'.', rest @ ..] = text
        && let fraction @ 1.. = digits(rest)
    {
        text = &rest[fraction..];
    }
    if let [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] = text
        && let exponent @ 1.. = digits(rest)
    {
        text = &rest[exponent..];
    }
    text
}

/// What follows the string that has begun with a quote before `text`, if it is closed.
fn after_string(text: &[u8]) -> Option<&[u8]> {
    if let Some(mut block) = text.strip_prefix(b"\"\"") {
        loop {
            block = match block {
                [b'\\', b'"', b'"', b'"', rest @ ..] => rest,
                [b'"', b'"', b'"', rest @ ..] => return Some(rest),
                [_, rest @ ..] => rest,
                [] => return None,
            };
        }
    }
    let mut line = text;
    loop {
        line = match line {
            [b'"', rest @ ..] => return Some(rest),
            [b'\r' | b'\n', ..] | [] => return None,
            [b'\\', _, rest @ ..] | [_, rest @ ..] => rest,
        };
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{
        Value,
        parser::{parse_query, types::Selection},
    };

    use super::*;

    const ANY: usize = usize::MAX;

    fn brackets() -> usize {
        Caps::default().depth * BRACKETS_A_LEVEL
    }

    fn passed(text: &str) -> Option<&'static str> {
        match check(text, &Caps { document_bytes: ANY, ..Caps::default() }) {
            Err(Over::Cap { cap, .. }) => Some(cap),
            Err(Over::Ring { .. }) => Some("ring"),
            Ok(()) => None,
        }
    }

    #[test]
    fn tokens_are_those_of_the_grammar() {
        for (text, tokens) in [
            ("", 0),
            (" ,\t\r\n\u{feff}# a b c\n", 0),
            ("{ a }", 3),
            ("{a b,c}", 5),
            ("query Q($a: [Int!]! = [1, -2]) @d { ...F }", 23),
            (r#""a b \" c""#, 1),
            (r#""""a "b" \""" c""""#, 1),
            ("1 1.5 -1e10 1.5E-3 0", 5),
            ("1-2-3", 3),
            ("1.a", 3),
            ("1e", 2),
            ("......", 2),
            ("a1_b", 1),
            ("\"open a b", 4),
        ] {
            assert_eq!(Seen::of(text.as_bytes(), ANY, ANY).tokens, tokens, "{text}");
        }
    }

    #[test]
    fn a_text_is_read_no_further_than_the_first_cap() {
        let text = "a ".repeat(100);
        assert_eq!(Seen::of(text.as_bytes(), 10, ANY).tokens, 11);
        assert_eq!(Seen::of("[[[[[[".as_bytes(), ANY, 2).deepest, 3);
    }

    #[test]
    fn brackets_are_bounded_wherever_a_parser_recurses() {
        for (open, close) in [("[", "]"), ("{ a: ", "}"), ("(", ")")] {
            let nested = |n: usize| format!("{{ a(b: {}1{}) }}", open.repeat(n), close.repeat(n));
            assert_eq!(passed(&nested(brackets() - 2)), None);
            assert_eq!(passed(&nested(brackets() - 1)), Some("depth"));
        }
        let many = "[".repeat(1_000);
        for harmless in [
            format!(r#"{{ a(b: "{many}") }}"#),
            format!(r#"{{ a(b: "\"{many}") }}"#),
            format!(r#"{{ a(b: """ " {many} \""" {many}""") }}"#),
            format!("{{ a # {many}\n }}"),
        ] {
            assert_eq!(passed(&harmless), None, "{harmless:.40}");
        }
        for hidden in [
            format!(r#"{{ a(b: "" {many}"#),
            format!("{{ a(b: \"x\n {many}"),
            format!("# x\n{many}"),
            format!("{{ #\r a(b: {many}"),
            format!(r#"{{ a(b: ["""\\""" """ {many}"#),
            format!(r#"{{ a(b: ["""\"""" """ {many}"#),
            format!(r#"{{ a(b: [""" x" {many}"#),
            format!("\" {}", "[]".repeat(100)),
        ] {
            assert_eq!(passed(&hidden), Some("depth"), "{hidden:.40}");
        }
    }

    /// Whatever the parser takes, it has gone no deeper than was measured, and found no more values.
    #[test]
    fn no_text_is_more_than_it_measures() {
        fn size(value: &Value) -> (usize, usize) {
            match value {
                Value::List(list) => {
                    let (depths, counts): (Vec<_>, Vec<_>) = list.iter().map(size).unzip();
                    (1 + depths.into_iter().max().unwrap_or(0), 2 + counts.into_iter().sum::<usize>())
                }
                _ => (0, 1),
            }
        }
        let pieces = [
            r#"""""#, "\"", "\\", "#", "\r", "\n", "[", "[", "]", " ", "x", "\"\"", "\\\"\"\"", "1", "-1",
            "1.5", "e2", "\u{feff}",
        ];
        let mut rng = fastrand::Rng::with_seed(7);
        let mut parsed = 0;
        for _ in 0..30_000 {
            let soup: String = (0..rng.usize(1..14)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            let text = format!("{{ a(b: [{soup}]) }}");
            let Ok(document) = parse_query(&text) else { continue };
            parsed += 1;
            let (_, operation) = document.operations.iter().next().unwrap();
            let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { continue };
            let (depth, tokens) = field
                .node
                .arguments
                .iter()
                .filter_map(|(_, value)| Some(size(&value.node.clone().into_const()?)))
                .fold((0, 0), |most, one| (most.0.max(one.0), most.1 + one.1));
            let seen = Seen::of(text.as_bytes(), ANY, ANY);
            assert!(depth + 2 <= seen.deepest && tokens + 7 <= seen.tokens, "{text:?} {seen:?}");
        }
        assert!(parsed > 500, "{parsed}");
    }
}
