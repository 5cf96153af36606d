//! What the HTTP layer is told.

/// How requests are taken and answers given.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The most requests of one batch (a JSON list of requests); 0 for no batches at all.
    pub max_batch: usize,
}
