//! What tables may take of the service.

use std::time::Duration;

/// Bounds on tables, each with a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSettings {
    /// How many are written at once, in all.
    pub in_all: usize,
    /// How many are written at once for one client.
    pub per_client: usize,
    /// From the beginning of an answer to its last byte.
    pub time: Duration,
    /// Bytes of Parquet that are kept, for those who read it in parts.
    pub kept_bytes: u64,
    /// The largest answer in Parquet, which has to be complete before its length is known.
    pub parquet_bytes: u64,
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            in_all: 8,
            per_client: 4,
            time: Duration::from_secs(60 * 60),
            kept_bytes: 512 << 20,
            parquet_bytes: 1 << 30,
        }
    }
}
