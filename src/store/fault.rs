//! What became of one piece of work on a file, and what that says about the file.

use std::io;

use rusqlite::ErrorCode;

use super::{aside::Unusable, error::StoreError};

/// Why work on a file failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file is of no use.
    Unusable(Unusable),
    /// SQLite refused.
    Sqlite(rusqlite::Error),
    /// The system refused.
    Io(io::Error),
}

/// SQLite's extended codes for reads behind the end of a file, and for damage that the file system reports.
const SHORT_READ: i32 = 522;
const CORRUPT_FILE_SYSTEM: i32 = 8458;

impl Fault {
    /// The words for content that isn't what was written.
    pub(super) fn damaged(how: &'static str) -> Self {
        Self::Unusable(Unusable::Damaged(how.to_owned()))
    }

    /// What is wrong with the file; `None` when the file may be fine.
    pub(super) fn unusable(&self) -> Option<Unusable> {
        use rusqlite::Error as E;
        let error = match self {
            Self::Unusable(why) => return Some(why.clone()),
            Self::Io(_) => return None,
            Self::Sqlite(error) => error,
        };
        let damaged = match error {
            E::SqliteFailure(code, _) | E::SqlInputError { error: code, .. } => {
                matches!(
                    code.code,
                    ErrorCode::DatabaseCorrupt
                        | ErrorCode::NotADatabase
                        | ErrorCode::TypeMismatch
                        | ErrorCode::ConstraintViolation
                        // SQLITE_ERROR: statements that are right for the schema find another one.
                        | ErrorCode::Unknown
                ) || matches!(code.extended_code, SHORT_READ | CORRUPT_FILE_SYSTEM)
            }
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::Utf8Error(..)
            | E::QueryReturnedNoRows => true,
            _ => false,
        };
        damaged.then(|| Unusable::Damaged(error.to_string()))
    }

    /// The error for the caller, about `file`.
    pub(super) fn about(self, file: &'static str) -> StoreError {
        if self.is_disk_full() {
            return StoreError::DiskFull { file };
        }
        let cause = match self {
            Self::Unusable(why) => why.to_string().into(),
            Self::Sqlite(error) => error.into(),
            Self::Io(error) => error.into(),
        };
        StoreError::Failed { file, cause }
    }

    pub(super) fn is_disk_full(&self) -> bool {
        match self {
            Self::Io(error) => {
                matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DiskFull),
            Self::Unusable(_) => false,
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
