//! What is near something good.

use fastrand::Rng;

/// Sequences of bytes that are no UTF-8, or that begin, end or confuse texts.
const BROKEN: [&[u8]; 12] = [
    b"\xff",
    b"\xfe\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x82",
    b"\xef\xbb\xbf",
    b"\0",
    b"\r\n\r\n",
    b"\x1b[2J",
    b"\\u0000",
    b"\\ud800",
];

/// Bytes with a few changed, put in, left out, doubled, or with the end cut off.
pub fn bytes(rng: &mut Rng, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..rng.usize(1..5) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(..bytes.len());
        match rng.usize(..6) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes[at] ^= 1 << rng.u8(..8),
            2 => _ = bytes.splice(at..at, BROKEN[rng.usize(..BROKEN.len())].iter().copied()),
            3 => _ = bytes.drain(at..(at + rng.usize(1..20)).min(bytes.len())),
            4 => {
                let doubled = bytes[at..(at + rng.usize(1..40)).min(bytes.len())].to_vec();
                bytes.splice(at..at, doubled);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// A text with a few of its words changed places, doubled, left out, or taken from another.
pub fn words(rng: &mut Rng, good: &str, other: &str) -> String {
    let split = |text: &str| {
        let mut words: Vec<String> = Vec::new();
        for character in text.chars() {
            match words.last_mut() {
                Some(word) if character.is_alphanumeric() && word.ends_with(char::is_alphanumeric) => {
                    word.push(character)
                }
                _ => words.push(character.to_string()),
            }
        }
        words
    };
    let (mut words, others) = (split(good), split(other));
    for _ in 0..rng.usize(1..6) {
        if words.is_empty() {
            break;
        }
        let at = rng.usize(..words.len());
        match rng.usize(..6) {
            0 => _ = words.remove(at),
            1 => words.insert(at, words[at].clone()),
            2 => words[at] = others[rng.usize(..others.len())].clone(),
            3 => {
                let to = rng.usize(..words.len());
                words.swap(at, to);
            }
            4 => words.truncate(at),
            _ => words.insert(
                at,
                rng.choice([
                    "{", "}", "(", ")", "\"", "\"\"\"", "...", "@", "$", "!", ":", "#", "\u{0}", "&",
                ])
                .unwrap()
                .to_owned(),
            ),
        }
    }
    words.concat()
}

/// Bytes as a value in a query string.
pub fn encoded(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("%{byte:02x}") }
        })
        .collect()
}
