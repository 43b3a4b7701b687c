//! Files that appear whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

use super::segments::sync_parent;

/// Puts a file in the place of the one before, its owner's alone, and durable when this returns.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".kua-new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_parent(path)
}
