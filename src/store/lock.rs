//! One process a directory.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use super::{error::StoreError, files};

/// Holds the directory for as long as it lives. The system lets go of it when the process ends, however it
/// ends.
#[derive(Debug)]
pub(super) struct DirectoryLock(File);

const LOCK: &str = "lock";
const PROBE: &str = "probe.new";

impl DirectoryLock {
    /// Makes the directory if it is missing, takes it, and makes sure that it can be written.
    pub(super) fn take(directory: &Path) -> Result<Self, StoreError> {
        let unusable = |cause| StoreError::Directory { directory: directory.to_owned(), cause };
        files::make_directory(directory).map_err(unusable)?;
        let path = directory.join(LOCK);
        let file = files::open_private(&path).map_err(unusable)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::Locked { directory: directory.to_owned() },
            TryLockError::Error(cause) => unusable(cause),
        })?;
        files::keep_private(&path).map_err(unusable)?;
        probe(directory).map_err(unusable)?;
        Ok(Self(file))
    }
}

impl Drop for DirectoryLock {
    /// Closing the file isn't enough: a process that is being started holds a copy of it until it runs.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The lock may be from better days: tries whether a file can be made. A full disk is none of this check's
/// business, since it may pass.
fn probe(directory: &Path) -> io::Result<()> {
    let path = directory.join(PROBE);
    files::remove(&path)?;
    match files::make_private(&path) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(()),
        made => made.and_then(|_| files::remove(&path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_file_does_not_keep_it_locked() {
        let directory = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::take(directory.path()).unwrap();
        assert!(matches!(DirectoryLock::take(directory.path()), Err(StoreError::Locked { .. })));
        let _copy = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(DirectoryLock::take(directory.path()).is_ok());
    }
}
