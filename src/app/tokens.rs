//! OAuth's tokens on disk: what the client of Gong asks for, from what the store has.

use std::sync::Arc;

use crate::{
    gong::{TokenStore, TokenStoreError, Tokens},
    store::{Store, StoreError, StoredTokens},
};

/// The store, as the client of Gong sees it.
pub(crate) struct TokensOnDisk(pub(crate) Arc<Store>);

impl TokenStore for TokensOnDisk {
    fn load(&self) -> Result<Option<Tokens>, TokenStoreError> {
        match self.0.load_tokens() {
            Ok(stored) => Ok(stored.map(tokens)),
            // It is gone for good: the consent's own token is all there is.
            Err(StoreError::SetAside(aside)) => {
                tracing::error!(%aside, "the OAuth tokens on disk can't be used");
                Ok(None)
            }
            Err(error) => Err(TokenStoreError(error.to_string())),
        }
    }

    fn save(&self, tokens: &Tokens) -> Result<(), TokenStoreError> {
        self.0.save_tokens(&stored(tokens)).map_err(|error| TokenStoreError(error.to_string()))
    }
}

fn tokens(stored: StoredTokens) -> Tokens {
    let StoredTokens { access_token, refresh_token, issued_at, expires_at, api_base_url, origin } = stored;
    Tokens { access_token, refresh_token, issued_at, expires_at, api_base_url, origin }
}

fn stored(tokens: &Tokens) -> StoredTokens {
    let Tokens { access_token, refresh_token, issued_at, expires_at, api_base_url, origin } = tokens.clone();
    StoredTokens { access_token, refresh_token, issued_at, expires_at, api_base_url, origin }
}
