//! Writing: the archive as a stream to seal.

use std::io::{self, Cursor, Read};

use super::{Archive, END, attachment_header, fill, report_header};
use crate::attachment::Tally;
use crate::{Attachment, Error};

/// The bytes of an archive, read one after another.
///
/// It fails, naming the attachment, as soon as one cannot be read or is no longer what report.json says. What has been
/// read until then must not be used.
pub struct ArchiveSource<'a, O, R> {
    archive: &'a Archive,
    open: O,
    /// What comes next from memory: headers, report.json, zeros.
    staged: Cursor<Vec<u8>>,
    state: State<R>,
}

enum State<R> {
    /// What is staged is followed by the attachment with this index, or by the end.
    Before(usize),
    /// The attachment with this index is being read.
    Within(usize, R, Tally),
    /// Everything is staged.
    Ended,
}

impl<'a, O, R> ArchiveSource<'a, O, R>
where
    O: FnMut(usize, &Attachment) -> io::Result<R>,
    R: Read,
{
    pub(super) fn new(archive: &'a Archive, open: O) -> Self {
        let size = archive.report_json.len() as u64;
        let mut staged = report_header(size);
        staged.extend(&archive.report_json);
        staged.resize(staged.len() + fill(size), 0);
        Self { archive, open, staged: Cursor::new(staged), state: State::Before(0) }
    }

    fn stage(&mut self, bytes: Vec<u8>) {
        self.staged = Cursor::new(bytes);
    }

    /// Opens the next attachment and stages its header, or stages the end.
    fn begin(&mut self, index: usize) -> Result<(), Error> {
        let archive = self.archive;
        if let Some(attachment) = archive.attachments.get(index) {
            let content = (self.open)(index, attachment).map_err(|source| unreadable(attachment, source))?;
            self.stage(attachment_header(index, attachment));
            self.state = State::Within(index, content, attachment.tally());
        } else {
            self.stage(vec![0; END]);
            self.state = State::Ended;
        }
        Ok(())
    }
}

impl<O, R> Read for ArchiveSource<'_, O, R>
where
    O: FnMut(usize, &Attachment) -> io::Result<R>,
    R: Read,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.staged.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Before(index) => self.begin(index)?,
                State::Within(index, mut content, mut tally) => {
                    let attachment = &self.archive.attachments[index];
                    let window = tally.window(buffer.len());
                    let count =
                        if window > 0 { read(&mut content, &mut buffer[..window], attachment)? } else { 0 };
                    if count > 0 {
                        tally.pass(&buffer[..count]);
                        self.state = State::Within(index, content, tally);
                        return Ok(count);
                    }
                    if tally.left == 0 && read(&mut content, &mut [0], attachment)? > 0 {
                        return Err(Error::Changed {
                            name: attachment.name.clone(),
                            how: "it has more bytes",
                        }
                        .into());
                    }
                    tally.verdict(attachment)?;
                    self.stage(vec![0; fill(attachment.size)]);
                    self.state = State::Before(index + 1);
                }
                State::Ended => return Ok(0),
            }
        }
    }
}

fn read(content: &mut impl Read, buffer: &mut [u8], attachment: &Attachment) -> Result<usize, Error> {
    loop {
        match content.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(attachment, error)),
            Ok(count) => return Ok(count),
        }
    }
}

fn unreadable(attachment: &Attachment, source: io::Error) -> Error {
    Error::Unreadable { name: attachment.name.clone(), source }
}
