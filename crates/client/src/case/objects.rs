//! Sealed objects of a log, told apart: an entry, a grant, something for others, or something that has no business there.

use std::io::Read as _;

use kua_protocol::api::EntryRow;
use kua_protocol::dsse::{Envelope, MAX_ENTRY_ENVELOPE_LEN};
use kua_protocol::entry::Entry;
use kua_protocol::grant::Grant;
use kua_protocol::id::ObjectId;
use kua_protocol::limits::MAX_ENTRY;
use kua_sealing::OpenError;
use zeroize::Zeroizing;

use crate::cache::LogObject;
use crate::session::Session;

/// Opens a sealed object and checks its signature and its place.
pub(super) fn open(sealed: &[u8], row: &EntryRow, session: &Session) -> LogObject {
    match plain(sealed, session) {
        Ok(plain) => sort(&plain, row.report_id, session).unwrap_or_else(LogObject::Refused),
        Err(OpenError::NotForYou) => LogObject::ForOthers,
        Err(error) => LogObject::Refused(error.to_string()),
    }
}

/// Gives the grant in an envelope, if it is one for this report and this coordinator.
pub(super) fn grant(envelope: &Envelope, report: ObjectId, session: &Session) -> Option<Grant> {
    let roster = session.client().roster();
    let own = session.keys().signing().public();
    let is_mine = |key: &_| *key == own || roster.coordinator(key) == roster.coordinator(&own);
    Grant::verify(envelope, session.drop_id(), report, is_mine).ok().map(|verified| verified.grant)
}

fn plain(sealed: &[u8], session: &Session) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let opened = kua_sealing::open(sealed, session.keys().identity())?;
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    opened.take(MAX_ENTRY + 1).read_to_end(&mut plain).map_err(|_| OpenError::Broken)?;
    // Padding is zeros, which JSON never ends with.
    let length = plain.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    plain.truncate(length.min(MAX_ENTRY_ENVELOPE_LEN + 1));
    Ok(plain)
}

/// Says what an opened object is, or why it is nothing.
fn sort(plain: &[u8], report: ObjectId, session: &Session) -> Result<LogObject, String> {
    let envelope = Envelope::parse_entry(plain).map_err(|error| error.to_string())?;
    if envelope.claims_to_be::<Grant>() {
        return match grant(&envelope, report, session) {
            Some(_) => Ok(LogObject::Grant(envelope)),
            None => Err("a grant for another place or another person".to_owned()),
        };
    }
    match Entry::verify(&envelope, session.drop_id(), report) {
        Ok(_) => Ok(LogObject::Entry(envelope)),
        Err(error) => Err(error.to_string()),
    }
}
