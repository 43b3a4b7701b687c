//! Texts as they are searched: those that are new, and volumes of a few megabytes with all others.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::id::ObjectId;
use zeroize::Zeroizing;

use super::volume;
use crate::cache::SealedFolder;
use crate::error::Error;

/// A volume with as many bytes of text takes no more.
pub(super) const FULL: usize = 4 << 20;

/// A text for each of many reports. The names of the volumes are kept with the rows, which come last when all is written.
pub(super) struct Texts {
    /// What the names of its volumes begin with.
    beginning: &'static str,
    /// Texts that lie in no volume yet.
    fresh: BTreeMap<ObjectId, Zeroizing<String>>,
    /// Reports whose texts in the volumes are out of date or to be forgotten.
    stale: BTreeSet<ObjectId>,
    /// How many bytes of text lie in no volume yet.
    bytes: usize,
}

impl Texts {
    pub(super) fn new(beginning: &'static str) -> Self {
        Self { beginning, fresh: BTreeMap::new(), stale: BTreeSet::new(), bytes: 0 }
    }

    /// Takes in the text of a report. `known` says that there may be one of it already.
    pub(super) fn put(&mut self, id: ObjectId, text: Option<Zeroizing<String>>, known: bool) {
        self.stale.extend(known.then_some(id));
        self.fresh.remove(&id);
        if let Some(text) = text {
            self.bytes += text.len();
            self.fresh.insert(id, text);
        }
    }

    /// Gives up the new text of a report: the one that lies in a volume is better.
    pub(super) fn withdraw(&mut self, id: ObjectId) {
        self.fresh.remove(&id);
        self.stale.remove(&id);
    }

    /// Marks the text of a report that lies in a volume as out of date.
    pub(super) fn supersede(&mut self, id: ObjectId) {
        self.stale.insert(id);
    }

    /// Says whether a report has a text that lies in no volume yet.
    pub(super) fn has_fresh(&self, id: &ObjectId) -> bool {
        self.fresh.contains_key(id)
    }

    /// Says whether so much is new that it is worth being written.
    pub(super) fn is_full(&self) -> bool {
        self.bytes > FULL
    }

    /// Shows every text, new ones first.
    pub(super) fn each(
        &self,
        folder: &SealedFolder,
        volumes: &[String],
        mut look: impl FnMut(ObjectId, &[u8]),
    ) -> Result<(), Error> {
        for (id, text) in &self.fresh {
            look(*id, text.as_bytes());
        }
        for name in volumes {
            let bytes = bytes(folder, name)?;
            for (id, text) in volume::decode(&bytes).unwrap_or_default() {
                if !self.stale.contains(&id) {
                    look(id, text);
                }
            }
        }
        Ok(())
    }

    /// Gathers what is new, what is left of volumes with something stale in them, and the volume that is not full, and
    /// writes all that to new volumes.
    pub(super) fn write(&mut self, folder: &SealedFolder, volumes: &mut Vec<String>) -> Result<(), Error> {
        let mut texts = std::mem::take(&mut self.fresh);
        self.bytes = 0;
        let stale = std::mem::take(&mut self.stale);
        if texts.is_empty() && stale.is_empty() {
            return Ok(());
        }
        let last = volumes.len().saturating_sub(1);
        for (n, name) in std::mem::take(volumes).into_iter().enumerate() {
            if stale.is_empty() && n < last {
                volumes.push(name);
                continue;
            }
            let bytes = bytes(folder, &name)?;
            let Some(there) = volume::decode(&bytes) else { continue };
            let length: usize = there.iter().map(|(_, text)| text.len()).sum();
            if there.iter().any(|(id, _)| stale.contains(id)) || (n == last && length < FULL) {
                let kept = there.into_iter().filter(|(id, _)| !stale.contains(id));
                texts.extend(kept.filter_map(|(id, text)| {
                    Some((id, Zeroizing::new(std::str::from_utf8(text).ok()?.to_owned())))
                }));
            } else {
                volumes.push(name);
            }
        }
        let mut texts: Vec<_> = texts.iter().collect();
        while !texts.is_empty() {
            let mut length = 0;
            let fits = texts.iter().take_while(|(_, text)| {
                let before = length;
                length += text.len();
                before < FULL
            });
            let rest = texts.split_off(fits.count());
            let volume = volume::encode(texts.iter().map(|(id, text)| (**id, text.as_bytes())));
            let name = format!("{}{:016x}.age", self.beginning, random()?);
            folder.put(&name, &volume)?;
            volumes.push(name);
            texts = rest;
        }
        Ok(())
    }

    /// Removes volumes that nobody names any more.
    pub(super) fn tidy(&self, folder: &SealedFolder, volumes: &[String]) -> Result<(), Error> {
        folder.remove_others(self.beginning, volumes)
    }
}

/// The bytes of a volume; none when it is missing or damaged.
pub(super) fn bytes(folder: &SealedFolder, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    match folder.get_padded(name) {
        Err(Error::Damaged(_)) => Ok(Zeroizing::default()),
        read => Ok(read?.unwrap_or_default()),
    }
}

fn random() -> Result<u64, Error> {
    getrandom::u64().map_err(|error| Error::System(error.to_string()))
}
