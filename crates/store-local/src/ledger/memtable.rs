//! What changed of late, kept in memory over a tree of blocks.
//!
//! Changes are *young* until they are cut off; those that were are *leaving*: they are being written to sled in the
//! order of their keys, by another thread if need be. Meanwhile new ones come in over them, and whoever asks
//! sees all three. One thread at a time changes things and cuts off; any number may ask.

use std::collections::{BTreeMap, VecDeque};
use std::iter::Peekable;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use sled::Tree;

use crate::LedgerFault;
use crate::ledger::block::{Blocks, Value};

/// Changes that are looked at in one go.
const PORTION: usize = 64;

/// What came under a key; nothing where it was removed.
type Changes<const K: usize> = BTreeMap<[u8; K], Option<Value>>;

/// A tree with keys of a fixed width.
#[derive(Debug)]
pub(crate) struct Memtable<const K: usize> {
    recent: RwLock<Recent<K>>,
    blocks: Blocks<K>,
}

#[derive(Debug, Default)]
struct Recent<const K: usize> {
    young: Changes<K>,
    leaving: Arc<Changes<K>>,
}

/// Which changes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    Removals,
    Insertions,
}

impl<const K: usize> Memtable<K> {
    /// The tree that sled holds, with nothing over it.
    pub(crate) fn new(tree: Tree) -> Self {
        Self { recent: RwLock::default(), blocks: Blocks::new(tree) }
    }

    /// What stands under a key.
    pub(crate) fn get(&self, key: &[u8; K]) -> Result<Option<Value>, LedgerFault> {
        let recent = self.read();
        if let Some(change) = recent.young.get(key).or_else(|| recent.leaving.get(key)) {
            return Ok(change.clone());
        }
        drop(recent);
        // What was written to sled since cannot be older.
        self.blocks.get(key)
    }

    /// Whether something stands under a key.
    pub(crate) fn contains(&self, key: &[u8; K]) -> Result<bool, LedgerFault> {
        Ok(self.get(key)?.is_some())
    }

    /// Puts something under a key.
    pub(crate) fn insert(&self, key: [u8; K], value: impl Into<Value>) {
        self.write().young.insert(key, Some(value.into()));
    }

    /// Removes what stands under a key.
    pub(crate) fn remove(&self, key: &[u8; K]) {
        self.write().young.insert(*key, None);
    }

    /// All that stands under this key and higher ones, in order.
    pub(crate) fn scan_from(&self, key: [u8; K]) -> Scan<'_, K> {
        Scan { tree: self, from: Some(key), passed: key, ready: VecDeque::new() }
    }

    /// All of it, in order.
    pub(crate) fn scan(&self) -> Scan<'_, K> {
        self.scan_from([0; K])
    }

    /// The keys that begin with these bytes, in order; and of them only those from `first` on, where that is higher.
    pub(crate) fn keys<'a>(
        &'a self,
        prefix: &'a [u8],
        first: [u8; K],
    ) -> impl Iterator<Item = Result<[u8; K], LedgerFault>> + 'a {
        self.scan_from(first.max(padded(prefix)))
            .map(|entry| entry.map(|(key, _)| key))
            .take_while(move |key| key.as_ref().map_or(true, |key| key.starts_with(prefix)))
    }

    /// How many entries there are: looks at every one.
    pub(crate) fn len(&self) -> Result<usize, LedgerFault> {
        self.scan().try_fold(0, |count, entry| entry.map(|_| count + 1))
    }

    /// How many changes are young.
    pub(crate) fn young(&self) -> usize {
        self.read().young.len()
    }

    /// Has what is young leave. What left before must have been written.
    pub(crate) fn cut(&self) {
        let mut recent = self.write();
        recent.leaving = Arc::new(std::mem::take(&mut recent.young));
    }

    /// Writes down what is leaving.
    pub(crate) fn write_down(&self, which: Which) -> Result<(), LedgerFault> {
        let leaving = Arc::clone(&self.read().leaving);
        self.blocks.apply(leaving.iter().map(|(key, value)| (key, value.as_deref())).filter(|(_, value)| {
            match which {
                Which::All => true,
                Which::Removals => value.is_none(),
                Which::Insertions => value.is_some(),
            }
        }))
    }

    /// Forgets what is leaving, all of which is written.
    pub(crate) fn let_go(&self) {
        let gone = std::mem::take(&mut self.write().leaving);
        // Freeing takes its time, which nobody has to wait for.
        drop(gone);
    }

    fn read(&self) -> RwLockReadGuard<'_, Recent<K>> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Recent<K>> {
        self.recent.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lowest key that begins with these bytes.
