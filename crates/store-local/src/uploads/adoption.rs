//! From a whole file to an object: at the end of an upload, or at start when a crash came in between.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedShape};
use tokio::sync::mpsc;

use crate::durable::sync_parent;
use crate::ledger::record::Known;
use crate::segments::frame::{Header, Place};
use crate::segments::segment::usize_of;
use crate::writer::Command;
use crate::{Parts, tell_blocking};
use kua_store::{Put, StoreError};

/// Has the writer say that an object is there whose file is in its place. Where it may not be there, or is in a
/// segment already, the file goes. It blocks.
pub(crate) fn commit(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    header: Header,
) -> Result<Put, StoreError> {
    let put = tell_blocking(queue, |reply| Command::Put((header, Bytes::new()), reply));
    let needed = match &put {
        Ok(_) => {
            matches!(parts.ask(|index| index.known(header.id))?, Known::Present(record) if record.place == Place::File)
                || matches!(put, Ok(Put::Stored(_)))
        }
        Err(StoreError::Gone | StoreError::Unknown) => false,
        // Whatever came in between, opening the folder tries again.
        Err(_) => true,
    };
    if !needed {
        parts.segments.contents().remove(header.id, header.day)?;
    }
    put
}

/// Looks for whole files that the ledger does not know, which a crash has left, and takes them in. It blocks.
pub(crate) fn adopt(parts: &Parts, queue: &mpsc::Sender<Command>) -> Result<(), StoreError> {
    for id in parts.segments.contents().ids()? {
        match parts.ask(|index| index.known(id))? {
            Known::Present(record) if record.place == Place::File => {}
            Known::Present(_) | Known::Gone(_) => {
                let contents = parts.segments.contents();
                let day =
                    contents.open(id)?.map_or(Day::from_number(0), |(_, beginning)| beginning.header.day);
                contents.remove(id, day)?;
            }
            Known::Unknown => match sound(parts, id)? {
                Some(header) => drop(commit(parts, queue, header)),
                None => keep_aside(parts, id)?,
            },
        }
    }
    // Where a crash came before the file was moved, the upload goes on, and nothing became of it yet.
    let unknown =
        |object| !matches!(parts.ask(|index| index.known(object)), Ok(Known::Present(_) | Known::Gone(_)));
    Ok(parts.uploads.forget_if(|done| unknown(done.object))?)
}

/// The header of a whole file, if all of it is as it should be.
fn sound(parts: &Parts, id: ObjectId) -> Result<Option<Header>, StoreError> {
    let Some((file, beginning)) = parts.segments.contents().open(id)? else { return Ok(None) };
    let header = beginning.header;
    if header.frame_kind.place() != Some(Place::File)
        || file.len()? < header.len
        || file.digest(header.len)? != id
    {
        return Ok(None);
    }
    let sealed = file.read(0, usize_of(header.len.min(MAX_HEADER_LEN as u64)))?;
    Ok(SealedShape::of(&sealed, header.len).ok().map(|_| header))
}

fn keep_aside(parts: &Parts, id: ObjectId) -> Result<(), StoreError> {
    let folder = parts.path.join("damaged");
    DirBuilder::new().mode(0o700).recursive(true).create(&folder)?;
    let from = parts.segments.contents().path(id);
    let to = folder.join(format!("{id}.obj"));
    fs::rename(&from, &to)?;
    tracing::error!(file = %to.display(), "a large object that is damaged and unknown is kept aside");
    sync_parent(&to)?;
    match sync_parent(&from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => Ok(other?),
    }
}
