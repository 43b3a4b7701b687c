//! The one order of a graph's entries: each after all that it builds on.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::id::Digest;

use crate::bits::Bits;
use crate::graph::{Graph, Kept};

/// The entries in the order in which they hold: by clock, then author, then digest.
#[derive(Debug, Clone)]
pub(crate) struct Ordered<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
}

/// An entry in its place.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    pub(crate) kept: &'a Kept,
    /// One more than the highest clock among the parents that are there. It is the entry's own, unless that is a lie or cannot
    /// be checked.
    pub(crate) clock: u64,
    /// The parents that are not there, or have a wrong clock.
    pub(crate) missing: Vec<Digest>,
    /// Whether something is missing among all that it builds on.
    pub(crate) after_gap: bool,
    /// The places of all that it builds on.
    ancestors: Bits,
    /// Its own place among the ancestors of others: that of its digest.
    place: usize,
}

impl Node<'_> {
    pub(crate) fn digest(&self) -> Digest {
        self.kept.entry.digest()
    }

    /// Whether all that it builds on is there and its clock does not follow from it.
    pub(crate) fn has_wrong_clock(&self) -> bool {
        !self.after_gap && self.kept.entry.entry().clock != self.clock
    }

    /// Whether it builds on the other, directly or through others.
    pub(crate) fn builds_on(&self, other: &Self) -> bool {
        self.ancestors.contains(other.place)
    }
}

impl<'a> Ordered<'a> {
    pub(crate) fn of(graph: &'a Graph) -> Self {
        let places: BTreeMap<Digest, usize> =
            graph.entries().enumerate().map(|(place, kept)| (kept.entry.digest(), place)).collect();
        let all: Vec<&Kept> = graph.entries().collect();
        let mut nodes: Vec<Option<Node>> = vec![None; all.len()];
        for place in parents_first(&all, &places) {
            nodes[place] = Some(node(all[place], place, &places, &nodes));
        }
        let mut nodes: Vec<Node> = nodes.into_iter().flatten().collect();
        nodes.sort_by_key(|node| (node.clock, *node.kept.entry.entry().author.as_bytes(), node.digest()));
        Self { nodes }
    }
}

/// The places of all entries, each after its parents. A digest cannot stand in what it is the digest of: there are no rings.
fn parents_first(all: &[&Kept], places: &BTreeMap<Digest, usize>) -> Vec<usize> {
    let parents =
        |place: usize| all[place].entry.entry().parents.iter().filter_map(|parent| places.get(parent));
    let mut waits: Vec<usize> = (0..all.len()).map(|place| parents(place).count()).collect();
    let mut children = vec![Vec::new(); all.len()];
    for place in 0..all.len() {
        parents(place).for_each(|parent| children[*parent].push(place));
    }
    let mut ready: BTreeSet<usize> = (0..all.len()).filter(|place| waits[*place] == 0).collect();
    let mut order = Vec::with_capacity(all.len());
    while let Some(place) = ready.pop_first() {
        order.push(place);
        for child in &children[place] {
            waits[*child] -= 1;
            if waits[*child] == 0 {
                ready.insert(*child);
            }
        }
    }
    order
}

/// Places an entry whose parents are placed.
fn node<'a>(
    kept: &'a Kept,
    place: usize,
    places: &BTreeMap<Digest, usize>,
    parents: &[Option<Node<'a>>],
) -> Node<'a> {
    let (mut clock, mut ancestors) = (1, Bits::below(parents.len()));
    let (mut missing, mut after_gap) = (Vec::new(), false);
    for digest in &kept.entry.entry().parents {
        let parent = places.get(digest).and_then(|place| parents[*place].as_ref());
        let Some(parent) = parent.filter(|parent| !parent.has_wrong_clock()) else {
            missing.push(*digest);
            continue;
        };
        clock = clock.max(parent.clock + 1);
        after_gap |= parent.after_gap;
        ancestors.unite(&parent.ancestors);
        ancestors.insert(parent.place);
    }
    after_gap |= !missing.is_empty();
    Node { kept, clock, missing, after_gap, ancestors, place }
}
