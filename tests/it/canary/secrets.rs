//! Secrets that can be told wherever they turn up, and the forms in which they may.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use reqwest::Url;
use serde_json::Value;

/// What every secret begins with. It looks the same in a URL, in JSON and in HTML.
const WORD: &str = "canary";
/// What every secret ends with: characters that are written otherwise in a URL, in JSON and in HTML.
const ODD: &str = r#"/+"&\=zz"#;

/// A secret for this purpose.
pub fn secret(purpose: &str) -> String {
    format!("{WORD}{purpose}5d1c{ODD}")
}

/// A secret as it is, in a query string and in JSON.
pub fn forms(secret: &str) -> [String; 3] {
    let url = Url::parse_with_params("http://localhost", [("s", secret)]).unwrap();
    let in_url = url.query().unwrap().strip_prefix("s=").unwrap().to_owned();
    let in_json = Value::from(secret).to_string();
    [secret.to_owned(), in_url, in_json[1..in_json.len() - 1].to_owned()]
}

/// A name and a secret as HTTP Basic writes them, with padding and without.
pub fn basic(name: &str, secret: &str) -> [String; 2] {
    let both = format!("{name}:{secret}");
    [BASE64_STANDARD.encode(&both), BASE64_STANDARD_NO_PAD.encode(&both)]
}

/// All that came out, by where it came from.
#[derive(Default)]
pub struct Haul(Vec<(String, Vec<u8>)>);

impl Haul {
    pub fn add(&mut self, from: impl Into<String>, text: impl Into<Vec<u8>>) {
        self.0.push((from.into(), text.into()));
    }

    /// Every file of a directory, but the one whose purpose it is to hold secrets.
    pub fn add_files(&mut self, directory: &std::path::Path) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name != "tokens.json") {
                self.add(format!("file {}", path.display()), std::fs::read(&path).unwrap());
            }
        }
    }

    /// Whether a text is in it: the search isn't one of nothing.
    pub fn holds(&self, from: &str, text: &str) -> bool {
        let text = text.as_bytes();
        let of = self.0.iter().filter(|(name, _)| name.starts_with(from));
        of.into_iter().any(|(_, bytes)| bytes.windows(text.len()).any(|window| window == text))
    }

    /// How many texts, and their bytes.
    pub fn size(&self) -> (usize, usize) {
        (self.0.len(), self.0.iter().map(|(_, bytes)| bytes.len()).sum())
    }

    /// Where a secret is, with what stands around it.
    pub fn hits(&self) -> Vec<String> {
        let needles = needles();
        let hits = self.0.iter().flat_map(|(from, bytes)| {
            let (lower, needles) = (bytes.to_ascii_lowercase(), &needles);
            needles.iter().filter_map(move |(is_exact, needle)| {
                let text = if *is_exact { bytes } else { &lower };
                let at = text.windows(needle.len()).position(|window| window == needle.as_bytes())?;
                let around = &bytes[at.saturating_sub(160)..(at + 80).min(bytes.len())];
                Some(format!("{from}: …{}…", String::from_utf8_lossy(around)))
            })
        });
        hits.collect()
    }
}

/// The word, and what is left of it in base64 at each of the three places where it can begin; and as a
/// `Debug` of bytes has it. With each, whether capitals matter.
fn needles() -> Vec<(bool, String)> {
    let in_base64 = (0..3).map(|before| {
        let text = BASE64_STANDARD.encode(format!("{}{WORD}", "\0".repeat(before)));
        // Letters that a neighbour has a part in are left out.
        let (begin, end) = ((before * 8).div_ceil(6), (before + WORD.len()) * 8 / 6);
        (true, text[begin..end].to_owned())
    });
    let as_numbers = WORD.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    in_base64.chain([(false, WORD.to_owned()), (true, as_numbers)]).collect()
}

#[test]
fn a_secret_is_found_in_every_form_and_every_place() {
    let (name, secret) = (secret("Name"), secret("Secret"));
    let forms = [&forms(&name)[..], &forms(&secret)[..], &basic(&name, &secret)[..]].concat();
    let others = [
        BASE64_STANDARD.encode(format!("x{secret}")),
        BASE64_STANDARD.encode(format!("xy{secret}")),
        format!("{:?}", secret.as_bytes()),
        secret.to_uppercase(),
    ];
    let distinct: std::collections::BTreeSet<_> = forms.iter().collect();
    assert_eq!(distinct.len(), 8, "the forms differ: {forms:?}");
    for form in forms.iter().chain(&others) {
        let mut haul = Haul::default();
        haul.add("log", format!("2026-01-01 INFO it began with{form}and went on\nand on"));
        assert!(!haul.hits().is_empty(), "{form}");
    }
    let scratch = crate::support::Scratch::new();
    for file in ["tokens.json", "snapshot.db-wal"] {
        std::fs::write(scratch.path().join(file), [b"\0\xff", secret.as_bytes(), b"\0"].concat()).unwrap();
    }
    let mut haul = Haul::default();
    haul.add("answer", r#"{"data":{"roots":{"totalCount":1}}} can ary 7"#);
    assert_eq!(haul.hits(), [""; 0]);
    haul.add_files(scratch.path());
    assert!(matches!(&haul.hits()[..], [hit] if hit.contains("snapshot.db-wal")));
}
