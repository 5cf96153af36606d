//! What can go wrong, and what an operator should hear of though nothing failed.

use std::{error::Error, fmt, io, path::PathBuf};

use thiserror::Error;

use super::aside::SetAside;

/// Why something couldn't be kept or read. Names files, never what is in them.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The directory can't be made, or nothing can be written into it.
    #[error("the state directory {} can't be used: {cause}", .directory.display())]
    Directory {
        /// The state directory.
        directory: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Another running process has the directory.
    #[error("the state directory {} is in use by another running process", .directory.display())]
    Locked {
        /// The state directory.
        directory: PathBuf,
    },
    /// There is no space for it. What was saved before is still there, and saving works again once there is.
    #[error("the disk is full: {file} can't be written")]
    DiskFull {
        /// The file, by its name in the state directory.
        file: &'static str,
    },
    /// The file couldn't be used and was set aside; a new one takes its place from now on.
    #[error("{0}")]
    SetAside(SetAside),
    /// Anything else that the system or SQLite refused. The next call tries anew.
    #[error("{file}: {cause}")]
    Failed {
        /// The file, by its name in the state directory.
        file: &'static str,
        /// What was refused.
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },
}

/// Something about the state directory that an operator should hear of, though the store works.
#[derive(Debug)]
pub enum Notice {
    /// A file couldn't be used and a new one was begun.
    SetAside(SetAside),
    /// A file couldn't be opened or made for now; each call that needs it tries again.
    NotOpened(StoreError),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAside(aside) => aside.fmt(f),
            Self::NotOpened(error) => error.fmt(f),
        }
    }
}

impl From<StoreError> for Notice {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::SetAside(aside) => Self::SetAside(aside),
            error => Self::NotOpened(error),
        }
    }
}
