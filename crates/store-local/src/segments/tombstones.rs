//! The ids of what was deleted on days that are closed, sorted, for as long as the drop lives.
//!
//! A file of its own: `KUA-GONE 1`, five zeros and a line end, then for every id its 32 bytes and their CRC-32C,
//! big-endian. It is replaced as a whole. A damaged record costs one tombstone and not the rest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::durable::sync_parent;
use crate::segments::frame::array;
use crate::segments::segment::set_midnight;

const MAGIC: &[u8; 16] = b"KUA-GONE 1\0\0\0\0\0\n";
const RECORD: usize = 36;

/// The file.
#[derive(Debug)]
pub(crate) struct Tombstones(PathBuf);

/// What is in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// The ids.
    pub(crate) ids: BTreeSet<ObjectId>,
    /// Where bytes are damaged.
    pub(crate) damaged: Vec<u64>,
}

impl Tombstones {
    /// The file of this folder, which may not be there.
    pub(crate) fn of(folder: &Path) -> Self {
        Self(folder.join("tombstones"))
    }

    /// Reads all that can be read.
    pub(crate) fn read(&self) -> io::Result<Gone> {
        match fs::read(&self.0) {
            Ok(bytes) => Ok(Gone::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Gone::default()),
            Err(error) => Err(error),
        }
    }

    /// Puts these ids in the place of those before, durably; the file tells no time but this day's midnight.
    pub(crate) fn write(&self, ids: &BTreeSet<ObjectId>, day: Day) -> io::Result<()> {
        let new = self.0.with_extension("new");
        let mut file = BufWriter::new(File::create(&new)?);
        file.write_all(MAGIC)?;
        for id in ids {
            file.write_all(id.as_bytes())?;
            file.write_all(&crc32c::crc32c(id.as_bytes()).to_be_bytes())?;
        }
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        set_midnight(&file, day)?;
        file.sync_all()?;
        fs::rename(&new, &self.0)?;
        sync_parent(&self.0)
    }
}

impl Gone {
    fn parse(bytes: &[u8]) -> Self {
        let mut gone = Self::default();
        if !bytes.starts_with(MAGIC) {
            gone.damaged.push(0);
        }
        let records = bytes.get(MAGIC.len()..).unwrap_or_default().chunks(RECORD);
        for (record, at) in records.zip((MAGIC.len() as u64..).step_by(RECORD)) {
            if record.len() == RECORD && crc32c::crc32c(&record[..32]).to_be_bytes() == record[32..] {
                gone.ids.insert(ObjectId::from_bytes(array(record, 0)));
            } else {
                gone.damaged.push(at);
            }
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_flipped_byte_is_seen_and_costs_one_id_at_most(ids in proptest::collection::btree_set(any::<[u8; 32]>(), 0..20), at: prop::sample::Index) {
            let folder = tempfile::tempdir().unwrap();
            let tombstones = Tombstones::of(folder.path());
            prop_assert_eq!(tombstones.read().unwrap(), Gone::default());
            let ids: BTreeSet<_> = ids.into_iter().map(ObjectId::from_bytes).collect();
            tombstones.write(&ids, Day::from_number(9)).unwrap();
            prop_assert_eq!(tombstones.read().unwrap(), Gone { ids: ids.clone(), damaged: Vec::new() });
            let mut bytes = fs::read(&tombstones.0).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 0x10;
            let gone = Gone::parse(&bytes);
            prop_assert_eq!(gone.damaged.len(), 1);
            prop_assert!(gone.ids.is_subset(&ids) && gone.ids.len() + 1 >= ids.len());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Gone::parse(&bytes);
        }
    }
}
