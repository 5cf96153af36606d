//! What is told of an operation that has been answered, to whoever counts and logs: what it is called and what became
//! of it, never what was asked or answered.

use std::{sync::Arc, time::Duration};

use async_graphql::{Name, ServerError, Value, parser::types::OperationType};
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tracing::{Span, field::Empty, info_span};

use super::{executor::Circumstances, outcome::Outcome};

/// An operation, by what its document says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, if it has one: a GraphQL name of whatever length, the caller's to choose.
    pub name: Option<Arc<str>>,
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
}

impl Operation {
    pub(super) fn new(name: Option<&Name>, ty: OperationType) -> Self {
        let kind = match ty {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
        Self { name: name.map(|name| name.as_str().into()), kind }
    }
}

/// An operation that has been answered.
pub struct Seen<'a> {
    /// What became of it.
    pub outcome: &'a Outcome,
    /// How it came, and from whom.
    pub circumstances: &'a Circumstances,
    /// How long it took.
    pub took: Duration,
    /// When it was answered.
    pub at: Instant,
    document: &'a str,
}

impl Seen<'_> {
    /// The codes of all its errors.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.outcome.response.errors.iter().map(code)
    }

    /// The SHA-256 of its document, in hexadecimal. Costs a walk over the document.
    pub fn document_hash(&self) -> String {
        hash(self.document)
    }
}

/// Whoever is told. It is called in the span of the operation, before the answer goes out: it has to be quick.
pub type Observer = Arc<dyn Fn(&Seen<'_>) + Send + Sync>;

/// An operation that is being watched.
pub(super) struct Watched {
    began: Instant,
    span: Span,
}

impl Watched {
    /// Begins to watch one that has been worked on since `began`.
    pub(super) fn begin(document: &str, began: Instant) -> Self {
        let span = info_span!(
            "graphql",
            otel.kind = "internal",
            otel.status_code = Empty,
            graphql.operation.name = Empty,
            graphql.operation.type = Empty,
            graphql.document.hash = Empty,
            error.type = Empty,
        );
        if !span.is_disabled() {
            span.record("graphql.document.hash", hash(document));
        }
        Self { began, span }
    }

    /// The span that all of its work belongs to.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Does a part of its work that ends here.
    pub(super) fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }

    pub(super) fn end(
        self,
        document: &str,
        outcome: &Outcome,
        circumstances: &Circumstances,
        observer: Option<&Observer>,
    ) {
        if let Some(operation) = &outcome.operation {
            self.span.record("graphql.operation.type", operation.kind);
        }
        if let Some(error) = outcome.response.errors.first() {
            self.span.record("error.type", code(error)).record("otel.status_code", "ERROR");
        }
        let at = Instant::now();
        let seen = Seen { outcome, circumstances, took: at - self.began, at, document };
        if let Some(observer) = observer {
            self.span.in_scope(|| observer(&seen));
        }
    }
}

fn code(error: &ServerError) -> &str {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => code,
        _ => "INTERNAL_SERVER_ERROR",
    }
}

fn hash(document: &str) -> String {
    let digest = Sha256::digest(document.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_what_sha256sum_says() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::hash(""), empty);
    }
}
