//! Opening reports: with the coordinator's own key, or with what a colleague granted.

use std::fs::File;
use std::io::{Read, Seek};

use kua_protocol::api::ReportRow;
use kua_protocol::grant::{FileKey, Grant};
use kua_protocol::id::ObjectId;
use kua_report::{ArchiveReader, Report};
use kua_sealing::{CoordinatorKeys, OpenError, Opened};

use super::memory::{self, What};
use super::{Cases, opening};
use crate::error::Error;
use crate::sealed;

/// The file key of a grant that was seen, at whichever drop, and opens these bytes of a report, where the coordinator's own
/// key does not. No drop is asked.
///
/// # Errors
///
/// When what was remembered, or the bytes, cannot be read.
pub fn remembered_key(
    id: ObjectId,
    sealed: &mut (impl Read + Seek),
    keys: &CoordinatorKeys,
) -> Result<Option<FileKey>, Error> {
    if opens_itself(sealed, keys)? {
        return Ok(None);
    }
    // Place and person were checked when it was seen. What it is worth is whether its key opens the very bytes of this id.
    let grants = memory::grants(keys, id)?;
    let grants = grants.iter().filter_map(|grant| grant.verify::<Grant>(|_| true).ok());
    try_grants(grants.map(|verified| verified.statement), sealed)
}

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
        // The hybrid key is most of the work, and is used once: what it gives opens all the rest.
        let own = kua_sealing::file_key(&mut sealed, self.keys().identity());
        rewind(&mut sealed)?;
        let key = match own {
            Ok(key) => Some(key),
            Err(OpenError::NotForYou) => try_grants(self.grants(id)?, &mut sealed)?,
            // What is wrong is said when it is opened.
            Err(_) => None,
        };
        sealed::open_report(&id.short(), sealed, &self.session.keys, key.as_ref())
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
        if opens_itself(sealed, self.keys())? {
            return Ok(None);
        }
        if let Some(key) = try_grants(self.grants(id)?, sealed)? {
            return Ok(Some(key));
        }
        self.update(id).await?;
        try_grants(self.grants(id)?, sealed)
    }

    /// Reads a report whose bytes agreed with its id to its end.
    ///
    /// # Errors
    ///
    /// When neither the coordinator's key nor a grant opens it, or it is damaged.
    pub async fn read_whole(&self, row: &ReportRow, mut sealed: File) -> Result<Report, Error> {
        let what = row.report_id.short();
        let key = self.key_for(row.report_id, &mut sealed).await?;
        let archive = sealed::open_report(&what, sealed, &self.session.keys, key.as_ref())?;
        archive.finish().map_err(|error| sealed::damage(&what, error))
    }

    /// The file key of a grant that is known, where the coordinator's own key does not open these bytes.
    pub(super) fn granted(
        &self,
        id: ObjectId,
        sealed: &mut (impl Read + Seek),
    ) -> Result<Option<FileKey>, Error> {
        if opens_itself(sealed, self.keys())? { Ok(None) } else { try_grants(self.grants(id)?, sealed) }
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

/// Whether these bytes are not sealed to others, as far as their header tells.
fn opens_itself(sealed: &mut (impl Read + Seek), keys: &CoordinatorKeys) -> Result<bool, Error> {
    let opened = kua_sealing::open(&mut *sealed, keys.identity()).map(|_| ());
    rewind(sealed)?;
    Ok(!matches!(opened, Err(OpenError::NotForYou)))
}

fn try_grants(
    grants: impl IntoIterator<Item = Grant>,
    sealed: &mut (impl Read + Seek),
) -> Result<Option<FileKey>, Error> {
    for grant in grants {
        let opens = kua_sealing::open_granted(&mut *sealed, &grant.file_key).is_ok();
        rewind(sealed)?;
        if opens {
            return Ok(Some(grant.file_key));
        }
    }
    Ok(None)
}

fn rewind(sealed: &mut impl Seek) -> Result<(), Error> {
    sealed.rewind().map_err(|error| Error::System(error.to_string()))
}
