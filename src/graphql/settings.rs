//! What the schema's side of the service is told.

use super::{caps::Caps, rate::RateSettings};

/// What the executor is told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What one request may ask for.
    pub caps: Caps,
    /// What one client may ask for over time.
    pub rate: RateSettings,
    /// What helps whoever writes queries, and whoever looks for a way in.
    pub shown: Shown,
    /// What is kept, so that it needn't be worked out again.
    pub kept: CacheBounds,
}

/// How many bytes are kept of what has been worked out, about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheBounds {
    /// Of documents that have been validated, with their plans; none for 0.
    pub documents: u64,
    /// Of whole answers, for as long as their snapshot is the present one; none for 0. Those to documents that aren't
    /// kept aren't either.
    pub answers: u64,
}

impl Default for CacheBounds {
    fn default() -> Self {
        Self { documents: 32 << 20, answers: 64 << 20 }
    }
}

/// What is told of the schema beside answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// `__schema`, `__type` and `_service`, and what validation says of the schema. Without it every document
    /// that doesn't fit gets the same text.
    pub introspection: bool,
    /// "Did you mean" in errors.
    pub suggestions: bool,
    /// The pages, which ask queries and so are only there where the schema is told.
    pub graphiql: bool,
}

impl Shown {
    /// Whether the pages are there.
    pub fn page(&self) -> bool {
        self.graphiql && self.introspection
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self { introspection: true, suggestions: true, graphiql: true }
    }
}
