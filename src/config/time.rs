//! Times on the command line.

use std::time::Duration;

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn call_timeout(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(1), DAY, text)
}

pub(super) fn simulated_time(text: &str) -> Result<Duration, String> {
    time_between(Duration::ZERO, DAY, text)
}

/// A time such as `500ms`, `30s` or `1h`.
pub(super) fn time_between(shortest: Duration, longest: Duration, text: &str) -> Result<Duration, String> {
    let text = text.trim();
    // jiff reads days as calendar days only.
    let days = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok());
    let time = match days {
        Some(days) => jiff::SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60)),
        None => text.parse().map_err(|_| "expected a time such as 500ms, 30s, 5m or 1d".to_owned())?,
    };
    match Duration::try_from(time) {
        Ok(time) if (shortest..=longest).contains(&time) => Ok(time),
        _ => {
            let longest = longest.as_secs();
            let longest = if longest > 86_400 {
                format!("{}d", longest / 86_400)
            } else {
                format!("{}h", longest / 3_600)
            };
            Err(format!("expected a time from {}s to {longest}", shortest.as_secs()))
        }
    }
}
