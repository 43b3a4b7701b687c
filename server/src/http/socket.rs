//! Unix sockets, whose addresses hold 107 bytes of a path: a longer one is reached through its folder, which has a short name
//! while it is open (unix(7), proc(5)). Linux's own.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Most bytes of a path in the address of a socket.
const LONGEST: usize = 107;

/// A path that fits into an address, for as long as this is kept.
struct Short {
    path: PathBuf,
    _folder: Option<File>,
}

impl Short {
    fn of(path: &Path) -> io::Result<Self> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        if path.as_os_str().len() <= LONGEST {
            return Ok(Self { path: path.to_owned(), _folder: None });
        }
        let folder = File::open(parent)?;
        let path = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }
}

/// Binds a socket, in the place of one that nobody listens at any more.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] for a path of something else than a socket, which stays; [`io::ErrorKind::AddrInUse`] where
/// somebody listens; those of the system.
pub(crate) fn bind(path: &Path) -> io::Result<UnixListener> {
    let short = Short::of(path)?;
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "it is there already, and is no socket",
            ));
        }
        Ok(_) if std::os::unix::net::UnixStream::connect(&short.path).is_err() => fs::remove_file(path)?,
        _ => {}
    }
    UnixListener::bind(&short.path)
}

/// Connects to a socket.
///
/// # Errors
///
/// Those of the system.
pub(crate) async fn connect(path: &Path) -> io::Result<UnixStream> {
    UnixStream::connect(&Short::of(path)?.path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_path_of_any_length_is_bound_and_reached() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(100)).join("y".repeat(100));
        fs::create_dir_all(&deep).unwrap();
        for path in [folder.path().join("short"), deep.join("long")] {
            let listener = bind(&path).unwrap();
            assert!(connect(&path).await.is_ok());
            assert!(bind(&path).is_err(), "somebody listens");
            drop(listener);
            assert!(connect(&path).await.is_err());
            assert!(bind(&path).is_ok(), "nobody listens any more");
        }
    }

    #[tokio::test]
    async fn what_is_no_socket_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keep");
        fs::write(&file, "keep").unwrap();
        assert_eq!(bind(&file).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"keep");
    }
}
