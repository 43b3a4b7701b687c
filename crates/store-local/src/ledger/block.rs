//! Sorted entries in blocks, a block to a row of sled.
//!
//! sled 0.34 splits its pages at sixteen rows, however short they are, and keeps every page in a table; so a
//! row of its own for each entry makes opening slow and large. Here a row is a block of entries
//!
//! ```text
//! key (fixed width) ‖ length of the value (1 byte) ‖ value
//! ```
//!
//! under the block's fence: no entry of it is lower, and all are lower than the fence of the next block. What a
//! crash has left beyond that, where a block was being split, does not count. Blocks that have become short are
//! not joined: a ledger does not live longer than a few days.

use std::iter;

use sled::Tree;

use crate::LedgerFault;

/// Most entries of a block.
const MOST: usize = 32;
/// Entries of a new block, so that it takes some more before it has to be split.
const FILL: usize = 24;

/// What stands under a key.
pub(crate) type Value = Box<[u8]>;

/// The blocks of one tree.
#[derive(Debug)]
pub(crate) struct Blocks<const K: usize> {
    blocks: Tree,
}

/// A block, without what is not its own.
struct Block<const K: usize> {
    fence: [u8; K],
    entries: Vec<([u8; K], Value)>,
    next: Option<[u8; K]>,
}

impl<const K: usize> Blocks<K> {
    /// The blocks that this tree of sled holds.
    pub(crate) fn new(blocks: Tree) -> Self {
        Self { blocks }
    }

    /// What stands under a key.
    pub(crate) fn get(&self, key: &[u8; K]) -> Result<Option<Value>, LedgerFault> {
        let Some(row) = self.blocks.range::<&[u8], _>(..=&key[..]).next_back() else { return Ok(None) };
        for entry in entries::<K>(&row?.1) {
            let (here, value) = entry?;
            if here >= key {
                return Ok((here == key).then(|| value.into()));
            }
        }
        Ok(None)
    }

    /// The entries from a key on that are in its block, and the key with which the next block begins.
    #[allow(clippy::type_complexity, reason = "the two belong together only here")]
    pub(crate) fn block_from(
        &self,
        key: &[u8; K],
    ) -> Result<(Vec<([u8; K], Value)>, Option<[u8; K]>), LedgerFault> {
        let Block { mut entries, next, .. } = self.block(key)?;
        entries.drain(..entries.partition_point(|(here, _)| here < key));
        Ok((entries, next))
    }

    /// Writes down changes, which come in the order of their keys; `None` removes an entry.
    pub(crate) fn apply<'a>(
        &self,
        changes: impl Iterator<Item = (&'a [u8; K], Option<&'a [u8]>)>,
    ) -> Result<(), LedgerFault> {
        let mut changes = changes.peekable();
        while let Some((key, _)) = changes.peek() {
            let Block { fence, entries, next } = self.block(key)?;
            let mut merged = Vec::with_capacity(entries.len() + MOST);
            let mut old = entries.into_iter().peekable();
            while let Some((key, value)) =
                changes.next_if(|(key, _)| next.as_ref().is_none_or(|next| *key < next))
            {
                merged.extend(iter::from_fn(|| old.next_if(|(here, _)| here < key)));
                old.next_if(|(here, _)| here == key);
                merged.extend(value.map(|value| (*key, value.into())));
            }
            merged.extend(old);
            self.write(fence, &merged)?;
        }
        Ok(())
    }

    /// The block in which a key would be.
    fn block(&self, key: &[u8; K]) -> Result<Block<K>, LedgerFault> {
        let mut block = Block { fence: [0; K], entries: Vec::new(), next: None };
        let row = self.blocks.range::<&[u8], _>(..=&key[..]).next_back().transpose()?;
        if let Some((fence, entries_here)) = &row {
            block.fence = fence.as_ref().try_into().map_err(|_| LedgerFault::Record)?;
            block.entries = entries(entries_here)
                .map(|entry| entry.map(|(key, value)| (*key, value.into())))
                .collect::<Result<_, _>>()?;
        }
        // Read after the block: should that be split just now, what has moved is found in the next one.
        if let Some((next, _)) = self.blocks.get_gt(key)? {
            let next = next.as_ref().try_into().map_err(|_| LedgerFault::Record)?;
            block.entries.truncate(block.entries.partition_point(|(key, _)| *key < next));
            block.next = Some(next);
        }
        Ok(block)
    }

    /// Writes a block, in several where it has become too long. The upper ones come first, and what they hold
    /// goes from the lowest one last: it is found at every moment.
    fn write(&self, fence: [u8; K], entries: &[([u8; K], Value)]) -> Result<(), LedgerFault> {
        if entries.is_empty() {
            self.blocks.remove(fence)?;
            return Ok(());
        }
        let parts = if entries.len() <= MOST { 1 } else { entries.len().div_ceil(FILL) };
        for entries in entries.chunks(entries.len().div_ceil(parts)).skip(1).rev() {
            self.blocks.insert(entries[0].0, encode(entries)?)?;
        }
        let lowest = &entries[..entries.len().div_ceil(parts)];
        self.blocks.insert(fence, encode(lowest)?)?;
        Ok(())
    }
}

