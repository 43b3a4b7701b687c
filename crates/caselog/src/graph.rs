//! All entries of one report that are known, in whatever order they came.

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::entry::{MAX_PARENTS, VerifiedEntry};
use kua_protocol::id::Digest;
use kua_protocol::json::MAX_INTEGER;

/// The entries of one report, each once. Nothing that was taken in is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    entries: BTreeMap<Digest, Kept>,
}

/// An entry, and the day on which the drop took it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The entry.
    pub entry: VerifiedEntry,
    /// The UTC day that the drop names; of an entry that was sealed again, the first.
    pub stored: Day,
}

/// Upon what a new entry builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Its parents, sorted.
    pub parents: Vec<Digest>,
    /// Its clock.
    pub clock: u64,
}

impl Graph {
    /// Takes an entry in. Says whether it was new; one that is known keeps the earlier day.
    pub fn insert(&mut self, entry: VerifiedEntry, stored: Day) -> bool {
        let mut new = false;
        let kept = self.entries.entry(entry.digest()).or_insert_with(|| {
            new = true;
            Kept { entry, stored }
        });
        kept.stored = kept.stored.min(stored);
        new
    }

    /// How many entries are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry with this digest.
    pub fn get(&self, digest: &Digest) -> Option<&Kept> {
        self.entries.get(digest)
    }

    /// All entries, by digest.
    pub fn entries(&self) -> impl Iterator<Item = &Kept> {
        self.entries.values()
    }

    /// Upon what a new entry builds, for these heads.
    ///
    /// The clock follows the parents' own word. Where that is a lie, the new entry stands behind a gap like its parent, and
    /// neither clock is believed.
    pub fn next(&self, heads: impl IntoIterator<Item = Digest>) -> Next {
        let mut parents: Vec<Digest> = heads.into_iter().take(MAX_PARENTS).collect();
        parents.sort_unstable();
        parents.dedup();
        let claimed =
            parents.iter().filter_map(|parent| self.get(parent)).map(|kept| kept.entry.entry().clock);
        let clock = claimed.max().map_or(1, |highest| highest.saturating_add(1).min(MAX_INTEGER));
        Next { parents, clock }
    }
}
