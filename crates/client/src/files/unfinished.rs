//! Folders in the making, which must not outlive a program that is ended.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Folders to be removed when the program is ended.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder that [`remove_unfinished`] removes until this is dropped.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// Remembers a folder.
    pub(super) fn folder(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        paths().push(path.clone());
        Self(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        paths().retain(|path| *path != self.0);
    }
}

fn paths() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every folder in the making and lets no new one begin. A front end calls it when it is ended by a signal, and ends
/// the process before it drops what is returned.
#[must_use = "what is returned keeps new folders from being begun until the process has ended"]
pub fn remove_unfinished() -> impl Sized {
    let paths = paths();
    for path in paths.iter() {
        // One that is gone already, or cannot be removed, must not keep the others.
        let _ = fs::remove_dir_all(path);
    }
    paths
}
