//! How the people of a simulated workspace change.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{ConfigError, time::simulated_time};
use crate::simulator::{Changes, Drift, Series};

/// How the people of a simulated workspace change while it runs.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How the people change")]
pub struct ChangeArgs {
    /// A directory of users files, one for each step, in the order of their names (*.ndjson, one Gong user
    /// a line). The simulator begins with the first and stays at the last.
    #[arg(long, env = "ORGRAPH_SERIES", value_name = "DIR", conflicts_with_all = ["users", "generate", "drift"])]
    pub series: Option<PathBuf>,
    /// Change so many per cent of the people by chance each step: hires, leavers, other managers, other
    /// titles. The same seed, the same changes.
    #[arg(long, env = "ORGRAPH_DRIFT", value_name = "PERCENT", value_parser = percent)]
    pub drift: Option<f64>,
    /// The time from one step of a series or a drift to the next, from 0s to 24h. With 0s there are only
    /// those that are asked for, with POST /_simulator/step, which works at any time.
    #[arg(long, env = "ORGRAPH_STEP", default_value = "1m", value_name = "TIME", value_parser = simulated_time)]
    pub step: Duration,
}

impl ChangeArgs {
    /// What the people follow, if anything.
    ///
    /// # Errors
    /// If the series can't be read.
    pub fn changes(&self, seed: u64) -> Result<Option<Changes>, ConfigError> {
        if let Some(directory) = &self.series {
            return Ok(Some(Series::read(directory)?.into()));
        }
        Ok(self.drift.map(|percent| Drift::new(percent, seed).into()))
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim().trim_end_matches('%').parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}
