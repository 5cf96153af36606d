//! Cursors of reporting lines: who is at the lower end, where that user stood, and how many steps up.

use super::cursor::{Sequence, open, seal};
use crate::org::{LinePosition, SnapshotVersion, UserId};

/// A place among the reporting lines of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct LineCursor {
    pub(super) version: SnapshotVersion,
    pub(super) sequence: Sequence,
    pub(super) position: LinePosition,
}

/// Tells these cursors from those of users.
const KIND: u8 = b'l';

impl LineCursor {
    /// Kind, order, place, distance, id.
    pub(in crate::graphql) fn encode(&self) -> String {
        let mut body = vec![KIND];
        body.extend(self.sequence.to_be_bytes());
        body.extend(self.position.place.to_be_bytes());
        body.extend(self.position.distance.to_be_bytes());
        body.extend(self.position.descendant.as_str().bytes());
        seal(self.version, &body)
    }

    /// The cursor of this text; `None` if it is damaged or none of these.
    pub(in crate::graphql) fn decode(text: &str) -> Option<Self> {
        let (version, body) = open(text)?;
        let rest = body.strip_prefix(&[KIND])?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (place, rest) = rest.split_first_chunk()?;
        let (distance, id) = rest.split_first_chunk()?;
        let position = LinePosition {
            descendant: UserId::new(str::from_utf8(id).ok()?),
            place: u32::from_be_bytes(*place),
            distance: u32::from_be_bytes(*distance),
        };
        Some(Self { version, sequence: Sequence::from_be_bytes(*sequence), position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::connection::Cursor;

    #[test]
    fn a_cursor_survives_the_trip_and_damage_is_seen() {
        for (place, distance) in [(0, 0), (7, 12_859), (u32::MAX, u32::MAX)] {
            let position = LinePosition { descendant: UserId::new("00005654"), place, distance };
            let sequence = Sequence::named("lines");
            let cursor = LineCursor { version: 7.into(), sequence, position };
            let text = cursor.encode();
            assert_eq!(LineCursor::decode(&text), Some(cursor));
            assert_eq!(Cursor::decode(&text), None);
            for cut in 0..text.len() {
                assert_eq!(LineCursor::decode(&text[..cut]), None, "{text} cut at {cut}");
            }
        }
    }
}
