//! Changes from a directory of files, one for each step.

use std::{fs, io, path::Path, path::PathBuf};

use thiserror::Error;

use super::{Difference, Step};
use crate::simulator::{
    listing,
    user::{SimUser, by_id},
    workspace::{LoadError, Workspace},
};

/// The people step by step. At least one step.
#[derive(Clone, Debug)]
pub struct Series {
    /// Each with the name of its file, without the ending.
    steps: Vec<(String, Workspace)>,
    at: usize,
}

/// Why a directory is no series.
#[derive(Debug, Error)]
pub enum SeriesError {
    /// A file or the directory can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// Why it can't be.
        error: io::Error,
    },
    /// A line of a file is no user.
    #[error("{}: {error}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Which line, and what is wrong with it.
        error: LoadError,
    },
    /// There is no file to begin with.
    #[error("{}: no .ndjson files here", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
}

impl Series {
    /// Reads the `.ndjson` files of a directory, each as [`Workspace::from_ndjson`] does: all of
    /// them at once, in the order of their names. Other files are passed over.
    ///
    /// # Errors
    ///
    /// The directory or a file can't be read, a line of one is no user, or there is no such file.
    pub fn read(directory: &Path) -> Result<Self, SeriesError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| SeriesError::Unreadable { path, error }
        };
        let mut paths = fs::read_dir(directory)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
            .map_err(unreadable(directory))?;
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "ndjson"));
        paths.sort();
        let step = |path: PathBuf| {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match Workspace::from_ndjson(text.trim_start_matches('\u{feff}')) {
                Ok(workspace) => Ok((name, workspace)),
                Err(error) => Err(SeriesError::Line { path, error }),
            }
        };
        let steps = paths.into_iter().map(step).collect::<Result<Vec<_>, _>>()?;
        if steps.is_empty() {
            return Err(SeriesError::Empty { path: directory.to_owned() });
        }
        Ok(Self { steps, at: 0 })
    }

    /// The people of the first step, which a simulator of this series begins with.
    pub fn first(&self) -> Workspace {
        self.steps.first().map_or_else(|| Workspace::new(Vec::new()), |(_, workspace)| workspace.clone())
    }

    /// The number of steps.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Never: a series has at least one step.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Makes the people those of the next step, or leaves them if there is none.
    pub(super) fn step(&mut self, people: &mut Vec<SimUser>) -> Step {
        let (mut moved, mut changes) = (false, Difference::default());
        if let Some((_, next)) = self.steps.get(self.at + 1) {
            self.at += 1;
            changes = Difference::between(people, next.users());
            *people = next.users().to_vec();
            moved = true;
        }
        Step {
            step: self.at + 1,
            of: Some(self.steps.len()),
            name: self.steps.get(self.at).map(|(name, _)| name.clone()),
            moved,
            people: people.iter().filter(|user| !user.avatar).count(),
            changes,
        }
    }
}

impl Difference {
    /// What became of people, both in listing order. Of an id that comes twice, the later row counts;
    /// avatars don't.
    fn between(before: &[SimUser], after: &[SimUser]) -> Self {
        let (mut before, mut after) =
            (listing::everybody(before).peekable(), listing::everybody(after).peekable());
        let mut difference = Self::default();
        while let (Some(was), Some(is)) = (before.peek(), after.peek()) {
            match by_id(&was.id, &is.id) {
                std::cmp::Ordering::Less => {
                    difference.removed += 1;
                    before.next();
                }
                std::cmp::Ordering::Greater => {
                    difference.hired += 1;
                    after.next();
                }
                std::cmp::Ordering::Equal => {
                    difference.add(was, is);
                    before.next();
                    after.next();
                }
            }
        }
        difference.removed += before.count();
        difference.hired += after.count();
        difference
    }

    fn add(&mut self, was: &SimUser, is: &SimUser) {
        self.deactivated += usize::from(was.active && !is.active);
        self.reactivated += usize::from(!was.active && is.active);
        self.moved += usize::from(was.manager_id != is.manager_id);
        self.retitled += usize::from(was.title != is.title);
    }
}
