//! CSV: what every tool reads, and spreadsheets misread.

use std::{borrow::Cow, io::Write};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use csv::{QuoteStyle, WriterBuilder};

use super::{
    Fault, Question,
    format::Writer,
    ndjson::{Cell, Column},
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a spreadsheet takes for the beginning of a formula, in an East Asian one in full width too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What it doesn't see at the beginning of one; and where it begins a new cell if it separates by another sign than a comma
/// or knows no quotes in the middle of a line.
const BREAKS: [char; 3] = ['\t', '\r', '\n'];

pub(super) struct Csv<W: Write> {
    out: csv::Writer<W>,
    safe: bool,
}

impl<W: Write> Csv<W> {
    pub(super) fn begin(mut out: W, schema: &SchemaRef, question: &Question) -> Result<Self, Fault> {
        if question.bom {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        // A quote within a value that has none around it says nothing to a spreadsheet.
        let quotes = if question.safe { QuoteStyle::Always } else { QuoteStyle::Necessary };
        let mut out = WriterBuilder::new().quote_style(quotes).from_writer(out);
        out.write_record(schema.fields().iter().map(|field| field.name()))?;
        Ok(Self { out, safe: question.safe })
    }
}

impl<W: Write> Writer for Csv<W> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let columns: Vec<_> = batch.columns().iter().map(Column::of).collect();
        for row in 0..batch.num_rows() {
            for column in &columns {
                match column.cell(row) {
                    Cell::None => self.out.write_field("")?,
                    Cell::Text(text) if self.safe => self.out.write_field(harmless(text).as_bytes())?,
                    Cell::Text(text) => self.out.write_field(text)?,
                    Cell::Bare(value) => self.out.write_field(value.to_string())?,
                    Cell::Moment(moment) => self.out.write_field(moment.to_string())?,
                }
            }
            self.out.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), Fault> {
        Ok(self.out.flush()?)
    }
}

/// Text of which no spreadsheet takes anything for a formula, whichever sign it separates by.
fn harmless(text: &str) -> Cow<'_, str> {
    let mut harmless = String::new();
    let (mut kept, mut begins) = (0, true);
    for (at, c) in text.char_indices() {
        if begins && FORMULA.contains(&c) || at == 0 && BREAKS.contains(&c) {
            harmless.push_str(&text[kept..at]);
            harmless.push('\'');
            kept = at;
        }
        // Quotes, which are written twice, may open and close there and leave what follows.
        begins = c == ';' || BREAKS.contains(&c) || begins && c == '"';
    }
    match harmless.is_empty() {
        true => text.into(),
        false => (harmless + &text[kept..]).into(),
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Self::Io(match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => std::io::Error::other(format!("{other:?}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_has_an_apostrophe_before_it() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("＝1", "'＝1"),
            ("＠sum", "'＠sum"),
            ("\tx", "'\tx"),
            ("\r=1", "'\r'=1"),
            ("\n=1", "'\n'=1"),
            ("a;=1;b", "a;'=1;b"),
            ("a\n-1", "a\n'-1"),
            ("a;\"=1;b", "a;\"'=1;b"),
            (";\t+1", ";\t'+1"),
        ] {
            assert_eq!(harmless(text), written);
        }
        for text in ["", "a=1", " =1", "'=1", "5654", "a;b", "a; =1", "a\tb"] {
            assert!(matches!(harmless(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
