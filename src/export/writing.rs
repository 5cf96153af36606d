//! One export: a question to one snapshot, from the first byte to the last.

use std::{
    io::{self, Write},
    sync::Arc,
};

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use thiserror::Error;

use super::{
    Question, Shown, Unfit,
    batch::{self, Batches, Stopped},
    copy,
    format::Writer,
};
use crate::{
    auth::Role,
    org::{OrgSnapshot, Sight},
};

/// A question that can be answered, and the snapshot that answers it.
#[derive(Clone, Debug)]
pub struct Export {
    snapshot: Arc<OrgSnapshot>,
    question: Question,
    sight: Sight,
}

/// Why an export wasn't written to its end.
#[derive(Debug, Error)]
pub enum Fault {
    /// What is written to takes no more.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Rows that can't be written as Arrow has them, which is a fault of ours.
    #[error("a batch of rows can't be written: {0}")]
    Arrow(#[from] ArrowError),
    /// Rows that can't be written as Parquet has them.
    #[error("a batch of rows can't be written as Parquet: {0}")]
    Parquet(#[source] ParquetError),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many rows.
    pub rows: u64,
}

impl Export {
    /// The answer to `question` from `snapshot`, as somebody of this role sees it. Writes nothing yet.
    ///
    /// # Errors
    /// If it asks for what may not be seen, or for those below somebody who isn't there.
    pub fn new(snapshot: Arc<OrgSnapshot>, question: Question, role: Role) -> Result<Self, Unfit> {
        let sight = match role.sees_contact_data() {
            true => Sight::Everything,
            false => Sight::WithoutContact,
        };
        if let Some(guarded) = question.guarded().filter(|_| sight == Sight::WithoutContact) {
            return Err(guarded);
        }
        match question.nobody(&snapshot.graph) {
            Some(nobody) => Err(nobody),
            None => Ok(Self { snapshot, question, sight }),
        }
    }

    /// What is asked for.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The version of the snapshot that answers.
    pub fn version(&self) -> u64 {
        self.snapshot.version.as_u64()
    }

    /// What it costs to write, about as many users looked at. Costs a look at everybody itself.
    pub fn price(&self) -> u64 {
        self.question.table.price(&self.snapshot.graph, &self.question)
    }

    /// Writes the whole answer to `out`, batch by batch. `told` hears of contact data before it is written, and of every
    /// batch how many rows it has.
    ///
    /// # Errors
    /// If `out` takes no more: what was written is then no whole answer.
    pub fn write(&self, out: impl Write + Send, told: impl FnMut(&Shown, usize)) -> Result<Written, Fault> {
        let schema = batch::schema(&self.question.columns());
        self.write_with(self.question.format.writer(out, &schema, &self.question)?, told)
    }

    /// Writes the rows to `out` as PostgreSQL's `COPY` takes them in its text format, whatever the question's format is.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub fn copy(&self, out: impl Write) -> Result<Written, Fault> {
        self.write_with(Box::new(copy::Copy::begin(out)), |_, _| ())
    }

    fn write_with(
        &self,
        mut writer: Box<dyn Writer + '_>,
        mut told: impl FnMut(&Shown, usize),
    ) -> Result<Written, Fault> {
        let snapshot = self.snapshot.seen_with(self.sight);
        let schema = batch::schema(&self.question.columns());
        let mut written = Written::default();
        let mut write = |batch: &RecordBatch, shown: &Shown| {
            told(shown, batch.num_rows());
            written.rows += batch.num_rows() as u64;
            writer.batch(batch)
        };
        let mut batches = Batches { schema, write: &mut write };
        let filled = self.question.table.fill(&snapshot.graph, &self.question, &mut batches);
        filled.map_err(|stopped| match stopped {
            Stopped::Fault(fault) => fault,
            Stopped::Arrow(error) => error.into(),
        })?;
        writer.end()?;
        Ok(written)
    }
}
