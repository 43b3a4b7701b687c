//! Unfinished uploads: `uploads/ID.part` grows until it is whole and becomes the file of its object.
//!
//! 1. Whole and durable, it is looked at: a sealed file, and its digest.
//! 2. `uploads/ID.done` says durably which object it becomes, and for how long that may be asked for.
//! 3. Its beginning gets the object's id, durably, and the file moves to `contents/`.
//! 4. The writer says so in the day's segment; from then on the object is there.
//!
//! After a crash before 3 the upload is unfinished as before; after it, opening the folder does the rest.

pub(crate) mod adoption;
pub(crate) mod content;
pub(crate) mod contents;
pub(crate) mod upload;

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use tokio::sync::OwnedMutexGuard;

use crate::Parts;
use crate::durable::sync_parent;
use crate::segments::frame::{FrameKind, Header, Place, array};
use crate::uploads::content::{Beginning, ContentFile};
use crate::uploads::contents::Contents;
use crate::uploads::upload::{Cursor, Upload};
use kua_store::{NewUpload, StoreError};

/// An upload to which nothing has come for so long, in seconds, keeps no room free any more.
const STALLED: u64 = 600;
const DONE_LEN: usize = 44;

/// The folder.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
    open: Mutex<HashMap<Digest, Arc<Upload>>>,
    done: Mutex<HashMap<Digest, Done>>,
}

/// What became of a finished upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// The object that it became.
    pub(crate) object: ObjectId,
    /// Until when that may be asked for, by the clock of [`NewUpload::until`].
    pub(crate) until: u64,
}

impl Uploads {
    /// Opens the folder, makes it if need be, and clears away what is damaged beyond use.
    pub(crate) fn open(folder: PathBuf, contents: &Contents) -> io::Result<Self> {
        if !folder.exists() {
            DirBuilder::new().mode(0o700).create(&folder)?;
            sync_parent(&folder)?;
        }
        let uploads = Self { folder, open: Mutex::default(), done: Mutex::default() };
        for entry in fs::read_dir(&uploads.folder)? {
            let path = entry?.path();
            if !uploads.take_in(&path, contents)? {
                tracing::warn!("an unfinished upload that cannot be read is removed");
                fs::remove_file(&path)?;
            }
        }
        Ok(uploads)
    }

    fn take_in(&self, path: &Path, contents: &Contents) -> io::Result<bool> {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split_once('.'));
        let Some((Ok(id), kind)) = name.map(|(id, kind)| (id.parse::<Digest>(), kind)) else {
            return Ok(false);
        };
        match kind {
            "part" => {
                let Some((file, beginning)) = ContentFile::open(path)? else { return Ok(false) };
                if beginning.until == 0 {
                    // It was whole, and about to be moved.
                    contents.take(path, beginning.header.id, beginning.header.day)?;
                    return Ok(true);
                }
                let upload = Upload::new(path.to_owned(), file, beginning)?;
                self.opened().insert(id, Arc::new(upload));
            }
            "done" => {
                let Some(done) = Done::decode(&fs::read(path)?) else { return Ok(false) };
                self.finished().insert(id, done);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The unfinished upload with this id.
    pub(crate) fn get(&self, id: Digest) -> Option<Arc<Upload>> {
        self.opened().get(&id).map(Arc::clone)
    }

    /// What became of the upload with this id.
    pub(crate) fn done(&self, id: Digest) -> Option<Done> {
        self.finished().get(&id).copied()
    }

    /// How many are unfinished, and until when the oldest of them is kept.
    pub(crate) fn unfinished(&self) -> (u64, Option<u64>) {
        let open = self.opened();
        (open.len() as u64, open.values().map(|upload| upload.beginning.until).min())
    }

    /// Begins an upload, for which there must be room beside all others that are under way.
    pub(crate) fn begin(&self, parts: &Parts, new: &NewUpload) -> Result<(), StoreError> {
        if let Some(reason) = parts.read_only.get() {
            return Err(StoreError::ReadOnly(reason.clone()));
        }
        let mut open = self.opened();
        // The file is there, and whose it is goes on.
        if open.contains_key(&new.id) {
            return Err(StoreError::Locked);
        }
        if open
            .values()
            .filter(|upload| upload.beginning.header.frame_kind.owner() == Some(new.owner))
            .count()
            >= new.most_open
        {
            return Err(StoreError::TooManyUploads);
        }
        let under_way = open.values().filter(|upload| upload.is_moving(STALLED));
        let promised: u64 = under_way.map(|upload| upload.outstanding()).sum();
        if parts.room().saturating_sub(promised) < new.len {
            return Err(StoreError::Full);
        }
        let frame_kind = FrameKind::Object(new.kind, new.owner, Place::File);
        let header = Header { frame_kind, id: NOT_YET, day: new.day, len: new.len };
        let beginning = Beginning { header, until: new.until };
        let path = self.path(new.id, "part");
        let made = ContentFile::create(&path, &beginning).and_then(|file| {
            sync_parent(&path)?;
            Upload::new(path.clone(), file, beginning)
        });
        match made {
            Ok(upload) => drop(open.insert(new.id, Arc::new(upload))),
            Err(error) => {
                // What was begun must not be taken for an upload by the next start.
                fs::remove_file(&path).unwrap_or_default();
                return Err(parts.refusal(error));
            }
        }
        Ok(())
    }

    /// Notes durably what becomes of an upload.
    pub(crate) fn note(&self, id: Digest, done: Done) -> io::Result<()> {
        let (path, new) = (self.path(id, "done"), self.path(id, "new"));
        let mut file = File::create(&new)?;
        file.write_all(&done.encode())?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        sync_parent(&path)?;
        self.finished().insert(id, done);
        Ok(())
    }

    /// Forgets an unfinished upload and unlinks its file, if that is still there.
    pub(crate) fn discard(&self, id: Digest, upload: &Upload, cursor: &mut Cursor) -> Result<(), StoreError> {
        self.opened().remove(&id);
        match upload.discard(cursor) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(sync_parent(&upload.path)?),
        }
    }

    /// Forgets what became of an upload.
    pub(crate) fn forget(&self, id: Digest) -> io::Result<()> {
        self.finished().remove(&id);
        fs::remove_file(self.path(id, "done"))
    }

    /// Discards what is past its time, and says how many uploads were unfinished.
    pub(crate) fn expire(&self, now: u64) -> Result<u64, StoreError> {
        let late: Vec<_> =
            self.opened().iter().filter(|(_, upload)| upload.beginning.until <= now).map(pair).collect();
        let mut expired = 0;
        for (id, upload) in late {
            // Who is writing at this moment is let in once more.
            if let Some(mut cursor) = upload.idle_cursor() {
                self.discard(id, &upload, &mut cursor)?;
                expired += 1;
            }
        }
        self.forget_if(|done| done.until <= now)?;
        Ok(expired)
    }

    /// Forgets of what became of uploads whatever this is true of.
    pub(crate) fn forget_if(&self, late: impl Fn(&Done) -> bool) -> io::Result<()> {
        let ids: Vec<_> = self.finished().iter().filter(|(_, done)| late(done)).map(|(id, _)| *id).collect();
        ids.into_iter().try_for_each(|id| self.forget(id))
    }

    fn opened(&self) -> MutexGuard<'_, HashMap<Digest, Arc<Upload>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finished(&self) -> MutexGuard<'_, HashMap<Digest, Done>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, id: Digest, kind: &str) -> PathBuf {
        self.folder.join(format!("{id}.{kind}"))
    }
}

