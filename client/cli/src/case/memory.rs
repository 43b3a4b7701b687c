//! What is remembered of case logs, sealed, in as many files as ids of reports have first bytes: to note one thing does not
//! rewrite all others.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::api::EntryRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;
use kua_sealing::CoordinatorKeys;
use serde::{Deserialize, Serialize};

use super::unsent::{self, Waiting};
use crate::cache::Cache;
use crate::error::Error;
use crate::session::Session;

/// The form of what is remembered. What another version remembered in another form is fetched anew.
const FORM: u32 = 3;
/// The file with what concerns all logs, which every command reads.
const INDEX: &str = "cases.age";
/// The file with the ids of all reports of which anything is remembered.
const IDS: &str = "cases-ids.age";

/// What is remembered of all logs of a drop, loaded as it is needed.
pub(super) struct Memory<'s> {
    pub(super) cache: Cache<'s>,
    /// What the drop does not have yet.
    pub(super) waiting: Waiting,
    index: Index,
    index_changed: bool,
    /// Ten thousand ids take a while to read, and are asked for when something new is learnt.
    ids: Option<BTreeSet<ObjectId>>,
    ids_changed: bool,
    loaded: BTreeMap<u8, Shelf>,
    changed: BTreeSet<u8>,
}

#[derive(Default, Serialize, Deserialize)]
struct Index {
    form: u32,
    since: Option<Day>,
    /// Names by signing key, of this roster and of earlier ones.
    names: BTreeMap<String, String>,
}

/// The logs of the reports whose ids begin with one byte.
#[derive(Default, Serialize, Deserialize)]
struct Shelf {
    form: u32,
    cases: BTreeMap<ObjectId, Remembered>,
}

#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    to: Option<To>,
    objects: BTreeMap<ObjectId, Kept>,
}

/// Whom a report names.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct To {
    /// Their signing keys.
    pub(super) keys: Vec<PublicKey>,
    /// Whether all of the report was read and agreed with its id.
    pub(super) verified: bool,
}

/// A sealed object of a log, opened.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The UTC day on which the drop took it in.
    pub(super) stored: Day,
    /// What it turned out to be.
    pub(super) what: What,
}

/// What a sealed object of a log turned out to be.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// An entry whose signature and place were checked.
    Entry(Envelope),
    /// A grant made out to this coordinator.
    Grant(Envelope),
    /// It is sealed to others.
    ForOthers,
    /// It is neither, for this reason.
    Refused(String),
}

impl<'s> Memory<'s> {
    pub(super) fn of(session: &'s Session) -> Result<Self, Error> {
        let cache = session.cache();
        let index = cache.recall::<Index>(INDEX)?.filter(|index| index.form == FORM).unwrap_or_default();
        let waiting = unsent::read(&cache)?;
        Ok(Self {
            cache,
            waiting,
            index,
            index_changed: false,
            ids: None,
            ids_changed: false,
            loaded: BTreeMap::new(),
            changed: BTreeSet::new(),
        })
    }

    pub(super) fn since(&self) -> Option<Day> {
        self.index.since
    }

    pub(super) fn set_since(&mut self, day: Day) {
        if self.index.since < Some(day) {
            (self.index.since, self.index_changed) = (Some(day), true);
        }
    }

    /// A name outlives the roster that held it: what somebody wrote before leaving is still shown under it.
    pub(super) fn learn_names(&mut self, roster: &Roster) {
        for coordinator in &roster.coordinators {
            for keys in &coordinator.keys {
                let known = self.index.names.insert(keys.sign.to_string(), coordinator.name.clone());
                self.index_changed |= known.as_ref() != Some(&coordinator.name);
            }
        }
    }

    pub(super) fn name(&self, key: &PublicKey) -> Option<String> {
        self.index.names.get(&key.to_string()).cloned()
    }

    pub(super) fn knows(&mut self, row: &EntryRow) -> Result<bool, Error> {
        let case = self.shelf(row.report_id)?.cases.get(&row.report_id);
        Ok(case.is_some_and(|case| case.objects.contains_key(&row.entry_id)))
    }

    pub(super) fn objects(&mut self, report: ObjectId) -> Result<BTreeMap<ObjectId, Kept>, Error> {
        let case = self.shelf(report)?.cases.get(&report);
        Ok(case.map(|case| case.objects.clone()).unwrap_or_default())
    }

    pub(super) fn keep(&mut self, report: ObjectId, object: ObjectId, kept: Kept) -> Result<(), Error> {
        self.case(report)?.objects.insert(object, kept);
        Ok(())
    }

