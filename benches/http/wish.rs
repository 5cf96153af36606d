//! What the command line asks for.

use std::time::Duration;

/// What is to be measured, and how it is told.
pub(crate) struct Wish {
    /// How often each side is driven.
    pub(crate) rounds: usize,
    /// How long each time.
    pub(crate) time: Duration,
    /// Whether a company of a million is wanted too.
    pub(crate) large: bool,
    pub(crate) json: bool,
    only: Option<String>,
}

impl Wish {
    pub(crate) fn read() -> Self {
        let arguments: Vec<String> = std::env::args().collect();
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let only = arguments.iter().position(|argument| argument == "--only");
        let (rounds, time) = if has("--quick") { (2, 1) } else { (5, 2) };
        Self {
            rounds,
            time: Duration::from_secs(time),
            large: has("--large"),
            json: has("--json"),
            only: only.and_then(|at| arguments.get(at + 1).cloned()),
        }
    }

    /// Whether the row of this name is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|word| name.contains(word))
    }
}
