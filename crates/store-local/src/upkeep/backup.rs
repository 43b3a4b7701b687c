//! One stream that holds all there is, in no order but that of days and ids.
//!
//! | part | what |
//! |---|---|
//! | head | `kua-backup/1` and a line end, a marker (8 random bytes), the length of the extra bytes (`u32`), these, and the CRC-32C of all before |
//! | frames | as in a segment, but with every body behind its header: every object, followed by the wish for its deletion where one stands; then a tombstone for every deleted object |
//! | end | `KUA-END` and a line end, the numbers of objects, of their bytes and of tombstones (`u64`), and the SHA-256 of all before |
//!
//! Integers are big-endian. The drop's seed is not in it, and nothing that could be opened with it.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::sealed::SealedBytes;
use sha2::{Digest as _, Sha256};

use crate::durable::sync_parent;
use crate::ledger::record::Record;
use crate::lock::FolderLock;
use crate::segments::Segments;
use crate::segments::frame::{FrameKind, HEADER_LEN, Header, Marker, Place, array};
use crate::segments::row::Row;
use crate::segments::segment::{SegmentName, usize_of};
use crate::segments::tombstones::Tombstones;
use crate::upkeep::recovery::remake_ledger;
use crate::uploads::content::{Beginning, ContentFile};
use crate::{LocalStore, between};
use kua_store::{Copied, Fault, Progress, StoreError};

const MAGIC: &[u8; 13] = b"kua-backup/1\n";
const END: &Marker = b"KUA-END\n";
/// Most extra bytes.
const MAX_EXTRA: usize = 256 * 1024;
/// Bytes of a large object that are copied at a time.
const PORTION: u64 = 1 << 20;
/// Length of the end without its digest, in bytes.
const END_LEN: usize = 32;

impl LocalStore {
    /// Writes a copy of all objects, wishes and tombstones, while the store serves; and these extra bytes, at most
    /// 256 KiB.
    ///
    /// It is consistent: it holds all that was acknowledged before the call and not deleted during it. Damaged
    /// objects are left out and named. It blocks. The progress is in bytes of objects.
    ///
    /// # Errors
    ///
    /// `Backup` when there are too many extra bytes; `Io` when writing fails or a segment cannot be read; `Ledger`.
    pub(crate) fn copy_to(
        &self,
        extra: &[u8],
        writer: impl Write,
        mut progress: impl FnMut(Progress),
    ) -> Result<Copied, StoreError> {
        if extra.len() > MAX_EXTRA {
            return Err(StoreError::Backup("more than 256 KiB came with it"));
        }
        let (rows, total) = between(self.queue()?, |parts| {
            let mut rows = parts.ask(|index| {
                index
                    .present()
                    .map(|entry| entry.map(|(id, record)| (record.day, id)))
                    .collect::<Result<Vec<_>, _>>()
            })?;
            rows.sort_unstable();
            Ok((rows, parts.ledger().totals().1))
        })?;
        let mut out = Out::begin(writer, extra)?;
        let (mut copied, mut now) = (Copied::default(), Progress { done: 0, total });
        for (_, id) in rows {
            progress(now);
            let record = match self.parts.present(id) {
                Ok(record) => record,
                Err(StoreError::Gone | StoreError::Unknown) => continue,
                Err(other) => return Err(other),
            };
            now.done += record.size;
            let object = match record.place {
                Place::Segment => self
                    .parts
                    .read(id, &(0..record.size))
                    .and_then(|body| Ok(out.object(&record, id, &body)?)),
                Place::File => self.large_object(&mut out, id, &record),
            };
            match object {
                Ok(()) => {
                    copied.objects += 1;
                    copied.bytes += record.size;
                }
                Err(StoreError::Gone) => {}
                Err(StoreError::Damaged) => {
                    let what = "its bytes do not have its digest; it is not in the backup";
                    copied.left_out.push(Fault::new(record.at.segment.to_string(), what, Some(id)));
                }
                Err(other) => return Err(other),
            }
        }
        // Last, so that whoever was copied and then deleted does not come back.
        let gone = between(self.queue()?, |parts| {
            Ok(parts.ask(|index| index.gone().collect::<Result<BTreeSet<_>, _>>())?)
        })?;
        for id in gone {
            out.frame(
                &Header { frame_kind: FrameKind::Tombstone, id, day: Day::from_number(0), len: 0 },
                &[],
            )?;
            copied.tombstones += 1;
        }
        out.end(&copied)?;
        now.done = now.total;
        progress(now);
        Ok(copied)
    }

