//! What clients' documents and cursors are read by, for programs that make them up.

use std::sync::LazyLock;

use async_graphql::Request;

use super::{
    caps::Caps,
    connection::{Cursor, LineCursor},
    definitions,
    executor::Method,
    finish::finish,
    plan::KnownDocuments,
    prepare::{Rules, prepare},
    query::sdl,
    settings::Settings,
};

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

/// Does with a document all that is done before it is validated: measures its text, parses it, measures what it asks for,
/// looks at what validation passes over. Tells whether it would be validated.
///
/// # Panics
/// If a refusal isn't fit to be told.
pub fn document(bytes: &[u8]) -> bool {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::of(&definitions::types(&sdl())));
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let Err(refused) =
        prepare(Request::new(text), Method::Post, &Settings::default(), &RULES, &KnownDocuments::within(0))
    else {
        return true;
    };
    let mut errors = vec![refused.error];
    finish(&mut errors, true, "1", &Caps::default(), true);
    for error in &errors {
        assert!(!error.message.is_empty() && error.message.len() < 1_010, "{}", error.message);
    }
    false
}
