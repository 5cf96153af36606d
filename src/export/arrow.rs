//! What Arrow's own crates write: Parquet, and the IPC stream.

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::SchemaRef;
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    file::properties::{EnabledStatistics, WriterProperties},
};

use super::{Fault, format::Writer};

/// Rows of a group, which is in memory until it is full: some ten megabytes of the widest table.
const ROWS_OF_A_GROUP: usize = 65_536;

pub(super) struct Parquet<W: Write + Send>(ArrowWriter<W>);

impl<W: Write + Send> Parquet<W> {
    pub(super) fn begin(out: W, schema: &SchemaRef) -> Result<Self, Fault> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROWS_OF_A_GROUP))
            // Of a group and not of each page: it is read in groups, and comparing texts takes longer than writing them.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by("orgraph".to_owned())
            .build();
        Ok(Self(ArrowWriter::try_new(out, schema.clone(), Some(properties))?))
    }
}

impl<W: Write + Send> Writer for Parquet<W> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        Ok(self.0.write(batch)?)
    }

    fn end(self: Box<Self>) -> Result<(), Fault> {
        self.0.close()?;
        Ok(())
    }
}

pub(super) struct Stream<W: Write>(StreamWriter<W>);

impl<W: Write> Stream<W> {
    pub(super) fn begin(out: W, schema: &SchemaRef) -> Result<Self, Fault> {
        Ok(Self(StreamWriter::try_new(out, schema)?))
    }
}

impl<W: Write> Writer for Stream<W> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        Ok(self.0.write(batch)?)
    }

    fn end(mut self: Box<Self>) -> Result<(), Fault> {
        self.0.finish()?;
        Ok(self.0.get_mut().flush()?)
    }
}