    /// Copies an object from its file, which stays readable when it is deleted meanwhile. Its digest is looked at
    /// first: a stream cannot be taken back.
    fn large_object(
        &self,
        out: &mut Out<impl Write>,
        id: ObjectId,
        record: &Record,
    ) -> Result<(), StoreError> {
        let found = match self.parts.segments.contents().open(id) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.parts.present(id).and(Err(StoreError::Damaged));
            }
            other => other?,
        };
        let (file, _) = found.ok_or(StoreError::Damaged)?;
        if file.len()? < record.size || file.digest(record.size)? != id {
            self.parts.damaged().insert(id);
            return Err(StoreError::Damaged);
        }
        let mut written = Ok(());
        out.object(record, id, &[])?;
        file.each(0..record.size, |bytes| {
            if written.is_ok() {
                written = out.write(bytes);
            }
        })?;
        written?;
        Ok(out.wish(record, id)?)
    }

    /// Makes a folder, which must not be there, from a backup, and returns the extra bytes that came with it.
    ///
    /// Everything is verified before it returns `Ok`: every object against its id, and the whole against its own
    /// digest. When it fails nothing is left of the folder. It blocks. The progress is in bytes of objects.
    ///
    /// # Errors
    ///
    /// `Backup` when the stream is damaged, cut short or something else; `Io`, also when the folder is there.
    pub fn restore(
        reader: impl Read,
        folder: impl AsRef<Path>,
        progress: impl FnMut(Progress),
    ) -> Result<(Vec<u8>, Copied), StoreError> {
        let path = folder.as_ref();
        DirBuilder::new().mode(0o700).create(path)?;
        let restored = restore_into(reader, path, progress);
        match &restored {
            Ok(_) => sync_parent(path)?,
            Err(_) => fs::remove_dir_all(path)?,
        }
        restored
    }
}

