//! One tar file for a report and its attachments, the same bytes whoever writes it.
//!
//! Source: protocol, "Bytes, once and for all", *Tar*; POSIX.1-2024, `pax`, "ustar Interchange Format". Stock `tar xf`
//! takes it apart. Each entry is one 512-byte header, the bytes, and zeros up to a multiple of 512; two blocks of zeros
//! end the archive. In a header, numbers are octal, filled up with zeros from the left and ended by a NUL: mode `0000600`,
//! ids `0000000`, time `00000000000`, the size in 11 digits, the checksum in 7; type `0`, magic `ustar`, version `00`; all
//! else is zero.
//!
//! Where the path is longer than 100 bytes or not ASCII, or the size does not fit into 11 octal digits (8 GiB and more), a
//! pax header (type `x`, called `pax/N` for the N-th attachment) comes first, with the records `path` and `size` that are
//! needed, in this order; the entry's own header then says `attachments/N`, or the size 0, in their place.
//!
//! As there is one way to write an archive, there is one way to read it: the reader works out which header must come next
//! and takes no other. Links, devices, paths that climb and doubled entries need no rules of their own, since no byte of a
//! stranger's header is ever interpreted.

mod reader;
mod source;

pub use reader::{ArchiveReader, AttachmentReader};
pub use source::ArchiveSource;

use std::io::{self, Read};

use tar::{EntryType, Header};

use crate::{Attachment, Error, INTEGER_LIMIT, Report};

/// Tar counts in blocks of this many bytes.
const BLOCK: usize = 512;
/// Two blocks of zeros end an archive.
const END: usize = 2 * BLOCK;
/// The most bytes that a path may have in a plain header.
const PLAIN_PATH: usize = 100;
/// The largest size that 11 octal digits hold: 8 GiB − 1.
const PLAIN_SIZE: u64 = (1 << 33) - 1;

/// A report laid out as an archive: its length is known before a byte of an attachment is read.
pub struct Archive {
    report_json: Vec<u8>,
    attachments: Vec<Attachment>,
    total_len: u64,
}

impl Archive {
    /// Lays a report out.
    ///
    /// # Errors
    /// [`Error::ReportTooLarge`] for report.json, [`Error::TooLarge`] when all of it exceeds 2^53 − 1 bytes.
    pub fn new(report: &Report) -> Result<Self, Error> {
        let report_json = report.to_json()?;
        let attachments = report.attachments().to_vec();
        let first = (report_header(report_json.len() as u64).len(), report_json.len() as u64);
        let total_len = attachments
            .iter()
            .enumerate()
            .map(|(index, attachment)| (attachment_header(index, attachment).len(), attachment.size))
            .chain([first])
            .try_fold(END as u64, |total, (header, size)| {
                total.checked_add(header as u64)?.checked_add(size.checked_next_multiple_of(BLOCK as u64)?)
            })
            .filter(|total| *total <= INTEGER_LIMIT)
            .ok_or(Error::TooLarge)?;
        Ok(Self { report_json, attachments, total_len })
    }

    /// How many bytes the archive has: L of the protocol, before any padding.
    pub fn total_len(&self) -> u64 {
        self.total_len
    }

    /// Gives the archive as a stream that holds one attachment open at a time and little in memory.
    ///
    /// `open` is asked for the bytes of each attachment, by its place in the list, when its turn comes.
    pub fn source<O, R>(&self, open: O) -> ArchiveSource<'_, O, R>
    where
        O: FnMut(usize, &Attachment) -> io::Result<R>,
        R: Read,
    {
        ArchiveSource::new(self, open)
    }
}

/// The header of report.json.
fn report_header(size: u64) -> Vec<u8> {
    header(EntryType::Regular, "report.json", size).to_vec()
}

/// The header of an attachment, with the pax header before it where one is needed.
fn attachment_header(index: usize, attachment: &Attachment) -> Vec<u8> {
    let number = index + 1;
    let path = format!("attachments/{}", attachment.name);
    let plain_path = path.is_ascii() && path.len() <= PLAIN_PATH;
    let plain_size = attachment.size <= PLAIN_SIZE;
    let mut records = String::new();
    if !plain_path {
        records += &pax_record("path", &path);
    }
    if !plain_size {
        records += &pax_record("size", &attachment.size.to_string());
    }
    let mut bytes = Vec::new();
    if !records.is_empty() {
        bytes.extend(header(EntryType::XHeader, &format!("pax/{number}"), records.len() as u64));
        bytes.extend(records.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    let path = if plain_path { path } else { format!("attachments/{number}") };
    bytes.extend(header(EntryType::Regular, &path, if plain_size { attachment.size } else { 0 }));
    bytes
}

/// One header block; the path has at most 100 bytes.
fn header(kind: EntryType, path: &str, size: u64) -> [u8; BLOCK] {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    *header.as_bytes()
}

/// One pax record, `LENGTH KEY=VALUE` and a line end, where the length counts its own digits too and is the least such.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while rest.len() + length.to_string().len() != length {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

/// How many zeros fill the last block of so many bytes.
fn fill(size: u64) -> usize {
    // Less than a block, whatever the size.
    usize::try_from(size.wrapping_neg() % BLOCK as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_its_own_digits() {
        // Where 9 and 10 would both be true, the shorter record is the one.
        assert_eq!(pax_record("path", "a"), "9 path=a\n");
        assert_eq!(pax_record("path", "aa"), "11 path=aa\n");
        for length in 1..1200 {
            let record = pax_record("path", &"a".repeat(length));
            assert_eq!(record.split(' ').next().unwrap(), record.len().to_string());
        }
    }

    #[test]
    fn sizes_beyond_eleven_digits_go_into_a_record() {
        let attachment = |size| {
            let json = serde_json::json!({
                "name": "film.mp4", "media_type": "video/mp4", "size": size, "sha256": "0".repeat(64), "metadata": "kept"
            });
            serde_json::from_value::<Attachment>(json).unwrap()
        };
        assert_eq!(attachment_header(0, &attachment(PLAIN_SIZE)).len(), BLOCK);
        let long = attachment_header(0, &attachment(PLAIN_SIZE + 1));
        assert_eq!(long.len(), 3 * BLOCK);
        assert!(long[BLOCK..].starts_with(b"19 size=8589934592\n"));
    }

    #[test]
    fn the_last_block_is_filled() {
        assert_eq!([0, 1, 511, 512, 513, u64::MAX].map(fill), [0, 511, 1, 0, 511, 1]);
    }
}
