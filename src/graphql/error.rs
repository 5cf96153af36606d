//! Errors as a client sees them: words for people, a code from a closed list for programs.

use async_graphql::{Error, ErrorExtensionValues, ServerError};

use crate::directory::{LiveError, LookupError};

/// `extensions.code` of every error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// An argument, a variable or the request itself can't be used.
    BadUserInput,
    /// The document is no GraphQL.
    GraphqlParseFailed,
    /// The document doesn't fit the schema.
    GraphqlValidationFailed,
    /// No snapshot yet.
    NotReady,
    /// The document asks for more than one answer may hold.
    QueryTooComplex,
    /// The client asks too much at once, or too often.
    Throttled,
    /// Gong had to be asked and gave no answer that can be used.
    UpstreamUnavailable,
    /// More than one user has the address.
    AmbiguousEmail,
    /// Our own fault.
    InternalServerError,
}

impl ErrorCode {
    /// The code as it stands in an answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::NotReady => "NOT_READY",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::Throttled => "THROTTLED",
            Self::UpstreamUnavailable => "UPSTREAM_UNAVAILABLE",
            Self::AmbiguousEmail => "AMBIGUOUS_EMAIL",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// An error before a field or a path is known.
#[derive(Debug)]
pub(super) struct Fault {
    code: ErrorCode,
    message: String,
    argument: Option<&'static str>,
    gong_request_id: Option<String>,
}

impl Fault {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), argument: None, gong_request_id: None }
    }

    /// An argument that can't be used; `why` goes on from its name.
    pub(super) fn argument(name: &'static str, why: impl std::fmt::Display) -> Self {
        let message = format!("{name}: {why}");
        Self { argument: Some(name), ..Self::new(ErrorCode::BadUserInput, message) }
    }
}

impl Fault {
    pub(super) fn is(&self, code: ErrorCode) -> bool {
        self.code == code
    }
}

impl From<LookupError> for Fault {
    fn from(error: LookupError) -> Self {
        let gong_request_id = error.gong_request_id().map(str::to_owned);
        Self { gong_request_id, ..Self::new(ErrorCode::UpstreamUnavailable, error.to_string()) }
    }
}

impl From<LiveError> for Fault {
    fn from(error: LiveError) -> Self {
        let gong_request_id = error.gong_request_id().map(str::to_owned);
        Self { gong_request_id, ..Self::new(ErrorCode::UpstreamUnavailable, error.to_string()) }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", fault.code.as_str());
        if let Some(argument) = fault.argument {
            extensions.set("argument", argument);
        }
        if let Some(id) = fault.gong_request_id {
            extensions.set("gongRequestId", id);
        }
        Self { message: fault.message, source: None, extensions: Some(extensions) }
    }
}

/// An error that concerns the whole request.
pub fn fault(code: ErrorCode, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code);
    error
}

pub(super) fn set_code(error: &mut ServerError, code: ErrorCode) {
    error.extensions.get_or_insert_default().set("code", code.as_str());
}
