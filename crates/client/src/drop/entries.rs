//! Case logs at a drop: coordinators add sealed entries and read them.

use http::Method;
use kua_protocol::api::{EntryPage, EntryRow, path};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::limits::MAX_ENTRY;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedBytes};

use super::DropClient;
use crate::error::Error;

/// Most bytes of a sealed entry: its plaintext, and generous room for header and tags.
const MAX_SEALED: u64 = MAX_ENTRY + MAX_HEADER_LEN as u64 + 64 * 1024;

impl DropClient {
    /// The entries of all case logs from a day on.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached or answers nonsense.
    pub async fn all_entries(&self, since: Option<Day>, key: &SigningKey) -> Result<Vec<EntryRow>, Error> {
        Ok(self.listed::<EntryPage>(path::ENTRIES, since, key).await?.0)
    }

    /// The entries of one report's case log.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached, answers nonsense, or shows entries of another report.
    pub async fn entries(&self, report: ObjectId, key: &SigningKey) -> Result<Vec<EntryRow>, Error> {
        let (rows, ()) = self.listed::<EntryPage>(&path::entries(report), None, key).await?;
        if rows.iter().all(|row| row.report_id == report) {
            Ok(rows)
        } else {
            Err(Error::Dishonest("it shows entries of another report".into()))
        }
    }

    /// The sealed bytes of an entry, checked against its id.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached, or serves other bytes.
    pub async fn entry(&self, row: &EntryRow, key: &SigningKey) -> Result<Vec<u8>, Error> {
        let target = path::entry(row.report_id, row.entry_id);
        self.object(&target, row.entry_id, MAX_SEALED, key).await
    }

    /// Adds a sealed entry to a report's case log.
    ///
    /// # Errors
    ///
    /// When the drop refuses it, cannot be reached, or took in something else.
    pub async fn post_entry(
        &self,
        report: ObjectId,
        sealed: &SealedBytes,
        key: &SigningKey,
    ) -> Result<EntryRow, Error> {
        let body = sealed.as_bytes().to_vec();
        let response = self.signed(Method::POST, &path::entries(report), None, body, key).await?;
        let row: EntryRow = self.http.json(response).await?;
        if row.entry_id == sealed.id() && row.report_id == report {
            Ok(row)
        } else {
            Err(Error::Dishonest("it took the entry for something else".into()))
        }
    }
}
