//! What nobody published about Gong, as flags of the simulator.

use std::{env, time::Duration};

use clap::{Args, ValueEnum};
use jiff::{Timestamp, tz::Offset};

use super::{credentials::credential, time::simulated_time};
use crate::simulator::{HistoryRows, OauthSettings, SCOPES, ScimManager, ScimSettings, Settings};

/// What a simulated workspace is like.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What nobody has published about Gong")]
pub struct WorkspaceArgs {
    /// The company's offset from UTC, which times of calls and the like have.
    #[arg(
        long,
        env = "ORGRAPH_SIMULATE_UTC_OFFSET",
        default_value = "+02:00",
        value_name = "OFFSET",
        value_parser = utc_offset,
        allow_hyphen_values = true
    )]
    pub utc_offset: Offset,
    /// The longest window of a request for calls, in days [default: any]. A guide claims 90 for Gong,
    /// recordings show longer ones.
    #[arg(long, env = "ORGRAPH_SIMULATE_CALL_WINDOW", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    pub call_window: Option<u32>,
    /// How a row of a user's settings history looks, of which there are two descriptions.
    #[arg(long, env = "ORGRAPH_SIMULATE_HISTORY_ROWS", value_name = "SHAPE", value_enum, default_value_t = HistoryRowsArg::Reference)]
    pub history_rows: HistoryRowsArg,
    /// How SCIM writes a user's manager. Clients have met both.
    #[arg(long, env = "ORGRAPH_SIMULATE_SCIM_MANAGER", value_name = "SHAPE", value_enum, default_value_t = ScimManagerArg::Object)]
    pub scim_manager: ScimManagerArg,
}

/// OAuth of a simulated workspace.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "OAuth")]
pub struct TokenArgs {
    /// How long an access token is good for, from 0s to 24h.
    #[arg(long, env = "ORGRAPH_SIMULATE_ACCESS_TOKEN_LIFE", default_value = "24h", value_name = "TIME", value_parser = simulated_time)]
    pub access_token_life: Duration,
    /// How long a refresh token that was used can be used again, from 0s to 24h, unless the access token
    /// given for it has been seen. That there is none at Gong is assumed.
    #[arg(long, env = "ORGRAPH_SIMULATE_REFRESH_GRACE", default_value = "0s", value_name = "TIME", value_parser = simulated_time)]
    pub refresh_grace: Duration,
    /// The scopes that access tokens have, with commas between them [default: all].
    #[arg(long, env = "ORGRAPH_SIMULATE_SCOPES", value_name = "SCOPES", value_delimiter = ',', value_parser = SCOPES)]
    pub scopes: Option<Vec<String>>,
    /// The api_base_url_for_customer that comes with tokens [default: where the token was asked for].
    /// Tokens are refused at any other host.
    #[arg(long, env = "ORGRAPH_SIMULATE_API_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub api_base_url: Option<String>,
}

/// How a row of a settings history looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HistoryRowsArg {
    /// {setting, value, time}, by Gong's reference.
    Reference,
    /// {userId, settingName, previousValue, newValue, changedAt, changedBy}, by a third party.
    ThirdParty,
}

/// How SCIM writes a manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScimManagerArg {
    /// An object, by the standard.
    Object,
    /// The id as plain text.
    Text,
}

impl WorkspaceArgs {
    pub(super) fn apply(&self, settings: &mut Settings) {
        settings.utc_offset = self.utc_offset;
        settings.max_call_window_days = self.call_window;
        settings.history_rows = match self.history_rows {
            HistoryRowsArg::Reference => HistoryRows::Reference,
            HistoryRowsArg::ThirdParty => HistoryRows::ThirdParty,
        };
        let manager = match self.scim_manager {
            ScimManagerArg::Object => ScimManager::Object,
            ScimManagerArg::Text => ScimManager::Text,
        };
        let bearer_token = credential("GONG_SCIM_TOKEN").unwrap_or(ScimSettings::default().bearer_token);
        settings.scim = ScimSettings { bearer_token, manager };
    }
}

impl TokenArgs {
    /// The app's credentials come from the environment.
    pub(super) fn oauth(&self) -> OauthSettings {
        let assumed = OauthSettings::default();
        let client_id = env::var("GONG_CLIENT_ID").ok().filter(|id| !id.trim().is_empty());
        OauthSettings {
            client_id: client_id.unwrap_or(assumed.client_id),
            client_secret: credential("GONG_CLIENT_SECRET").unwrap_or(assumed.client_secret),
            refresh_token: credential("GONG_REFRESH_TOKEN").unwrap_or(assumed.refresh_token),
            authorization_code: credential("GONG_AUTHORIZATION_CODE").unwrap_or(assumed.authorization_code),
            access_token_life: self.access_token_life,
            refresh_grace: self.refresh_grace,
            scopes: self.scopes.clone().unwrap_or(assumed.scopes),
            api_base_url: self.api_base_url.clone(),
        }
    }
}

fn base_url(text: &str) -> Result<String, String> {
    let rest = text.trim().strip_prefix("https://").or_else(|| text.trim().strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') => Ok(text.trim().to_owned()),
        _ => Err("expected a URL such as https://us-12345.api.gong.example".to_owned()),
    }
}

/// An offset such as `+02:00`: what a time with it is off from the same time in UTC.
fn utc_offset(text: &str) -> Result<Offset, String> {
    let bad = || "expected an offset such as +02:00 or -07:30".to_owned();
    let midnight = |offset: &str| format!("2000-01-01T00:00:00{offset}").parse::<Timestamp>();
    let (utc, theirs) = (midnight("Z").map_err(|_| bad())?, midnight(text.trim()).map_err(|_| bad())?);
    let seconds = i32::try_from(utc.as_second() - theirs.as_second()).map_err(|_| bad())?;
    Offset::from_seconds(seconds).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read() {
        for (text, seconds) in [("+02:00", 7200), ("-07:30", -27_000), ("Z", 0), (" +05:45 ", 20_700)] {
            assert_eq!(utc_offset(text).map(Offset::seconds), Ok(seconds), "{text}");
        }
        for text in ["", "2", "Berlin", "+99:00", "[UTC]"] {
            assert!(utc_offset(text).is_err(), "{text}");
        }
    }
}
