//! What keeps tables from being published.

use std::{error::Error, time::Duration};

use jiff::Timestamp;
use thiserror::Error;

use crate::export::{Fault, Unfit};

/// Why a snapshot wasn't published. What is in the database is as it was.
#[derive(Debug, Error)]
pub enum PublishError {
    /// Nobody answers, or says no: to the address, the name, the password or the database.
    #[error("PostgreSQL at {place} can't be used: {cause}")]
    Connect {
        /// Who was to be asked, without a password.
        place: String,
        /// What came of it.
        cause: String,
    },
    /// The server can't hold the tables.
    #[error("PostgreSQL at {place} is of version {version}, and 12 is the first that will do")]
    TooOld {
        /// Who was asked.
        place: String,
        /// As the server tells it.
        version: String,
    },
    /// Names of most people couldn't be stored.
    #[error("the database at {place} is in {encoding}: names of people need one in UTF8")]
    Encoding {
        /// Who was asked.
        place: String,
        /// As the server tells it.
        encoding: String,
    },
    /// Something that orgraph didn't make has the name of a table.
    #[error(
        "{name} is there and isn't orgraph's ({why}): nothing was changed; another schema can be named (--schema, --publish-schema)"
    )]
    NotOurs {
        /// Schema and name.
        name: String,
        /// By what that is known.
        why: String,
    },
    /// The tables are orgraph's, and others' than the role's.
    #[error("the role may not write into {name}: it lacks {missing}")]
    Rights {
        /// Schema and name.
        name: String,
        /// What would have to be granted.
        missing: String,
    },
    /// The tables hold later people.
    #[error("the tables hold a newer snapshot, read from Gong at {theirs}: this one was read at {ours}")]
    Newer {
        /// When those of the tables were read.
        theirs: Timestamp,
        /// When those of the snapshot were.
        ours: Timestamp,
    },
    /// Nobody of the tables is in the snapshot.
    #[error(
        "none of the {count} people in {schema}.users is among those to be published: they are another company's; \
         name another --schema, or drop this one"
    )]
    OtherPeople {
        /// The schema.
        schema: String,
        /// How many the tables hold.
        count: u64,
    },
    /// The server has refused a step.
    #[error("PostgreSQL refused to {step}: {cause}")]
    Refused {
        /// What was to be done.
        step: String,
        /// The server's message, without the rows that it may name.
        cause: String,
    },
    /// The server is there and doesn't come to an end.
    #[error("PostgreSQL has not come to an end within {} min", .0.as_secs() / 60)]
    TooLong(Duration),
    /// There are no such rows.
    #[error(transparent)]
    Table(#[from] Unfit),
    /// Rows can't be told.
    #[error("the rows of {table} can't be written: {fault}")]
    Rows {
        /// The table.
        table: &'static str,
        /// Why not.
        fault: Fault,
    },
    /// The thread that writes rows has ended, which is a fault of ours.
    #[error("the rows of {0} were not written to their end")]
    Ended(&'static str),
}

impl PublishError {
    /// What the server says of a step.
    pub(super) fn refused(step: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> Self {
        let step = step.into();
        move |error| Self::Refused { step, cause: cause_of(&error) }
    }
}

/// What is wrong, without details that may hold a row.
pub(super) fn cause_of(error: &tokio_postgres::Error) -> String {
    if let Some(told) = error.as_db_error() {
        let constraint = told.constraint().map(|name| format!(", constraint {name}")).unwrap_or_default();
        return format!("{} ({}{constraint})", told.message(), told.code().code());
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
