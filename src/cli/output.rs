//! Where a table goes: standard output, a file that is complete or not there, or whatever else is written into.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::{NamedTempFile, TempPath};
use tokio::task::spawn_blocking;

/// So many symbolic links one after the other are a ring, as the system has it too.
const MOST_LINKS: usize = 40;

/// What is written to.
pub(super) struct Output {
    pub(super) to: Box<dyn Write + Send>,
    pub(super) is_terminal: bool,
    pub(super) unfinished: Option<Unfinished>,
}

/// A file that isn't complete yet, beside the place that it takes then. Dropped, it is gone.
pub(super) struct Unfinished {
    file: File,
    path: TempPath,
    place: PathBuf,
}

/// Opens what this path names; nothing for standard output. What isn't a regular file is written into as it is, and
/// waited for if nobody reads it yet; of what is one, or isn't there, nothing is touched before all is written.
pub(super) async fn open(named: Option<&Path>) -> Result<Output> {
    let Some(named) = named else { return Ok(standard()) };
    let why = || format!("can't write into {}", named.display());
    match fs::metadata(named) {
        Ok(found) if is_standard(&found) => Ok(standard()),
        Ok(found) if !found.is_file() => {
            let path = named.to_owned();
            let file = spawn_blocking(move || OpenOptions::new().write(true).open(path)).await?;
            let file = file.with_context(why)?;
            let is_terminal = file.is_terminal();
            Ok(Output { to: Box::new(BufWriter::new(file)), is_terminal, unfinished: None })
        }
        _ => beside(followed(named).with_context(why)?),
    }
}

fn standard() -> Output {
    let out = io::stdout();
    let is_terminal = out.is_terminal();
    Output { to: Box::new(BufWriter::new(out)), is_terminal, unfinished: None }
}

/// Whether it is what standard output goes to already, such as `/dev/stdout` of a shell that has sent that into a file.
fn is_standard(found: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::{fd::AsFd, unix::fs::MetadataExt};
        let standard = io::stdout().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
        standard.is_ok_and(|standard| (standard.dev(), standard.ino()) == (found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    false
}

/// Where symbolic links lead, whether or not there is anything.
fn followed(named: &Path) -> io::Result<PathBuf> {
    let mut path = named.to_owned();
    for _ in 0..MOST_LINKS {
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Ok(path);
        }
        let target = fs::read_link(&path)?;
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::Error::other("its symbolic links lead in a ring"))
}

/// A file in the same directory, for this user alone while it is written: it holds personal data.
fn beside(place: PathBuf) -> Result<Output> {
    let directory = place.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let why = || format!("can't write into {}", directory.display());
    let file = NamedTempFile::new_in(directory).with_context(why)?;
    let (file, path) = file.into_parts();
    let to = BufWriter::new(file.try_clone().with_context(why)?);
    let unfinished = Some(Unfinished { file, path, place });
    Ok(Output { to: Box::new(to), is_terminal: false, unfinished })
}

impl Unfinished {
    /// The file takes its place, and the mode of whatever was there.
    pub(super) fn finish(self) -> Result<()> {
        let why = || format!("can't put {} in its place", self.place.display());
        if let Ok(before) = fs::metadata(&self.place) {
            self.file.set_permissions(before.permissions()).with_context(why)?;
        }
        self.file.sync_all().with_context(why)?;
        self.path.persist(&self.place).map_err(|error| error.error).with_context(why)
    }
}

/// Text for a terminal, which takes control characters for commands: each is shown as U+FFFD but for line ends and tabs.
pub(super) struct Printable<W> {
    out: W,
    /// The last byte begins a character that may be a control character.
    begun: bool,
}

/// What characters from U+0080 to U+00BF begin with in UTF-8.
const LEAD: u8 = 0xc2;

impl<W> Printable<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, begun: false }
    }
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            let after_lead = std::mem::take(&mut self.begun);
            match byte {
                LEAD => self.begun = true,
                0x80..=0x9f if after_lead => text.extend_from_slice("\u{fffd}".as_bytes()),
                b'\n' | b'\t' => text.push(byte),
                0..0x20 | 0x7f => text.extend_from_slice("\u{fffd}".as_bytes()),
                byte if after_lead => text.extend_from_slice(&[LEAD, byte]),
                byte => text.push(byte),
            }
        }
        self.out.write_all(&text)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_obeyed_wherever_text_is_cut() {
        let text = "Zo\u{eb} \u{a0}\u{1b}[2J\u{9b}1m\u{7f}\r\tend\n";
        let shown = "Zo\u{eb} \u{a0}\u{fffd}[2J\u{fffd}1m\u{fffd}\u{fffd}\tend\n";
        for size in 1..=text.len() {
            let mut out = Printable::new(Vec::new());
            text.as_bytes().chunks(size).for_each(|piece| out.write_all(piece).unwrap());
            assert_eq!(String::from_utf8(out.out).unwrap(), shown, "{size} bytes at once");
        }
    }
}
