//! Cursors: opaque to clients, valid for ever. A cursor holds which order it is from, what the user at the
//! edge is sorted by, the id, and the version of the snapshot it is from; none of it means that the snapshot
//! must still be there.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;

use crate::{
    graphql::error::Fault,
    org::{Position, SnapshotVersion, SortKey, UserId},
};

/// The order that places are in: a place in one means nothing in another. Listings of different people in
/// one order take each other's cursors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct Sequence(u32);

impl Sequence {
    /// The order of this name. Cursors hold its hash: another name makes cursors useless that are out there.
    pub(in crate::graphql) fn named(name: &str) -> Self {
        Self(hash(name.as_bytes()))
    }

    pub(super) fn to_be_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    pub(super) fn from_be_bytes(bytes: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(bytes))
    }

    /// The refusal of a cursor, the argument `name`, of another one.
    pub(super) fn refusal(name: &'static str) -> Fault {
        Fault::argument(name, "is a cursor of a listing in another order")
    }
}

/// A place in a listing of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct Cursor {
    pub(super) version: SnapshotVersion,
    pub(super) sequence: Sequence,
    pub(super) position: Position,
}

/// The layout below; another one gets another number.
const LAYOUT: u8 = 2;
/// Longer ones are none of ours: a text key has at most 256 bytes, an id of Gong's 20.
const LONGEST: usize = 4_096;

impl Cursor {
    pub(in crate::graphql) fn new(version: SnapshotVersion, sequence: Sequence, position: Position) -> Self {
        Self { version, sequence, position }
    }

    /// Kind of key, order, length of the key, key, id.
    pub(in crate::graphql) fn encode(&self) -> String {
        let (kind, key) = match &self.position.key {
            SortKey::Text(text) => (b't', text.clone().into_bytes()),
            SortKey::Moment(moment) => (b'm', moment.as_nanosecond().to_be_bytes().to_vec()),
            SortKey::Count(count) => (b'c', count.to_be_bytes().to_vec()),
            SortKey::Place(place) => (b'p', place.to_be_bytes().to_vec()),
            SortKey::Rank(rank, None) => (b'n', rank.to_be_bytes().to_vec()),
            SortKey::Rank(rank, Some(name)) => (b'r', [&rank.to_be_bytes(), name.as_bytes()].concat()),
            SortKey::Missing => (b'-', Vec::new()),
        };
        let mut body = vec![kind];
        body.extend(self.sequence.to_be_bytes());
        body.extend((key.len() as u16).to_be_bytes());
        body.extend(key);
        body.extend(self.position.id.as_str().bytes());
        seal(self.version, &body)
    }

    /// The cursor of this text; `None` if it is damaged or none of ours.
    pub(in crate::graphql) fn decode(text: &str) -> Option<Self> {
        let (version, body) = open(text)?;
        let (&kind, rest) = body.split_first()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (key, id) = rest.split_at_checked(u16::from_be_bytes(*length) as usize)?;
        let key = match kind {
            b't' => SortKey::Text(String::from_utf8(key.to_vec()).ok()?),
            b'm' => {
                SortKey::Moment(Timestamp::from_nanosecond(i128::from_be_bytes(key.try_into().ok()?)).ok()?)
            }
            b'c' => SortKey::Count(u32::from_be_bytes(key.try_into().ok()?)),
            b'p' => SortKey::Place(u32::from_be_bytes(key.try_into().ok()?)),
            b'n' => SortKey::Rank(u16::from_be_bytes(key.try_into().ok()?), None),
            b'r' => {
                let (rank, name) = key.split_first_chunk()?;
                SortKey::Rank(u16::from_be_bytes(*rank), Some(String::from_utf8(name.to_vec()).ok()?))
            }
            b'-' if key.is_empty() => SortKey::Missing,
            _ => return None,
        };
        let id = UserId::new(str::from_utf8(id).ok()?);
        let sequence = Sequence::from_be_bytes(*sequence);
        Some(Self { version, sequence, position: Position { key, id } })
    }
}

/// The text of a cursor: layout, version, checksum of the body, body.
pub(super) fn seal(version: SnapshotVersion, body: &[u8]) -> String {
    let mut bytes = vec![LAYOUT];
    bytes.extend(version.as_u64().to_be_bytes());
    bytes.extend(hash(body).to_be_bytes());
    bytes.extend(body);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Version and body of a cursor's text; `None` if it is damaged.
pub(super) fn open(text: &str) -> Option<(SnapshotVersion, Vec<u8>)> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (&layout, rest) = bytes.split_first()?;
    let (version, rest) = rest.split_first_chunk()?;
    let (sum, body) = rest.split_first_chunk()?;
    let whole = layout == LAYOUT && hash(body) == u32::from_be_bytes(*sum);
    whole.then(|| (u64::from_be_bytes(*version).into(), body.to_vec()))
}

/// FNV-1a: against damage, not against forgery; a forged cursor only names another place.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, &byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors() -> Vec<Cursor> {
        let keys = [
            SortKey::Text("zoë".into()),
            SortKey::Text(String::new()),
            SortKey::Moment("1969-12-31T23:59:59.5Z".parse().unwrap()),
            SortKey::Count(u32::MAX),
            SortKey::Place(0),
            SortKey::Rank(513, Some("zoë".into())),
            SortKey::Rank(0, None),
            SortKey::Missing,
        ];
        let position = |key| Position { key, id: UserId::new("00005654") };
        let sequence = Sequence::named("name");
        keys.into_iter().map(|key| Cursor { version: 7.into(), sequence, position: position(key) }).collect()
    }

    #[test]
    fn a_cursor_survives_the_trip() {
        for cursor in cursors() {
            assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }
    }

    /// Clients keep cursors: one that was given once names its place for ever.
    #[test]
    fn a_cursor_that_is_out_there_is_understood() {
        let cursor = Cursor::decode("AgAAAAAAAAAH_h5HDXSNOb3mAAR6b8OrMDAwMDU2NTQ").unwrap();
        assert_eq!(cursor, cursors()[0]);
    }

    #[test]
    fn a_damaged_cursor_is_seen() {
        for cursor in cursors() {
            let text = cursor.encode();
            for cut in 0..text.len() {
                assert_eq!(Cursor::decode(&text[..cut]), None, "{text} cut at {cut}");
            }
            // Beyond layout and version, whose change is harmless, one changed letter is found.
            for at in 14..text.len() - 1 {
                let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
                let mut damaged = text.clone();
                damaged.replace_range(at..=at, other);
                assert_eq!(Cursor::decode(&damaged), None, "{damaged}");
            }
        }
        for nonsense in ["", "zzz", "!", "AAAA", &"A".repeat(LONGEST + 1)] {
            assert_eq!(Cursor::decode(nonsense), None, "{nonsense}");
        }
    }
}
