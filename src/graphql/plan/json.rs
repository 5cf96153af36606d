//! JSON as it is written: text escaped on its way into the one buffer of an answer, and fields counted.

use std::io::Write;

use async_graphql::Value;

use super::Planned;
use crate::{graphql::outcome::Cost, org::OrgSnapshot};

/// What most texts, and most keys, fit in.
pub(super) const SHORT: usize = 32;

/// Bytes that a plan writes as they stand.
pub(super) struct Literal {
    /// The first of them, and room.
    chunk: [u8; SHORT],
    /// How many are there.
    length: usize,
    rest: Box<[u8]>,
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        let (first, rest) = text.as_bytes().split_at(text.len().min(SHORT));
        let mut chunk = [0; SHORT];
        chunk[..first.len()].copy_from_slice(first);
        Self { chunk, length: first.len(), rest: rest.into() }
    }
}

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

    /// What stands before the value of a field: its key, and what is before that.
    pub(super) fn before_value(&mut self, before: &Literal) {
        self.fields += 1;
        self.in_room(&before.chunk, |_| before.length);
        if !before.rest.is_empty() {
            self.bytes.extend_from_slice(&before.rest);
        }
    }

    /// What `write` makes of these bytes, and as many of them as it says: to write all and take the others back costs
    /// less than a copy of a length that isn't known before. It writes where they stay, since a processor stalls when it
    /// reads at once what was just stored in parts.
    pub(super) fn in_room<const ROOM: usize>(
        &mut self,
        bytes: &[u8; ROOM],
        write: impl FnOnce(&mut [u8; ROOM]) -> usize,
    ) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let written = self.bytes.last_chunk_mut().map_or(0, write);
        self.bytes.truncate(start + written);
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
        match special(text.as_bytes()) {
            None => self.plain(text),
            Some(_) => self.escaped(text.as_bytes()),
        }
    }

    /// A text that needs no escaping.
    pub(super) fn plain(&mut self, text: &str) {
        match text.len() {
            32..=62 => self.short::<32, 64>(text),
            16..=30 => self.short::<16, 32>(text),
            8..16 => self.short::<8, 32>(text),
            _ => self.word(text),
        }
    }

    pub(super) fn text_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A word of the schema's, or another text that needs no escaping, of whatever length.
    pub(super) fn word(&mut self, word: &str) {
        self.bytes.push(b'"');
        self.raw(word);
        self.bytes.push(b'"');
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

    /// A text that needs no escaping, of which the first and the last `N` bytes are all; with quotation marks it has to fit
    /// in the room.
    fn short<const N: usize, const ROOM: usize>(&mut self, text: &str) {
        let Some([first, last]) = covered::<N>(text.as_bytes()) else { return self.word(text) };
        self.in_room(&[b'"'; ROOM], |room| {
            let end = text.len() + 1;
            room[1..=N].copy_from_slice(first);
            room[end - N..end].copy_from_slice(last);
            end + 1
        });
    }

    fn escaped(&mut self, mut rest: &[u8]) {
        self.bytes.push(b'"');
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
        self.bytes.push(b'"');
    }
}

/// The first and the last `N` bytes of a text.
fn covered<const N: usize>(text: &[u8]) -> Option<[&[u8; N]; 2]> {
    Some([text.first_chunk()?, text.last_chunk()?])
}

/// Where the first byte stands that needs escaping. Looks at eight at a time; the last eight are some of those before
/// again.
fn special(bytes: &[u8]) -> Option<usize> {
    let (eights, _) = bytes.as_chunks::<8>();
    let is_special = |&byte: &u8| byte < 0x20 || byte == b'"' || byte == b'\\';
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
        // Of whatever length, and wherever it stands.
        for special in ['"', '\\', '\n', '\0', '\u{1f}', ' ', 'ü', '\u{7f}', '\u{80}'] {
            for (length, at) in (0..=70).flat_map(|length| (0..=length).map(move |at| (length, at))) {
                let around: String = "a!#[ ]~".chars().cycle().take(length).collect();
                let text = format!("{}{special}{}", &around[..at], &around[at..]);
                assert_eq!(written(|json| json.text(&text)), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn plain_text_stands_as_it_is() {
        for last in ["", "~", "ü", "𝄞"] {
            for length in 0..=140 {
                let text: String = "a!#[ ]~/".chars().cycle().take(length).chain(last.chars()).collect();
                assert_eq!(written(|json| json.plain(&text)), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 9, 10, 1_795_947_214_374, u64::MAX] {
            assert_eq!(written(|json| json.number(number)), number.to_string());
        }
    }

    #[test]
    fn what_is_before_a_value_is_written_whole() {
        for length in [0, 1, 31, 32, 33, 100] {
            let before: String = "0123456789".chars().cycle().take(length).collect();
            assert_eq!(written(|json| json.before_value(&before.clone().into())), before);
        }
    }
}
