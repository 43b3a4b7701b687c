//! The folder that an export is written into, and its `SHA256SUMS`.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use kua_protocol::id::Digest;
use sha2::{Digest as _, Sha256};

use crate::{Error, told};

/// The list of digests, as `sha256sum -c` takes it.
const SUMS: &str = "SHA256SUMS";

/// A new folder in which files appear, readable for their owner alone.
pub(crate) struct Folder {
    path: PathBuf,
    sums: Summing<BufWriter<File>>,
    files: u64,
    bytes: u64,
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        let sums = Summing::new(BufWriter::new(create(&path.join(SUMS))?));
        Ok(Self { path: path.to_owned(), sums, files: 0, bytes: 0 })
    }

    /// The path of a file in this folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A new file, to be handed back to [`Folder::keep`].
    pub(crate) fn create(&self, name: &str) -> Result<File, Error> {
        create(&self.path(name))
    }

    /// A file without a name, which goes with its last user.
    pub(crate) fn passing(&self) -> Result<File, Error> {
        tempfile::tempfile_in(&self.path).map_err(Error::write(&self.path))
    }

    /// Makes a file durable that was written to its end, and enters it in the list.
    pub(crate) fn keep(&mut self, name: &str) -> Result<(), Error> {
        let path = self.path(name);
        let mut sum = Summing::new(io::sink());
        let file = File::open(&path).map_err(Error::write(&path))?;
        file.sync_all().and_then(|()| io::copy(&mut &file, &mut sum)).map_err(Error::write(&path))?;
        self.enter(name, Digest::from_bytes(sum.hasher.finalize().into()), sum.bytes)
    }

    /// Writes an attachment to `attachments/FOLDER/NAME`, and enters it in the list.
    pub(crate) fn attach(
        &mut self,
        path: &str,
        attachment: &told::File,
        content: &mut dyn Read,
    ) -> Result<(), Error> {
        let whole = self.path(path);
        if let Some(parent) = whole.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(Error::write(parent))?;
        }
        let mut file = create(&whole)?;
        copy(attachment, content, &mut file, &whole)?;
        self.enter(path, attachment.sha256, attachment.size)
    }

    /// Makes the list durable. Gives the number of files and of their bytes, both without the list itself, and the digest of
    /// the list.
    pub(crate) fn finish(self) -> Result<(u64, u64, Digest), Error> {
        let path = self.path.join(SUMS);
        let Summing { inner, hasher, .. } = self.sums;
        let sums = inner.into_inner().map_err(|error| Error::write(&path)(error.into_error()))?;
        sums.sync_all().map_err(Error::write(&path))?;
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(Error::write(&self.path))?;
        Ok((self.files, self.bytes, Digest::from_bytes(hasher.finalize().into())))
    }

    fn enter(&mut self, name: &str, digest: Digest, bytes: u64) -> Result<(), Error> {
        (self.files, self.bytes) = (self.files + 1, self.bytes + bytes);
        writeln!(self.sums, "{digest}  {name}").map_err(Error::write(self.path.join(SUMS)))
    }
}

/// Copies an attachment, and makes sure that it is what its report says.
pub(crate) fn copy(
    attachment: &told::File,
    content: &mut dyn Read,
    to: &mut dyn Write,
    path: &Path,
) -> Result<(), Error> {
    let unread = |error| Error::Attachment { name: attachment.name.clone().unwrap_or_default(), error };
    let mut sum = Summing::new(to);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match content.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => sum.write_all(&buffer[..count]).map_err(Error::write(path))?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unread(error)),
        }
    }
    if sum.bytes == attachment.size && Digest::from_bytes(sum.hasher.finalize().into()) == attachment.sha256 {
        Ok(())
    } else {
        Err(unread(io::Error::new(io::ErrorKind::InvalidData, "it is not what its report says")))
    }
}

/// Passes bytes on, and hashes them.
struct Summing<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W> Summing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new(), bytes: 0 }
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn create(path: &Path) -> Result<File, Error> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path);
    file.map_err(Error::write(path))
}
