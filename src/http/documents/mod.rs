//! Documents that are asked for by their hash or name instead of their text: trusted ones from a directory, and
//! those that clients have sent before (automatic persisted queries), in memory.

mod directory;
mod memory;
mod unfit;

use std::{
    convert::Infallible,
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_graphql::Request;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::time::{MissedTickBehavior, interval};

use self::{
    directory::{Directory, Look, Trusted},
    memory::Memory,
};
use super::graphql::Parameters;

pub use directory::DocumentsError;
pub use unfit::Unfit;

/// How often the directory is looked at for changes.
const LOOK: Duration = Duration::from_secs(2);

/// Which documents are taken by their hash.
#[derive(Clone, Debug)]
pub struct DocumentSettings {
    /// Where trusted documents are: `*.graphql`, one document each, and `*.json`, manifests of many.
    pub directory: Option<PathBuf>,
    /// Only those are run.
    pub trusted_only: bool,
    /// Bytes of memory for documents that clients register; 0 for none.
    pub memory: u64,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { directory: None, trusted_only: false, memory: 8 << 20 }
    }
}

/// The documents that the service has. Cheap to clone.
#[derive(Clone)]
pub struct Documents(Arc<Inner>);

struct Inner {
    directory: Option<Directory>,
    /// What the directory looked like when it was first read.
    first_look: Look,
    trusted: RwLock<Arc<Trusted>>,
    memory: Option<Memory>,
    trusted_only: bool,
}

/// What is to be run.
#[derive(Debug)]
pub struct Asked {
    /// The request, with its document's text.
    pub request: Request,
    to_keep: Option<Hash>,
}

/// The SHA-256 of a document's text.
type Hash = [u8; 32];

impl Documents {
    /// Reads the directory, if one is named.
    ///
    /// # Errors
    /// If it or a file in it can't be used; the error names the file.
    pub fn open(settings: &DocumentSettings) -> Result<Self, DocumentsError> {
        let directory = settings.directory.clone().map(Directory::new);
        let first_look = directory.as_ref().map(Directory::looks_like).unwrap_or_default();
        let trusted = directory.as_ref().map(Directory::read).transpose()?.unwrap_or_default();
        if settings.trusted_only && directory.is_none() {
            return Err(DocumentsError::NoDirectory);
        }
        // Nobody registers where only trusted documents are run.
        let memory = (settings.memory > 0 && !settings.trusted_only).then(|| Memory::new(settings.memory));
        let trusted = RwLock::new(Arc::new(trusted));
        Ok(Self(Arc::new(Inner {
            directory,
            first_look,
            trusted,
            memory,
            trusted_only: settings.trusted_only,
        })))
    }

    /// Whether only trusted documents are run.
    pub fn trusted_only(&self) -> bool {
        self.0.trusted_only
    }

    /// The one way from the parameters of a request, however it came, to a request that the executor takes: finds the
    /// document by `documentId` or by `extensions.persistedQuery`, and holds back what may not be run. Costs a hash
    /// of the text where it has to be known, and else a look-up.
    ///
    /// Requests over a connection (WebSocket, SSE) come through here too. Who has run the request calls
    /// [`keep`](Self::keep) if it turned out to be worth it.
    ///
    /// # Errors
    /// If there is no document, or it may not be run.
    pub fn request(&self, parameters: Parameters) -> Result<Asked, Unfit> {
        let Parameters { query, document_id, operation_name, variables, extensions } = parameters;
        let query = query.filter(|query| !query.is_empty());
        let (text, to_keep) = match (document_id, persisted(&extensions)?) {
            (Some(_), Some(_)) => return Err(Unfit::TwoIds),
            (Some(id), None) => (self.by_id(&id, query.as_deref())?, None),
            (None, Some(id)) => self.by_hash(&id, query)?,
            (None, None) => {
                let query = query.ok_or(Unfit::NoDocument)?;
                if self.0.trusted_only && !self.trusted().holds(&query) {
                    return Err(Unfit::TrustedOnly);
                }
                (query, None)
            }
        };
        let mut request = Request::new(text).variables(variables);
        request.operation_name = operation_name;
        request.extensions.0 = extensions
            .into_iter()
            .filter_map(|(name, value)| Some((name, async_graphql::Value::from_json(value).ok()?)))
            .collect();
        Ok(Asked { request, to_keep })
    }

