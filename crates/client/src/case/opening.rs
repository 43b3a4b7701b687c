//! The one way to a report's file key: the coordinator's own key gives it, or a grant that a colleague made.

use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;

use kua_protocol::api::ReportRow;
use kua_protocol::grant::{FileKey, Grant};
use kua_protocol::id::ObjectId;
use kua_report::{ArchiveReader, Report};
use kua_sealing::{CoordinatorKeys, OpenError, Opened};

use super::{Cases, objects};
use crate::cache::{self, LogObject};
use crate::error::Error;

/// The key of one report's sealed bytes.
#[derive(Debug, Clone)]
pub struct ReportKey {
    key: FileKey,
    granted: bool,
}

impl ReportKey {
    /// Says whether a grant gave it, and not the coordinator's own key.
    pub fn is_granted(&self) -> bool {
        self.granted
    }

    /// Opens the sealed bytes as a stream. Nothing of it is certain before its end.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] when they are damaged, or are others.
    pub fn open<R: Read>(&self, what: &str, sealed: R) -> Result<Opened<R>, Error> {
        let opened = kua_sealing::open_granted(sealed, &self.key);
        opened.map_err(|error| Error::Open { what: what.into(), error })
    }

    /// Opens the sealed bytes as far as the report; attachments follow as a stream. Nothing of it is certain before its end.
    ///
    /// # Errors
    ///
    /// As [`ReportKey::open`], and when they hold no report.
    pub fn open_report<R: Read>(&self, what: &str, sealed: R) -> Result<ArchiveReader<Opened<R>>, Error> {
        ArchiveReader::new(self.open(what, sealed)?).map_err(|error| damage(what, error))
    }

    /// Gives the file key, for a grant.
    pub(super) fn into_file_key(self) -> FileKey {
        self.key
    }

    /// Takes the key out of the header with the coordinator's own key, or takes the first of these grants that fits. None
    /// when neither does.
    ///
    /// The hybrid key is most of the work, and is used once: what it gives opens all the rest.
    fn find(
        what: &str,
        sealed: &mut (impl Read + Seek),
        keys: &CoordinatorKeys,
        grants: impl FnOnce() -> Result<Vec<Grant>, Error>,
    ) -> Result<Option<Self>, Error> {
        let own = kua_sealing::file_key(&mut *sealed, keys.identity());
        rewind(sealed)?;
        match own {
            Ok(key) => Ok(Some(Self { key, granted: false })),
            Err(OpenError::NotForYou) => Self::of_grants(grants()?, sealed),
            Err(error) => Err(Error::Open { what: what.into(), error }),
        }
    }

    fn of_grants(grants: Vec<Grant>, sealed: &mut (impl Read + Seek)) -> Result<Option<Self>, Error> {
        for grant in grants {
            let opens = kua_sealing::open_granted(&mut *sealed, &grant.file_key).is_ok();
            rewind(sealed)?;
            if opens {
                return Ok(Some(Self { key: grant.file_key, granted: true }));
            }
        }
        Ok(None)
    }
}

/// Finds the key of sealed bytes that lie on this device, with the grants that were seen, at whichever drop. No drop is asked.
///
/// # Errors
///
/// [`Error::Open`] when there is none; when what was remembered, or the bytes, cannot be read.
pub fn key_offline(
    id: ObjectId,
    sealed: &mut (impl Read + Seek),
    keys: &Arc<CoordinatorKeys>,
) -> Result<ReportKey, Error> {
    let what = id.short();
    let key = ReportKey::find(&what, sealed, keys, || {
        // Place and person were checked when it was seen. What it is worth is whether its key opens the very bytes of this id.
        let grants = cache::grants(keys, id)?;
        let grants = grants.iter().filter_map(|grant| grant.verify::<Grant>(|_| true).ok());
        Ok(grants.map(|verified| verified.statement).collect())
    })?;
    key.ok_or_else(|| not_for_you(&what))
}

impl Cases {
    /// Finds the key of a report's sealed bytes; the drop is asked for a grant that is not known yet.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] when there is none; when the log cannot be had, or the bytes cannot be read.
    pub async fn key_for(&self, id: ObjectId, sealed: &mut (impl Read + Seek)) -> Result<ReportKey, Error> {
        let what = id.short();
        if let Some(key) = ReportKey::find(&what, sealed, self.session.keys(), || self.grants(id))? {
            return Ok(key);
        }
        self.update(id).await?;
        ReportKey::of_grants(self.grants(id)?, sealed)?.ok_or_else(|| not_for_you(&what))
    }

    /// Finds the key of a report's sealed bytes among what is known; no drop is asked.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] when there is none; when the bytes cannot be read.
    pub(super) fn known_key(
        &self,
        id: ObjectId,
        sealed: &mut (impl Read + Seek),
    ) -> Result<ReportKey, Error> {
        let what = id.short();
        let key = ReportKey::find(&what, sealed, self.session.keys(), || self.grants(id))?;
        key.ok_or_else(|| not_for_you(&what))
    }

    /// Opens sealed bytes of a report as far as the report, with what is known.
    ///
    /// # Errors
    ///
    /// When nothing opens them, they are damaged, or hold no report.
    pub(super) fn open_known<R: Read + Seek>(
        &self,
        id: ObjectId,
        mut sealed: R,
    ) -> Result<ArchiveReader<Opened<R>>, Error> {
        self.known_key(id, &mut sealed)?.open_report(&id.short(), sealed)
    }

    /// Reads a report whose bytes agreed with its id to its end.
    ///
    /// # Errors
    ///
    /// When neither the coordinator's key nor a grant opens it, or it is damaged.
    pub async fn read_whole(&self, row: &ReportRow, mut sealed: File) -> Result<Report, Error> {
        let what = row.report_id.short();
        let key = self.key_for(row.report_id, &mut sealed).await?;
        key.open_report(&what, sealed)?.finish().map_err(|error| damage(&what, error))
    }

    /// Gives the grants of a report that were made out to this coordinator.
    fn grants(&self, id: ObjectId) -> Result<Vec<Grant>, Error> {
        let objects = self.logs()?.objects(id)?;
        let grants = objects.into_values().filter_map(|cached| match cached.object {
            LogObject::Grant(envelope) => objects::grant(&envelope, id, &self.session),
            _ => None,
        });
        Ok(grants.collect())
    }
}

/// Tells apart what went wrong while a sealed archive was read: the seal broke, of which no more is said, or what it holds is
/// not what a report holds, which is said exactly.
pub fn damage(what: &str, error: kua_report::Error) -> Error {
    match error {
        kua_report::Error::Io(io) => match io.downcast::<kua_report::Error>() {
            Ok(inner) => Error::Report { what: what.into(), error: inner },
            Err(_) => Error::Open { what: what.into(), error: OpenError::Broken },
        },
        error => Error::Report { what: what.into(), error },
    }
}

fn not_for_you(what: &str) -> Error {
    Error::Open { what: what.into(), error: OpenError::NotForYou }
}

fn rewind(sealed: &mut impl Seek) -> Result<(), Error> {
    sealed.rewind().map_err(|error| Error::System(error.to_string()))
}
