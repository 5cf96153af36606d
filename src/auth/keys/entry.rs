//! What is stored of a key: a line of JSON.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ApiKey,
    secret::{Digest, hex, unhex},
};
use crate::auth::Role;

/// The longest name of a key.
const LONGEST_NAME: usize = 64;

/// All that is stored of a key; the key itself isn't.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// What it is called: logs and metrics name its user so.
    pub name: String,
    /// What it lets see.
    pub role: Role,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends, if it does.
    pub expires: Option<Timestamp>,
    pub(super) digest: Digest,
}

impl KeyEntry {
    /// What is to be stored of `key`.
    pub fn new(
        name: String,
        role: Role,
        key: &ApiKey,
        created: Timestamp,
        expires: Option<Timestamp>,
    ) -> Self {
        Self { name, role, created, expires, digest: key.digest() }
    }

    /// Entries as a JSON array, without their hashes.
    pub fn list_as_json(entries: &[Self]) -> String {
        let entries: Vec<_> = entries
            .iter()
            .map(|KeyEntry { name, role, created, expires, .. }| {
                serde_json::json!({
                    "name": name, "role": role.as_str(), "created": created.to_string(),
                    "expires": expires.map(|at| at.to_string()),
                })
            })
            .collect();
        serde_json::Value::from(entries).to_string()
    }
}

/// Without the hash: nobody needs it in a log.
impl fmt::Debug for KeyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyEntry").field("name", &self.name).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A line of the file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    role: String,
    sha256: String,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

/// Why a name can't be one.
pub(super) fn check_name(name: &str) -> Result<(), &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    match (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) {
        true => Ok(()),
        false => Err("a name is 1 to 64 letters, digits, dots, dashes and underscores"),
    }
}

/// The line of an entry.
pub(super) fn write(entry: &KeyEntry) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Line {
        name: entry.name.clone(),
        role: entry.role.as_str().to_owned(),
        sha256: hex(&entry.digest),
        created: entry.created.to_string(),
        expires: entry.expires.map(|at| at.to_string()),
    })
}

/// The entry of a line. Errors repeat no part of it: somebody may have put a key where its hash belongs.
pub(super) fn read(line: &str) -> Result<KeyEntry, &'static str> {
    let line: Line = serde_json::from_str(line).map_err(|_| {
        "must be a JSON object with name, role, sha256 and created, and perhaps expires, all of them strings"
    })?;
    check_name(&line.name)?;
    let moment = |text: &str| text.parse::<Timestamp>().ok();
    Ok(KeyEntry {
        role: Role::of_name(&line.role).ok_or("role must be reader, analyst or admin")?,
        digest: unhex(&line.sha256).ok_or("sha256 must be 64 hexadecimal digits")?,
        created: moment(&line.created).ok_or("created must be a time such as 2026-01-31T12:00:00Z")?,
        expires: match line.expires {
            None => None,
            Some(text) => Some(moment(&text).ok_or("expires must be a time such as 2026-01-31T12:00:00Z")?),
        },
        name: line.name,
    })
}
