//! The formats, and what writes them.

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::{Fault, Question, arrow, csv, ndjson};

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Apache Parquet, compressed by Snappy: typed, small, read in parts.
    Parquet,
    /// Comma-separated values in UTF-8 with a header, as RFC 4180 has them but for line ends, which are `\n`.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// Arrow's IPC stream.
    Arrow,
}

impl Format {
    /// All formats, the best first.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Csv, Self::Ndjson, Self::Arrow];

    /// Its name: the ending of a path or file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
        }
    }

    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }

    /// Begins to write `question`'s answer to `out`.
    pub(super) fn writer<'w>(
        self,
        out: impl Write + Send + 'w,
        schema: &SchemaRef,
        question: &Question,
    ) -> Result<Box<dyn Writer + 'w>, Fault> {
        Ok(match self {
            Self::Parquet => Box::new(arrow::Parquet::begin(out, schema)?),
            Self::Csv => Box::new(csv::Csv::begin(out, schema, question)?),
            Self::Ndjson => Box::new(ndjson::Ndjson::begin(out, schema)?),
            Self::Arrow => Box::new(arrow::Stream::begin(out, schema)?),
        })
    }
}

/// What writes batches in one format.
pub(super) trait Writer {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault>;

    /// What comes after the last batch; without it the answer isn't whole, where a format can tell.
    fn end(self: Box<Self>) -> Result<(), Fault>;
}
