//! What the service says in its log, line by line as it says it.

use std::io;

use tokio::{sync::mpsc, time::timeout};
use tracing::subscriber::DefaultGuard;

use super::FOREVER;

/// The log of whatever runs on this thread.
pub struct Log {
    lines: mpsc::UnboundedReceiver<String>,
    _here: DefaultGuard,
}

impl Log {
    /// Hears this thread from now on.
    pub fn here() -> Self {
        let (said, lines) = mpsc::unbounded_channel();
        let subscriber = tracing_subscriber::fmt().with_writer(move || Said(said.clone())).finish();
        Self { lines, _here: tracing::subscriber::set_default(subscriber) }
    }

    /// Waits until a line holds `words`.
    pub async fn says(&mut self, words: &str) {
        let said = async { while !self.lines.recv().await.expect("it is there").contains(words) {} };
        timeout(FOREVER, said).await.unwrap_or_else(|_| panic!("the log doesn't say: {words}"));
    }
}

struct Said(mpsc::UnboundedSender<String>);

impl io::Write for Said {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Nobody may hear it any more.
        let _ = self.0.send(String::from_utf8_lossy(line).into_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
