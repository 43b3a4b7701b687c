//! Durability of names: a file is on the disk when the folder says so, too.

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes the name of a file or folder durable.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}
