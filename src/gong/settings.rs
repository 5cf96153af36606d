//! What the client has to be told.

use std::{fmt, sync::Arc, time::Duration};

use secrecy::SecretString;
use thiserror::Error;

use super::{Limits, MemoryTokenStore, OAuthClient, RetryPolicy, TokenStore};

/// Who asks.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// An access key of Gong's (company settings, API). High-privilege: it reads the whole company.
    AccessKey {
        /// The key's name part.
        access_key: SecretString,
        /// The key's secret part.
        access_key_secret: SecretString,
    },
    /// An integration that the company has authorised.
    OAuth(OAuthClient),
}

/// Everything the client has to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Gong is: `https://api.gong.io` for access keys. With OAuth, where it is if the token's answer
    /// doesn't say. Plain `http` is taken for this machine only, since credentials go with every call.
    pub base_url: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Where OAuth's tokens are kept; in memory unless said otherwise. Access keys need none.
    pub tokens: Arc<dyn TokenStore>,
    /// How much may be asked.
    pub limits: Limits,
    /// When a call is tried again.
    pub retry: RetryPolicy,
    /// How long one call may take, from connecting to the body's last byte.
    pub timeout: Duration,
    /// The largest body that is read, in bytes after decompression.
    pub max_body: usize,
}

impl Settings {
    /// Settings with Gong's documented limits.
    pub fn new(base_url: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            base_url: base_url.into(),
            credentials,
            tokens: Arc::new(MemoryTokenStore::default()),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            max_body: 16 << 20,
        }
    }
}

impl fmt::Debug for dyn TokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenStore")
    }
}

/// Why no client could be made.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// A URL can't be read.
    #[error("{what} is no URL: {cause}")]
    Url {
        /// Which one.
        what: &'static str,
        /// What the parser says.
        cause: String,
    },
    /// A URL has another scheme, user info, a query or a fragment.
    #[error("{0} must be http(s)://host[:port][/path] and nothing else")]
    UrlShape(&'static str),
    /// Credentials would cross a network in the clear.
    #[error("{0} uses http to another machine: the credentials would be readable on the way")]
    PlainHttp(&'static str),
    /// A credential is empty or can't be sent.
    #[error("the {0} of Gong is empty or has characters that can't be sent")]
    Credential(&'static str),
    /// The HTTP client can't start.
    #[error("the HTTPS client can't start: {0}")]
    Client(String),
}
