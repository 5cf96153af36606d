//! The OAuth tokens: a refresh token is good for one use, so whoever loses the one that came last is locked
//! out.
//!
//! One small JSON file, written beside the old one and renamed over it, each step waited for. It keeps no
//! copy of tokens that have had their day, as a database's log and free pages would.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    aside::{self, Unusable},
    error::StoreError,
    fault::Fault,
    files,
    record::Moment,
};

/// The tokens as the last refresh brought them.
#[derive(Clone)]
pub struct StoredTokens {
    /// Opens Gong's API until it expires.
    pub access_token: SecretString,
    /// Buys the next pair, once.
    pub refresh_token: SecretString,
    /// When the pair was asked for.
    pub issued_at: Timestamp,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// Where Gong wants this customer's calls to go.
    pub api_base_url: Option<String>,
    /// What the tokens descend from, in the caller's words: tokens of another origin are void.
    pub origin: String,
}

/// Shows nothing that opens a door.
impl fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredTokens").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What the file holds.
#[derive(Deserialize, Serialize)]
struct Record {
    version: i32,
    access_token: String,
    refresh_token: String,
    issued_at: Moment,
    expires_at: Moment,
    api_base_url: Option<String>,
    origin: String,
}

const FILE: &str = "tokens.json";
const VERSION: i32 = 1;

/// Larger than any tokens; a file that is more is not read.
const MAX_BYTES: u64 = 1 << 20;

/// The file of the tokens.
#[derive(Debug)]
pub(super) struct TokenFile {
    directory: PathBuf,
    /// One writer at a time.
    turn: Mutex<()>,
}

impl TokenFile {
    pub(super) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), turn: Mutex::new(()) }
    }

    pub(super) fn write(&self, tokens: &StoredTokens) -> Result<(), StoreError> {
        let record = Record {
            version: VERSION,
            access_token: tokens.access_token.expose_secret().to_owned(),
            refresh_token: tokens.refresh_token.expose_secret().to_owned(),
            issued_at: Moment(tokens.issued_at),
            expires_at: Moment(tokens.expires_at),
            api_base_url: tokens.api_base_url.clone(),
            origin: tokens.origin.clone(),
        };
        let json = serde_json::to_string(&record).map_err(|error| Fault::Io(error.into()).about(FILE))?;
        let json = SecretString::from(json);
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.directory.join(FILE);
        if path.is_dir() {
            let aside = self.set_aside(Unusable::NotAFile)?;
            tracing::warn!("{aside}");
        }
        files::replace(&path, json.expose_secret().as_bytes()).map_err(|error| Fault::Io(error).about(FILE))
    }

    pub(super) fn read(&self) -> Result<Option<StoredTokens>, StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match read(&self.directory.join(FILE)) {
            Ok(tokens) => Ok(tokens),
            Err(fault) => Err(match fault.unusable() {
                Some(why) => StoreError::SetAside(self.set_aside(why)?),
                None => fault.about(FILE),
            }),
        }
    }

    fn set_aside(&self, why: Unusable) -> Result<aside::SetAside, StoreError> {
        aside::set_aside(&self.directory, FILE, why).map_err(|error| Fault::Io(error).about(FILE))
    }
}

fn read(path: &Path) -> Result<Option<StoredTokens>, Fault> {
    let found = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    if !found.is_file() {
        return Err(Fault::Unusable(Unusable::NotAFile));
    }
    files::keep_private(path)?;
    if found.len() > MAX_BYTES {
        return Err(Fault::damaged("it is too long"));
    }
    let json = fs::read(path)?;
    let json = String::from_utf8(json).map_err(|_| Fault::damaged("it is not text"))?;
    let json = SecretString::from(json);
    // serde's own message may quote what it read.
    let version: Version = serde_json::from_str(json.expose_secret())
        .map_err(|_| Fault::damaged("it is not what was written"))?;
    if version.version > VERSION {
        return Err(Fault::Unusable(Unusable::Newer { found: version.version, known: VERSION }));
    }
    let record: Record = serde_json::from_str(json.expose_secret())
        .map_err(|_| Fault::damaged("it is not what was written"))?;
    Ok(Some(StoredTokens {
        access_token: record.access_token.into(),
        refresh_token: record.refresh_token.into(),
        issued_at: record.issued_at.0,
        expires_at: record.expires_at.0,
        api_base_url: record.api_base_url,
        origin: record.origin,
    }))
}

/// Read first: a later version may have written everything else otherwise.
#[derive(Deserialize)]
struct Version {
    version: i32,
}
