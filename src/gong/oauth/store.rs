//! Where tokens outlive the process.

use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use super::Tokens;

/// Keeps one pair of tokens. Called on threads that may block, by one caller at a time.
///
/// What it keeps opens the whole company: on a disk, readable by its owner alone.
pub trait TokenStore: Send + Sync {
    /// The pair that was saved last, if any. What is there but damaged for good is none: the store sets it
    /// aside and says so.
    ///
    /// # Errors
    /// If it can't be told now whether there is one. The first consent's token is not used then, since the
    /// stored one has most likely replaced it.
    fn load(&self) -> Result<Option<Tokens>, TokenStoreError>;

    /// Keeps this pair in place of the one before. Once it returns, a crash doesn't lose it.
    ///
    /// # Errors
    /// If it can't be kept. The pair is used all the same and saving tried again later.
    fn save(&self, tokens: &Tokens) -> Result<(), TokenStoreError>;
}

/// Why tokens could not be kept or found. Its text holds none of them.
#[derive(Clone, Debug, Error)]
#[error("the token store: {0}")]
pub struct TokenStoreError(pub String);

/// Keeps tokens as long as the process lives. With it every start needs a consent of its own, since Gong
/// takes a refresh token only once.
#[derive(Debug, Default)]
pub struct MemoryTokenStore(Mutex<Option<Tokens>>);

impl TokenStore for MemoryTokenStore {
    fn load(&self) -> Result<Option<Tokens>, TokenStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, tokens: &Tokens) -> Result<(), TokenStoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        Ok(())
    }
}
