//! Which ids the ledger may know, in four MiB of memory.
//!
//! Nearly every object that comes is new. To be sure of it costs a page of sled, which with a million objects is
//! rarely at hand; so a Bloom filter says first whether it is worth looking. Ids are digests, hence their own
//! hashes: each of their four words names one bit. With a million ids it errs once in four thousand times, and then
//! sled is asked.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kua_protocol::id::ObjectId;

/// Numbers of 64 bits.
const LEN: usize = 512 * 1024;

/// The ids that were bloom.
#[derive(Debug, Default)]
pub(crate) struct BloomFilter {
    /// Made when the first comes: whoever only reads does not need it.
    bits: OnceLock<Box<[AtomicU64]>>,
    complete: AtomicBool,
}

impl BloomFilter {
    /// Adds an id. It has to be added before it can be found anywhere else.
    pub(crate) fn add(&self, id: ObjectId) {
        let bits = self.bits.get_or_init(|| (0..LEN).map(|_| AtomicU64::new(0)).collect());
        for (at, bit) in places(id) {
            bits[at].fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Says that all ids were added that there were.
    pub(crate) fn complete(&self) {
        self.complete.store(true, Ordering::Release);
    }

    /// Whether an id may have been added; yes as long as some are missing.
    pub(crate) fn may_hold(&self, id: ObjectId) -> bool {
        !self.complete.load(Ordering::Acquire)
            || self
                .bits
                .get()
                .is_some_and(|bits| places(id).all(|(at, bit)| bits[at].load(Ordering::Relaxed) & bit != 0))
    }
}

/// The bits of an id: in which number, and where there.
fn places(id: ObjectId) -> impl Iterator<Item = (usize, u64)> {
    let words: [[u8; 8]; 4] =
        std::array::from_fn(|word| std::array::from_fn(|at| id.as_bytes()[word * 8 + at]));
    words.into_iter().map(u64::from_be_bytes).map(|word| {
        let at = usize::try_from((word >> 6) % LEN as u64).unwrap_or_default();
        (at, 1 << (word % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_held_and_hardly_anything_else() {
        let id = |number: u32| ObjectId::of(&number.to_be_bytes());
        let bloom = BloomFilter::default();
        assert!(bloom.may_hold(id(0)), "nobody knows yet");
        bloom.complete();
        assert!(!bloom.may_hold(id(0)));
        (0..100_000).for_each(|number| bloom.add(id(number)));
        assert!((0..100_000).all(|number| bloom.may_hold(id(number))));
        assert!((100_000..200_000).filter(|number| bloom.may_hold(id(*number))).count() < 10);
    }
}