    /// Keeps the text of a document that came with its hash. To be called once it was run, which is to say that it
    /// has been parsed and validated; `text` is that of [`Asked::request`].
    pub fn keep(&self, registration: Registration) {
        if let Some(memory) = &self.0.memory {
            memory.keep(registration.hash, registration.text);
        }
    }

    /// Looks at the directory from time to time, and reads it again when it has changed. What can't be read then
    /// changes nothing: the documents stay as they are, and the log says what is wrong.
    pub async fn keep_current(self) -> Infallible {
        let Some(directory) = self.0.directory.clone() else { return std::future::pending().await };
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = self.0.first_look.clone();
        loop {
            looks.tick().await;
            let (this, directory) = (self.clone(), directory.clone());
            let now = tokio::task::spawn_blocking(move || {
                let now = directory.looks_like();
                if seen != now {
                    this.read_again(&directory);
                }
                now
            });
            seen = now.await.unwrap_or_default();
        }
    }

    fn read_again(&self, directory: &Directory) {
        match directory.read() {
            Ok(trusted) => {
                tracing::info!(documents = trusted.len(), "the trusted documents have been read again");
                *self.0.trusted.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trusted);
            }
            Err(error) => {
                tracing::error!(%error, "the trusted documents have changed and can't be read; they stay as they are");
            }
        }
    }

    fn trusted(&self) -> Arc<Trusted> {
        self.0.trusted.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A document by its id. A text beside it has to be the same.
    fn by_id(&self, id: &str, query: Option<&str>) -> Result<String, Unfit> {
        let hash = id.strip_prefix("sha256:").and_then(hash_of_hex);
        let remembered = || hash.and_then(|hash| self.0.memory.as_ref()?.find(&hash));
        let text = self.trusted().find(id).or_else(remembered).ok_or(Unfit::UnknownId)?;
        match query {
            Some(query) if query != &*text => Err(Unfit::TwoDocuments),
            _ => Ok(text.to_string()),
        }
    }

    /// A document by what `extensions.persistedQuery` says: a hash, or the name that a manifest gives it.
    fn by_hash(&self, id: &str, query: Option<String>) -> Result<(String, Option<Hash>), Unfit> {
        let hash = hash_of_hex(id);
        if let Some(trusted) = self.trusted().find(id)
            && query.as_ref().is_none_or(|query| **query == *trusted)
        {
            return Ok((trusted.to_string(), None));
        }
        let Some(memory) = &self.0.memory else {
            return Err(match (self.0.trusted_only, query) {
                (true, Some(_)) => Unfit::TrustedOnly,
                (true, None) => Unfit::NotFound,
                (false, _) => Unfit::NotSupported,
            });
        };
        let hash = hash.ok_or(Unfit::NoHash)?;
        let Some(query) = query else {
            let text = memory.find(&hash).ok_or(Unfit::NotFound)?;
            return Ok((text.to_string(), None));
        };
        if sha256(&query) != hash {
            return Err(Unfit::WrongHash);
        }
        Ok((query, Some(hash)))
    }
}

/// A document that came with its hash and may be kept.
#[derive(Debug)]
pub struct Registration {
    hash: Hash,
    text: Arc<str>,
}

impl Asked {
    /// What [`Documents::keep`] is to be told once the request was run, if anything.
    pub fn registration(&self) -> Option<Registration> {
        self.to_keep.map(|hash| Registration { hash, text: self.request.query.as_str().into() })
    }
}

impl Default for Documents {
    fn default() -> Self {
        let memory = Some(Memory::new(DocumentSettings::default().memory));
        Self(Arc::new(Inner {
            directory: None,
            first_look: Look::new(),
            trusted: RwLock::default(),
            memory,
            trusted_only: false,
        }))
    }
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").field("trusted", &self.trusted().len()).finish_non_exhaustive()
    }
}

/// What `extensions.persistedQuery` names, if it is there.
fn persisted(extensions: &Map<String, Value>) -> Result<Option<String>, Unfit> {
    let Some(persisted) = extensions.get("persistedQuery").filter(|persisted| !persisted.is_null()) else {
        return Ok(None);
    };
    if persisted.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(Unfit::Version);
    }
    let hash = persisted.get("sha256Hash").and_then(Value::as_str);
    hash.map(|hash| Some(hash.to_owned())).ok_or(Unfit::NoHash)
}

fn sha256(text: &str) -> Hash {
    Sha256::digest(text).into()
}

/// 64 hexadecimal digits as a hash.
fn hash_of_hex(hex: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests;
