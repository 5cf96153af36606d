//! JSON as it is written: text escaped on its way into the one buffer of an answer, and fields counted.

use std::io::Write;

use async_graphql::Value;
use jiff::{Timestamp, tz::Offset};

use super::Planned;
use crate::{graphql::outcome::Cost, org::OrgSnapshot};

/// The numbers of two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// An answer that is being written.
pub(in crate::graphql) struct Json {
    bytes: Vec<u8>,
    /// How many fields it has, of all objects.
    fields: u64,
}

impl Json {
    pub(in crate::graphql) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), fields: 0 }
    }

    pub(in crate::graphql) fn fields(&self) -> u64 {
        self.fields
    }

    pub(in crate::graphql) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// What needs no escaping.
    pub(in crate::graphql) fn raw(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The key of a field of an object that began at `start`: `,"key":`, of which the first needs no comma.
    pub(super) fn key(&mut self, key: &str, start: usize) {
        self.fields += 1;
        self.raw(if self.bytes.len() == start { &key[1..] } else { key });
    }

    /// Begins an object, and tells where its fields begin.
    pub(super) fn begin_object(&mut self) -> usize {
        self.bytes.push(b'{');
        self.bytes.len()
    }

    pub(super) fn end_object(&mut self) {
        self.bytes.push(b'}');
    }

    /// A list of what `write` writes of each of `items`.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Planned<()>,
    ) -> Planned<()> {
        self.bytes.push(b'[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.bytes.push(b',');
            }
            write(self, item)?;
        }
        self.bytes.push(b']');
        Ok(())
    }

    pub(super) fn null(&mut self) {
        self.raw("null");
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    pub(super) fn bool_or_null(&mut self, value: Option<bool>) {
        match value {
            Some(value) => self.bool(value),
            None => self.null(),
        }
    }

    pub(super) fn number(&mut self, value: u64) {
        self.raw(itoa::Buffer::new().format(value));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes.push(b'"');
        self.escaped(text);
        self.bytes.push(b'"');
    }

    pub(super) fn text_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A word of the schema's: it needs no escaping.
    pub(super) fn word(&mut self, word: &str) {
        self.bytes.push(b'"');
        self.raw(word);
        self.bytes.push(b'"');
    }

    /// A moment to the millisecond.
    pub(super) fn moment(&mut self, moment: Timestamp) {
        let moment = Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment);
        let civil = Offset::UTC.to_datetime(moment);
        let Ok(year @ 0..=9_999) = u16::try_from(civil.year()) else {
            // A buffer takes everything.
            let _ = write!(self.bytes, "\"{moment}\"");
            return;
        };
        let pair = |number: u8| PAIRS[usize::from(number) % PAIRS.len()];
        let mut text = *b"\"0000-00-00T00:00:00.000Z\"";
        text[1..3].copy_from_slice(&pair((year / 100) as u8));
        text[3..5].copy_from_slice(&pair((year % 100) as u8));
        let [month, day, hour, minute, second] =
            [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()].map(i8::unsigned_abs);
        for (at, number) in [(6, month), (9, day), (12, hour), (15, minute), (18, second)] {
            text[at..at + 2].copy_from_slice(&pair(number));
        }
        let milliseconds = civil.millisecond().unsigned_abs();
        text[21] = b'0' + (milliseconds / 100) as u8;
        text[22..24].copy_from_slice(&pair((milliseconds % 100) as u8));
        // Of a second's fraction no zeros are written that say nothing.
        let end = match milliseconds {
            0 => 20,
            _ if milliseconds.is_multiple_of(100) => 22,
            _ if milliseconds.is_multiple_of(10) => 23,
            _ => 24,
        };
        text[end..end + 2].copy_from_slice(b"Z\"");
        self.bytes.extend_from_slice(&text[..end + 2]);
    }

    /// What an answer carries beside its data: `,"extensions":{…}`.
    pub(in crate::graphql) fn extensions(
        &mut self,
        Cost { requested, actual, limit }: Cost,
        snapshot: &OrgSnapshot,
    ) {
        self.raw(",\"extensions\":{\"cost\":{\"requested\":");
        self.number(requested);
        self.raw(",\"actual\":");
        self.number(actual);
        self.raw(",\"limit\":");
        self.number(limit);
        self.raw("},\"snapshot\":{\"version\":");
        self.word(&snapshot.version.to_string());
        self.raw(",\"takenAt\":");
        self.moment(snapshot.taken_at);
        self.raw("}}");
    }

    /// A value as the resolvers have come to it. Recurses as deep as the document.
    pub(in crate::graphql) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::Boolean(value) => self.bool(*value),
            // A buffer takes everything.
            Value::Number(number) => _ = write!(self.bytes, "{number}"),
            Value::String(text) => self.text(text),
            Value::Enum(name) => self.word(name),
            Value::Binary(bytes) => {
                self.values(bytes.iter().map(|&byte| Value::from(byte)).collect::<Vec<_>>().iter())
            }
            Value::List(items) => self.values(items.iter()),
            Value::Object(fields) => self.object(fields),
        }
    }

    fn values<'a>(&mut self, values: impl Iterator<Item = &'a Value>) {
        let _ = self.list(values, |out, value| {
            out.value(value);
            Ok(())
        });
    }

    /// An object of such values; its keys need no escaping.
    pub(in crate::graphql) fn object<'a, K: AsRef<str> + 'a>(
        &mut self,
        fields: impl IntoIterator<Item = (&'a K, &'a Value)>,
    ) {
        self.bytes.push(b'{');
        for (at, (key, value)) in fields.into_iter().enumerate() {
            self.raw(if at > 0 { ",\"" } else { "\"" });
            self.raw(key.as_ref());
            self.raw("\":");
            self.value(value);
        }
        self.bytes.push(b'}');
    }

    fn escaped(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some(at) = special(rest) {
            let (plain, special) = rest.split_at(at);
            self.bytes.extend_from_slice(plain);
            let (&byte, after) = special.split_first().unwrap_or((&b' ', &[]));
            let short = match byte {
                b'"' | b'\\' => Some(byte),
                8 => Some(b'b'),
                b'\t' => Some(b't'),
                b'\n' => Some(b'n'),
                12 => Some(b'f'),
                b'\r' => Some(b'r'),
                _ => None,
            };
            match short {
                Some(letter) => self.bytes.extend_from_slice(&[b'\\', letter]),
                None => _ = write!(self.bytes, "\\u{byte:04x}"),
            }
            rest = after;
        }
        self.bytes.extend_from_slice(rest);
    }
}