fn restore_into(
    reader: impl Read,
    path: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<(Vec<u8>, Copied), StoreError> {
    let _lock = FolderLock::take(path)?;
    let segments = Segments::open(&path.join("segments"))?;
    let (mut input, extra) = In::begin(reader)?;
    let (mut copied, mut gone) = (Copied::default(), BTreeSet::new());
    let mut row: Option<Row<'_>> = None;
    // The object that came last, and whether a wish for its deletion did.
    let mut last: Option<(Day, ObjectId, bool)> = None;
    let mut ids = BTreeSet::new();
    while let Some(header) = input.frame(&copied)? {
        let Header { frame_kind, id, day, len } = header;
        let body = input.body(&header, &segments)?;
        match (frame_kind, last) {
            (FrameKind::Object(..), _)
                if gone.is_empty() && last.is_none_or(|(d, i, _)| (d, i) < (day, id)) =>
            {
                if !ids.insert(id) {
                    return Err(StoreError::Backup("its parts are not in order"));
                }
                if last.is_none_or(|(last, ..)| last != day) {
                    finish(&segments, row.take())?;
                    row = Some(Row::new(&segments, SegmentName { day, number: 0 }));
                }
                last = Some((day, id, false));
                copied.objects += 1;
                copied.bytes += len;
                progress(Progress { done: copied.bytes, total: 0 });
            }
            (FrameKind::DeleteAsked(_), Some((day, last_id, false))) if last_id == id && gone.is_empty() => {
                last = Some((day, id, true));
            }
            (FrameKind::Tombstone, _) if gone.last().is_none_or(|last| *last < id) => {
                gone.insert(id);
                copied.tombstones += 1;
                continue;
            }
            _ => return Err(StoreError::Backup("its parts are not in order")),
        }
        if let Some(row) = &mut row {
            row.add(header, body)?;
        }
    }
    finish(&segments, row.take())?;
    let tombstones = Tombstones::of(path);
    if !gone.is_empty() {
        tombstones.write(&gone, last.map_or(Day::from_number(0), |(day, ..)| day))?;
    }
    remake_ledger(path, &segments, &tombstones, |_| {})?.close();
    Ok((extra, copied))
}

fn finish(segments: &Segments, row: Option<Row<'_>>) -> Result<(), StoreError> {
    let Some(mut row) = row else { return Ok(()) };
    row.finish()?;
    for name in row.names {
        segments.unveil(name, name.day)?;
    }
    Ok(())
}

/// A backup that is being written.
struct Out<W: Write> {
    to: BufWriter<W>,
    digest: Sha256,
    marker: Marker,
}

impl<W: Write> Out<W> {
    fn begin(to: W, extra: &[u8]) -> io::Result<Self> {
        let mut marker = [0; 8];
        getrandom::fill(&mut marker)?;
        let len = u32::try_from(extra.len()).unwrap_or(u32::MAX);
        let head = [&MAGIC[..], &marker, &len.to_be_bytes(), extra].concat();
        let mut out = Self { to: BufWriter::with_capacity(1 << 20, to), digest: Sha256::new(), marker };
        out.write(&head)?;
        out.write(&crc32c::crc32c(&head).to_be_bytes())?;
        Ok(out)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.to.write_all(bytes)
    }

    fn frame(&mut self, header: &Header, body: &[u8]) -> io::Result<()> {
        self.write(&header.encode(self.marker))?;
        self.write(body)
    }

    /// An object, and the wish for its deletion unless its body has yet to follow.
    fn object(&mut self, record: &Record, id: ObjectId, body: &[u8]) -> io::Result<()> {
        let frame_kind = FrameKind::Object(record.kind, record.owner, record.place);
        self.frame(&Header { frame_kind, id, day: record.day, len: record.size }, body)?;
        if record.place == Place::Segment { self.wish(record, id) } else { Ok(()) }
    }

    fn wish(&mut self, record: &Record, id: ObjectId) -> io::Result<()> {
        record.delete_asked.map_or(Ok(()), |wish| {
            self.frame(
                &Header { frame_kind: FrameKind::DeleteAsked(wish.by), id, day: wish.day, len: 0 },
                &[],
            )
        })
    }

    fn end(mut self, copied: &Copied) -> io::Result<()> {
        let end = end(copied);
        self.write(&end)?;
        self.to.write_all(&self.digest.finalize())?;
        self.to.flush()
    }
}

fn end(copied: &Copied) -> [u8; END_LEN] {
    let mut bytes = [0; END_LEN];
    bytes[..8].copy_from_slice(END);
    bytes[8..16].copy_from_slice(&copied.objects.to_be_bytes());
    bytes[16..24].copy_from_slice(&copied.bytes.to_be_bytes());
    bytes[24..].copy_from_slice(&copied.tombstones.to_be_bytes());
    bytes
}

/// A backup that is being read.
struct In<R: Read> {
    from: BufReader<R>,
    digest: Sha256,
    marker: Marker,
}

impl<R: Read> In<R> {
    fn begin(from: R) -> Result<(Self, Vec<u8>), StoreError> {
        let mut input =
            Self { from: BufReader::with_capacity(1 << 20, from), digest: Sha256::new(), marker: [0; 8] };
        let mut head = [0; MAGIC.len() + 12];
        input.read(&mut head)?;
        if !head.starts_with(MAGIC) {
            return Err(StoreError::Backup("it does not begin with kua-backup/1"));
        }
        input.marker = array(&head, MAGIC.len());
        let len = usize_of(u32::from_be_bytes(array(&head, MAGIC.len() + 8)).into());
        if len > MAX_EXTRA {
            return Err(StoreError::Backup("its beginning is damaged"));
        }
        let mut extra = vec![0; len];
        input.read(&mut extra)?;
        let mut checksum = [0; 4];
        input.read(&mut checksum)?;
        if crc32c::crc32c_append(crc32c::crc32c(&head), &extra).to_be_bytes() != checksum {
            return Err(StoreError::Backup("its beginning is damaged"));
        }
        Ok((input, extra))
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.raw(bytes)?;
        self.digest.update(bytes);
        Ok(())
    }

    fn raw(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => StoreError::Backup("it is cut short"),
            _ => error.into(),
        })
    }

    /// The next frame; nothing at an end that agrees with what was read.
    fn frame(&mut self, copied: &Copied) -> Result<Option<Header>, StoreError> {
        let mut begin = [0; END_LEN];
        self.read(&mut begin)?;
        if begin.starts_with(END) {
            let mut digest = [0; 32];
            self.raw(&mut digest)?;
            let whole = begin == end(copied) && self.digest.clone().finalize()[..] == digest;
            return match (whole, self.from.read(&mut [0])?) {
                (true, 0) => Ok(None),
                (true, _) => Err(StoreError::Backup("something follows its end")),
                (false, _) => Err(StoreError::Backup("it is damaged")),
            };
        }
        let mut header = [0; HEADER_LEN];
        header[..END_LEN].copy_from_slice(&begin);
        self.read(&mut header[END_LEN..])?;
        let header = Header::parse(&header, self.marker);
        header.map(Some).map_err(|_| StoreError::Backup("a frame is damaged"))
    }

    /// The body of an object, checked against its id; written to its file and not returned where it has one.
    fn body(&mut self, header: &Header, segments: &Segments) -> Result<Bytes, StoreError> {
        let damaged = StoreError::Backup("an object is damaged");
        if header.frame_kind.place() == Some(Place::File) {
            return if self.file(header, segments)? == header.id { Ok(Bytes::new()) } else { Err(damaged) };
        }
        let mut body = vec![0; usize_of(header.len)];
        self.read(&mut body)?;
        let body = Bytes::from(body);
        let sound = header.frame_kind.place().is_none()
            || SealedBytes::try_from(body.clone()).is_ok_and(|sealed| sealed.id() == header.id);
        if sound { Ok(body) } else { Err(damaged) }
    }

    /// Writes a body to its file, durably, and returns the SHA-256.
    fn file(&mut self, header: &Header, segments: &Segments) -> Result<ObjectId, StoreError> {
        let beginning = Beginning { header: *header, until: 0 };
        let file = ContentFile::create(&segments.contents().path(header.id), &beginning)?;
        let mut portion = vec![0; usize_of(PORTION.min(header.len))];
        let (mut digest, mut at) = (Sha256::new(), 0);
        while at < header.len {
            let portion = &mut portion[..usize_of(PORTION.min(header.len - at))];
            self.read(portion)?;
            digest.update(&*portion);
            file.write(at, portion)?;
            at += portion.len() as u64;
        }
        // Makes all of it durable.
        file.begin(&beginning)?;
        sync_parent(&segments.contents().path(header.id))?;
        Ok(ObjectId::from_bytes(digest.finalize().into()))
    }
}
