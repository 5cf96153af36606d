//! How much may be asked of Gong.

use clap::Args;

use super::ConfigError;
use crate::gong::Limits;

/// How much may be asked of Gong. Gong's limits hold for the whole company, all its integrations together.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Gong")]
pub struct LimitArgs {
    /// Calls to Gong under way at once.
    #[arg(long, env = "ORGRAPH_GONG_MAX_IN_FLIGHT", default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub gong_max_in_flight: u32,
    /// Calls to Gong begun in any second.
    #[arg(long, env = "ORGRAPH_GONG_MAX_PER_SECOND", default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub gong_max_per_second: u32,
    /// Calls to Gong in any 24 hours.
    #[arg(long, env = "ORGRAPH_GONG_DAILY_BUDGET", default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub gong_daily_budget: u32,
    /// Calls of the daily budget that scans leave for look-ups [default: a tenth of the budget].
    #[arg(long, env = "ORGRAPH_GONG_LOOKUP_RESERVE", value_name = "N")]
    pub gong_lookup_reserve: Option<u32>,
}

impl LimitArgs {
    pub(super) fn limits(&self) -> Result<Limits, ConfigError> {
        let daily_budget = self.gong_daily_budget;
        let lookup_reserve = self.gong_lookup_reserve.unwrap_or(daily_budget / 10);
        if lookup_reserve >= daily_budget {
            return Err(ConfigError::Reserve { reserve: lookup_reserve, budget: daily_budget });
        }
        Ok(Limits {
            max_in_flight: self.gong_max_in_flight,
            max_per_second: self.gong_max_per_second,
            daily_budget,
            lookup_reserve,
        })
    }
}
