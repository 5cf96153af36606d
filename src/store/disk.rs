//! The state directory as a whole.

use std::path::Path;

use super::{
    SpentHour, StoredQuarantine, StoredSnapshot, StoredTokens, calls,
    database::Database,
    error::{Notice, StoreError},
    lock::DirectoryLock,
    people, quarantine, schema, snapshot,
    tokens::TokenFile,
};
use crate::org::OrgSnapshot;

/// Everything that is kept on disk. One process has a directory; within it any number of threads may use
/// this at once.
///
/// What a save has returned for outlasts the process, however it ends; all but the calls of the last
/// half minute outlast the power too. A save that fails leaves what was saved before.
///
/// A file that turns out to be damaged is set aside. What was to be read from it is gone, and
/// [`StoreError::SetAside`] says so, once; a save puts its content into the new file, and the log says so.
#[derive(Debug)]
pub struct Store {
    snapshot: Database,
    quarantine: Database,
    calls: Database,
    tokens: TokenFile,
    /// Last, so that the files are closed before another process may open them.
    _lock: DirectoryLock,
}

impl Store {
    /// Whether `directory` is one that was opened before. Opening makes it one.
    pub fn is_there(directory: &Path) -> bool {
        directory.join(schema::SNAPSHOT.file).is_file()
    }

    /// Opens what is in `directory`, or makes it (for this user alone).
    ///
    /// # Errors
    ///
    /// If the directory can't be made or written, or if another running process has it. What is wrong with
    /// a single file is no error but a notice.
    pub fn open(directory: &Path) -> Result<(Self, Vec<Notice>), StoreError> {
        let lock = DirectoryLock::take(directory)?;
        let store = Self {
            snapshot: Database::new(directory, &schema::SNAPSHOT),
            quarantine: Database::new(directory, &schema::QUARANTINE),
            calls: Database::new(directory, &schema::CALLS),
            tokens: TokenFile::new(directory),
            _lock: lock,
        };
        let mut notices = Vec::new();
        for database in [&store.snapshot, &store.quarantine, &store.calls] {
            prepare(|| database.prepare(), &mut notices);
        }
        prepare(|| store.tokens.read().map(drop), &mut notices);
        Ok((store, notices))
    }

    /// Saves a snapshot in the place of the last, whole or not at all.
    pub fn save_snapshot(&self, snapshot: &OrgSnapshot) -> Result<(), StoreError> {
        self.snapshot.write(|connection| snapshot::write(connection, snapshot))
    }

    /// The snapshot that was saved last.
    pub fn load_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        self.snapshot.read(|connection| snapshot::read(connection))
    }

    /// Saves what is in quarantine, in the place of what was.
    pub fn save_quarantine(&self, quarantine: &StoredQuarantine) -> Result<(), StoreError> {
        self.quarantine.write(|connection| quarantine::write(connection, quarantine))
    }

    /// What is in quarantine.
    pub fn load_quarantine(&self) -> Result<Option<StoredQuarantine>, StoreError> {
        self.quarantine.read(|connection| quarantine::read(connection))
    }

    /// Empties the quarantine.
    pub fn clear_quarantine(&self) -> Result<(), StoreError> {
        self.quarantine.write(people::clear)
    }

    /// Saves the calls of the hours that count, in the place of those saved before; of two entries for one
    /// hour the later counts. Doesn't wait for the disk.
    pub fn save_spent(&self, hours: &[SpentHour]) -> Result<(), StoreError> {
        self.calls.write(|connection| calls::write(connection, hours))
    }

    /// The calls that were saved last, oldest hour first.
    pub fn load_spent(&self) -> Result<Vec<SpentHour>, StoreError> {
        self.calls.read(|connection| calls::read(connection))
    }

    /// Saves the tokens in the place of those before. When it returns they are on the disk.
    pub fn save_tokens(&self, tokens: &StoredTokens) -> Result<(), StoreError> {
        self.tokens.write(tokens)
    }

    /// The tokens that were saved last.
    pub fn load_tokens(&self) -> Result<Option<StoredTokens>, StoreError> {
        self.tokens.read()
    }
}

/// Tries a file, and once more if it had to be set aside: the new one is made now, not in the middle of
/// something.
fn prepare(attempt: impl Fn() -> Result<(), StoreError>, notices: &mut Vec<Notice>) {
    for _ in 0..2 {
        match attempt() {
            Ok(()) => return,
            Err(error) => {
                let again = matches!(error, StoreError::SetAside(_));
                notices.push(error.into());
                if !again {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
