//! Who has read contact data of whom, and when: ids, never values and never names.
//!
//! A log is a value that is handed in. Telling it something never waits: what can't be written is counted, and
//! the count is told in the log itself as soon as it can be.

mod line;
mod writer;

use std::{
    fmt, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use self::line::Line;
use super::Viewer;
use crate::clock::Clock;

/// What one answer has told about people.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub viewer: &'a Viewer,
    /// In which request.
    pub request_id: &'a str,
    /// Of whom, by id, and which fields (`User.phoneNumber`), always in the same order.
    pub of: &'a [(&'a str, Vec<&'static str>)],
}

/// Where readings go. Cheap to clone; the clones are one log.
#[derive(Clone, Debug, Default)]
pub struct AuditLog(Sink);

#[derive(Clone, Debug, Default)]
enum Sink {
    /// Nowhere.
    #[default]
    Off,
    /// To the service's log, target `orgraph::audit`.
    Traced,
    /// To a file, through a thread of its own.
    File(Arc<Queue>),
}

/// The way to the writer.
struct Queue {
    sender: mpsc::Sender<Message>,
    state: Arc<State>,
}

/// What the two ends of a queue tell each other.
#[derive(Default)]
struct State {
    /// Bytes that wait to be written.
    waiting: AtomicUsize,
    /// Lines that were not written, and about which nothing has been written yet.
    lost: AtomicU64,
}

enum Message {
    Lines { text: String, lines: u64 },
    Flush(oneshot::Sender<()>),
}

/// The most answers whose lines wait to be written.
const MOST_WAITING: usize = 4_096;
/// The most bytes of theirs.
const MOST_BYTES_WAITING: usize = 16 << 20;

impl AuditLog {
    /// A log that keeps nothing.
    pub fn off() -> Self {
        Self(Sink::Off)
    }

    /// The service's own log, target `orgraph::audit`, level info. Leaves out viewers whom nobody has asked for a
    /// credential: there is nobody to name.
    pub fn traced() -> Self {
        Self(Sink::Traced)
    }

    /// The file at `path`, one JSON object a line, appended to. A file that is moved away or removed is made anew.
    /// Starts a thread.
    ///
    /// # Errors
    /// If the file can't be opened for writing, or the thread not started.
    pub fn to_file(path: &Path, clock: Clock) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let state = Arc::<State>::default();
        writer::start(path, clock, receiver, state.clone())?;
        Ok(Self(Sink::File(Arc::new(Queue { sender, state }))))
    }

    /// Takes down a reading; several lines where one would be long. Never waits.
    pub fn record(&self, reading: &Reading<'_>) {
        if reading.of.is_empty() {
            return;
        }
        match &self.0 {
            Sink::Off => {}
            Sink::Traced if !reading.viewer.is_known() => {}
            Sink::Traced => line::lines(reading.of).iter().for_each(|line| trace(reading, line)),
            Sink::File(queue) => queue.take(reading),
        }
    }

    /// Waits until all that was recorded before is written or counted as lost, but no longer than `longest`.
    pub async fn flush(&self, longest: Duration) {
        let Sink::File(queue) = &self.0 else { return };
        let (done, all_done) = oneshot::channel();
        // Where this fails the writer is gone, or too slow to wait for.
        let _ = timeout(longest, async {
            queue.sender.send(Message::Flush(done)).await.ok()?;
            all_done.await.ok()
        })
        .await;
    }
}

impl Queue {
    fn take(&self, reading: &Reading<'_>) {
        let lines = line::lines(reading.of);
        let text: String = lines.iter().map(|line| line.json(reading)).collect();
        let (lines, bytes) = (lines.len() as u64, text.len());
        let before = self.state.waiting.fetch_add(bytes, Ordering::Relaxed);
        let fits = before.saturating_add(bytes) <= MOST_BYTES_WAITING;
        if !fits || self.sender.try_send(Message::Lines { text, lines }).is_err() {
            self.state.waiting.fetch_sub(bytes, Ordering::Relaxed);
            if self.state.lost.fetch_add(lines, Ordering::Relaxed) == 0 {
                tracing::error!(
                    lines,
                    "the audit log is written too slowly: lines are lost, and counted there"
                );
            }
        }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

fn trace(reading: &Reading<'_>, line: &Line<'_>) {
    tracing::info!(
        target: "orgraph::audit",
        viewer = &*reading.viewer.id,
        role = reading.viewer.role.as_str(),
        request_id = reading.request_id,
        fields = line.fields.join(" "),
        user_ids = line.user_ids.join(" "),
        "contact data read"
    );
}
