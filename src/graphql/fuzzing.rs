//! What clients' cursors are read by, for programs that make cursors up.

use super::connection::{Cursor, LineCursor};

/// Reads a cursor, checks that it is the one text for what it says, and tells whether it was understood.
///
/// # Panics
/// If it is read wrongly.
pub fn cursor(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    if let Some(cursor) = LineCursor::decode(text) {
        assert_eq!(cursor.encode(), text, "{cursor:?}");
        return true;
    }
    let Some(cursor) = Cursor::decode(text) else { return false };
    assert_eq!(cursor.encode(), text, "{cursor:?}");
    true
}
