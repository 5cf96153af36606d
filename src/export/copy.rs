//! Rows as PostgreSQL's `COPY` takes them in its text format: a line a row, tabs between values, `\N` for none.
//!
//! What a database of PostgreSQL can't hold is told as near to it as can be: U+0000 in a text as U+FFFD, and no moment
//! where it is before the year 1.

use std::io::Write;

use arrow_array::RecordBatch;

use super::{
    Fault,
    format::Writer,
    ndjson::{Cell, Column},
};

pub(super) struct Copy<W: Write> {
    out: W,
    /// A batch's lines.
    lines: Vec<u8>,
}

impl<W: Write> Copy<W> {
    pub(super) fn begin(out: W) -> Self {
        Self { out, lines: Vec::new() }
    }
}

impl<W: Write> Writer for Copy<W> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let columns: Vec<_> = batch.columns().iter().map(Column::of).collect();
        self.lines.clear();
        for row in 0..batch.num_rows() {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    self.lines.push(b'\t');
                }
                value(&mut self.lines, &column.cell(row))?;
            }
            self.lines.push(b'\n');
        }
        Ok(self.out.write_all(&self.lines)?)
    }

    fn end(mut self: Box<Self>) -> Result<(), Fault> {
        Ok(self.out.flush()?)
    }
}

fn value(line: &mut Vec<u8>, cell: &Cell<'_>) -> Result<(), Fault> {
    match cell {
        Cell::Text(text) => escape(line, text),
        Cell::Bare(value) => write!(line, "{value}")?,
        Cell::Moment(moment) if has_year(*moment) => write!(line, "{moment}")?,
        Cell::None | Cell::Moment(_) => line.extend_from_slice(b"\\N"),
    }
    Ok(())
}

/// Whether it is a moment of a year that PostgreSQL reads as it is written here.
fn has_year(moment: jiff::Timestamp) -> bool {
    moment.to_zoned(jiff::tz::TimeZone::UTC).year() >= 1
}

fn escape(line: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => line.extend_from_slice(b"\\\\"),
            b'\t' => line.extend_from_slice(b"\\t"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            0 => line.extend_from_slice("\u{fffd}".as_bytes()),
            byte => line.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cell: &Cell<'_>) -> String {
        let mut line = Vec::new();
        value(&mut line, cell).unwrap();
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn nothing_in_a_text_ends_its_value_or_line_or_is_taken_for_none() {
        for (text, line) in [
            ("", ""),
            ("\\N", "\\\\N"),
            ("\\.", "\\\\."),
            ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
            ("\0", "\u{fffd}"),
            ("5654 é", "5654 é"),
        ] {
            assert_eq!(told(&Cell::Text(text)), line);
        }
        assert_eq!(told(&Cell::None), "\\N");
    }

    #[test]
    fn a_moment_is_told_where_the_database_has_its_year() {
        let moment = |text: &str| Cell::Moment(text.parse().unwrap());
        assert_eq!(told(&moment("2022-01-31T10:00:00.123Z")), "2022-01-31T10:00:00.123Z");
        assert_eq!(told(&moment("0001-01-01T00:00:00Z")), "0001-01-01T00:00:00Z");
        assert_eq!(told(&moment("0000-12-31T23:59:59Z")), "\\N");
        assert_eq!(told(&moment("-004800-01-01T00:00:00Z")), "\\N");
    }
}