    pub(super) fn to(&mut self, report: ObjectId) -> Result<Option<To>, Error> {
        Ok(self.shelf(report)?.cases.get(&report).and_then(|case| case.to.clone()))
    }

    /// What was read whole is not forgotten for what a beginning said.
    pub(super) fn set_to(&mut self, report: ObjectId, to: To) -> Result<(), Error> {
        let known = &mut self.case(report)?.to;
        if to.verified || !known.as_ref().is_some_and(|known| known.verified) {
            *known = Some(to);
        }
        Ok(())
    }

    /// Forgets the logs of reports that the drop has no more.
    pub(super) fn keep_only(&mut self, listed: &BTreeSet<ObjectId>) -> Result<(), Error> {
        for report in self.ids()?.difference(listed).copied().collect::<Vec<_>>() {
            self.shelf(report)?.cases.remove(&report);
            self.ids_changed |= self.ids()?.remove(&report);
            self.write(report.as_bytes()[0])?;
        }
        Ok(())
    }

    /// Writes what was learnt, together with what another process has learnt meanwhile.
    pub(super) fn save(&mut self) -> Result<(), Error> {
        for byte in std::mem::take(&mut self.changed) {
            let there = self.cache.recall::<Shelf>(&file_of(byte))?.filter(|logs| logs.form == FORM);
            let logs = self.load(byte)?;
            for (report, other) in there.into_iter().flat_map(|logs| logs.cases) {
                if let Some(case) = logs.cases.get_mut(&report) {
                    other.objects.into_iter().for_each(|(id, kept)| {
                        case.objects.entry(id).or_insert(kept);
                    });
                } else {
                    logs.cases.insert(report, other);
                }
            }
            self.write(byte)?;
        }
        if std::mem::take(&mut self.ids_changed) {
            // Another process may have learnt of others.
            let there = self.cache.recall::<BTreeSet<ObjectId>>(IDS)?.unwrap_or_default();
            let ids = self.ids()?;
            ids.extend(there);
            let ids = ids.clone();
            self.cache.remember(IDS, &ids)?;
        }
        if self.index_changed {
            self.index.form = FORM;
            self.cache.remember(INDEX, &self.index)?;
            self.index_changed = false;
        }
        Ok(())
    }

    fn write(&mut self, byte: u8) -> Result<(), Error> {
        self.load(byte)?.form = FORM;
        match self.loaded.get(&byte) {
            Some(logs) => self.cache.remember(&file_of(byte), logs),
            None => Ok(()),
        }
    }

    fn case(&mut self, report: ObjectId) -> Result<&mut Remembered, Error> {
        self.ids_changed |= self.ids()?.insert(report);
        self.changed.insert(report.as_bytes()[0]);
        Ok(self.shelf(report)?.cases.entry(report).or_default())
    }

    fn ids(&mut self) -> Result<&mut BTreeSet<ObjectId>, Error> {
        if self.ids.is_none() {
            self.ids = self.cache.recall(IDS)?;
        }
        Ok(self.ids.get_or_insert_default())
    }

    fn shelf(&mut self, report: ObjectId) -> Result<&mut Shelf, Error> {
        self.load(report.as_bytes()[0])
    }

    fn load(&mut self, byte: u8) -> Result<&mut Shelf, Error> {
        if !self.loaded.contains_key(&byte) {
            let read = self.cache.recall::<Shelf>(&file_of(byte))?;
            self.loaded.insert(byte, read.filter(|logs| logs.form == FORM).unwrap_or_default());
        }
        Ok(self.loaded.entry(byte).or_default())
    }
}

/// The grants of a report that were seen, at whichever drop. What does not open is another coordinator's.
pub(super) fn grants(keys: &CoordinatorKeys, report: ObjectId) -> Result<Vec<Envelope>, Error> {
    let mut found = Vec::new();
    for cache in Cache::all(keys)? {
        let shelf = match cache.recall::<Shelf>(&file_of(report.as_bytes()[0])) {
            Err(Error::Damaged(_)) => None,
            read => read?.filter(|logs| logs.form == FORM),
        };
        let case = shelf.and_then(|mut logs| logs.cases.remove(&report)).unwrap_or_default();
        found.extend(case.objects.into_values().filter_map(|kept| match kept.what {
            What::Grant(envelope) => Some(envelope),
            _ => None,
        }));
    }
    Ok(found)
}

fn file_of(byte: u8) -> String {
    format!("cases-{byte:02x}.age")
}
