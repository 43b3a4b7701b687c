//! Case logs as they are remembered, sealed, in as many files as ids of reports have first bytes: to note one thing does not
//! rewrite all others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kua_protocol::api::EntryRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;
use kua_sealing::CoordinatorKeys;
use serde::{Deserialize, Serialize};

use super::SealedFolder;
use crate::error::Error;

mod saving;

/// The form of what is remembered. What another version remembered in another form is fetched anew.
const FORM: u32 = 3;
/// The file with what concerns all logs, which every command reads.
const INDEX: &str = "cases.age";
/// The file with the ids of all reports of which anything is remembered.
const IDS: &str = "cases-ids.age";

/// The logs of a drop, loaded as they are needed.
pub struct LogCache {
    folder: SealedFolder,
    index: Index,
    index_changed: bool,
    /// Ten thousand ids take a while to read, and are asked for when something new is learnt.
    ids: Option<BTreeSet<ObjectId>>,
    loaded: BTreeMap<u8, Shelf>,
    /// Reports of which something was learnt since the last writing.
    learnt: BTreeSet<ObjectId>,
    /// Reports that were forgotten since then.
    forgotten: BTreeSet<ObjectId>,
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
    cases: BTreeMap<ObjectId, Log>,
}

#[derive(Default, Serialize, Deserialize)]
struct Log {
    readers: Option<NamedReaders>,
    objects: BTreeMap<ObjectId, CachedObject>,
}

/// The coordinators whom a report names as its readers.
#[derive(Clone, Serialize, Deserialize)]
pub struct NamedReaders {
    /// Their signing keys.
    pub keys: Vec<PublicKey>,
    /// Whether all of the report was read and agreed with its id.
    pub verified: bool,
}

/// A sealed object of a log, opened.
#[derive(Clone, Serialize, Deserialize)]
pub struct CachedObject {
    /// The UTC day on which the drop took it in.
    pub stored: Day,
    /// The kind of object that it turned out to be.
    pub object: LogObject,
}

/// A sealed object of a log by its kind.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogObject {
    /// An entry whose signature and place were checked.
    Entry(Envelope),
    /// A grant made out to this coordinator.
    Grant(Envelope),
    /// It is sealed to others.
    ForOthers,
    /// It is neither, for this reason.
    Refused(String),
}

impl Log {
    /// Takes in what another process has learnt. What was read whole is not given up for what a beginning said.
    fn merge(&mut self, other: Self) {
        for (id, object) in other.objects {
            self.objects.entry(id).or_insert(object);
        }
        if let Some(readers) = other.readers {
            self.name_readers(readers);
        }
    }

    fn name_readers(&mut self, readers: NamedReaders) {
        if readers.verified || !self.readers.as_ref().is_some_and(|known| known.verified) {
            self.readers = Some(readers);
        }
    }
}

impl LogCache {
    /// Reads what concerns all logs.
    pub(super) fn open(folder: SealedFolder) -> Result<Self, Error> {
        let index = read_index(&folder)?;
        Ok(Self {
            folder,
            index,
            index_changed: false,
            ids: None,
            loaded: BTreeMap::new(),
            learnt: BTreeSet::new(),
            forgotten: BTreeSet::new(),
        })
    }

    /// Gives the last day of which all entries are known.
    pub fn since(&self) -> Option<Day> {
        self.index.since
    }

    /// Notes that all entries up to this day are known.
    pub fn set_since(&mut self, day: Day) {
        if self.index.since < Some(day) {
            (self.index.since, self.index_changed) = (Some(day), true);
        }
    }

    /// Learns the names of a roster. A name outlives it: what somebody wrote before leaving is still shown under it.
    pub fn learn_names(&mut self, roster: &Roster) {
        for coordinator in &roster.coordinators {
            for keys in &coordinator.keys {
                let known = self.index.names.insert(keys.sign.to_string(), coordinator.name.clone());
                self.index_changed |= known.as_ref() != Some(&coordinator.name);
            }
        }
    }

    /// Gives the name that goes with a key.
    pub fn name(&self, key: &PublicKey) -> Option<String> {
        self.index.names.get(&key.to_string()).cloned()
    }