pub(crate) fn padded<const K: usize>(prefix: &[u8]) -> [u8; K] {
    let mut key = [0; K];
    key.iter_mut().zip(prefix).for_each(|(to, from)| *to = *from);
    key
}

/// The key that follows; nothing after the highest.
pub(crate) fn following<const K: usize>(mut key: [u8; K]) -> Option<[u8; K]> {
    for byte in key.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return Some(key);
        }
    }
    None
}

/// What stands in a tree, from a key on.
#[derive(Debug)]
pub(crate) struct Scan<'a, const K: usize> {
    tree: &'a Memtable<K>,
    /// The lowest key that was not looked at.
    from: Option<[u8; K]>,
    /// What is ready is all that stands from this key on to `from`.
    passed: [u8; K],
    ready: VecDeque<([u8; K], Value)>,
}

impl<const K: usize> Iterator for Scan<'_, K> {
    type Item = Result<([u8; K], Value), LedgerFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(fault) = self.make_ready() {
            return Some(Err(fault));
        }
        let (key, value) = self.ready.pop_front()?;
        self.passed = following(key).unwrap_or(key);
        Some(Ok((key, value)))
    }
}

impl<const K: usize> Scan<'_, K> {
    /// Goes on from this key. Keys that are asked for in their order are often ready, and then nothing is read anew.
    pub(crate) fn seek(&mut self, key: [u8; K]) {
        if self.passed <= key && self.from.is_none_or(|from| key < from) {
            self.ready.drain(..self.ready.partition_point(|(here, _)| *here < key));
        } else {
            self.ready.clear();
            self.from = Some(key);
        }
        self.passed = key;
    }

    /// How many keys follow that begin with these bytes.
    pub(crate) fn how_many(&mut self, prefix: &[u8]) -> Result<usize, LedgerFault> {
        let mut count = 0;
        loop {
            self.make_ready()?;
            match self.ready.front() {
                Some((key, _)) if key.starts_with(prefix) => self.next(),
                _ => return Ok(count),
            };
            count += 1;
        }
    }

    /// Reads on until something is ready, or nothing is left.
    fn make_ready(&mut self) -> Result<(), LedgerFault> {
        while self.ready.is_empty()
            && let Some(from) = self.from.take()
        {
            self.read_on(&from)?;
        }
        Ok(())
    }

    /// Reads a block, or as much of it as there are changes to a portion.
    fn read_on(&mut self, from: &[u8; K]) -> Result<(), LedgerFault> {
        // Changes come first: they are then either among these or in what is read of sled.
        let changes: Vec<_> = {
            let recent = self.tree.read();
            Merged {
                over: recent.young.range::<[u8; K], _>(from..).peekable(),
                under: recent.leaving.range::<[u8; K], _>(from..).peekable(),
            }
            .take(PORTION)
            .map(|(key, value)| (*key, value.clone()))
            .collect()
        };
        let (entries, mut end) = self.tree.blocks.block_from(from)?;
        if changes.len() == PORTION
            && let Some(after) = changes.last().and_then(|(last, _)| following(*last))
        {
            end = Some(end.map_or(after, |end| end.min(after)));
        }
        let before_end = |key: &[u8; K]| end.is_none_or(|end| *key < end);
        let entries = entries.into_iter().map(|(key, value)| (key, Some(value)));
        let merged = Merged { over: changes.into_iter().peekable(), under: entries.peekable() };
        let merged = merged.take_while(|(key, _)| before_end(key));
        self.ready.extend(merged.filter_map(|(key, value)| Some((key, value?))));
        self.from = end;
        Ok(())
    }
}

/// Two rows of entries as one, in the order of keys; of two with the same key the one that lies over the other.
struct Merged<A: Iterator, B: Iterator> {
    over: Peekable<A>,
    under: Peekable<B>,
}

