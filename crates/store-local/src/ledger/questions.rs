//! What the ledger is asked.

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::ledger::index::{Answer, Index};
use crate::ledger::keys::{
    OwnerRow, day_of, day_prefix, day_row, id_at_end, owner_prefix, owner_row, party_prefix, wish_row,
};
use crate::ledger::memtable::{Memtable, Scan, following, padded};
use crate::ledger::record::{Known, Record};
use crate::segments::frame::kind_code;
use kua_store::{Cursor, DeleteAsked, Kind, ObjectRow, Owner, Page};

impl Index {
    /// The row of an object, with the number of its case's entries.
    pub(crate) fn row(&self, id: ObjectId, record: &Record) -> Answer<ObjectRow> {
        row(&mut self.owners.scan(), id, record)
    }

    /// The ids of all that a report's case owns.
    pub(crate) fn case(&self, report: ObjectId) -> Answer<Vec<ObjectId>> {
        let prefix = party_prefix(Owner::Case(report));
        self.owners.keys(&prefix, padded(&prefix)).map(|key| id_at_end(&key?)).collect()
    }

    /// A page of the objects of a kind from a day on.
    pub(crate) fn list(&self, kind: Kind, since: Day, after: Option<Cursor>, limit: usize) -> Answer<Page> {
        self.page(&self.days, &[kind_code(kind)], padded(&day_prefix(kind, since)), after, limit)
    }

    /// A page of the objects of a kind that an owner has.
    pub(crate) fn owned(
        &self,
        owner: Owner,
        kind: Kind,
        after: Option<Cursor>,
        limit: usize,
    ) -> Answer<Page> {
        let prefix = owner_prefix(owner, kind);
        self.page(&self.owners, &prefix, padded(&prefix), after, limit)
    }

    fn page<const K: usize>(
        &self,
        tree: &Memtable<K>,
        prefix: &[u8],
        first: [u8; K],
        after: Option<Cursor>,
        limit: usize,
    ) -> Answer<Page> {
        let limit = limit.max(1);
        let mut page = Page { rows: Vec::new(), next: None };
        let after = after.map(|after| padded([prefix, &wish_row(after.day, after.id)].concat().as_slice()));
        let from = match after.map(following) {
            Some(None) => return Ok(page),
            Some(Some(after)) => first.max(after),
            None => first,
        };
        let mut owners = self.owners.scan();
        for key in tree.keys(prefix, from) {
            let id = id_at_end(&key?)?;
            // An object that is being deleted may still be in a tree while its record says that it is gone.
            let Known::Present(record) = self.known(id)? else {
                continue;
            };
            if page.rows.len() == limit {
                page.next = page.rows.last().map(|row| Cursor { day: row.day, id: row.id });
                break;
            }
            page.rows.push(row(&mut owners, id, &record)?);
        }
        Ok(page)
    }

    /// The wishes for deletion that stand, by their days and ids.
    pub(crate) fn wishes(&self) -> Answer<Vec<(ObjectId, DeleteAsked)>> {
        let mut wishes = Vec::new();
        for key in self.asked.keys(&[], [0; _]) {
            let id = id_at_end(&key?)?;
            // What is being deleted may still be in the tree.
            if let Known::Present(Record { delete_asked: Some(wish), .. }) = self.known(id)? {
                wishes.push((id, wish));
            }
        }
        Ok(wishes)
    }

    /// The objects of a kind that came before a day, with the days on which they came.
    pub(crate) fn came_before(&self, kind: Kind, day: Day) -> impl Iterator<Item = Answer<(Day, ObjectId)>> {
        let end = padded(&day_prefix(kind, day));
        self.days
            .scan_from(padded(&[kind_code(kind)]))
            .take_while(move |entry| entry.as_ref().map_or(true, |(key, _)| *key < end))
            .map(|entry| entry.and_then(|(key, _)| Ok((day_of(&key), id_at_end(&key)?))))
    }

    /// How many objects there are, and how many bytes they have together: looks at every one.
    pub(crate) fn count(&self) -> Answer<(u64, u64)> {
        self.present().try_fold((0, 0), |(objects, bytes), entry| {
            let (_, record) = entry?;
            Ok((objects + 1, bytes + record.size))
        })
    }

    /// The objects that are there, of all kinds, in the order of ids.
    pub(crate) fn present(&self) -> impl Iterator<Item = Answer<(ObjectId, Record)>> {
        self.all().filter_map(|entry| match entry {
            Ok((id, Known::Present(record))) => Some(Ok((id, record))),
            Ok(_) => None,
            Err(fault) => Some(Err(fault)),
        })
    }

    /// The ids of what was deleted.
    pub(crate) fn gone(&self) -> impl Iterator<Item = Answer<ObjectId>> {
        self.all().filter_map(|entry| match entry {
            Ok((id, Known::Gone(_))) => Some(Ok(id)),
            Ok(_) => None,
            Err(fault) => Some(Err(fault)),
        })
    }

    fn all(&self) -> impl Iterator<Item = Answer<(ObjectId, Known)>> {
        self.objects.scan().map(|entry| {
            let (key, value) = entry?;
            let id = ObjectId::from_bytes(key);
            Ok((id, Known::decode(id, &value)?))
        })
    }

    /// The objects of a day that are there, of all kinds, in the order of ids.
    pub(crate) fn of_day(&self, day: Day) -> Answer<BTreeMap<ObjectId, Record>> {
        let mut records = BTreeMap::new();
        for kind in [Kind::Report, Kind::Reply, Kind::Entry] {
            let prefix = day_prefix(kind, day);
            for key in self.days.keys(&prefix, padded(&prefix)) {
                let id = id_at_end(&key?)?;
                if let Known::Present(record) = self.known(id)? {
                    records.insert(id, record);
                }
            }
        }
        Ok(records)
    }

    /// Whether an object is found by its day and by its owner, and by its wish where one stands.
    pub(crate) fn leads_to(&self, id: ObjectId, record: &Record) -> Answer<bool> {
        Ok(self.days.contains(&day_row(record.kind, record.day, id))?
            && self.owners.contains(&owner_row(record, id))?
            && record.delete_asked.map_or(Ok(true), |wish| self.asked.contains(&wish_row(wish.day, id)))?)
    }

    /// How many rows the trees of days, owners and wishes have.
    pub(crate) fn rows(&self) -> Answer<(usize, usize, usize)> {
        Ok((self.days.len()?, self.owners.len()?, self.asked.len()?))
    }
}

/// The row of an object. Its case's entries are counted rather than kept: a number that is derived cannot drift. Where rows
/// come in the order of ids, one scan goes along with them.
fn row(owners: &mut Scan<'_, { size_of::<OwnerRow>() }>, id: ObjectId, record: &Record) -> Answer<ObjectRow> {
    let entries = match record.kind {
        Kind::Report => {
            let prefix = owner_prefix(Owner::Case(id), Kind::Entry);
            owners.seek(padded(&prefix));
            owners.how_many(&prefix)?
        }
        Kind::Reply | Kind::Entry => 0,
    };
    Ok(record.row(id, u32::try_from(entries).unwrap_or(u32::MAX)))
}
