//! Operations that took long, one line each, as long as there aren't too many.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::graphql::Seen;

/// Lines a minute; slow operations beyond are counted.
const MOST_LINES: u32 = 60;
const MINUTE: Duration = Duration::from_secs(60);
/// The longest name that is told.
const LONGEST_NAME: usize = 64;

/// Tells of slow operations: what they are called and whose they are, by ids. Never what was asked, nor with what
/// variables.
pub(super) struct SlowLog {
    from: Duration,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    since: Option<Instant>,
    told: u32,
    untold: u64,
}

impl SlowLog {
    pub(super) fn new(from: Duration) -> Self {
        Self { from, lines: Mutex::default() }
    }

    /// Whether it was slow; if so, it is told.
    pub(super) fn tell(&self, seen: &Seen<'_>) -> bool {
        if seen.took < self.from {
            return false;
        }
        let lines = &mut self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(untold) = lines.one_more() {
            let operation = seen.outcome.operation.as_ref();
            let name = operation.and_then(|operation| operation.name.as_deref());
            let viewer = &*seen.circumstances.viewer.id;
            tracing::warn!(
                operation = name.filter(|name| name.len() <= LONGEST_NAME),
                r#type = operation.map(|operation| operation.kind),
                document_sha256 = seen.document_hash(),
                took_ms = seen.took.as_millis() as u64,
                cost = seen.outcome.cost.map(|cost| cost.actual),
                code = seen.codes().next(),
                snapshot = seen.outcome.snapshot.map(tracing::field::display),
                request_id = &*seen.circumstances.request_id,
                viewer = is_impersonal(viewer).then_some(viewer),
                untold = (untold > 0).then_some(untold),
                "slow operation"
            );
        }
        true
    }
}

/// Whether an id is one of a credential, which may be in a log: not an address of the network, nor one of e-mail.
fn is_impersonal(viewer: &str) -> bool {
    !viewer.starts_with("address:") && !viewer.contains('@')
}

impl Lines {
    /// Takes a line, if there is one left this minute; tells how many were left out before it.
    fn one_more(&mut self) -> Option<u64> {
        if self.since.is_none_or(|since| since.elapsed() >= MINUTE) {
            self.since = Some(Instant::now());
            self.told = 0;
        }
        if self.told == MOST_LINES {
            self.untold += 1;
            return None;
        }
        self.told += 1;
        Some(std::mem::take(&mut self.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_minute_has_so_many_lines_and_the_rest_is_counted() {
        let mut lines = Lines::default();
        let told = (0..1_000).filter(|_| lines.one_more().is_some()).count();
        assert_eq!(told, MOST_LINES as usize);
        tokio::time::advance(MINUTE).await;
        assert_eq!(lines.one_more(), Some(940));
        assert_eq!(lines.one_more(), Some(0));
    }

    #[test]
    fn only_credentials_are_told() {
        for (viewer, told) in [
            ("key:bi", true),
            ("sub:0815", true),
            ("address:192.0.2.1", false),
            ("sub:ada@example.org", false),
        ] {
            assert_eq!(is_impersonal(viewer), told, "{viewer}");
        }
    }
}
