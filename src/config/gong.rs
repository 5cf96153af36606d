//! Where Gong is, and how much may be asked of it.

use std::time::Duration;

use clap::Args;

use super::{ConfigError, LimitArgs, credentials, or_default, time::call_timeout};
use crate::gong::{Credentials, Settings};

/// Where Gong is, for access keys.
const GONG: &str = "https://api.gong.io";
/// Where Gong issues OAuth's tokens.
const GONG_TOKENS: &str = "https://app.gong.io/oauth2/generate-customer-token";

/// Where Gong is. Help doesn't show what the URLs are: a credential that was put into one by mistake would be
/// shown too.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Gong")]
pub struct GongArgs {
    /// Where Gong is. Plain http is taken for this machine only. With OAuth, the address that comes with a
    /// token goes before it.
    #[arg(long, env = "GONG_BASE_URL", hide_env_values = true, default_value = GONG, value_name = "URL")]
    pub gong_base_url: String,
    /// Where Gong issues OAuth's tokens. Plain http is taken for this machine only.
    #[arg(long, env = "GONG_TOKEN_URL", hide_env_values = true, default_value = GONG_TOKENS, value_name = "URL")]
    pub gong_token_url: String,
    /// How long one call to Gong may take, from connecting to the last byte, from 1s to 24h.
    #[arg(long, env = "ORGRAPH_GONG_TIMEOUT", default_value = "30s", value_name = "TIME", value_parser = call_timeout)]
    pub gong_timeout: Duration,
    /// How much may be asked.
    #[command(flatten)]
    pub limits: LimitArgs,
}

impl GongArgs {
    /// What the client of Gong is told; the credentials come from the environment.
    ///
    /// # Errors
    /// If a part is missing or can't be used.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let base_url = or_default(&self.gong_base_url, GONG);
        let credentials = credentials::from_environment(or_default(&self.gong_token_url, GONG_TOKENS))?;
        let mut settings = Settings::new(base_url, credentials);
        settings.limits = self.limits.limits()?;
        settings.timeout = self.gong_timeout;
        Ok(settings)
    }

    /// The same for a command that reads everybody once.
    ///
    /// # Errors
    /// If a credential is missing, or is an OAuth integration's: its refresh token is good for one use, and belongs to
    /// the service.
    pub fn settings_for_one_reading(&self) -> Result<Settings, ConfigError> {
        let settings = self.settings()?;
        match settings.credentials {
            Credentials::OAuth(_) => Err(ConfigError::OneReadingByOAuth),
            _ => Ok(settings),
        }
    }
}
