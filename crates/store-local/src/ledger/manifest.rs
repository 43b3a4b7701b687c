//! The ledger's manifest: a small file beside it that says whether it may be believed.
//!
//! sled never makes its files durable. After a loss of power they may be anything, also something that opens
//! without an error; so a ledger is believed only if it was closed in good order, its files synced, or if the
//! machine has not been started anew since it was opened. The manifest is replaced as a whole.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr;

use crate::durable::sync_parent;

/// One line: `kua-ledger 2 TOKEN open BOOT` or `kua-ledger 2 TOKEN closed OBJECTS BYTES DIGEST`. The number is the
/// format of the ledger; one of another format is made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Random; the ledger that is meant holds the same.
    pub(crate) token: u128,
    /// How it was left.
    pub(crate) left: Left,
}

/// How a ledger was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Left {
    /// In use, while the machine ran under this boot id.
    Open(String),
    /// Closed and synced, with so many objects and bytes in it.
    Closed {
        /// Number of objects.
        objects: u64,
        /// Their bytes together.
        bytes: u64,
        /// CRC-32C of its files.
        digest: u32,
    },
}

impl Manifest {
    /// Reads the manifest, if there is a readable one.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        fs::read_to_string(path).ok()?.parse().ok()
    }

    /// Puts the manifest in place, durably.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let new = path.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(self.to_string().as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_parent(path)
    }
}

/// The id that the kernel gave to this run of the machine; nothing where the system does not tell.
pub(crate) fn boot_id() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kua-ledger 2 {:032x} ", self.token)?;
        match &self.left {
            Left::Open(boot) => writeln!(f, "open {boot}"),
            Left::Closed { objects, bytes, digest } => writeln!(f, "closed {objects} {bytes} {digest:08x}"),
        }
    }
}

impl FromStr for Manifest {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let words: Vec<_> = text.split_whitespace().collect();
        let &["kua-ledger", "2", token, ref left @ ..] = &words[..] else {
            return Err(());
        };
        let left = match *left {
            ["open", boot] => Left::Open(boot.to_owned()),
            ["closed", objects, bytes, digest] => Left::Closed {
                objects: objects.parse().map_err(drop)?,
                bytes: bytes.parse().map_err(drop)?,
                digest: u32::from_str_radix(digest, 16).map_err(drop)?,
            },
            _ => return Err(()),
        };
        Ok(Self { token: u128::from_str_radix(token, 16).map_err(drop)?, left })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_stamp_comes_back_equal(token: u128, objects: u64, bytes: u64, digest: u32, boot in "[0-9a-f-]{1,40}") {
            for left in [Left::Open(boot), Left::Closed { objects, bytes, digest }] {
                let manifest = Manifest { token, left };
                prop_assert_eq!(manifest.to_string().parse(), Ok(manifest));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*", rest in "[ a-z0-9-]*") {
            let _ = text.parse::<Manifest>();
            let _ = format!("kua-ledger 2 {rest}").parse::<Manifest>();
        }
    }

    #[test]
    fn a_stamp_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.stamp");
        assert_eq!(Manifest::read(&path), None);
        for objects in [1, 2] {
            let manifest = Manifest { token: 7, left: Left::Closed { objects, bytes: 9, digest: 3 } };
            manifest.write(&path).unwrap();
            assert_eq!(Manifest::read(&path), Some(manifest));
        }
        fs::write(&path, "kua-ledger 2 07 clo").unwrap();
        assert_eq!(Manifest::read(&path), None);
    }
}
