//! What must survive a restart, in a directory of its own: the last good snapshot, a snapshot in quarantine,
//! the calls of the day, the OAuth tokens.
//!
//! Each has a file to itself, so that one that is damaged takes nothing else along and a long save of one
//! doesn't hold up another. Three are SQLite databases in WAL mode; the tokens are a JSON file, because that
//! leaves no old secret behind in a log or a free page. All hold personal data or secrets: the files are
//! 0600, and nothing here names a person in an error.
//!
//! Whatever the files hold, the service starts: what can't be used is set aside, and said.
//!
//! Everything here blocks: call it from a blocking thread.

mod error;
mod fault;
mod files;
mod aside;
mod lock;
mod schema;
mod database;
mod record;
mod checks;
mod people;
mod snapshot;
mod quarantine;
mod calls;
mod tokens;
mod disk;

pub use aside::{SetAside, Unusable};
pub use calls::SpentHour;
pub use disk::Store;
pub use error::{Notice, StoreError};
pub use quarantine::StoredQuarantine;
pub use snapshot::StoredSnapshot;
pub use tokens::StoredTokens;
