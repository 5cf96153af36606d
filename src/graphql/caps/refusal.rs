//! What somebody is told whose request passes a cap.

use async_graphql::{Pos, ServerError};

use crate::graphql::error::{ErrorCode, fault};

/// A cap that was passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum Over {
    /// There is more of something than there may be.
    Cap {
        /// The cap, as `viewer { limits }` names it.
        cap: &'static str,
        /// Its number.
        most: usize,
        /// What was counted.
        what: &'static str,
    },
    /// A fragment is spread within itself.
    Ring { fragment: String, at: Pos },
}

impl Over {
    /// `cap` is passed, of which there may be `most` of `what`.
    pub(super) fn new(cap: &'static str, most: usize, what: &'static str) -> Self {
        Self::Cap { cap, most, what }
    }

    /// Refuses `counted` if it is more than `most`.
    pub(super) fn at_most(
        counted: usize,
        cap: &'static str,
        most: usize,
        what: &'static str,
    ) -> Result<(), Self> {
        if counted > most { Err(Self::new(cap, most, what)) } else { Ok(()) }
    }
}

impl From<Over> for ServerError {
    fn from(over: Over) -> Self {
        match over {
            Over::Cap { cap, most, what } => {
                let (code, subject) = match cap {
                    "variables" | "variablesBytes" | "variablesDepth" | "listItems" => {
                        (ErrorCode::BadUserInput, "the request")
                    }
                    _ => (ErrorCode::QueryTooComplex, "the query"),
                };
                let message = match cap {
                    "depth" => format!("{subject} is nested more than {most} deep"),
                    _ => format!("{subject} has more than {most} {what}"),
                };
                let mut error = fault(code, message);
                let extensions = error.extensions.get_or_insert_default();
                extensions.set("cap", cap);
                extensions.set("limit", most);
                error
            }
            Over::Ring { fragment, at } => {
                let message = format!("fragment {fragment} is spread within itself");
                let mut error = fault(ErrorCode::GraphqlValidationFailed, message);
                error.locations.push(at);
                error
            }
        }
    }
}
