//! Reading: the archive of a stranger, taken apart without trusting a byte of it.

use std::fmt;
use std::io::{self, Read};

use tar::Header;

use super::{BLOCK, END, attachment_header, fill, report_header};
use crate::attachment::Tally;
use crate::{Error, REPORT_JSON_LIMIT, Report};

/// An archive being read: first the report, then one attachment after another, then nothing but zeros.
///
/// Nothing is to be kept unless [`ArchiveReader::finish`] has returned without an error.
pub struct ArchiveReader<R> {
    inner: R,
    report: Report,
    report_json: Vec<u8>,
    /// How many attachments have been begun.
    begun: usize,
    /// The last one begun, until all of it was read and found right.
    current: Option<Tally>,
}

impl<R: Read> ArchiveReader<R> {
    /// Reads up to the end of report.json, at most [`REPORT_JSON_LIMIT`] bytes of it.
    ///
    /// # Errors
    /// [`Error::Archive`] when anything else comes first, those of [`Report::parse`], and [`Error::Io`].
    pub fn new(mut inner: R) -> Result<Self, Error> {
        let mut block = [0; BLOCK];
        read_exact(&mut inner, &mut block)?;
        // The size is all that is taken from this header, and only to work out what the whole of it must be.
        let size =
            Header::from_byte_slice(&block).entry_size().ok().filter(|size| report_header(*size) == block);
        let size = size
            .ok_or_else(|| Error::Archive("it does not begin with the header of report.json".to_owned()))?;
        let len = usize::try_from(size)
            .ok()
            .filter(|len| *len <= REPORT_JSON_LIMIT)
            .ok_or(Error::ReportTooLarge)?;
        let mut report_json = vec![0; len];
        read_exact(&mut inner, &mut report_json)?;
        let report = Report::parse(&report_json)?;
        expect_zeros(&mut inner, fill(size))?;
        Ok(Self { inner, report, report_json, begun: 0, current: None })
    }

    /// The report. What the archive holds behind it is not yet verified.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The very bytes of report.json, as they were sealed.
    pub fn report_json(&self) -> &[u8] {
        &self.report_json
    }

    /// Goes on to the next attachment, in the order of [`Report::attachments`]; `None` after the last.
    ///
    /// What was left unread of the one before is read and verified first.
    ///
    /// # Errors
    /// [`Error::Archive`] when another entry comes, [`Error::Changed`] when the one before was not what report.json says.
    pub fn next_attachment(&mut self) -> Result<Option<AttachmentReader<'_, R>>, Error> {
        self.drain()?;
        let Some(attachment) = self.report.attachments().get(self.begun) else {
            return Ok(None);
        };
        let expected = attachment_header(self.begun, attachment);
        let mut found = vec![0; expected.len()];
        read_exact(&mut self.inner, &mut found)?;
        if found != expected {
            let (number, name, size) = (self.begun + 1, &attachment.name, attachment.size);
            return Err(Error::Archive(format!(
                "entry {number} after report.json is not the plain file {name:?} of {size} bytes that it announces"
            )));
        }
        self.current = Some(attachment.tally());
        self.begun += 1;
        Ok(Some(AttachmentReader(self)))
    }

    /// Reads and verifies all that is left, zeros to the very end, and gives the report away.
    ///
    /// # Errors
    /// As [`ArchiveReader::next_attachment`]; [`Error::Archive`] when anything but zeros follows the last attachment.
    pub fn finish(mut self) -> Result<Report, Error> {
        while self.next_attachment()?.is_some() {}
        expect_zeros(&mut self.inner, END)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.inner.read(&mut buffer) {
                Ok(0) => return Ok(self.report),
                Ok(count) if buffer[..count].iter().all(|byte| *byte == 0) => {}
                Ok(_) => return Err(Error::Archive("something follows its end".to_owned())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Reads some of the current attachment; at its end gives the verdict, once, and then zero.
    fn read_current(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let Some(mut tally) = self.current.take() else {
            return Ok(0);
        };
        let window = tally.window(buffer.len());
        if window > 0 {
            let read = self.inner.read(&mut buffer[..window]);
            let count = *read.as_ref().unwrap_or(&0);
            tally.pass(&buffer[..count]);
            let cut_short = count == 0 && read.is_ok();
            self.current = Some(tally);
            return if cut_short { Err(ends_early()) } else { Ok(read?) };
        }
        if tally.left > 0 {
            // The caller's buffer is empty.
            self.current = Some(tally);
            return Ok(0);
        }
        if let Some(attachment) = self.report.attachments().get(self.begun - 1) {
            tally.verdict(attachment)?;
            expect_zeros(&mut self.inner, fill(attachment.size))?;
        }
        Ok(0)
    }

    fn drain(&mut self) -> Result<(), Error> {
        let mut buffer = vec![0; 64 * 1024];
        while self.current.is_some() {
            match self.read_current(&mut buffer) {
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                other => _ = other?,
            }
        }
        Ok(())
    }
}

/// Shows nothing of the report, so that no log line ever holds one.
impl<R> fmt::Debug for ArchiveReader<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("ArchiveReader").finish_non_exhaustive()
    }
}

/// The bytes of one attachment. Only the clean end, a read of zero bytes, says that they are the announced ones.
pub struct AttachmentReader<'a, R>(&'a mut ArchiveReader<R>);

impl<R: Read> Read for AttachmentReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.0.read_current(buffer)?)
    }
}

fn read_exact(inner: &mut impl Read, buffer: &mut [u8]) -> Result<(), Error> {
    inner.read_exact(buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => ends_early(),
        _ => error.into(),
    })
}

fn expect_zeros(inner: &mut impl Read, count: usize) -> Result<(), Error> {
    let mut bytes = [0; END];
    let bytes = &mut bytes[..count];
    read_exact(inner, bytes)?;
    if bytes.iter().all(|byte| *byte == 0) {
        Ok(())
    } else {
        Err(Error::Archive("something stands where only zeros belong".to_owned()))
    }
}

fn ends_early() -> Error {
    Error::Archive("it ends too early".to_owned())
}
