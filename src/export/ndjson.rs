//! A JSON object a line; and the values of a batch row by row, as formats of text need them.

use std::io::Write;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray, cast::AsArray,
};
use arrow_schema::{DataType, SchemaRef};
use jiff::Timestamp;

use super::{Fault, format::Writer};

pub(super) struct Ndjson<W: Write> {
    out: W,
    /// What stands before each value of a row.
    keys: Vec<String>,
    /// A batch's lines.
    lines: Vec<u8>,
}

impl<W: Write> Ndjson<W> {
    pub(super) fn begin(out: W, schema: &SchemaRef) -> Result<Self, Fault> {
        // Names of columns are words of ours, which need no escaping.
        let key = |(at, field): (usize, &std::sync::Arc<arrow_schema::Field>)| {
            format!("{}\"{}\":", if at == 0 { '{' } else { ',' }, field.name())
        };
        let keys = schema.fields().iter().enumerate().map(key).collect();
        Ok(Self { out, keys, lines: Vec::new() })
    }
}

impl<W: Write> Writer for Ndjson<W> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let columns: Vec<_> = batch.columns().iter().map(Column::of).collect();
        self.lines.clear();
        for row in 0..batch.num_rows() {
            for (key, column) in self.keys.iter().zip(&columns) {
                self.lines.extend_from_slice(key.as_bytes());
                match column.cell(row) {
                    Cell::None => self.lines.extend_from_slice(b"null"),
                    Cell::Text(text) => {
                        serde_json::to_writer(&mut self.lines, text).map_err(std::io::Error::from)?
                    }
                    Cell::Bare(value) => write!(self.lines, "{value}")?,
                    Cell::Moment(moment) => write!(self.lines, "\"{moment}\"")?,
                }
            }
            self.lines.extend_from_slice(b"}\n");
        }
        Ok(self.out.write_all(&self.lines)?)
    }

    fn end(mut self: Box<Self>) -> Result<(), Fault> {
        Ok(self.out.flush()?)
    }
}

/// A column of a batch, as what it is.
pub(super) enum Column<'b> {
    Text(&'b StringArray),
    Integer(&'b Int64Array),
    Number(&'b Float64Array),
    Boolean(&'b BooleanArray),
    Moment(&'b TimestampMillisecondArray),
}

/// A value as text formats tell it.
pub(super) enum Cell<'b> {
    None,
    Text(&'b str),
    Bare(Bare),
    Moment(Timestamp),
}

/// What is written as it is.
pub(super) enum Bare {
    Integer(i64),
    Number(f64),
    Boolean(bool),
}

impl<'b> Column<'b> {
    pub(super) fn of(array: &'b ArrayRef) -> Self {
        match array.data_type() {
            DataType::Int64 => Self::Integer(array.as_primitive()),
            DataType::Float64 => Self::Number(array.as_primitive()),
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Timestamp(..) => Self::Moment(array.as_primitive()),
            // There are no others.
            _ => Self::Text(array.as_string()),
        }
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::Text(array) => array,
            Self::Integer(array) => array,
            Self::Number(array) => array,
            Self::Boolean(array) => array,
            Self::Moment(array) => array,
        }
    }

    pub(super) fn cell(&self, row: usize) -> Cell<'b> {
        if self.array().is_null(row) {
            return Cell::None;
        }
        match self {
            Self::Text(array) => Cell::Text(array.value(row)),
            Self::Integer(array) => Cell::Bare(Bare::Integer(array.value(row))),
            Self::Number(array) => Cell::Bare(Bare::Number(array.value(row))),
            Self::Boolean(array) => Cell::Bare(Bare::Boolean(array.value(row))),
            Self::Moment(array) => {
                Timestamp::from_millisecond(array.value(row)).map_or(Cell::None, Cell::Moment)
            }
        }
    }
}

impl std::fmt::Display for Bare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(is) => is.fmt(f),
        }
    }
}
