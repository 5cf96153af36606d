//! Why somebody is not let in.

use std::time::Duration;

use thiserror::Error;

/// Why it is not known who asks, or that they may. No part of what was sent is in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unauthenticated {
    /// Nothing was sent.
    #[error(
        "a credential is needed: send `Authorization: Bearer` with an API key or a token, or Basic with an API key as the password"
    )]
    Missing,
    /// What was sent is no credential.
    #[error("the credential can't be used: {0}")]
    Malformed(&'static str),
    /// No key of this kind is in the file.
    #[error("this API key is not known here")]
    UnknownKey,
    /// The key or the token has ended.
    #[error("the credential has expired")]
    Expired,
    /// The token begins later.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// Somebody else has issued it.
    #[error("the token is from an issuer that is not known here")]
    WrongIssuer,
    /// It is meant for another service.
    #[error("the token is for another audience")]
    WrongAudience,
    /// It is signed in a way that isn't taken.
    #[error("the token is signed by an algorithm that is not taken here")]
    WrongAlgorithm,
    /// It is signed by a key that the issuer doesn't show.
    #[error("the token is signed by a key that the issuer doesn't have")]
    UnknownSigningKey,
    /// It was made or changed by somebody else.
    #[error("the token's signature doesn't hold")]
    BadSignature,
    /// Who it is, is known; that they may come in, is not.
    #[error("the token gives no role here")]
    NoRole,
    /// Whether it holds can't be told.
    #[error("the keys of the token's issuer can't be had at the moment")]
    KeysUnavailable {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// Others have guessed from there.
    #[error("too many credentials that don't hold came from this address")]
    TooManyAttempts {
        /// When it is worth trying again.
        retry_after: Duration,
    },
}

impl Unauthenticated {
    /// The reason in one word, for the log.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed(_) => "malformed",
            Self::UnknownKey => "unknown_key",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::UnknownSigningKey => "unknown_signing_key",
            Self::BadSignature => "bad_signature",
            Self::NoRole => "no_role",
            Self::KeysUnavailable { .. } => "keys_unavailable",
            Self::TooManyAttempts { .. } => "too_many_attempts",
        }
    }

    /// Whether somebody may be trying what they find: it is counted. What has merely ended, or was meant for
    /// somebody else, was a credential once.
    pub(super) fn is_a_guess(&self) -> bool {
        matches!(
            self,
            Self::Malformed(_)
                | Self::UnknownKey
                | Self::WrongAlgorithm
                | Self::UnknownSigningKey
                | Self::BadSignature
        )
    }
}
