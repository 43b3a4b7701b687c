//! The folder of large objects: `contents/ID.obj`, each whole, and durable before it has its name.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::durable::sync_parent;
use crate::segments::segment::set_midnight;
use crate::uploads::content::{Beginning, ContentFile};

/// The folder.
#[derive(Debug)]
pub(crate) struct Contents(PathBuf);

impl Contents {
    /// The folder beside the one of the segments; it need not be there.
    pub(crate) fn beside(segments: &Path) -> Self {
        Self(segments.with_file_name("contents"))
    }

    /// Makes the folder if need be.
    pub(crate) fn make(&self) -> io::Result<()> {
        if !self.0.exists() {
            DirBuilder::new().mode(0o700).create(&self.0)?;
            sync_parent(&self.0)?;
        }
        Ok(())
    }

    /// Where the object with this id is.
    pub(crate) fn path(&self, id: ObjectId) -> PathBuf {
        self.0.join(format!("{id}.obj"))
    }

    /// The file of an object; nothing when its beginning is damaged or is that of another.
    pub(crate) fn open(&self, id: ObjectId) -> io::Result<Option<(ContentFile, Beginning)>> {
        let found = ContentFile::open(&self.path(id))?;
        Ok(found.filter(|(_, beginning)| beginning.header.id == id && beginning.until == 0))
    }

    /// Gives a whole and durable file its name, durably.
    pub(crate) fn take(&self, file: &Path, id: ObjectId, day: Day) -> io::Result<()> {
        fs::rename(file, self.path(id))?;
        self.settle(day)?;
        sync_parent(file)
    }

    /// Unlinks an object, durably; one that is not there is passed over.
    pub(crate) fn remove(&self, id: ObjectId, day: Day) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.settle(day),
        }
    }

    /// The ids of all that is there.
    pub(crate) fn ids(&self) -> io::Result<BTreeSet<ObjectId>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            other => other?,
        };
        let mut ids = BTreeSet::new();
        for entry in entries {
            let name = entry?.file_name();
            ids.extend(name.to_str().and_then(|name| name.strip_suffix(".obj")?.parse::<ObjectId>().ok()));
        }
        Ok(ids)
    }

    /// The length of an object's file in bytes; 0 when it is not there.
    pub(crate) fn size(&self, id: ObjectId) -> u64 {
        fs::metadata(self.path(id)).map_or(0, |metadata| metadata.len())
    }

    /// Makes names durable, and midnight the only time that the folder tells.
    fn settle(&self, day: Day) -> io::Result<()> {
        let folder = File::open(&self.0)?;
        set_midnight(&folder, day)?;
        folder.sync_all()
    }
}
