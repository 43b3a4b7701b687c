//! The case logs of a drop, as far as this coordinator can read them.
//!
//! [`Cases::refresh`] fetches what is new of all logs, [`Cases::case`] what is new of one; both open it, check it, and remember it
//! sealed. [`Cases::append`] adds an entry. What the entries come to is the business of `kua-caselog`.

mod beginning;
mod fetching;
mod granted;
mod memory;
mod opening;
mod unsent;
mod writing;

pub mod telling;

use std::sync::{Mutex, MutexGuard, PoisonError};

use kua_caselog::custody::{Chain, Received, Refused};
use kua_caselog::{Graph, Reading};
use kua_protocol::api::ReportRow;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Entry;
use kua_protocol::id::{DropId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::Report;
use kua_sealing::CoordinatorKeys;

pub use self::granted::remembered_key;

use self::beginning::Beginning;
use self::memory::{Memory, To, What};
use crate::error::Error;
use crate::session::Session;
use crate::summary::Learnt;

/// All case logs of a drop.
pub struct Cases<'s> {
    session: &'s Session,
    memory: Mutex<Memory<'s>>,
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

impl<'s> Cases<'s> {
    /// The case logs of the session's drop.
    ///
    /// # Errors
    ///
    /// When what was remembered of them is there and does not open.
    pub fn of(session: &'s Session) -> Result<Self, Error> {
        let mut memory = Memory::of(session)?;
        memory.learn_names(session.drop.roster().roster());
        Ok(Self { session, memory: Mutex::new(memory) })
    }

    /// The case of one report, with all that is new of it.
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

    /// How many objects of a report's log are known. What waits to be sent is none of them.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read.
    pub fn entries(&self, report: ObjectId) -> Result<u32, Error> {
        Ok(u32::try_from(self.memory().objects(report)?.len()).unwrap_or(u32::MAX))
    }

    /// The case of one report as it is known, for instance since a [`Cases::refresh`] of all.
    ///
    /// # Errors
    ///
    /// When the report is sealed to others. Whom it names is asked of the drop once.
    pub async fn known(&self, row: &ReportRow) -> Result<Case, Error> {
        let to = self.to(row).await?;
        self.assemble(row, to)
    }

    fn assemble(&self, row: &ReportRow, to: Vec<PublicKey>) -> Result<Case, Error> {
        let (graph, refused) = self.graph(row.report_id)?;
        Ok(Case { row: row.clone(), to, graph, refused })
    }

    /// The entries of a report, those that wait to be sent among them, and what lies with them and is none.
    fn graph(&self, report: ObjectId) -> Result<(Graph, Vec<Refused>), Error> {
        let (mut graph, mut refused) = (Graph::default(), Vec::new());
        let objects = self.memory().objects(report)?;
        for (object, kept) in objects {
            let stored = kept.stored;
            match kept.what {
                What::Entry(envelope) => match Entry::verify(&envelope, self.session.drop_id(), report) {
                    Ok(entry) => drop(graph.insert(entry, stored)),
                    Err(error) => refused.push(Refused { object, stored, why: error.to_string() }),
                },
                What::Refused(why) => refused.push(Refused { object, stored, why }),
                What::Grant(_) | What::ForOthers => {}
            }
        }
        for unsent in self.memory().waiting.values().filter(|unsent| unsent.report == report) {
            if let Ok(entry) = Entry::verify(&unsent.envelope, self.session.drop_id(), report) {
                graph.insert(entry, unsent.made);
            }
        }
        Ok((graph, refused))
    }

    /// Whom a report names; its beginning is read for that once.
    async fn to(&self, row: &ReportRow) -> Result<Vec<PublicKey>, Error> {
        if let Some(to) = self.memory().to(row.report_id)? {
            return Ok(to.keys);
        }
        Ok(keys_of(&self.beginning(row).await?.report))
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
        self.memory().set_to(id, To { keys: keys_of(report), verified })
    }

    /// Looks at a report: all of it where it is small, else no further than its report.json.
    ///
    /// # Errors
    ///
    /// When it cannot be had, is damaged, or is no report. That it is sealed to others is no error.
    pub async fn look(&self, row: &ReportRow) -> Result<Learnt, Error> {
        let read = beginning::read(self, row).await;
        let whole = read.as_ref().map_or(row.size <= beginning::WHOLE, |beginning| beginning.whole);
        // Whom it names is asked for when something is noted about it, perhaps without the drop.
        if let Ok(beginning) = &read {
            self.learn(row.report_id, &beginning.report, whole)?;
        }
        Learnt::of(read.map(|beginning| beginning.report), self.drop_id(), row.mailbox, whole)
    }

    /// The chain of custody of a case.
    pub fn chain(&self, case: &Case) -> Chain {
        let Case { row, refused, .. } = case;
        let received = Received { report: row.report_id, size: row.size, day: row.day };
        let name = |key: &PublicKey| self.name(key);
        case.read(self.session).chain(self.session.drop_id(), received, refused.clone(), name)
    }

    /// The drop.
    pub fn drop_id(&self) -> DropId {
        self.session.drop_id()
    }

    /// The coordinator's own keys.
    pub fn keys(&self) -> &CoordinatorKeys {
        &self.session.keys
    }

    /// The envelopes of all entries of a report, to be sealed anew for somebody.
    fn envelopes(&self, id: ObjectId) -> Result<Vec<Envelope>, Error> {
        let objects = self.memory().objects(id)?;
        let envelopes = objects.into_values().filter_map(|kept| match kept.what {
            What::Entry(envelope) => Some(envelope),
            _ => None,
        });
        Ok(envelopes.collect())
    }

    /// The name that goes with a key: in this roster, or in one that was seen before.
    pub fn name(&self, key: &PublicKey) -> Option<String> {
        self.memory().name(key)
    }

    /// The same for people to read, or the beginning of the key.
    pub fn who(&self, key: &PublicKey) -> String {
        let name = self.name(key).map(|name| crate::show::one_line(&name));
        name.unwrap_or_else(|| format!("{}…", key.to_string().chars().take(8).collect::<String>()))
    }

    /// Saves what was learnt.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&self) -> Result<(), Error> {
        self.memory().save()
    }

    fn memory(&self) -> MutexGuard<'_, Memory<'s>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Case {
    /// The entries in order under the drop's present roster.
    pub fn read(&self, session: &Session) -> Reading<'_> {
        self.graph.read(&self.to, session.drop.roster().roster())
    }
}

/// The signing keys of the coordinators whom a report names.
fn keys_of(report: &Report) -> Vec<PublicKey> {
    report.routing().to.iter().filter_map(|key| PublicKey::from_bytes(key.as_bytes()).ok()).collect()
}
