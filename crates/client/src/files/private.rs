//! Files and folders that their owner alone reads. All that is Unix's own about them is here.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Gives the permissions of a file that its owner alone reads and writes: 0600.
pub(super) fn of_file() -> Permissions {
    fs::Permissions::from_mode(0o600)
}

/// Gives the permissions of a folder that its owner alone enters: 0700.
pub(super) fn of_folder() -> Permissions {
    fs::Permissions::from_mode(0o700)
}

/// Creates a file of the owner's alone, where nothing may be.
///
/// # Errors
///
/// The system's, also when something is there.
pub fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Opens a file for reading and writing, and creates it for the owner alone where there is none.
///
/// # Errors
///
/// The system's.
pub fn open_or_create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Creates a folder of the owner's alone, and those above it; one that is there already stays as it is.
///
/// # Errors
///
/// The system's.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}
