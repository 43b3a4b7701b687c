//! Sealed bytes, opened with a coordinator's keys: as they are, as a report, from a file.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::Path;

use kua_protocol::grant::FileKey;
use kua_protocol::id::ObjectId;
use kua_report::ArchiveReader;
use kua_sealing::{CoordinatorKeys, OpenError, Opened};
use sha2::Digest as _;

use crate::error::Error;
use crate::files;

/// Opens sealed bytes as far as the report, with the file key of a grant where there is one; attachments follow as a stream.
/// Nothing of it is certain before its end.
///
/// # Errors
///
/// When it was sealed to others, is damaged, or holds no report.
pub fn open_report<R: Read>(
    what: &str,
    sealed: R,
    keys: &CoordinatorKeys,
    granted: Option<&FileKey>,
) -> Result<ArchiveReader<Opened<R>>, Error> {
    let opened = open(what, sealed, keys, granted)?;
    ArchiveReader::new(opened).map_err(|error| damage(what, error))
}

/// Opens sealed bytes as a stream, with the file key of a grant where there is one.
///
/// # Errors
///
/// When it was sealed to others, or is damaged.
pub fn open<R: Read>(
    what: &str,
    sealed: R,
    keys: &CoordinatorKeys,
    granted: Option<&FileKey>,
) -> Result<Opened<R>, Error> {
    let opened = match granted {
        Some(key) => kua_sealing::open_granted(sealed, key),
        None => kua_sealing::open(sealed, keys.identity()),
    };
    opened.map_err(|error| Error::Open { what: what.into(), error })
}

/// What went wrong while a sealed archive was read: the seal broke, of which no more is said, or what it holds is not
/// what a report holds, which is said exactly.
pub fn damage(what: &str, error: kua_report::Error) -> Error {
    match error {
        kua_report::Error::Io(io) => match io.downcast::<kua_report::Error>() {
            Ok(inner) => Error::Report { what: what.into(), error: inner },
            Err(_) => Error::Open { what: what.into(), error: OpenError::Broken },
        },
        error => Error::Report { what: what.into(), error },
    }
}

/// Opens a sealed file, and reads it once for its id.
///
/// # Errors
///
/// When it cannot be read.
pub fn read(path: &Path) -> Result<(ObjectId, File), Error> {
    let read = || {
        let mut file = File::open(path)?;
        let (digest, _) = files::digest(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok((ObjectId::from_bytes(digest.finalize().into()), file))
    };
    read().map_err(Error::file(path))
}