impl<Key: Ord, V, A: Iterator<Item = (Key, V)>, B: Iterator<Item = (Key, V)>> Iterator for Merged<A, B> {
    type Item = (Key, V);

    fn next(&mut self) -> Option<Self::Item> {
        let Some((key, _)) = self.over.peek() else { return self.under.next() };
        if let Some(lower) = self.under.next_if(|(under, _)| under < key) {
            return Some(lower);
        }
        self.under.next_if(|(under, _)| under == key);
        self.over.next()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn memtable() -> Memtable<2> {
        Memtable::new(sled::Config::new().temporary(true).open().unwrap().open_tree("it").unwrap())
    }

    #[derive(Debug, Clone)]
    enum Event {
        Insert([u8; 2], u8),
        Remove([u8; 2]),
        Cut,
        WriteDown(Which),
        LetGo,
    }

    fn event() -> impl Strategy<Value = Event> {
        let key = any::<[u8; 2]>().prop_map(|[a, b]| [a % 3, b]);
        prop_oneof![
            12 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Event::Insert(key, value)),
            6 => key.prop_map(Event::Remove),
            1 => Just(Event::Cut),
            1 => Just(Event::WriteDown(Which::Removals)),
            1 => Just(Event::WriteDown(Which::Insertions)),
            1 => Just(Event::LetGo),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_equals_a_map_at_every_moment(
            events in proptest::collection::vec(event(), 1..600),
            from: [u8; 2],
            seeks in proptest::collection::vec((any::<[u8; 2]>().prop_map(|[a, b]| [a % 4, b]), any::<bool>()), 1..20),
        ) {
            let (tree, mut map) = (memtable(), BTreeMap::<[u8; 2], Value>::new());
            // Whether something left that is not written, or not forgotten.
            let (mut unwritten, mut leaving) = (false, false);
            for event in events {
                match event {
                    Event::Insert(key, value) => {
                        tree.insert(key, vec![value]);
                        map.insert(key, [value].into());
                    }
                    Event::Remove(key) => {
                        tree.remove(&key);
                        map.remove(&key);
                    }
                    Event::Cut if !leaving => {
                        tree.cut();
                        (unwritten, leaving) = (true, true);
                    }
                    Event::WriteDown(which) => {
                        tree.write_down(which).unwrap();
                        unwritten &= which != Which::Insertions;
                    }
                    // Removals are written first.
                    Event::LetGo if !unwritten => {
                        tree.write_down(Which::Removals).unwrap();
                        tree.let_go();
                        leaving = false;
                    }
                    Event::Cut | Event::LetGo => {}
                }
            }
            let all = |scan: Scan<'_, 2>| scan.collect::<Result<Vec<_>, _>>().unwrap();
            prop_assert_eq!(all(tree.scan()), map.clone().into_iter().collect::<Vec<_>>());
            prop_assert_eq!(all(tree.scan_from(from)), map.range(from..).map(|(k, v)| (*k, v.clone())).collect::<Vec<_>>());
            prop_assert_eq!(tree.get(&from).unwrap(), map.get(&from).cloned());
            let mut scan = tree.scan_from(from);
            for (sought, one_more) in seeks {
                scan.seek(sought);
                let expected = map.range(sought..).take_while(|(key, _)| key[0] == sought[0]).count();
                prop_assert_eq!(scan.how_many(&sought[..1]).unwrap(), expected);
                if one_more {
                    drop(scan.next());
                }
            }
        }
    }

    #[test]
    fn more_changes_than_a_portion_are_all_seen() {
        let tree = memtable();
        let key = |number: usize| [u8::try_from(number >> 8).unwrap(), u8::try_from(number % 256).unwrap()];
        (0..=PORTION * 3).for_each(|number| tree.insert(key(number), []));
        (0..PORTION * 2).for_each(|number| tree.remove(&key(number)));
        assert_eq!(tree.scan().count(), PORTION + 1);
        assert_eq!(tree.keys(&[0], [0, 190]).count(), 3);
        assert_eq!(following([255; 2]), None);
        assert_eq!(following([1, 255]), Some([2, 0]));
    }
}
