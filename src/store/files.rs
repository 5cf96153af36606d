//! Files and directories that are nobody else's, and writes that a crash can't halve.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write},
    path::Path,
};

/// Makes the directory and those above it, for this user alone. One that is there is left as it is.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a new file for this user alone, private from its first byte.
pub(super) fn make_private(path: &Path) -> io::Result<File> {
    let mut options = private();
    options.create_new(true).open(path)
}

/// Opens a file of this user's, or makes it.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = private();
    options.create(true).truncate(false).open(path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes a file that is there away from everybody else.
#[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes to set"))]
pub(super) fn keep_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, <Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600))?;
    Ok(())
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts `content` at `path`, whole or not at all: when this returns it is on the disk, and whoever is
/// interrupted, even by the power, leaves either the old content or the new one.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_added_extension("new");
    remove(&new)?;
    let written = make_private(&new).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        put_in_place(&new, path)
    });
    if written.is_err() {
        // What there was space for is no use to anybody.
        let _ = remove(&new);
    }
    written
}

/// Gives a finished file its name, for good.
pub(super) fn put_in_place(new: &Path, path: &Path) -> io::Result<()> {
    fs::rename(new, path)?;
    sync_directory_of(path)
}

/// A rename is only certain to outlast a power cut once its directory is on the disk.
fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}
