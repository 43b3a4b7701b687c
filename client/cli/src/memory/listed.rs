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
use zeroize::Zeroizing;

use super::Memory;
use crate::cache::Cache;
use crate::drop::Drop;
use crate::error::Error;

/// The file, which is JSON: what comes from a drop is remembered as it came.
const LISTED: &str = "listed.age";

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
    /// What the drop that a link names said to this coordinator; none when it was never asked from here.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read.
    pub fn of(link: &DropLink, keys: &CoordinatorKeys) -> Result<Option<Self>, Error> {
        for cache in Cache::all(keys)? {
            let bytes = match cache.get(LISTED) {
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

impl Memory<'_> {
    /// Remembers all reports that the drop lists. Where nothing is new, nothing is written.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn keep_listed(&mut self, drop: &Drop, rows: &[ReportRow]) -> Result<(), Error> {
        let digest = digest(drop, rows);
        if self.rows.listed == Some(digest) {
            return Ok(());
        }
        let listed = Listed {
            day: drop.today(),
            roster: drop.roster_envelope().clone(),
            limits: drop.limits(),
            rows: rows.to_vec(),
        };
        let bytes = serde_json::to_vec(&listed).map_err(|error| Error::System(error.to_string()))?;
        self.cache.put(LISTED, &Zeroizing::new(bytes))?;
        (self.rows.listed, self.changed) = (Some(digest), true);
        Ok(())
    }
}

/// A digest of all that would be remembered, much cheaper than writing it.
fn digest(drop: &Drop, rows: &[ReportRow]) -> Digest {
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
