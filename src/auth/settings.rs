//! What the authenticator is told.

use std::path::PathBuf;

use thiserror::Error;

use super::{KeyFileError, TokenSettings};

/// Who is let in. With neither keys nor tokens everybody is, and may see everything.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file of API keys.
    pub keys_file: Option<PathBuf>,
    /// Whose tokens are taken.
    pub tokens: Option<TokenSettings>,
}

impl Settings {
    /// Whether anybody is asked for a credential.
    pub fn are_on(&self) -> bool {
        self.keys_file.is_some() || self.tokens.is_some()
    }
}

/// Why the settings can't be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The keys can't be read.
    #[error("the API keys: {0}")]
    Keys(#[from] KeyFileError),
    /// An URL can't be used.
    #[error("{what} {why}")]
    Url {
        /// Which one.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Something is missing.
    #[error("{0}")]
    Tokens(&'static str),
}
