//! Words of SQL.

use crate::export::{Kind, Told};

/// A name as SQL has it, whatever it is.
pub(super) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL has it, where backslashes are letters like others.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Names with commas between them, each with this before it.
pub(super) fn names(columns: &[Told], before: &str) -> String {
    let named = |told: &Told| format!("{before}{}", name(&told.name));
    columns.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// The type of a column, as the server spells it.
pub(super) fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "bigint",
        Kind::Number => "double precision",
        Kind::Boolean => "boolean",
        Kind::Moment => "timestamp with time zone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_hold_what_they_hold() {
        assert_eq!(name(r#"a"b"#), r#""a""b""#);
        assert_eq!(text("it's \\"), "'it''s \\'");
    }
}
