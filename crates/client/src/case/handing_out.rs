//! Handing a report to somebody outside: it is sealed anew to her, and its log says so.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _};
use std::path::Path;

use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;
use kua_protocol::id::Digest;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedShape};
use kua_sealing::{Floor, Recipients, SealPlan};

use super::Cases;
use crate::error::Error;
use crate::events::Unobserved;
use crate::files::{self, Place};

impl Cases {
    /// Seals a report anew to an age recipient, as a file, and notes it in the log. Gives the file's SHA-256.
    ///
    /// # Errors
    ///
    /// When the report cannot be had, the file not be written, or the log not be told: then there is no file.
    pub async fn hand_out(&self, row: &ReportRow, recipient: &str, out: &Path) -> Result<Digest, Error> {
        let mut case = self.case(row).await?;
        let sealed = self.session.fetch(row, &Unobserved).await?;
        let digest = self.seal_anew(row, sealed, recipient, out).await?;
        let change = Change::HandedOut { to: recipient.to_owned(), form: "age".into(), digest };
        if let Err(error) = self.append(&mut case, vec![change], &[]).await {
            // What the log does not know of must not be given away.
            fs::remove_file(out).map_err(Error::file(out))?;
            return Err(error);
        }
        Ok(digest)
    }

    async fn seal_anew(
        &self,
        row: &ReportRow,
        mut sealed: File,
        recipient: &str,
        out: &Path,
    ) -> Result<Digest, Error> {
        let recipients = Recipients::new([(recipient, true)])?;
        let length = plaintext_len(&mut sealed, row)?;
        let key = self.key_for(row.report_id, &mut sealed).await?;
        let opened = key.open(&row.report_id.short(), sealed)?;
        let plan = SealPlan::new(recipients, length, Floor::Report)?;
        let done = files::fill(out, Place::New, |file| Ok(plan.seal(opened, file)?))?;
        Ok(Digest::from_bytes(*done.id().as_bytes()))
    }
}

/// Reads the length of what is sealed: the archive and the zeros after it.
fn plaintext_len(sealed: &mut File, row: &ReportRow) -> Result<u64, Error> {
    let mut beginning = Vec::new();
    let header = MAX_HEADER_LEN as u64;
    let read = sealed.by_ref().take(header).read_to_end(&mut beginning).and_then(|_| sealed.rewind());
    read.map_err(|error| Error::System(error.to_string()))?;
    let shape = SealedShape::of(&beginning, row.size);
    shape.map(|shape| shape.plaintext_len).map_err(|error| Error::Refused(error.to_string()))
}
