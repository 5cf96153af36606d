//! Options of `check`.

use std::time::Duration;

use clap::Args;

use super::{ConfigError, GongArgs, RefreshArgs, StateArgs};
use crate::{check::CALLS_OF_QUESTIONS, gong};

/// The longest wait before a call is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Options of `check`: those of `serve` that it looks at, and its own.
#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    /// Calls to Gong that the check makes at most. Six tell all but who is in the company; everybody is read if
    /// there are enough left for it, a call a hundred people.
    #[arg(long, env = "ORGRAPH_CHECK_MAX_CALLS", default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(i64::from(CALLS_OF_QUESTIONS)..=1_000_000))]
    pub max_calls: u32,
    /// Print one JSON object instead of lines (docs/commands.md has its fields).
    #[arg(long)]
    pub json: bool,
    /// End with 1 if there are warnings.
    #[arg(long)]
    pub strict: bool,
    /// Where Gong is, and how much may be asked.
    #[command(flatten)]
    pub gong: GongArgs,
    /// What is kept.
    #[command(flatten)]
    pub state: StateArgs,
    /// How often Gong is to be asked.
    #[command(flatten)]
    pub refresh: RefreshArgs,
}

impl CheckArgs {
    /// What the client of Gong is told: what lasts is told and not waited for. Each call is tried once more after a
    /// moment, since another check may just have spent the second.
    ///
    /// # Errors
    /// If a part is missing or can't be used.
    pub fn gong(&self) -> Result<gong::Settings, ConfigError> {
        let mut settings = self.gong.settings()?;
        settings.retry.max_tries = 2;
        settings.retry.longest_wait = LONGEST_WAIT;
        Ok(settings)
    }
}
