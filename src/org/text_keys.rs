//! What users are sorted by when sorted by a text: it without case, as far as it counts.

use super::{User, UserIndex};

/// The longest key in bytes: longer texts are sorted by their beginning, so that a cursor, which holds a key,
/// stays small.
const KEY_BYTES: usize = 256;

/// Says of the end of a key that there is none.
const MISSING: u64 = 1 << 63;

/// The key of each user, in one text: a text of its own each would take twice the memory.
pub(super) struct TextKeys {
    text: String,
    /// Where each key ends; it begins where the one before ends.
    ends: Vec<u64>,
}

impl TextKeys {
    /// The keys of what `of` tells of each user.
    pub(super) fn of(users: &[User], of: impl for<'a> Fn(&'a User) -> Option<&'a str>) -> Self {
        let mut keys = Self { text: String::new(), ends: Vec::with_capacity(users.len()) };
        for text in users.iter().map(&of) {
            if let Some(text) = text {
                keys.add(text);
            }
            let missing = if text.is_none() { MISSING } else { 0 };
            keys.ends.push(keys.text.len() as u64 | missing);
        }
        keys.text.shrink_to_fit();
        keys
    }

    fn add(&mut self, text: &str) {
        let start = self.text.len();
        if text.is_ascii() {
            self.text.push_str(&text[..text.len().min(KEY_BYTES)]);
            self.text[start..].make_ascii_lowercase();
        } else {
            let key = text.to_lowercase();
            self.text.push_str(&key[..key.floor_char_boundary(KEY_BYTES)]);
        }
    }

    pub(super) fn get(&self, user: UserIndex) -> Option<&str> {
        let at = user.at();
        let end = |at: usize| (self.ends[at] & !MISSING) as usize;
        let start = at.checked_sub(1).map_or(0, end);
        (self.ends[at] & MISSING == 0).then(|| &self.text[start..end(at)])
    }

    /// The [beginning](beginning_of) of the key. What is missing comes last.
    pub(super) fn beginning(&self, user: UserIndex) -> u128 {
        self.get(user).map_or(u128::MAX, beginning_of)
    }
}

/// The first bytes of a text as a number that comes before another where the text comes before it; equal where more
/// has to be looked at.
pub(super) fn beginning_of(text: &str) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

/// Whether this key may be the beginning of a longer text: where a cut would split a letter, the whole
/// letter goes.
pub(super) fn may_be_cut(key: &str) -> bool {
    key.len() + char::MAX_LEN_UTF8 > KEY_BYTES
}
