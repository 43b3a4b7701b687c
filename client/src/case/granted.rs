//! Opening reports: with the coordinator's own key, or with what a colleague granted.

use std::fs::File;
use std::io::{Read, Seek};

use indicatif::ProgressBar;
use kua_protocol::api::ReportRow;
use kua_protocol::grant::{FileKey, Grant};
use kua_protocol::id::ObjectId;
use kua_report::{ArchiveReader, Report};
use kua_sealing::{OpenError, Opened};

use super::memory::What;
use super::{Cases, opening};
use crate::error::Error;
use crate::session;

impl Cases<'_> {
    /// Opens sealed bytes of a report with the coordinator's own key, or with a grant that is known where that does not fit.
    ///
    /// # Errors
    ///
    /// When neither opens it, it is damaged, or it holds no report.
    pub fn open_report<R: Read + Seek>(
        &self,
        id: ObjectId,
        mut sealed: R,
    ) -> Result<ArchiveReader<Opened<R>>, Error> {
        let key = self.granted(id, &mut sealed)?;
        session::open_report(&id.short(), sealed, &self.session.keys, key.as_ref())
    }

    /// The file key of a grant, where the coordinator's own key does not open these bytes; the drop is asked for one that is
    /// not known yet.
    ///
    /// # Errors
    ///
    /// When the log cannot be had.
    pub async fn key_for(
        &self,
        id: ObjectId,
        sealed: &mut (impl Read + Seek),
    ) -> Result<Option<FileKey>, Error> {
        if self.opens_itself(sealed)? {
            return Ok(None);
        }
        if let Some(key) = self.try_grants(id, sealed)? {
            return Ok(Some(key));
        }
        let rows = self.session.drop.entries(id, self.session.keys.signing()).await?;
        self.fetch(&rows, &ProgressBar::hidden()).await?;
        self.try_grants(id, sealed)
    }

    /// Reads a report whose bytes agreed with its id to its end.
    ///
    /// # Errors
    ///
    /// When neither the coordinator's key nor a grant opens it, or it is damaged.
    pub async fn read_whole(&self, row: &ReportRow, mut sealed: File) -> Result<Report, Error> {
        let what = row.report_id.short();
        let key = self.key_for(row.report_id, &mut sealed).await?;
        let archive = session::open_report(&what, sealed, &self.session.keys, key.as_ref())?;
        archive.finish().map_err(|error| session::damage(&what, error))
    }

    /// The file key of a grant that is known, where the coordinator's own key does not open these bytes.
    pub(super) fn granted(
        &self,
        id: ObjectId,
        sealed: &mut (impl Read + Seek),
    ) -> Result<Option<FileKey>, Error> {
        if self.opens_itself(sealed)? { Ok(None) } else { self.try_grants(id, sealed) }
    }

    /// Whether these bytes are not sealed to others, as far as their header tells.
    fn opens_itself(&self, sealed: &mut (impl Read + Seek)) -> Result<bool, Error> {
        let opened = kua_sealing::open(&mut *sealed, self.session.keys.identity()).map(|_| ());
        rewind(sealed)?;
        Ok(!matches!(opened, Err(OpenError::NotForYou)))
    }

    fn try_grants(&self, id: ObjectId, sealed: &mut (impl Read + Seek)) -> Result<Option<FileKey>, Error> {
        for grant in self.grants(id)? {
            let opens = kua_sealing::open_granted(&mut *sealed, &grant.file_key).is_ok();
            rewind(sealed)?;
            if opens {
                return Ok(Some(grant.file_key));
            }
        }
        Ok(None)
    }

    /// The grants of a report that were made out to this coordinator.
    fn grants(&self, id: ObjectId) -> Result<Vec<Grant>, Error> {
        let objects = self.memory().objects(id)?;
        let grants = objects.into_values().filter_map(|kept| match kept.what {
            What::Grant(envelope) => opening::grant(&envelope, id, self.session),
            _ => None,
        });
        Ok(grants.collect())
    }
}

fn rewind(sealed: &mut impl Seek) -> Result<(), Error> {
    sealed.rewind().map_err(|error| Error::System(error.to_string()))
}
