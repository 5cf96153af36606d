//! The thread that writes the audit log's file.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    thread,
};

use tokio::sync::mpsc::Receiver;

use super::{Message, State, line};
use crate::clock::Clock;

/// Opens the file and starts to write what is received, until nobody can send any more.
pub(super) fn start(
    path: &Path,
    clock: Clock,
    mut received: Receiver<Message>,
    state: Arc<State>,
) -> io::Result<()> {
    let mut log = LogFile { path: path.to_owned(), file: None };
    log.open()?;
    let write = move || {
        let mut failing = false;
        while let Some(message) = received.blocking_recv() {
            match message {
                Message::Lines { text, lines } => {
                    state.waiting.fetch_sub(text.len(), Ordering::Relaxed);
                    let lost = state.lost.swap(0, Ordering::Relaxed);
                    let gap = if lost > 0 { line::gap(clock.now(), lost) } else { String::new() };
                    let written = log.append(&(gap + &text));
                    if let Err(error) = &written {
                        state.lost.fetch_add(lost + lines, Ordering::Relaxed);
                        if !failing {
                            tracing::error!(%error, "the audit log can't be written: lines are lost, and counted there");
                        }
                    } else if failing {
                        tracing::info!(lost, "the audit log is written again");
                    }
                    failing = written.is_err();
                }
                Message::Flush(done) => {
                    let lost = state.lost.swap(0, Ordering::Relaxed);
                    if lost > 0 && log.append(&line::gap(clock.now(), lost)).is_err() {
                        state.lost.fetch_add(lost, Ordering::Relaxed);
                    }
                    // Whoever asked may have stopped waiting.
                    _ = done.send(());
                }
            }
        }
    };
    thread::Builder::new().name("audit".to_owned()).spawn(write).map(drop)
}

/// A file that is appended to, whatever becomes of its name.
struct LogFile {
    path: PathBuf,
    file: Option<Opened>,
}

struct Opened {
    file: File,
    /// Whether its last line may be without an end.
    torn: bool,
}

impl LogFile {
    fn append(&mut self, text: &str) -> io::Result<()> {
        if self.file.as_ref().is_some_and(|opened| !is_at(&opened.file, &self.path)) {
            self.file = None;
        }
        let opened = self.open()?;
        let text = if opened.torn { format!("\n{text}") } else { text.to_owned() };
        let written = opened.file.write_all(text.as_bytes());
        // A part of it may be there.
        opened.torn = written.is_err();
        written
    }

    fn open(&mut self) -> io::Result<&mut Opened> {
        let opened = match self.file.take() {
            Some(opened) => opened,
            None => opened(&self.path)?,
        };
        Ok(self.file.insert(opened))
    }
}

/// Opens the file at `path` for appending. If it is made for it, only its owner may read it.
fn opened(path: &Path) -> io::Result<Opened> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
        options.mode(0o600);
        // Opening one waits for whoever reads it.
        if path.metadata().is_ok_and(|there| there.file_type().is_fifo()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a pipe can't be an audit log"));
        }
    }
    let file = options.open(path)?;
    let torn = file.metadata()?.is_file() && ends_torn(path).unwrap_or(true);
    Ok(Opened { file, torn })
}

/// Whether the file has a last line without an end.
fn ends_torn(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Whether `file` is what has this name now.
fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(opened), Ok(there)) = (file.metadata(), path.metadata()) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (opened.dev(), opened.ino()) == (there.dev(), there.ino())
    }
    #[cfg(not(unix))]
    {
        opened.is_file() == there.is_file()
    }
}
