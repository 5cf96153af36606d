//! Files that can't be used are kept beside the new ones, for whoever wants to know why.

use std::{fmt, fs, io, path::Path};

use super::files;

/// Why a file can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is something else than a file at its place.
    NotAFile,
    /// It is a database of another kind or program, or of a version that nobody ever had.
    Foreign,
    /// A later version of this program wrote it.
    Newer {
        /// The version of the file's schema.
        found: i32,
        /// The latest that this program knows.
        known: i32,
    },
    /// It isn't what was written, in the words of whoever noticed.
    Damaged(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFile => f.write_str("it is not a file"),
            Self::Foreign => f.write_str("it is not a file of this program"),
            Self::Newer { found, known } => {
                write!(f, "a later version wrote it (schema {found}, known up to {known})")
            }
            Self::Damaged(how) => write!(f, "it is damaged ({how})"),
        }
    }
}

/// A file that was set aside for a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The file, by its name in the state directory.
    pub file: &'static str,
    /// The name that it has now, in the same directory.
    pub kept_as: String,
    /// What is wrong with it.
    pub why: Unusable,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} can't be used: {}; kept as {}, a new one is begun", self.file, self.why, self.kept_as)
    }
}

/// How many of each file are kept.
const KEPT: usize = 3;

const SUFFIX: &str = ".damaged-";

/// What SQLite puts beside a database, and may take for a new one's.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Gives `file` another name, and forgets the oldest of those that were set aside before.
pub(super) fn set_aside(directory: &Path, file: &'static str, why: Unusable) -> io::Result<SetAside> {
    let earlier = earlier(directory, file)?;
    let next = earlier.last().map_or(1, |latest| latest.saturating_add(1));
    for number in earlier.iter().rev().skip(KEPT - 1) {
        forget(directory, &name(file, *number));
    }
    let kept_as = name(file, next);
    // The companions go first: whoever is interrupted between leaves none beside a new file, which would
    // be read as its log.
    for ending in COMPANIONS {
        rename(&directory.join(format!("{file}{ending}")), &directory.join(format!("{kept_as}{ending}")))?;
    }
    rename(&directory.join(file), &directory.join(&kept_as))?;
    Ok(SetAside { file, kept_as, why })
}

fn name(file: &str, number: u32) -> String {
    format!("{file}{SUFFIX}{number}")
}

/// The numbers of those set aside before, in order.
fn earlier(directory: &Path, file: &str) -> io::Result<Vec<u32>> {
    let number = |entry: &str| entry.strip_prefix(file)?.strip_prefix(SUFFIX)?.parse::<u32>().ok();
    let mut numbers = Vec::new();
    for entry in fs::read_dir(directory)? {
        numbers.extend(entry?.file_name().to_str().and_then(number));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// A directory that somebody put in a file's place is not ours to delete, and stays.
fn forget(directory: &Path, name: &str) {
    let _ = files::remove(&directory.join(name));
    for ending in COMPANIONS {
        let _ = files::remove(&directory.join(format!("{name}{ending}")));
    }
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
