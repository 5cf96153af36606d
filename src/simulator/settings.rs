//! What a simulated workspace allows and how it behaves.

use std::time::Duration;

use secrecy::SecretString;

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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_not_printed() {
        let settings = Settings { access_key_secret: SecretString::from("hush"), ..Settings::default() };
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
