//! The file of keys: a line of JSON each, so that an addition is a line and a bad line has a number. Empty lines
//! and those that begin with `#` are left as they are.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{KeyEntry, entry};

/// The largest file that is read, in bytes, and the most keys in it.
const MAX_BYTES: u64 = 1 << 20;
const MAX_KEYS: usize = 1_000;

/// A file of keys. Nothing is read or written before it is asked for.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

/// Why a file of keys can't be used, or a change to it not made. No part of the file is in it but names.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The operating system says no.
    #[error("{file}: {cause}")]
    Io {
        /// The file as it was named.
        file: String,
        /// Why.
        cause: io::Error,
    },
    /// It can't be a file of keys.
    #[error("{file} {why}")]
    Unusable {
        /// The file as it was named.
        file: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A line is no key.
    #[error("{file}: line {line}: {why}")]
    Line {
        /// The file as it was named.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A key can't be called so.
    #[error("{0}")]
    Name(&'static str),
    /// There is one of this name.
    #[error("there is a key of the name {name} already; remove it first, or give the new one another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// There is none of this name.
    #[error("there is no key of the name {name}")]
    NoSuchName {
        /// The name.
        name: String,
    },
}

impl KeyFile {
    /// The file at this path, whether it is there or not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The keys in it.
    ///
    /// # Errors
    /// If it isn't there, or can't be used.
    pub fn read(&self) -> Result<Vec<KeyEntry>, KeyFileError> {
        self.parse(&self.text()?)
    }

    /// Adds a key, and makes the file if it isn't there. Others may add at the same moment.
    ///
    /// # Errors
    /// If there is one of its name already, or the file can't be read or written.
    pub fn add(&self, key: &KeyEntry) -> Result<(), KeyFileError> {
        entry::check_name(&key.name).map_err(KeyFileError::Name)?;
        let _lock = self.lock()?;
        let mut text = match self.text() {
            Err(KeyFileError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => String::new(),
            text => text?,
        };
        let keys = self.parse(&text)?;
        if keys.iter().any(|other| other.name == key.name) {
            return Err(KeyFileError::NameTaken { name: key.name.clone() });
        }
        if keys.len() >= MAX_KEYS {
            return Err(self.unusable("has 1,000 keys in it already"));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&entry::write(key).map_err(|error| self.io(error.into()))?);
        text.push('\n');
        self.replace(&text)
    }

    /// Removes the key of this name.
    ///
    /// # Errors
    /// If there is none, or the file can't be read or written.
    pub fn remove(&self, name: &str) -> Result<(), KeyFileError> {
        let _lock = self.lock()?;
        let text = self.text()?;
        if !self.parse(&text)?.iter().any(|key| key.name == name) {
            return Err(KeyFileError::NoSuchName { name: name.to_owned() });
        }
        let bare = |line: &str| line.trim_start_matches('\u{feff}').trim().to_owned();
        let stays = |line: &&str| !entry::read(&bare(line)).is_ok_and(|key| key.name == name);
        let text: String = text.split_inclusive('\n').filter(stays).collect();
        self.replace(&text)
    }

    /// Whether anybody but its owner may read or change it.
    pub fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        let open = fs::metadata(&self.0)
            .is_ok_and(|found| std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0);
        #[cfg(not(unix))]
        let open = false;
        open
    }

    /// What is in it, unread.
    pub(super) fn text(&self) -> Result<String, KeyFileError> {
        // Before it is opened: a pipe would keep us waiting.
        if !fs::metadata(&self.0).map_err(|cause| self.io(cause))?.is_file() {
            return Err(self.unusable("is no file"));
        }
        let mut bytes = Vec::new();
        File::open(&self.0)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|cause| self.io(cause))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(self.unusable("is larger than 1 MiB"));
        }
        String::from_utf8(bytes).map_err(|_| self.unusable("is not UTF-8"))
    }

    /// The keys of a text of this file.
    pub(super) fn parse(&self, text: &str) -> Result<Vec<KeyEntry>, KeyFileError> {
        let mut keys: Vec<KeyEntry> = Vec::new();
        for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |why| KeyFileError::Line { file: self.name(), line: at + 1, why };
            let key = entry::read(line).map_err(bad)?;
            if keys.iter().any(|other| other.name == key.name) {
                return Err(bad("its name is that of a line before"));
            }
            if keys.iter().any(|other| other.digest == key.digest) {
                return Err(bad("its key is that of a line before"));
            }
            if keys.len() == MAX_KEYS {
                return Err(bad("there are more than 1,000 keys"));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    pub(super) fn name(&self) -> String {
        self.0.display().to_string()
    }

    fn io(&self, cause: io::Error) -> KeyFileError {
        KeyFileError::Io { file: self.name(), cause }
    }

    fn unusable(&self, why: &'static str) -> KeyFileError {
        KeyFileError::Unusable { file: self.name(), why }
    }

    /// Where the file itself is: what is renamed over a link would take the link's place.
    fn target(&self) -> PathBuf {
        fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone())
    }

    /// One change at a time, until it is dropped: the directory is locked, so that no file is left behind.
    fn lock(&self) -> Result<Option<File>, KeyFileError> {
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let directory = File::open(directory_of(&self.target())).map_err(|cause| self.io(cause))?;
        match directory.lock() {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
            Err(cause) => Err(self.io(cause)),
            Ok(()) => Ok(Some(directory)),
        }
    }

    /// Puts the text in the file's place, whole or not at all; private from its first byte.
    fn replace(&self, text: &str) -> Result<(), KeyFileError> {
        let target = self.target();
        let new = target.with_added_extension("new");
        let written = (|| {
            if let Err(error) = fs::remove_file(&new)
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(error);
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &target)?;
            // A rename is only certain to outlast a power cut once its directory is on the disk.
            if cfg!(unix) { File::open(directory_of(&target))?.sync_all() } else { Ok(()) }
        })();
        written.map_err(|cause| {
            let _ = fs::remove_file(&new);
            self.io(cause)
        })
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
