//! The outbox: entries that the drop does not have yet, noted while it could not be asked.
//!
//! Each lies, as the protocol has it, in a sealed file of its own: a later version can send it, and two processes may add and
//! send at the same time. One that is sent twice is one entry all the same, since entries are told apart by what is signed.

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, EnvelopeError};
use kua_protocol::entry::Entry;
use kua_protocol::id::{Digest, ObjectId};
use zeroize::Zeroizing;

use super::SealedFolder;
use crate::error::Error;

/// The beginning of the files' names.
const UNSENT: &str = "unsent-";

/// An entry that waits to be sent.
#[derive(Clone)]
pub struct Waiting {
    /// Its digest.
    pub entry: Digest,
    /// The report that it is about.
    pub report: ObjectId,
    /// The UTC day on which it was made.
    pub made: Day,
    /// The entry as its author signed it.
    pub envelope: Envelope,
}

/// All entries that wait.
pub struct Outbox {
    folder: SealedFolder,
    waiting: BTreeMap<Digest, Waiting>,
}

impl Outbox {
    /// Reads what waits.
    pub(super) fn open(folder: SealedFolder) -> Result<Self, Error> {
        let mut waiting = BTreeMap::new();
        for name in folder.names(UNSENT)? {
            // Another process may have sent it meanwhile.
            let Some(bytes) = folder.get(&name)? else { continue };
            let entry = Envelope::parse_entry(&bytes).and_then(Waiting::of);
            let entry = entry.map_err(|_| folder.damaged(&name))?;
            waiting.insert(entry.entry, entry);
        }
        Ok(Self { folder, waiting })
    }

    /// Lists what waits, by digest.
    pub fn entries(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.values()
    }

    /// Counts what waits.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Says whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Says whether this entry waits.
    pub fn contains(&self, entry: &Digest) -> bool {
        self.waiting.contains_key(entry)
    }

    /// Queues an entry. It is on the disk when this returns.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn queue(&mut self, entry: Waiting) -> Result<(), Error> {
        self.folder.put(&file_of(&entry.entry), &Zeroizing::new(entry.envelope.to_json()))?;
        self.waiting.insert(entry.entry, entry);
        Ok(())
    }

    /// Forgets an entry that waits no more.
    ///
    /// # Errors
    ///
    /// When its file cannot be removed.
    pub fn forget(&mut self, entry: &Digest) -> Result<(), Error> {
        self.folder.remove(&file_of(entry))?;
        self.waiting.remove(entry);
        Ok(())
    }
}

impl Waiting {
    fn of(envelope: Envelope) -> Result<Self, EnvelopeError> {
        let verified = envelope.verify::<Entry>(|_| true)?;
        let Entry { report, day, .. } = verified.statement;
        Ok(Self { entry: verified.digest, report, made: day, envelope })
    }
}

fn file_of(entry: &Digest) -> String {
    format!("{UNSENT}{entry}.age")
}
