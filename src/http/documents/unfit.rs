//! Why the parameters of a request lead to no document that may be run.

use thiserror::Error;

use crate::graphql::ErrorCode;

/// Why a request has no document that may be run. Its text names the parameter and repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Neither text nor id.
    #[error("query: must be given")]
    NoDocument,
    /// `documentId` and `extensions.persistedQuery`.
    #[error("documentId: must not be given together with extensions.persistedQuery")]
    TwoIds,
    /// `documentId` names one document, and `query` is another.
    #[error("query: is not the document that documentId names; one of the two is enough")]
    TwoDocuments,
    /// `documentId` names none.
    #[error("documentId: there is no document with this id")]
    UnknownId,
    /// `extensions.persistedQuery` is of another version.
    #[error("extensions.persistedQuery.version: must be 1")]
    Version,
    /// It has no hash.
    #[error(
        "extensions.persistedQuery.sha256Hash: must be the SHA-256 of the document, 64 hexadecimal digits"
    )]
    NoHash,
    /// It has the hash of another document.
    #[error("extensions.persistedQuery.sha256Hash: is not the SHA-256 of query")]
    WrongHash,
    /// Nobody has sent this document yet. Clients know the words, and send it then.
    #[error("PersistedQueryNotFound")]
    NotFound,
    /// Documents aren't kept. Clients know the words, and send texts from then on.
    #[error("PersistedQueryNotSupported")]
    NotSupported,
    /// The text is no trusted document's.
    #[error("query: only trusted documents are run here; name one by documentId")]
    TrustedOnly,
}

impl Unfit {
    /// `extensions.code` of the error.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::NotFound => ErrorCode::PersistedQueryNotFound,
            Self::NotSupported => ErrorCode::PersistedQueryNotSupported,
            Self::TrustedOnly => ErrorCode::Forbidden,
            _ => ErrorCode::BadUserInput,
        }
    }

    /// Whether the request itself is well-formed, and only its document isn't there.
    pub(in crate::http) fn is_well_formed(self) -> bool {
        matches!(self, Self::NotFound | Self::NotSupported | Self::UnknownId)
    }
}
