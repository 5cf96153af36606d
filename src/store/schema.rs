//! The kinds of databases: their marks, their tables, and how a file of an earlier version becomes one of
//! this version.

use rusqlite::{Connection, Transaction};

use super::{aside::Unusable, fault::Fault};

/// A kind of database file.
#[derive(Debug)]
pub(super) struct Kind {
    /// The file's name in the state directory.
    pub(super) file: &'static str,
    /// SQLite's `application_id`: four letters by which a file is known to be this kind of ours.
    mark: i32,
    /// What makes version 1 of nothing, version 2 of version 1, and so on. Entries are never changed, only
    /// added; how many there are is the version of the schema, which SQLite's `user_version` holds.
    steps: &'static [&'static str],
    /// When SQLite waits for the disk, and how many pages its log may have before it is taken over.
    pub(super) settings: &'static str,
}

/// People with what was known about the whole of them. One JSON record a user: lists need no tables of
/// their own, a field that is added needs no migration, and a row is written and read in one go, which is
/// several times quicker than a column a field. Nobody asks the file for less than everybody.
///
/// `sum` is the SHA-256 of it all. SQLite notices torn pages and broken trees, not a letter that changed.
const PEOPLE: &[&str] = &["
    CREATE TABLE whole (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        head TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT;
    CREATE TABLE person (
        place INTEGER PRIMARY KEY,
        repeats INTEGER NOT NULL,
        record TEXT NOT NULL
    ) STRICT;
"];

/// Saved once a scan: each save waits until the disk has it, so that not even a power cut takes it back. The
/// log is emptied after each. Half a megabyte of pages is kept: all are read or written in their order, and what
/// sixteen would save of a save is a few in a hundred of its time.
const PEOPLE_SETTINGS: &str = "PRAGMA synchronous = FULL; PRAGMA cache_size = -512;";

/// The snapshot that is served.
pub(super) static SNAPSHOT: Kind =
    Kind { file: "snapshot.db", mark: mark(b"oGsn"), steps: PEOPLE, settings: PEOPLE_SETTINGS };

/// The snapshot that is not served.
pub(super) static QUARANTINE: Kind =
    Kind { file: "quarantine.db", mark: mark(b"oGqu"), steps: PEOPLE, settings: PEOPLE_SETTINGS };

/// The calls of the day. Saved with almost every call, so a save doesn't wait for the disk: what is in the
/// log outlasts the process however it ends. A power cut may take what came after the log was last taken
/// over, which is some thirty saves, but can't damage the file.
pub(super) static CALLS: Kind = Kind {
    file: "calls.db",
    mark: mark(b"oGca"),
    steps: &["
        CREATE TABLE spent (
            hour INTEGER PRIMARY KEY,
            calls INTEGER NOT NULL,
            lookups INTEGER NOT NULL
        ) STRICT;
    "],
    settings: "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 64;",
};

const fn mark(letters: &[u8; 4]) -> i32 {
    i32::from_be_bytes(*letters)
}

impl Kind {
    fn latest(&self) -> i32 {
        i32::try_from(self.steps.len()).unwrap_or(i32::MAX)
    }

    /// Makes an empty database one of this kind.
    pub(super) fn begin(&self, connection: &mut Connection) -> Result<(), Fault> {
        let transaction = connection.transaction()?;
        transaction.pragma_update(None, "application_id", self.mark)?;
        self.advance(&transaction, 0)?;
        Ok(transaction.commit()?)
    }

    /// Makes sure that a database is of this kind, and brings it up to this version. One that is neither is
    /// left as it is.
    pub(super) fn check(&self, connection: &mut Connection) -> Result<(), Fault> {
        let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
        let (mark, version) = (number("application_id")?, number("user_version")?);
        let latest = self.latest();
        if mark != self.mark || version < 1 {
            return Err(Fault::Unusable(Unusable::Foreign));
        }
        if version > latest {
            return Err(Fault::Unusable(Unusable::Newer { found: version, known: latest }));
        }
        if version < latest {
            let transaction = connection.transaction()?;
            self.advance(&transaction, version)?;
            transaction.commit()?;
        }
        Ok(())
    }

    fn advance(&self, transaction: &Transaction<'_>, version: i32) -> Result<(), Fault> {
        for step in self.steps.iter().skip(usize::try_from(version).unwrap_or(0)) {
            transaction.execute_batch(step)?;
        }
        Ok(transaction.pragma_update(None, "user_version", self.latest())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "CREATE TABLE first (value INTEGER) STRICT; INSERT INTO first VALUES (7)";
    const TWO: &str =
        "CREATE TABLE second (value INTEGER) STRICT; INSERT INTO second SELECT value + 1 FROM first";

    fn kind(steps: &'static [&'static str]) -> Kind {
        Kind { file: "test.db", mark: mark(b"test"), steps, settings: "" }
    }

    fn begun(steps: &'static [&'static str]) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        kind(steps).begin(&mut connection).unwrap();
        connection
    }

    fn value(connection: &Connection) -> i32 {
        connection.query_row("SELECT value FROM second", (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_earlier_version_becomes_this_one() {
        let mut connection = begun(&[ONE]);
        let later = kind(&[ONE, TWO]);
        later.check(&mut connection).unwrap();
        assert_eq!(value(&connection), 8);
        later.check(&mut connection).unwrap();
        assert_eq!(value(&begun(&[ONE, TWO])), 8, "a new one is the same");
    }

    #[test]
    fn one_that_cannot_become_it_is_of_no_use() {
        let mut connection = begun(&[ONE]);
        connection.execute_batch("DROP TABLE first").unwrap();
        let fault = kind(&[ONE, TWO]).check(&mut connection).unwrap_err();
        assert!(matches!(fault.unusable(), Some(Unusable::Damaged(_))), "{fault:?}");
        let tables: i32 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0)).unwrap();
        assert_eq!(tables, 0, "nothing is left half done");
    }

    #[test]
    fn a_later_version_is_told_from_another_kind() {
        let mut connection = begun(&[ONE, TWO]);
        let fault = kind(&[ONE]).check(&mut connection).unwrap_err();
        assert_eq!(fault.unusable(), Some(Unusable::Newer { found: 2, known: 1 }));
        let fault = SNAPSHOT.check(&mut connection).unwrap_err();
        assert_eq!(fault.unusable(), Some(Unusable::Foreign));
    }
}
