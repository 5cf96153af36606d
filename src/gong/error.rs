//! What can go wrong between us and Gong.

use std::time::Duration;

use thiserror::Error;

use super::{Refusal, TokenStoreError, retry::Setback};

/// Why Gong gave no answer that can be used. Never holds a credential or a cursor.
#[derive(Clone, Debug, Error)]
pub enum GongError {
    /// 401 or 403: wrong key, missing scope, an address that is not on the key's list, another host than
    /// the token's; or a refresh token that Gong no longer takes. Terminal until somebody changes something.
    #[error("Gong refused the credentials (HTTP {status}): {message}")]
    Unauthorized {
        /// 401 or 403; also 400 when a refresh token was refused.
        status: u16,
        /// Gong's own words.
        message: String,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// Another 4xx: Gong understood and said no.
    #[error("Gong refused the request (HTTP {status}): {message}")]
    Rejected {
        /// The status.
        status: u16,
        /// Gong's own words.
        message: String,
        /// Gong's `requestId`; `None` when it wasn't Gong who answered.
        request_id: Option<String>,
    },
    /// 429, more often than is worth trying.
    #[error("Gong is throttling (HTTP 429)")]
    Throttled {
        /// How long Gong asked to be left alone, if it said so.
        retry_after: Option<Duration>,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// A status that promises no answer: 5xx, or a redirect, which is never followed.
    #[error("Gong has a fault (HTTP {status})")]
    ServerFault {
        /// The status.
        status: u16,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// No connection that is safe to send credentials over: the certificate isn't trusted, or no version of TLS
    /// is common.
    #[error("Gong can't be reached safely: {0}")]
    Untrusted(String),
    /// No connection, or one that broke.
    #[error("Gong can't be reached: {0}")]
    Unreachable(String),
    /// No whole answer in time.
    #[error("Gong did not answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The answer ends early or is no JSON.
    #[error("Gong's answer is no JSON: {cause}")]
    BrokenBody {
        /// What the parser says, with line and column.
        cause: String,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// The answer is larger than anything Gong sends.
    #[error("Gong's answer is larger than {limit} bytes")]
    BodyTooLarge {
        /// The bound in bytes.
        limit: usize,
    },
    /// The answer is JSON of another shape.
    #[error("Gong's answer can't be understood at `{path}`: {cause}")]
    Decode {
        /// JSON path of the place.
        path: String,
        /// What was found and what was expected.
        cause: String,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// The call was not made: there was no access token to make it with, and Gong issued none.
    #[error("no access token: {0}")]
    NoToken(Box<GongError>),
    /// The call was not made: the stored tokens can't be read, and asking with the token of the first
    /// consent could spoil them.
    #[error("no access token: {0}")]
    TokenStore(#[from] TokenStoreError),
    /// The call was not made.
    #[error(transparent)]
    NotAsked(#[from] Refusal),
    /// A listing that would never end: Gong gave a cursor that it had given before.
    #[error("Gong gave the same cursor twice, on page {page} of a listing")]
    SameCursorTwice {
        /// The page, counted from 1.
        page: u32,
    },
    /// A listing that began anew too often, because its cursor was refused each time.
    #[error("Gong refused the cursor of a listing {restarts} times; the last time it said: {message}")]
    CursorRefused {
        /// How often the listing began anew.
        restarts: u32,
        /// Gong's own words.
        message: String,
        /// Gong's `requestId`.
        request_id: Option<String>,
    },
    /// A listing of more pages than any company has.
    #[error("a listing goes on after {limit} pages")]
    TooManyPages {
        /// The bound.
        limit: u32,
    },
}

impl GongError {
    /// Gong's own `requestId`, for a question to Gong's support.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Unauthorized { request_id, .. }
            | Self::Rejected { request_id, .. }
            | Self::Throttled { request_id, .. }
            | Self::ServerFault { request_id, .. }
            | Self::BrokenBody { request_id, .. }
            | Self::Decode { request_id, .. }
            | Self::CursorRefused { request_id, .. } => request_id.as_deref(),
            Self::NoToken(cause) => cause.request_id(),
            _ => None,
        }
    }

    /// Whether another access token might help. Not where a scope is missing (recorded words): scopes come
    /// with consent, not with time.
    pub(super) fn may_be_the_token(&self) -> bool {
        matches!(self, Self::Unauthorized { status: 401, .. }) && self.missing_scope().is_none()
    }

    /// The scope that the token lacks, if that is what Gong says (recorded words).
    pub fn missing_scope(&self) -> Option<&str> {
        match self {
            Self::Unauthorized { status: 401, message, .. } => {
                let words = message.strip_prefix("You don't have permission to use")?;
                Some(words.split('\'').nth(1).unwrap_or_default())
            }
            Self::NoToken(cause) => cause.missing_scope(),
            _ => None,
        }
    }

    /// Whether Gong has answered, and the answer is of no use: asked in another way it may be.
    pub fn is_an_answer(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::Decode { .. }
                | Self::SameCursorTwice { .. }
                | Self::CursorRefused { .. }
                | Self::TooManyPages { .. }
        )
    }

    /// What the retry policy should think of it.
    pub(super) fn setback(&self) -> Setback {
        match self {
            Self::Throttled { retry_after, .. } => Setback::Throttled(*retry_after),
            Self::ServerFault { status: 500.., .. } => Setback::ServerFault,
            Self::Unreachable(_) | Self::Untrusted(_) => Setback::Unreachable,
            Self::TimedOut(_) => Setback::TimedOut,
            Self::BrokenBody { .. } => Setback::BrokenBody,
            _ => Setback::Final,
        }
    }
}