fn encode<const K: usize>(entries: &[([u8; K], Value)]) -> Result<Vec<u8>, LedgerFault> {
    let mut block = Vec::with_capacity(entries.iter().map(|(_, value)| K + 1 + value.len()).sum());
    for (key, value) in entries {
        block.extend(key);
        block.push(u8::try_from(value.len()).map_err(|_| LedgerFault::Record)?);
        block.extend(value);
    }
    Ok(block)
}

fn entries<const K: usize>(mut block: &[u8]) -> impl Iterator<Item = Result<(&[u8; K], &[u8]), LedgerFault>> {
    iter::from_fn(move || {
        if block.is_empty() {
            return None;
        }
        let entry = block.split_first_chunk().and_then(|(key, rest)| {
            let (len, rest) = rest.split_first()?;
            let (value, rest) = rest.split_at_checked(usize::from(*len))?;
            Some((key, value, rest))
        });
        let Some((key, value, rest)) = entry else {
            block = &[];
            return Some(Err(LedgerFault::Record));
        };
        block = rest;
        Some(Ok((key, value)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn blocks() -> Blocks<2> {
        let db = sled::Config::new().temporary(true).open().unwrap();
        Blocks::new(db.open_tree("blocks").unwrap())
    }

    fn all(blocks: &Blocks<2>) -> BTreeMap<[u8; 2], Value> {
        let (mut all, mut from) = (BTreeMap::new(), Some([0; 2]));
        while let Some(key) = from {
            let (entries, next) = blocks.block_from(&key).unwrap();
            for (key, value) in entries {
                assert_eq!(all.insert(key, value), None, "twice");
            }
            from = next;
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn it_equals_a_map(
            rounds in proptest::collection::vec(
                proptest::collection::btree_map(any::<[u8; 2]>().prop_map(|[a, b]| [a % 8, b]), any::<Option<[u8; 3]>>(), 0..400),
                1..6,
            ),
        ) {
            let (blocks, mut map) = (blocks(), BTreeMap::<[u8; 2], Value>::new());
            for changes in rounds {
                blocks.apply(changes.iter().map(|(key, value)| (key, value.as_ref().map(|value| &value[..])))).unwrap();
                for (key, value) in changes {
                    match value {
                        Some(value) => drop(map.insert(key, value.into())),
                        None => drop(map.remove(&key)),
                    }
                    prop_assert_eq!(blocks.get(&key).unwrap(), map.get(&key).cloned());
                }
                prop_assert_eq!(all(&blocks), map.clone());
            }
            for row in blocks.blocks.iter().values() {
                prop_assert!(entries::<2>(&row.unwrap()).count() <= MOST);
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(block in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = entries::<4>(&block).collect::<Result<Vec<_>, _>>();
        }
    }

    #[test]
    fn what_a_split_left_behind_does_not_count() {
        let blocks = blocks();
        let keys: Vec<_> = (0..20).map(|key| [1, key]).collect();
        blocks.apply(keys.iter().map(|key| (key, Some(&b"old"[..])))).unwrap();
        // As if a crash had come after the upper half was written, and before the lower one was shortened.
        let upper: Vec<_> = keys[10..].iter().map(|key| (*key, Value::from(&b"old"[..]))).collect();
        blocks.blocks.insert(upper[0].0, encode(&upper).unwrap()).unwrap();
        blocks.apply([(&[1, 15], None), (&[1, 16], Some(&b"new"[..]))].into_iter()).unwrap();
        assert_eq!(blocks.get(&[1, 15]).unwrap(), None);
        let all = all(&blocks);
        assert_eq!((all.len(), all.get(&[1, 16]).map(|value| &value[..])), (19, Some(&b"new"[..])));
    }
}
