//! Adding to a case log: an entry is signed, sealed to all who can read the report, and posted or queued.

use bytes::Bytes;
use kua_protocol::api::EntryRow;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::{Change, Entry, EntryError};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Coordinator;
use kua_protocol::sealed::SealedBytes;
use kua_sealing::{Floor, OpenError, Recipients, SealPlan};
use serde_json::Map;

use super::{Case, Cases};
use crate::cache::{CachedObject, LogObject, Waiting};
use crate::error::Error;

impl Cases {
    /// Adds an entry to a case and to the drop's log. It builds on all that counts, and on what is adopted expressly. Where the
    /// drop cannot be asked it waits, sealed on the disk, and [`Cases::flush`] sends it.
    ///
    /// # Errors
    ///
    /// When this coordinator cannot read the report, an entry may not say this, or the drop does not take it.
    pub async fn append(
        &self,
        case: &mut Case,
        changes: Vec<Change>,
        adopted: &[Digest],
    ) -> Result<Digest, Error> {
        let (session, key) = (&*self.session, self.session.keys().signing());
        let roster = session.client().roster();
        let reading = case.read(session);
        let mut readers = reading.readers().to_vec();
        self.check_reader(case.row.report_id, &readers)?;
        let next = reading.next(adopted);
        readers.extend(changes.iter().filter_map(Change::lets_in));
        let entry = Entry {
            drop: session.drop_id(),
            report: case.row.report_id,
            author: key.public(),
            day: self.session.client().today(),
            parents: next.parents,
            clock: next.clock,
            roster: roster.digest(),
            changes,
            more: Map::new(),
        };
        let envelope = entry.sign(key).map_err(|error| refused(&error))?;
        let verified = Entry::verify(&envelope, entry.drop, entry.report).map_err(|error| refused(&error))?;
        let (report, digest) = (case.row.report_id, verified.digest());
        let stored = match self.post_sealed(report, &envelope, &readers).await {
            Ok(row) => {
                let object = CachedObject { stored: row.day, object: LogObject::Entry(envelope) };
                self.logs()?.keep(report, row.entry_id, object)?;
                row.day
            }
            Err(Error::NotAsked | Error::Unreachable { .. }) => {
                let made = self.session.client().today();
                session.cache().outbox()?.queue(Waiting { entry: digest, report, made, envelope })?;
                made
            }
            Err(error) => return Err(error),
        };
        case.graph.insert(verified, stored);
        Ok(digest)
    }

    /// Checks that this coordinator is among the readers: whoever cannot read a report has no word in its log.
    pub(super) fn check_reader(&self, report: ObjectId, readers: &[PublicKey]) -> Result<(), Error> {
        let own = self.session.keys().signing().public();
        let me = self.session.client().roster().coordinator(&own);
        if me.is_some_and(|me| is_among(me, readers)) {
            Ok(())
        } else {
            Err(Error::Open { what: report.short(), error: OpenError::NotForYou })
        }
    }

    /// Seals a statement to those coordinators of the roster who have one of these keys, and posts it to the report.
    pub(super) async fn post_sealed(
        &self,
        report: ObjectId,
        envelope: &Envelope,
        readers: &[PublicKey],
    ) -> Result<EntryRow, Error> {
        let keys = self.session.client().roster().sealing_keys(self.session.client().today());
        let recipients = keys.iter().map(|(one, keys)| (keys.recipient.as_str(), is_among(one, readers)));
        let json = zeroize::Zeroizing::new(envelope.to_json());
        let plan = SealPlan::new(Recipients::new(recipients)?, json.len() as u64, Floor::Entry)?;
        let mut sealed = Vec::new();
        plan.seal(json.as_slice(), &mut sealed)?;
        let sealed =
            SealedBytes::try_from(Bytes::from(sealed)).map_err(|error| Error::System(error.to_string()))?;
        self.session.client().post_entry(report, &sealed, self.session.keys().signing()).await
    }
}

/// Says whether one of a coordinator's keys is among these.
fn is_among(coordinator: &Coordinator, keys: &[PublicKey]) -> bool {
    coordinator.keys.iter().any(|own| keys.contains(&own.sign))
}

fn refused(error: &EntryError) -> Error {
    Error::Refused(error.to_string())
}
