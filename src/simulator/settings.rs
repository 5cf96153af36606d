//! What a simulated workspace allows and how it behaves.

use std::time::Duration;

use jiff::{Timestamp, tz::Offset};
use secrecy::SecretString;

use super::{oauth::OauthSettings, resources::HistoryRows, scim::ScimSettings};

/// How the simulator behaves. [`Settings::default`] is what is known of Gong, with an access key
/// for demos.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The user name of HTTP Basic: the access key. `simulator` by default.
    pub access_key: String,
    /// The password of HTTP Basic: the access key's secret. `simulator` by default.
    pub access_key_secret: SecretString,
    /// Records a page, 100 at Gong and not the client's to choose. 0 is taken as 1.
    pub page_size: usize,
    /// The most calls answered at once, 3 by default; `None` for no limit. That Gong counts this
    /// way comes from a guide; its own reference speaks of starts a second.
    pub max_in_flight: Option<usize>,
    /// The most calls started in any second, 3 by default; `None` for no limit.
    pub max_starts_per_second: Option<usize>,
    /// The most calls in 24 hours, 10,000 by default; `None` for no limit. The first day begins
    /// with the simulator: when Gong's day begins is not published.
    pub calls_per_day: Option<u64>,
    /// How long a cursor is good for. 1 hour by default, which is assumed: clients have seen lives
    /// between 2 minutes and 21 hours. With zero, every cursor has expired when it comes back.
    pub cursor_life: Duration,
    /// How long every answer is held back while its call counts as in flight. Zero by default. A
    /// 429 is sent at once.
    pub latency: Duration,
    /// The most `userIds` of one request, 100 by default; `None` for no limit. Assumed: the cap is
    /// not published.
    pub max_ids_per_request: Option<usize>,
    /// What calls, activity, scorecards and histories are made up from: the same seed and people,
    /// the same calls.
    pub seed: u64,
    /// The company's offset from UTC, which times in answers have; `+02:00` by default. It stays
    /// the same all the year. Users keep the times of creation that they were given.
    pub utc_offset: Offset,
    /// What time it is when the simulator begins. Days that aren't over have no calls yet. `None`,
    /// the default, is for tests: any day from 2000 to 2099 has its calls.
    pub starts_at: Option<Timestamp>,
    /// The longest window of a request for calls, in days; `None`, the default, for any. Assumed: a
    /// guide claims 90, recordings show longer ones.
    pub max_call_window_days: Option<u32>,
    /// How a row of a user's settings history looks. Assumed: see [`HistoryRows`].
    pub history_rows: HistoryRows,
    /// OAuth 2.0, beside the access key.
    pub oauth: OauthSettings,
    /// The identity provider's side.
    pub scim: ScimSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_key: "simulator".to_owned(),
            access_key_secret: SecretString::from("simulator"),
            page_size: 100,
            max_in_flight: Some(3),
            max_starts_per_second: Some(3),
            calls_per_day: Some(10_000),
            cursor_life: Duration::from_secs(60 * 60),
            latency: Duration::ZERO,
            max_ids_per_request: Some(100),
            seed: 1,
            utc_offset: Offset::constant(2),
            starts_at: None,
            max_call_window_days: None,
            history_rows: HistoryRows::default(),
            oauth: OauthSettings::default(),
            scim: ScimSettings::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let hush = || SecretString::from("hush");
        let settings = Settings {
            access_key_secret: hush(),
            oauth: OauthSettings {
                client_secret: hush(),
                refresh_token: hush(),
                authorization_code: hush(),
                ..OauthSettings::default()
            },
            scim: ScimSettings { bearer_token: hush(), ..ScimSettings::default() },
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
