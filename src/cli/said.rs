//! What is said on standard output. A reader who has seen enough is no fault; a device that takes no more is.

use std::io::{self, Write};

use anyhow::{Context, Result};

/// This text, as it is.
pub(super) fn print(text: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    unless_gone(out.write_all(text).and_then(|()| out.flush()))
}

/// A line.
pub(super) fn line(text: impl AsRef<str>) -> Result<()> {
    print(format!("{}\n", text.as_ref()).as_bytes())
}

/// A line without its colours where they aren't shown.
pub(super) fn coloured(text: &str) -> Result<()> {
    let mut out = anstream::stdout();
    unless_gone(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// A line beside what was asked for. There is nobody to be told that it can't be read.
pub(super) fn aside(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn unless_gone(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output takes no more"),
    }
}