/// The id of an object that is not whole yet.
const NOT_YET: ObjectId = ObjectId::from_bytes([0; 32]);

fn pair((id, upload): (&Digest, &Arc<Upload>)) -> (Digest, Arc<Upload>) {
    (*id, Arc::clone(upload))
}

impl Done {
    fn encode(&self) -> [u8; DONE_LEN] {
        let mut bytes = [0; DONE_LEN];
        bytes[..32].copy_from_slice(self.object.as_bytes());
        bytes[32..40].copy_from_slice(&self.until.to_be_bytes());
        let checksum = crc32c::crc32c(&bytes[..40]);
        bytes[40..].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; DONE_LEN] = bytes.try_into().ok()?;
        let sound = crc32c::crc32c(&bytes[..40]).to_be_bytes() == bytes[40..];
        let object = ObjectId::from_bytes(array(bytes, 0));
        sound.then(|| Self { object, until: u64::from_be_bytes(array(bytes, 32)) })
    }
}

/// Makes a whole upload its object's file, as far as the writer is not needed, and returns what is to be committed.
/// It blocks. What is refused is gone, and its file with it.
pub(crate) fn complete(
    parts: &Parts,
    id: Digest,
    upload: &Upload,
    cursor: &mut OwnedMutexGuard<Cursor>,
    most: u64,
    day: Day,
) -> Result<Header, StoreError> {
    let (object, shape) = match upload.seal_of(cursor) {
        Err(error @ StoreError::NotSealed(_)) => {
            parts.uploads.discard(id, upload, cursor)?;
            return Err(error);
        }
        other => other?,
    };
    if shape.plaintext_len > most {
        parts.uploads.discard(id, upload, cursor)?;
        return Err(StoreError::TooLarge);
    }
    let Beginning { header, until } = upload.beginning;
    let header = Header { id: object, day: header.day.max(day), ..header };
    let moved = parts.uploads.note(id, Done { object, until }).and_then(|()| {
        upload.file.begin(&Beginning { header, until: 0 })?;
        parts.segments.contents().take(&upload.path, object, header.day)
    });
    moved.map_err(|error| parts.refusal(error))?;
    // The file is where it belongs; only the upload is over.
    parts.uploads.opened().remove(&id);
    cursor.over = true;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_a_damaged_one_is_not() {
        let done = Done { object: ObjectId::of(b"x"), until: 77 };
        let bytes = done.encode();
        assert_eq!(Done::decode(&bytes), Some(done));
        for at in 0..DONE_LEN {
            let mut bytes = bytes;
            bytes[at] ^= 4;
            assert_eq!(Done::decode(&bytes), None);
        }
        assert_eq!(Done::decode(&bytes[1..]), None);
    }
}
