//! Adding to a case log: entries, grants, and old entries sealed anew for somebody who was let in.

use std::io::Cursor;

use bytes::Bytes;
use kua_protocol::api::EntryRow;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::{Change, Entry, EntryError};
use kua_protocol::grant::Grant;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Coordinator;
use kua_protocol::sealed::SealedBytes;
use kua_sealing::{Floor, OpenError, Recipients, SealPlan};
use serde_json::Map;

use super::memory::{Kept, What};
use super::unsent::Unsent;
use super::{Case, Cases};
use crate::error::Error;

impl Cases<'_> {
    /// Adds an entry to a case and to the drop's log. It builds on all that counts, and on what is adopted expressly. Where the
    /// drop cannot be asked it waits, sealed on the disk, and [`Cases::deliver`] sends it.
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
        let (session, key) = (self.session, self.session.keys.signing());
        let roster = session.drop.roster();
        let reading = case.read(session);
        let mut readers = reading.readers().to_vec();
        self.check_reader(case.row.report_id, &readers)?;
        let next = reading.next(adopted);
        readers.extend(changes.iter().filter_map(Change::lets_in));
        let entry = Entry {
            drop: session.drop_id(),
            report: case.row.report_id,
            author: key.public(),
            day: self.session.drop.today(),
            parents: next.parents,
            clock: next.clock,
            roster: roster.digest(),
            changes,
            more: Map::new(),
        };
        let envelope = entry.sign(key).map_err(|error| refused(&error))?;
        let verified = Entry::verify(&envelope, entry.drop, entry.report).map_err(|error| refused(&error))?;
        let (report, digest) = (case.row.report_id, verified.digest());
        let stored = match self.leave(report, &envelope, &readers).await {
            Ok(row) => {
                let kept = Kept { stored: row.day, what: What::Entry(envelope) };
                self.memory().keep(report, row.entry_id, kept)?;
                row.day
            }
            Err(Error::NotAsked | Error::Unreachable { .. }) => {
                let made = self.session.drop.today();
                self.memory().wait(Unsent { entry: digest, report, made, envelope })?;
                made
            }
            Err(error) => return Err(error),
        };
        case.graph.insert(verified, stored);
        Ok(digest)
    }

    /// Lets a coordinator of the roster into a report, and shows all earlier entries. Says whether that was still to do; where
    /// the log says that it was done, it is done `again` if that is wanted.
    ///
    /// The word that it was done comes last: what was interrupted is done again from the beginning.
    ///
    /// # Errors
    ///
    /// When this coordinator cannot read the report, or the drop does not take it.
    pub async fn grant(&self, case: &mut Case, newcomer: PublicKey, again: bool) -> Result<bool, Error> {
        let done = case.read(self.session).readers().contains(&newcomer);
        if case.to.contains(&newcomer) || (done && !again) {
            return Ok(false);
        }
        let key = self.session.keys.signing();
        let row = case.row.clone();
        let beginning = self.beginning(&row).await?;
        let mut sealed = Cursor::new(beginning.sealed.as_slice());
        let file_key = match self.granted(row.report_id, &mut sealed)? {
            Some(key) => key,
            None => kua_sealing::file_key(sealed, self.session.keys.identity())
                .map_err(|error| Error::Open { what: row.report_id.short(), error })?,
        };
        let (drop, report) = (self.session.drop_id(), row.report_id);
        let grant = Grant { drop, report, to: newcomer, day: self.session.drop.today(), file_key };
        let grant = Envelope::sign(&grant, key).map_err(|error| Error::System(error.to_string()))?;
        self.leave(report, &grant, &[newcomer]).await?;
        for envelope in self.envelopes(report)? {
            self.leave(report, &envelope, &[newcomer]).await?;
        }
        self.append(case, vec![Change::GrantMade { to: newcomer }], &[]).await?;
        Ok(true)
    }

    /// Whoever cannot read a report has no word in its log.
    pub(super) fn check_reader(&self, report: ObjectId, readers: &[PublicKey]) -> Result<(), Error> {
        let own = self.session.keys.signing().public();
        let me = self.session.drop.roster().coordinator(&own);
        if me.is_some_and(|me| is_among(me, readers)) {
            Ok(())
        } else {
            Err(Error::Open { what: report.short(), error: OpenError::NotForYou })
        }
    }

    /// Seals a statement to those coordinators of the roster who have one of these keys, and leaves it with the report.
    pub(super) async fn leave(
        &self,
        report: ObjectId,
        envelope: &Envelope,
        readers: &[PublicKey],
    ) -> Result<EntryRow, Error> {
        let keys = self.session.drop.roster().sealing_keys(self.session.drop.today());
        let recipients = keys.iter().map(|(one, keys)| (keys.recipient.as_str(), is_among(one, readers)));
        let json = zeroize::Zeroizing::new(envelope.to_json());
        let plan = SealPlan::new(Recipients::new(recipients)?, json.len() as u64, Floor::Entry)?;
        let mut sealed = Vec::new();
        plan.seal(json.as_slice(), &mut sealed)?;
        let sealed =
            SealedBytes::try_from(Bytes::from(sealed)).map_err(|error| Error::System(error.to_string()))?;
        self.session.drop.post_entry(report, &sealed, self.session.keys.signing()).await
    }
}

/// Whether one of a coordinator's keys is among these.
fn is_among(coordinator: &Coordinator, keys: &[PublicKey]) -> bool {
    coordinator.keys.iter().any(|own| keys.contains(&own.sign))
}

fn refused(error: &EntryError) -> Error {
    Error::Refused(error.to_string())
}
