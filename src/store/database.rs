//! One SQLite file, opened when it is needed, begun anew when it is of no use.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    aside::{self, COMPANIONS, Unusable},
    error::StoreError,
    fault::Fault,
    files,
    schema::Kind,
};

/// A database file and the one connection to it.
#[derive(Debug)]
pub(super) struct Database {
    directory: PathBuf,
    kind: &'static Kind,
    /// None until it is needed, and after an error: the next call may find better times.
    connection: Mutex<Option<Connection>>,
}

/// How long somebody who looks into a file with SQLite's own shell may keep it.
const PATIENCE: Duration = Duration::from_secs(1);

/// A file of fewer bytes passes for an empty database.
const SMALLEST: u64 = 512;

/// Nobody else has the file open, since the directory is locked: with `EXCLUSIVE` SQLite does without shared
/// memory, and so reads on a disk that is full to the last byte. What is deleted is overwritten, since it is
/// about people; and nothing about them goes to a temporary file elsewhere.
const SETTINGS: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
";

/// What is left of the log between two saves.
const LOG: &str = "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 1048576;";

impl Database {
    pub(super) fn new(directory: &Path, kind: &'static Kind) -> Self {
        Self { directory: directory.to_owned(), kind, connection: Mutex::new(None) }
    }

    /// Opens or makes the file.
    pub(super) fn prepare(&self) -> Result<(), StoreError> {
        self.read(|_| Ok(()))
    }

    /// Runs what needs the content of the file. One that turns out to be of no use is set aside, and the
    /// error says so: the content is gone, the next call works.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut slot = self.slot();
        self.attempt(&mut slot, work).map_err(|fault| self.give_up(&mut slot, fault))
    }

    /// Runs what replaces the content of the file, so that a file that turns out to be of no use is no
    /// reason to fail: it is set aside and the work done on a new one.
    pub(super) fn write<T>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut slot = self.slot();
        let fault = match self.attempt(&mut slot, &work) {
            Ok(done) => return Ok(done),
            Err(fault) => fault,
        };
        match self.give_up(&mut slot, fault) {
            StoreError::SetAside(aside) => tracing::warn!("{aside}"),
            error => return Err(error),
        }
        self.attempt(&mut slot, &work).map_err(|fault| self.give_up(&mut slot, fault))
    }

    fn slot(&self) -> MutexGuard<'_, Option<Connection>> {
        // A connection is whole between any two statements: SQLite rolls back what didn't end.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attempt<T>(
        &self,
        slot: &mut Option<Connection>,
        work: impl FnOnce(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match slot {
            Some(connection) => work(connection),
            None => work(slot.insert(self.open()?)),
        }
    }

    fn give_up(&self, slot: &mut Option<Connection>, fault: Fault) -> StoreError {
        let Some(why) = fault.unusable() else {
            if !fault.is_disk_full() {
                *slot = None;
            }
            return fault.about(self.kind.file);
        };
        *slot = None;
        match aside::set_aside(&self.directory, self.kind.file, why) {
            Ok(aside) => StoreError::SetAside(aside),
            Err(error) => Fault::from(error).about(self.kind.file),
        }
    }

    fn open(&self) -> Result<Connection, Fault> {
        let path = self.directory.join(self.kind.file);
        match fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.make(&path)?,
            Err(error) => return Err(error.into()),
            Ok(found) if !found.is_file() => return Err(Fault::Unusable(Unusable::NotAFile)),
            Ok(found) if found.len() < SMALLEST => return Err(Fault::damaged("it is too short")),
            Ok(_) => {}
        }
        files::keep_private(&path)?;
        let mut connection = connect(&path)?;
        self.kind.check(&mut connection)?;
        connection.execute_batch(LOG)?;
        connection.execute_batch(self.kind.settings)?;
        Ok(connection)
    }

    /// A file gets its name when it is complete, so that one that is less is known to be damaged.
    fn make(&self, path: &Path) -> Result<(), Fault> {
        let new = path.with_added_extension("new");
        files::remove(&new)?;
        // A log that outlived its database would be read as the new one's.
        for ending in COMPANIONS {
            files::remove(&self.directory.join(format!("{}{ending}", self.kind.file)))?;
        }
        files::make_private(&new)?;
        let begun = connect(&new).and_then(|mut connection| {
            connection.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL;")?;
            self.kind.begin(&mut connection)
        });
        if begun.is_err() {
            let _ = files::remove(&new);
        }
        begun?;
        Ok(files::put_in_place(&new, path)?)
    }
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}
