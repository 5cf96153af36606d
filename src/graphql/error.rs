//! Errors as a client sees them: words for people, a code from a closed list for programs.

use async_graphql::{Error, ErrorExtensionValues, Pos, ServerError};

use super::guarded::GuardedField;
use crate::{
    auth::Role,
    directory::{LiveError, LookupError},
};

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
    /// Nobody knows who asks: a credential is missing or doesn't hold.
    Unauthenticated,
    /// Whoever asks may not.
    Forbidden,
    /// Too much was asked in too short a time.
    Throttled,
    /// Gong, or the issuer of a token, had to be asked and gave no answer that can be used.
    UpstreamUnavailable,
    /// More than one user has the address.
    AmbiguousEmail,
    /// A document was asked for by its hash and isn't there: send its text along.
    PersistedQueryNotFound,
    /// Documents can't be sent by their hash here.
    PersistedQueryNotSupported,
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
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Throttled => "THROTTLED",
            Self::UpstreamUnavailable => "UPSTREAM_UNAVAILABLE",
            Self::AmbiguousEmail => "AMBIGUOUS_EMAIL",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
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
    required_role: Option<Role>,
}

impl Fault {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), argument: None, gong_request_id: None, required_role: None }
    }

    /// An argument that can't be used; `why` goes on from its name.
    pub(super) fn argument(name: &'static str, why: impl std::fmt::Display) -> Self {
        let message = format!("{name}: {why}");
        Self { argument: Some(name), ..Self::new(ErrorCode::BadUserInput, message) }
    }

    /// An argument that asks for what somebody of this role doesn't see.
    pub(super) fn forbidden(name: &'static str, field: GuardedField, role: Role) -> Self {
        let (field, needed) = (field.coordinate(), field.role());
        let message = format!(
            "{name}: asks for {field}, which needs the role {}, and the viewer is a {}",
            needed.as_str(),
            role.as_str()
        );
        let fault = Self::new(ErrorCode::Forbidden, message);
        Self { argument: Some(name), required_role: Some(needed), ..fault }
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
        if let Some(role) = fault.required_role {
            set_role(&mut extensions, role);
        }
        if let Some(id) = fault.gong_request_id {
            extensions.set("gongRequestId", id);
        }
        Self { message: fault.message, source: None, extensions: Some(extensions) }
    }
}

impl From<Fault> for ServerError {
    fn from(fault: Fault) -> Self {
        let mut error = Error::from(fault).into_server_error(Pos::default());
        error.locations.clear();
        error
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

/// Says that a role was missing, and which would do, by its name in the schema.
pub(super) fn set_role(extensions: &mut ErrorExtensionValues, needed: Role) {
    extensions.set("reason", "ROLE");
    extensions.set("requiredRole", needed.as_str().to_ascii_uppercase());
}

/// Says which request an error is of, for one that is told without a run.
pub fn name_request(error: &mut ServerError, request_id: &str) {
    error.extensions.get_or_insert_default().set("requestId", request_id);
}
