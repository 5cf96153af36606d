//! Trusted documents: the files of a directory.

use std::{
    collections::HashMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::{Hash, hash_of_hex, sha256};

/// The largest file, in bytes, and the most documents.
const MAX_FILE: u64 = 16 << 20;
const MAX_DOCUMENTS: usize = 20_000;

/// The texts of trusted documents.
#[derive(Default)]
pub(super) struct Trusted {
    by_hash: HashMap<Hash, Arc<str>>,
    /// By the name that a manifest gives.
    by_name: HashMap<String, Arc<str>>,
}

/// Where they are.
#[derive(Clone)]
pub(super) struct Directory(PathBuf);

/// A file, and by what one sees that it has changed.
pub(super) type Look = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// Why trusted documents can't be read.
#[derive(Debug, Error)]
pub enum DocumentsError {
    /// Only trusted documents are to be run, and there is no directory of any.
    #[error(
        "only trusted documents are to be run, but no directory of them is named (ORGRAPH_DOCUMENTS_DIR)"
    )]
    NoDirectory,
    /// The directory or a file can't be read.
    #[error("{}: {cause}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file doesn't hold what it should.
    #[error("{}: {why}", .file.display())]
    Unusable {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Trusted {
    /// The text of a document: by `sha256:` and its hash, by the hash alone, or by a manifest's name.
    pub(super) fn find(&self, id: &str) -> Option<Arc<str>> {
        let hash = hash_of_hex(id.strip_prefix("sha256:").unwrap_or(id));
        let by_hash = hash.and_then(|hash| self.by_hash.get(&hash));
        by_hash.or_else(|| self.by_name.get(id)).cloned()
    }

    /// Whether a text is a trusted document's.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.by_hash.contains_key(&sha256(text))
    }

    pub(super) fn len(&self) -> usize {
        self.by_hash.len()
    }

    fn add(&mut self, text: &str) -> Arc<str> {
        let shared: Arc<str> = text.into();
        self.by_hash.insert(sha256(text), shared.clone());
        shared
    }

    /// A document under the id that a manifest gives it. One that is a hash has to be the text's.
    fn add_as(&mut self, id: String, text: &str) -> Result<(), String> {
        if let Some(hash) = hash_of_hex(id.strip_prefix("sha256:").unwrap_or(&id)) {
            if hash != sha256(text) {
                return Err(format!("the id {id} is not the SHA-256 of its document"));
            }
            self.add(text);
            return Ok(());
        }
        let shared = self.add(text);
        match self.by_name.insert(id.clone(), shared) {
            Some(other) if *other != *text => Err(format!("the id {id} names two documents")),
            _ => Ok(()),
        }
    }
}

/// A manifest as Apollo's tools write it.
#[derive(Deserialize)]
struct Manifest {
    version: u64,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Reads all files. Blocks.
    pub(super) fn read(&self) -> Result<Trusted, DocumentsError> {
        let (mut trusted, mut twice) = (Trusted::default(), 0);
        for (file, _, _) in self.files()? {
            let text =
                read(&file).map_err(|cause| DocumentsError::Unreadable { file: file.clone(), cause })?;
            let unusable = |why| DocumentsError::Unusable { file: file.clone(), why };
            let text = text.trim_start_matches('\u{feff}');
            if is_manifest(&file) {
                read_manifest(text, &mut trusted).map_err(unusable)?;
            } else if text.trim().is_empty() {
                return Err(unusable("is empty".to_owned()));
            } else {
                // An editor may have put an end to the last line that the client's text doesn't have.
                trusted.add(text.trim_end());
                let once = trusted.len();
                trusted.add(text);
                twice += trusted.len() - once;
            }
            if trusted.len() - twice > MAX_DOCUMENTS {
                return Err(unusable(format!("there are more than {MAX_DOCUMENTS} documents")));
            }
        }
        Ok(trusted)
    }

    /// What the directory looks like. Blocks. One that can't be read looks like nothing.
    pub(super) fn looks_like(&self) -> Look {
        self.files().unwrap_or_default()
    }

    fn files(&self) -> Result<Look, DocumentsError> {
        let unreadable = |cause| DocumentsError::Unreadable { file: self.0.clone(), cause };
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ["graphql", "gql", "json"].contains(&ending) {
                let facts = fs::metadata(&file);
                let facts =
                    facts.map_err(|cause| DocumentsError::Unreadable { file: file.clone(), cause })?;
                files.push((file, facts.len(), facts.modified().ok()));
            }
        }
        files.sort();
        Ok(files)
    }
}

fn is_manifest(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "json")
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(file)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!("is larger than {MAX_FILE} bytes")));
    }
    Ok(text)
}

/// Apollo's manifest, or a plain map from ids to texts.
fn read_manifest(text: &str, trusted: &mut Trusted) -> Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    let Value::Object(object) = value else { return Err("must hold a JSON object".to_owned()) };
    if object.get("format").is_some_and(Value::is_string) && object.contains_key("operations") {
        if object["format"] != "apollo-persisted-query-manifest" {
            return Err("format: must be apollo-persisted-query-manifest".to_owned());
        }
        let manifest: Manifest =
            serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
        if manifest.version != 1 {
            return Err("version: must be 1".to_owned());
        }
        return manifest.operations.into_iter().try_for_each(|one| trusted.add_as(one.id, &one.body));
    }
    object.into_iter().try_for_each(|(id, text)| match text {
        Value::String(text) => trusted.add_as(id, &text),
        _ => Err(format!("the document of {id} must be a text")),
    })
}