    /// Says whether an object is known.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read; so for all that follow.
    pub fn knows(&mut self, row: &EntryRow) -> Result<bool, Error> {
        let log = self.shelf(row.report_id)?.cases.get(&row.report_id);
        Ok(log.is_some_and(|log| log.objects.contains_key(&row.entry_id)))
    }

    /// Gives the objects of a log.
    ///
    /// # Errors
    ///
    /// As [`LogCache::knows`].
    pub fn objects(&mut self, report: ObjectId) -> Result<BTreeMap<ObjectId, CachedObject>, Error> {
        let log = self.shelf(report)?.cases.get(&report);
        Ok(log.map(|log| log.objects.clone()).unwrap_or_default())
    }

    /// Keeps an object.
    ///
    /// # Errors
    ///
    /// As [`LogCache::knows`].
    pub fn keep(&mut self, report: ObjectId, id: ObjectId, object: CachedObject) -> Result<(), Error> {
        self.log(report)?.objects.insert(id, object);
        Ok(())
    }

    /// Gives the readers whom a report names, where they are known.
    ///
    /// # Errors
    ///
    /// As [`LogCache::knows`].
    pub fn readers(&mut self, report: ObjectId) -> Result<Option<NamedReaders>, Error> {
        Ok(self.shelf(report)?.cases.get(&report).and_then(|log| log.readers.clone()))
    }

    /// Keeps the readers whom a report names.
    ///
    /// # Errors
    ///
    /// As [`LogCache::knows`].
    pub fn set_readers(&mut self, report: ObjectId, readers: NamedReaders) -> Result<(), Error> {
        self.log(report)?.name_readers(readers);
        Ok(())
    }

    /// Forgets the logs of reports that the drop has no more.
    ///
    /// # Errors
    ///
    /// As [`LogCache::knows`].
    pub fn keep_only(&mut self, listed: &BTreeSet<ObjectId>) -> Result<(), Error> {
        for report in self.ids()?.difference(listed).copied().collect::<Vec<_>>() {
            self.shelf(report)?.cases.remove(&report);
            self.ids()?.remove(&report);
            self.learnt.remove(&report);
            self.forgotten.insert(report);
        }
        Ok(())
    }

    fn log(&mut self, report: ObjectId) -> Result<&mut Log, Error> {
        self.learnt.insert(report);
        self.forgotten.remove(&report);
        Ok(self.shelf(report)?.cases.entry(report).or_default())
    }

    fn ids(&mut self) -> Result<&mut BTreeSet<ObjectId>, Error> {
        if self.ids.is_none() {
            self.ids = self.folder.recall(IDS)?;
        }
        Ok(self.ids.get_or_insert_default())
    }

    fn shelf(&mut self, report: ObjectId) -> Result<&mut Shelf, Error> {
        let byte = shelf_of(&report);
        if !self.loaded.contains_key(&byte) {
            let read = read_shelf(&self.folder, byte)?;
            self.loaded.insert(byte, read);
        }
        Ok(self.loaded.entry(byte).or_default())
    }
}

/// Reads the grants of a report that were seen, at whichever drop. What does not open is another coordinator's.
///
/// # Errors
///
/// When a file is there and cannot be read.
pub fn grants(keys: &Arc<CoordinatorKeys>, report: ObjectId) -> Result<Vec<Envelope>, Error> {
    let mut found = Vec::new();
    for folder in SealedFolder::all(keys)? {
        let mut shelf = match read_shelf(&folder, shelf_of(&report)) {
            Err(Error::Damaged(_)) => continue,
            read => read?,
        };
        let log = shelf.cases.remove(&report).unwrap_or_default();
        found.extend(log.objects.into_values().filter_map(|cached| match cached.object {
            LogObject::Grant(envelope) => Some(envelope),
            _ => None,
        }));
    }
    Ok(found)
}

fn read_index(folder: &SealedFolder) -> Result<Index, Error> {
    Ok(folder.recall::<Index>(INDEX)?.filter(|index| index.form == FORM).unwrap_or_default())
}

fn read_shelf(folder: &SealedFolder, byte: u8) -> Result<Shelf, Error> {
    Ok(folder.recall::<Shelf>(&file_of(byte))?.filter(|shelf| shelf.form == FORM).unwrap_or_default())
}

fn shelf_of(report: &ObjectId) -> u8 {
    report.as_bytes()[0]
}

fn file_of(byte: u8) -> String {
    format!("cases-{byte:02x}.age")
}
