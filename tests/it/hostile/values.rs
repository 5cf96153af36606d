//! Values that are at the edge of what they claim to be, as GraphQL and as JSON.

use fastrand::Rng;

const NUMBERS: [&str; 26] = [
    "0",
    "-0",
    "1",
    "-1",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1e3",
    "1e308",
    "1e309",
    "-1e400",
    "1e-400",
    "0.1",
    "1.0",
    "00",
    "01",
    "1.",
    ".5",
    "0x10",
    "+1",
    "1e",
];

const TEXTS: [&str; 22] = [
    "",
    " ",
    "null",
    "true",
    "{}",
    "[]",
    "../../etc/passwd",
    "' OR '1'='1",
    "<script>alert(1)</script>",
    "${jndi:ldap://x/a}",
    "{{7*7}}",
    "%00",
    "%s%n%x",
    "\u{feff}",
    "\u{202e}evil",
    "\u{200d}\u{200d}",
    "🧑‍💻",
    "İ",
    "ß",
    "ﷺ",
    "A\u{30a}\u{301}\u{302}",
    "a@b.c",
];

/// A number, or what looks like one.
pub fn number(rng: &mut Rng) -> String {
    match rng.usize(..NUMBERS.len() + 2) {
        at if at < NUMBERS.len() => NUMBERS[at].to_owned(),
        at if at == NUMBERS.len() => "9".repeat(rng.usize(20..1_500)),
        _ => format!("{}e{}", rng.i64(..), rng.i32(..)),
    }
}

/// Any text: characters of all planes, controls, or one of those that break something somewhere.
pub fn wild(rng: &mut Rng) -> String {
    match rng.usize(..4) {
        0 => TEXTS[rng.usize(..TEXTS.len())].to_owned(),
        1 => (0..rng.usize(..40)).map(|_| rng.char(..)).collect(),
        2 => TEXTS[rng.usize(..TEXTS.len())].repeat(rng.usize(1..40)),
        _ => (0..rng.usize(..60)).map(|_| rng.char('\0'..'\u{7f}')).collect(),
    }
}

/// A string as GraphQL writes it, now and then not closed, badly escaped, or a block.
pub fn string(rng: &mut Rng) -> String {
    let text = wild(rng);
    match rng.usize(..12) {
        0 => format!("\"{text}"),
        1 => format!("\"\"\"{text}\"\"\""),
        2 => format!("\"\"\"{text}\\\"\"\"\"\"\""),
        3 => "\"\\uD800\"".to_owned(),
        4 => "\"\\uDC00\\uD800\"".to_owned(),
        5 => "\"\\u{110000}\"".to_owned(),
        6 => format!("\"\\{}\"", rng.alphabetic()),
        _ => serde_json::to_string(&text).unwrap(),
    }
}

/// A name that GraphQL allows, or nearly.
pub fn name(rng: &mut Rng) -> String {
    let first = rng.choice(['_', 'a', 'Z', '9', 'é', '-', '$']).unwrap();
    let rest = (0..rng.usize(..24)).map(|_| rng.alphanumeric()).collect::<String>();
    format!("{first}{rest}")
}

/// A value of GraphQL of any kind.
pub fn literal(rng: &mut Rng, depth: usize) -> String {
    match rng.usize(..if depth == 0 { 6 } else { 9 }) {
        0 => number(rng),
        1 | 2 => string(rng),
        3 => rng.choice(["true", "false", "null"]).unwrap().to_owned(),
        4 => name(rng),
        5 => format!("${}", name(rng)),
        6 => list(rng, |rng| literal(rng, depth - 1)),
        7 => {
            let levels = rng.usize(1..120);
            format!("{}{}{}", "[".repeat(levels), literal(rng, 0), "]".repeat(levels))
        }
        _ => {
            let fields: Vec<_> = (0..rng.usize(..5))
                .map(|_| {
                    format!(
                        "{}: {}",
                        rng.choice(["id", "under", "and", "not", "first", "ä"]).unwrap(),
                        literal(rng, depth - 1)
                    )
                })
                .collect();
            format!("{{{}}}", fields.join(" "))
        }
    }
}

/// A value of JSON of any kind, now and then not quite JSON.
pub fn json(rng: &mut Rng, depth: usize) -> String {
    match rng.usize(..if depth == 0 { 5 } else { 8 }) {
        0 => number(rng),
        1 => serde_json::to_string(&wild(rng)).unwrap(),
        2 => rng
            .choice(["true", "false", "null", "NaN", "Infinity", "undefined", "TRUE", "'x'"])
            .unwrap()
            .to_owned(),
        3 => rng
            .choice([r#""\ud800""#, r#""\udc00\ud800""#, r#""\u00""#, r#""\x00""#, "\"\u{0}\"", "\"\n\""])
            .unwrap()
            .to_owned(),
        4 => format!("\"{}\"", "x".repeat(rng.usize(..3_000))),
        5 => list(rng, |rng| json(rng, depth - 1)),
        6 => {
            let levels = rng.usize(1..300);
            format!("{}1{}", "[".repeat(levels), "]".repeat(if rng.bool() { levels } else { levels / 2 }))
        }
        _ => {
            let fields: Vec<_> = (0..rng.usize(..5))
                .map(|_| {
                    format!(
                        "{}: {}",
                        serde_json::to_string(rng.choice(["id", "a", "__proto__", "", "a"]).unwrap())
                            .unwrap(),
                        json(rng, depth - 1)
                    )
                })
                .collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

fn list(rng: &mut Rng, item: impl Fn(&mut Rng) -> String) -> String {
    let items: Vec<_> = (0..rng.usize(..5)).map(|_| item(rng)).collect();
    format!("[{}]", items.join(", "))
}
