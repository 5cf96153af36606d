//! What the HTTP layer is told.

use super::{documents::Documents, export::ExportSettings, origins::Origins};

/// How requests are taken and answers given.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The most requests of one batch (a JSON list of requests); 0 for no batches at all.
    pub max_batch: usize,
    /// Documents that are asked for by hash or name.
    pub documents: Documents,
    /// What tables may take.
    pub export: ExportSettings,
    /// The sites whose pages may read answers.
    pub origins: Origins,
    /// Every GET of an operation needs a header that a browser asks leave for, also one that no browser sends.
    pub require_preflight: bool,
    /// Whoever is on this machine is let in and nobody else: over plain HTTP, only requests for this machine by its
    /// own names are answered.
    pub only_this_machine: bool,
    /// `/schema.graphql` is not there.
    pub hide_schema: bool,
}

impl Settings {
    /// Whether anybody may read the schema as such. Where introspection is off it is not told as a file either.
    pub(super) fn tells_schema(&self) -> bool {
        !self.hide_schema && !self.documents.trusted_only()
    }
}
