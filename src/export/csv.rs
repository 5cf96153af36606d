//! CSV: what every tool reads, and spreadsheets misread.

use std::{borrow::Cow, io::Write};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::{
    Fault, Question,
    format::Writer,
    ndjson::{Cell, Column},
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

pub(super) struct Csv<W: Write> {
    out: csv::Writer<W>,
    safe: bool,
}

impl<W: Write> Csv<W> {
    pub(super) fn begin(mut out: W, schema: &SchemaRef, question: &Question) -> Result<Self, Fault> {
        if question.bom {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut out = csv::Writer::from_writer(out);
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

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    match text.starts_with(FORMULA) {
        true => format!("'{text}").into(),
        false => text.into(),
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
        for text in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "a=1", " =1", "'=1", "5654"] {
            assert_eq!(harmless(text), text);
        }
    }
}
