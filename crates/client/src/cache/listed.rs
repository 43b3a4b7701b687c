//! What a drop said when it was asked last: to work on while nobody can ask it.

use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::Digest;
use kua_protocol::limits::Limits;
use kua_protocol::link::DropLink;
use kua_protocol::roster::VerifiedRoster;
use kua_sealing::CoordinatorKeys;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use zeroize::Zeroizing;

use super::{Cache, SealedFolder};
use crate::drop::DropClient;
use crate::error::Error;

/// The file, which is JSON: what comes from a drop is remembered as it came.
pub(super) const LISTED: &str = "listed.age";

/// What a drop said when it was asked last.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listed {
    /// The day of asking.
    pub day: Day,
    /// The roster.
    pub roster: Envelope,
    /// What the drop takes.
    pub limits: Limits,
    /// All its reports.
    pub rows: Vec<ReportRow>,
}

impl Listed {
    /// Recalls what the drop that a link names said to this coordinator; none when it was never asked from here.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read.
    pub fn of(link: &DropLink, keys: &Arc<CoordinatorKeys>) -> Result<Option<Self>, Error> {
        for folder in SealedFolder::all(keys)? {
            let bytes = match folder.get(LISTED) {
                // Another coordinator's.
                Err(Error::Damaged(_)) => None,
                read => read?,
            };
            let listed = bytes.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
            let is_meant = |listed: &Self| VerifiedRoster::verify(&listed.roster, &link.root()).is_ok();
            if let Some(listed) = listed.filter(is_meant) {
                return Ok(Some(listed));
            }
        }
        Ok(None)
    }
}

impl Cache {
    /// Keeps all reports that the drop lists. Where nothing is new, nothing is written.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read.
    pub fn keep_listed(&self, drop: &DropClient, rows: &[ReportRow]) -> Result<(), Error> {
        self.reports()?.keep_listed(digest(drop, rows), || {
            let listed = Listed {
                day: drop.today(),
                roster: drop.roster_envelope().clone(),
                limits: drop.limits(),
                rows: rows.to_vec(),
            };
            let bytes = serde_json::to_vec(&listed).map_err(|error| Error::System(error.to_string()))?;
            Ok(Zeroizing::new(bytes))
        })
    }
}

/// Digests all that would be remembered, which is much cheaper than writing it.
fn digest(drop: &DropClient, rows: &[ReportRow]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(drop.today().number().to_be_bytes());
    hash.update(drop.roster().digest().as_bytes());
    for row in rows {
        hash.update(row.report_id.as_bytes());
        hash.update(row.entries.to_be_bytes());
        if let Some(asked) = &row.delete_asked {
            hash.update(asked.by.as_bytes());
        }
        hash.update(row.expired.unwrap_or(u32::MAX).to_be_bytes());
    }
    Digest::from_bytes(hash.finalize().into())
}
