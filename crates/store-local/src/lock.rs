//! One process a folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use kua_store::StoreError;

/// The right to use a folder, held until it is dropped or the process ends.
#[derive(Debug)]
pub(crate) struct FolderLock(#[allow(dead_code, reason = "the lock goes with the file")] File);

impl FolderLock {
    /// Takes the lock of this folder.
    ///
    /// # Errors
    ///
    /// `InUse` when somebody else has it; `Io` when the lock file cannot be opened.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_one_and_goes_with_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        assert!(matches!(FolderLock::take(folder.path()), Err(StoreError::InUse)));
        drop(first);
        assert!(FolderLock::take(folder.path()).is_ok());
    }
}
