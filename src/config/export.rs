//! What tables may take.

use std::time::Duration;

use clap::Args;

use super::time_between;
use crate::http::ExportSettings;

/// What tables for BI tools may take.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Tables")]
pub struct ExportArgs {
    /// Tables that are written at once.
    #[arg(long, env = "ORGRAPH_MAX_EXPORTS", default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub max_exports: u32,
    /// Those of one client. One more waits for five seconds.
    #[arg(long, env = "ORGRAPH_MAX_EXPORTS_PER_CLIENT", default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub max_exports_per_client: u32,
    /// The time for a client to take a whole table, from 1s to 24h. It has to go on taking it all the while, as
    /// --stall-time says.
    #[arg(long, env = "ORGRAPH_EXPORT_TIME", default_value = "1h", value_name = "TIME", value_parser = time)]
    pub export_time: Duration,
    /// MiB of Parquet that are kept for those who read it in parts, up to 1 MiB of each in memory and larger ones in
    /// files of the system's directory for temporary files. Those that are being read come on top.
    #[arg(long, env = "ORGRAPH_EXPORTS_KEPT_MIB", default_value_t = 512, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_048_576))]
    pub exports_kept_mib: u32,
    /// MiB of one table in Parquet. A larger one is refused; other formats have no bound.
    #[arg(long, env = "ORGRAPH_MAX_PARQUET_MIB", default_value_t = 1_024, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub max_parquet_mib: u32,
}

impl ExportArgs {
    /// What the HTTP layer is told.
    pub fn settings(&self) -> ExportSettings {
        ExportSettings {
            in_all: self.max_exports as usize,
            per_client: self.max_exports_per_client as usize,
            time: self.export_time,
            kept_bytes: u64::from(self.exports_kept_mib) << 20,
            parquet_bytes: u64::from(self.max_parquet_mib) << 20,
        }
    }
}

fn time(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(1), Duration::from_secs(24 * 60 * 60), text)
}
