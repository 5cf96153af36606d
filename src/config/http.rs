//! How requests are taken and answers given.

use clap::Args;

use super::ConfigError;
use crate::http;

/// How requests are taken.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How requests are taken")]
pub struct HttpArgs {
    /// The most requests of one batch, a JSON list of requests; 0 refuses batches. Each request of a batch costs
    /// what it would cost alone.
    #[arg(long, env = "ORGRAPH_MAX_BATCH", default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub max_batch: u32,
}

impl HttpArgs {
    /// What the HTTP layer is told.
    ///
    /// # Errors
    /// If a part can't be used.
    pub fn settings(&self) -> Result<http::Settings, ConfigError> {
        Ok(http::Settings { max_batch: self.max_batch as usize })
    }
}