/// Where the first byte stands that needs escaping. Looks at eight at a time; the last eight are some of those before
/// again.
fn special(bytes: &[u8]) -> Option<usize> {
    let is_special = |&byte: &u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    let (eights, _) = bytes.as_chunks::<8>();
    let may = |eight: &[u8; 8]| may_hold_special(u64::from_ne_bytes(*eight));
    let clean = match (eights.iter().position(may), bytes.last_chunk::<8>()) {
        (None, Some(last)) if !may(last) => return None,
        (at, _) => 8 * at.unwrap_or(eights.len()),
    };
    bytes[clean..].iter().position(is_special).map(|at| clean + at)
}

/// Whether one of eight bytes may need escaping; never no where one does.
fn may_hold_special(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    // The top bit of each byte that is smaller than `than`, which borrows, and perhaps of some above such a one.
    let smaller = |word: u64, than: u64| word.wrapping_sub(ONES * than) & !word & TOPS;
    let equal = |byte: u8| smaller(word ^ (ONES * u64::from(byte)), 1);
    smaller(word, 0x20) | equal(b'"') | equal(b'\\') != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Json)) -> String {
        let mut json = Json::with_capacity(0);
        write(&mut json);
        String::from_utf8(json.finish()).unwrap()
    }

    #[test]
    fn text_is_escaped_as_elsewhere() {
        let all: String = (0..0x180).filter_map(char::from_u32).chain("\u{2028}𝄞".chars()).collect();
        for text in ["", "plain", "\"", "\\\\", "a\nb", "\u{1f}\u{7f}", &all] {
            assert_eq!(written(|json| json.text(text)), serde_json::to_string(text).unwrap());
        }
        // Wherever in a word it stands, beside whatever.
        for special in ['"', '\\', '\n', '\0', '\u{1f}', ' ', 'ü', '\u{7f}', '\u{80}'] {
            for at in 0..20 {
                let text = format!("{}{special}{}", "a!#[ ]~".repeat(at), "x".repeat(at));
                assert_eq!(
                    written(|json| json.text(&text[2 * at..])),
                    serde_json::to_string(&text[2 * at..]).unwrap()
                );
            }
        }
    }

    #[test]
    fn a_moment_is_written_as_elsewhere() {
        let some = (0..2_000i64).map(|at| at * 7_919_777_713_331 % 250_000_000_000_000 - 60_000_000_000_000);
        let round = [0, 1, 10, 100, 500, 999, 1_000, 60_000, 86_399_999, -1, -1_000, -62_167_219_200_000];
        let outside = [-62_167_219_200_001, 253_402_207_200_000, -377_000_000_000_000];
        for milliseconds in some.chain(round).chain(outside) {
            let moment = Timestamp::from_millisecond(milliseconds).unwrap();
            assert_eq!(written(|json| json.moment(moment)), format!("\"{moment}\""), "{milliseconds}");
        }
        let finer = Timestamp::from_nanosecond(1_999_999).unwrap();
        assert_eq!(written(|json| json.moment(finer)), "\"1970-01-01T00:00:00.001Z\"");
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 9, 10, 1_795_947_214_374, u64::MAX] {
            assert_eq!(written(|json| json.number(number)), number.to_string());
        }
    }

    #[test]
    fn only_the_first_key_has_no_comma() {
        let object = |json: &mut Json| {
            let start = json.begin_object();
            json.key(",\"a\":", start);
            json.null();
            json.key(",\"b\":", start);
            json.bool(true);
            json.end_object();
            assert_eq!(json.fields(), 2);
        };
        assert_eq!(written(object), r#"{"a":null,"b":true}"#);
    }
}
