//! The case logs of a drop, as far as this coordinator can read them.
//!
//! [`Cases::refresh`] fetches what is new of all logs, [`Cases::case`] what is new of one; both open it, check it, and remember it
//! sealed. [`Cases::append`] adds an entry. What the entries come to is the business of `kua-caselog`.

mod beginning;
mod custody;
mod fetching;
mod granting;
mod handing_out;
mod noting;
mod objects;
mod opening;
mod outbox;
mod writing;

use std::sync::{Arc, MutexGuard};

use kua_caselog::custody::{Chain, Received, Refused};
use kua_caselog::{Graph, Reading};
use kua_protocol::api::ReportRow;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Entry;
use kua_protocol::id::{Digest, DropId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::Report;

pub use self::granting::Granting;
pub use self::noting::{Noted, Wishes};
pub use self::opening::{ReportKey, damage, key_offline};

use self::beginning::Beginning;
use crate::cache::{LogCache, LogObject, NamedReaders};
use crate::error::Error;
use crate::inspect::Inspected;
use crate::session::Session;

/// All case logs of a drop.
pub struct Cases {
    session: Arc<Session>,
}

/// The case of one report.
pub struct Case {
    /// The report, as the drop lists it.
    pub row: ReportRow,
    /// The signing keys of the coordinators whom the report names.
    pub to: Vec<PublicKey>,
    /// The entries that were opened and verified.
    pub graph: Graph,
    /// What lies with the report and is no entry of it.
    pub refused: Vec<Refused>,
}

impl Cases {
    /// Opens the case logs of the session's drop.
    ///
    /// # Errors
    ///
    /// When what was remembered of them is there and does not open.
    pub fn of(session: &Arc<Session>) -> Result<Self, Error> {
        let cache = session.cache();
        cache.logs()?.learn_names(session.client().roster().roster());
        // One that is damaged is told before anything is done.
        drop(cache.outbox()?);
        Ok(Self { session: Arc::clone(session) })
    }

    /// Gives the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Gives the case of one report, with all that is new of it.
    ///
    /// # Errors
    ///
    /// When the report is sealed to others, or its log cannot be had.
    pub async fn case(&self, row: &ReportRow) -> Result<Case, Error> {
        // What the drop listed a moment ago says whether there is anything to ask it for.
        if !self.session.is_offline() && self.entries(row.report_id)? != row.entries {
            self.update(row.report_id).await?;
        }
        self.known(row).await
    }

    /// Counts the objects of a report's log that are known. What waits to be sent is none of them.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read.
    pub fn entries(&self, report: ObjectId) -> Result<u32, Error> {
        Ok(u32::try_from(self.logs()?.objects(report)?.len()).unwrap_or(u32::MAX))
    }

    /// Gives the case of one report as it is known, for instance since a [`Cases::refresh`] of all.
    ///
    /// # Errors
    ///
    /// When the report is sealed to others. Whom it names is asked of the drop once.
    pub async fn known(&self, row: &ReportRow) -> Result<Case, Error> {
        let to = self.readers(row).await?;
        let (graph, refused) = self.graph(row.report_id)?;
        Ok(Case { row: row.clone(), to, graph, refused })
    }

    /// Gathers the entries of a report, those that wait to be sent among them, and what lies with them and is none.
    fn graph(&self, report: ObjectId) -> Result<(Graph, Vec<Refused>), Error> {
        let (mut graph, mut refused) = (Graph::default(), Vec::new());
        let objects = self.logs()?.objects(report)?;
        for (object, cached) in objects {
            let stored = cached.stored;
            match cached.object {
                LogObject::Entry(envelope) => match Entry::verify(&envelope, self.drop_id(), report) {
                    Ok(entry) => drop(graph.insert(entry, stored)),
                    Err(error) => refused.push(Refused { object, stored, why: error.to_string() }),
                },
                LogObject::Refused(why) => refused.push(Refused { object, stored, why }),
                LogObject::Grant(_) | LogObject::ForOthers => {}
            }
        }
        for waiting in self.session.cache().outbox()?.entries().filter(|waiting| waiting.report == report) {
            if let Ok(entry) = Entry::verify(&waiting.envelope, self.drop_id(), report) {
                graph.insert(entry, waiting.made);
            }
        }
        Ok((graph, refused))
    }

    /// Gives the readers whom a report names; its beginning is read for that once.
    async fn readers(&self, row: &ReportRow) -> Result<Vec<PublicKey>, Error> {
        let known = self.logs()?.readers(row.report_id)?;
        match known {
            Some(readers) => Ok(readers.keys),
            None => Ok(keys_of(&self.beginning(row).await?.report)),
        }
    }

    /// Reads a report as far as its report.json, and remembers whom it names.
    async fn beginning(&self, row: &ReportRow) -> Result<Beginning, Error> {
        let beginning = beginning::read(self, row).await?;
        self.learn(row.report_id, &beginning.report, beginning.whole)?;
        Ok(beginning)
    }

    /// Remembers whom a report names. `verified` says that it was read whole and agreed with its id.
    ///
    /// # Errors
    ///
    /// When what was remembered is there and does not open.
    pub fn learn(&self, id: ObjectId, report: &Report, verified: bool) -> Result<(), Error> {
        self.logs()?.set_readers(id, NamedReaders { keys: keys_of(report), verified })
    }

    /// Inspects a report: all of it where it is small, else no further than its report.json.
    ///
    /// # Errors
    ///
    /// When it cannot be had, is damaged, or is no report. That it is sealed to others is no error.
    pub async fn inspect(&self, row: &ReportRow) -> Result<Inspected, Error> {
        let read = beginning::read(self, row).await;
        let whole = read.as_ref().map_or(row.size <= beginning::WHOLE, |beginning| beginning.whole);
        // Whom it names is asked for when something is noted about it, perhaps without the drop.
        if let Ok(beginning) = &read {
            self.learn(row.report_id, &beginning.report, whole)?;
        }
        Inspected::of(read.map(|beginning| beginning.report), self.drop_id(), row.mailbox, whole)
    }

    /// Builds the chain of custody of a case.
    pub fn chain(&self, case: &Case) -> Chain {
        let Case { row, refused, .. } = case;
        let received = Received { report: row.report_id, size: row.size, day: row.day };
        let name = |key: &PublicKey| self.name(key);
        case.read(&self.session).chain(self.drop_id(), received, refused.clone(), name)
    }

    /// Gives the drop's id.
    pub fn drop_id(&self) -> DropId {
        self.session.drop_id()
    }

    /// Gives the envelopes of all entries of a report, to be sealed anew for somebody.
    fn envelopes(&self, id: ObjectId) -> Result<Vec<Envelope>, Error> {
        let objects = self.logs()?.objects(id)?;
        let envelopes = objects.into_values().filter_map(|cached| match cached.object {
            LogObject::Entry(envelope) => Some(envelope),
            _ => None,
        });
        Ok(envelopes.collect())
    }

    /// Gives the name that goes with a key: in this roster, or in one that was seen before.
    pub fn name(&self, key: &PublicKey) -> Option<String> {
        // The logs were opened when this was made.
        self.logs().ok()?.name(key)
    }

    /// Says whether this entry waits to be sent.
    pub fn waits(&self, entry: &Digest) -> bool {
        self.session.cache().outbox().is_ok_and(|outbox| outbox.contains(entry))
    }

    /// Saves what was learnt.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&self) -> Result<(), Error> {
        self.logs()?.save()
    }

    fn logs(&self) -> Result<MutexGuard<'_, LogCache>, Error> {
        self.session.cache().logs()
    }
}

impl Case {
    /// Puts the entries in order under the drop's present roster.
    pub fn read(&self, session: &Session) -> Reading<'_> {
        self.graph.read(&self.to, session.client().roster().roster())
    }
}

/// Gives the signing keys of the coordinators whom a report names.
fn keys_of(report: &Report) -> Vec<PublicKey> {
    report.routing().to.iter().filter_map(|key| PublicKey::from_bytes(key.as_bytes()).ok()).collect()
}
