//! When Gong is read, what is believed of what it says, and how old that may get.

use std::time::Duration;

use clap::Args;

use super::time_between;
use crate::sync::{self, GuardBounds, Interval, Percent};

/// When Gong is read again.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How often Gong is read")]
pub struct RefreshArgs {
    /// The time from the beginning of one scan of Gong to the next: `auto`, or from 1s to 7d. `auto` follows
    /// from the size of the company and what is left of the day's calls, from a minute to a day. A time for
    /// which the daily budget has too few calls is refused.
    #[arg(long, env = "ORGRAPH_REFRESH_INTERVAL", default_value_t, value_name = "TIME")]
    pub refresh_interval: Interval,
    /// The part of the daily budget that scans spend at most when the interval is `auto`.
    #[arg(long, env = "ORGRAPH_REFRESH_SHARE", default_value = "25%", value_name = "PERCENT", value_parser = share)]
    pub refresh_share: Percent,
    /// What is believed.
    #[command(flatten)]
    pub guard: GuardArgs,
}

impl RefreshArgs {
    /// What the sync is told.
    pub fn sync(&self) -> sync::Settings {
        sync::Settings {
            interval: self.refresh_interval,
            share: self.refresh_share,
            guard: self.guard.bounds(),
        }
    }
}

/// What a scan may change; one that would change more is held back (`orgraph quarantine`).
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "What a scan may change without anybody being asked")]
pub struct GuardArgs {
    /// Active people who may be gone or inactive.
    #[arg(long, env = "ORGRAPH_GUARD_MAX_DEACTIVATED", default_value = "20%", value_name = "PERCENT")]
    pub guard_max_deactivated: Percent,
    /// Links to managers that may be changed or gone.
    #[arg(long, env = "ORGRAPH_GUARD_MAX_RELINKED", default_value = "20%", value_name = "PERCENT")]
    pub guard_max_relinked: Percent,
    /// People who may be gone.
    #[arg(long, env = "ORGRAPH_GUARD_MAX_REMOVED", default_value_t = 500, value_name = "N")]
    pub guard_max_removed: u32,
    /// The smallest company for which these bounds hold. That a company isn't empty all of a sudden is
    /// always checked.
    #[arg(long, env = "ORGRAPH_GUARD_FROM_SIZE", default_value_t = 100, value_name = "N")]
    pub guard_from_size: u32,
}

impl GuardArgs {
    fn bounds(&self) -> GuardBounds {
        GuardBounds {
            deactivated: self.guard_max_deactivated,
            relinked: self.guard_max_relinked,
            removed: self.guard_max_removed,
            from_size: self.guard_from_size,
        }
    }
}

/// How old the snapshot may get.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "How old the snapshot may get")]
pub struct FreshnessArgs {
    /// The age of the snapshot from which on /readyz answers that the service is not ready, from 1s to 365d
    /// [default: none, the last good snapshot is served however old it gets].
    #[arg(long, env = "ORGRAPH_MAX_SNAPSHOT_AGE", value_name = "TIME", value_parser = snapshot_age)]
    pub max_snapshot_age: Option<Duration>,
}

fn share(text: &str) -> Result<Percent, String> {
    match text.parse() {
        Ok(percent) if percent == Percent::new(0) => Err("expected 1 to 100 percent".to_owned()),
        Ok(percent) => Ok(percent),
        Err(why) => Err(str::to_owned(why)),
    }
}

fn snapshot_age(text: &str) -> Result<Duration, String> {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    time_between(Duration::from_secs(1), YEAR, text)
}
