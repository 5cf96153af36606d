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
    Audience, Question, Shown, Unfit,
    audience::Awaited,
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
    awaited: Awaited,
}

/// Why an export wasn't written to its end.
#[derive(Debug, Error)]
pub enum Fault {
    /// What is written to takes no more.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Rows that can't be written as Arrow has them, which is a fault of ours.
    #[error("a batch of rows can't be written: {0}")]
    Arrow(#[source] ArrowError),
    /// Rows that can't be written as Parquet has them.
    #[error("a batch of rows can't be written as Parquet: {0}")]
    Parquet(#[source] ParquetError),
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        match error {
            ArrowError::IoError(_, error) => Self::Io(error),
            error => Self::Arrow(error),
        }
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(cause) => match cause.downcast::<io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(cause) => Self::Parquet(ParquetError::External(cause)),
            },
            error => Self::Parquet(error),
        }
    }
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
            None => Ok(Self { snapshot, question, sight, awaited: Awaited::default() }),
        }
    }

    /// The same for those who wait for it, and for as long as any of them does: then it fails as it would with a reader
    /// that has gone.
    pub fn awaited_by(self, audience: &Audience) -> Self {
        Self { awaited: Awaited::by(audience), ..self }
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
            self.unless_given_up()?;
            told(shown, batch.num_rows());
            written.rows += batch.num_rows() as u64;
            writer.batch(batch)
        };
        let mut batches = Batches { schema, write: &mut write };
        self.unless_given_up()?;
        let filled = self.question.table.fill(&snapshot.graph, &self.question, &self.awaited, &mut batches);
        filled.map_err(|stopped| match stopped {
            Stopped::Fault(fault) => fault,
            Stopped::Arrow(error) => error.into(),
        })?;
        // Rows end early where nobody waits for more.
        self.unless_given_up()?;
        writer.end()?;
        Ok(written)
    }

    fn unless_given_up(&self) -> Result<(), Fault> {
        match self.awaited.is_so() {
            true => Ok(()),
            false => Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::{Format, Table},
        org::{self, SnapshotChecks, SnapshotSource, SnapshotVersion},
    };

    /// Takes so many bytes, and no more.
    struct Gone(usize);

    impl Write for Gone {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_goes_away_is_no_fault_of_any_format() {
        let snapshot = Arc::new(OrgSnapshot {
            version: SnapshotVersion::after(None, jiff::Timestamp::UNIX_EPOCH),
            taken_at: jiff::Timestamp::UNIX_EPOCH,
            source: SnapshotSource::FullScan,
            checks: SnapshotChecks::default(),
            graph: org::build(Vec::new()),
        });
        for format in Format::ALL {
            let question = Question::new(Table::OrgStats, format);
            let export = Export::new(snapshot.clone(), question, Role::Reader).unwrap();
            let mut whole = Vec::new();
            export.write(&mut whole, |_, _| ()).unwrap();
            for taken in [0, whole.len() / 2, whole.len() - 1] {
                let fault = export.write(Gone(taken), |_, _| ()).unwrap_err();
                let told = matches!(&fault, Fault::Io(error) if error.kind() == io::ErrorKind::BrokenPipe);
                assert!(told, "{} after {taken} bytes: {fault:?}", format.name());
            }
        }
    }
}
