//! A graph in order, with the word on each entry whether it counts.

use std::collections::BTreeSet;

use kua_protocol::entry::{Change, Entry};
use kua_protocol::id::Digest;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;

use crate::graph::{Graph, Next};
use crate::order::{Node, Ordered};
use crate::standing::{Standing, standings};

/// The entries of a report as they hold under one roster.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) ordered: Ordered<'a>,
    pub(crate) standings: Vec<Standing>,
    pub(crate) readers: Vec<PublicKey>,
}

impl Graph {
    /// Puts the entries in order and decides which of them count.
    ///
    /// `to` are the signing keys of the coordinators whom the report names; `roster` is the present one.
    pub fn read(&self, to: &[PublicKey], roster: &Roster) -> Reading<'_> {
        let ordered = Ordered::of(self);
        let (standings, readers) = standings(&ordered, to, roster);
        Reading { graph: self, ordered, standings, readers }
    }
}

impl<'a> Reading<'a> {
    /// The keys of all who can read the report: those whom it names, and those who were let in; sorted.
    pub fn readers(&self) -> &[PublicKey] {
        &self.readers
    }

    /// Upon what a new entry builds: the last of the entries that count, and those that are adopted expressly.
    pub fn next(&self, adopted: &[Digest]) -> Next {
        self.graph.next(adopted.iter().copied().chain(self.heads()))
    }

    /// The last entries that count: no other that counts builds on them. The newest come first.
    pub fn heads(&self) -> Vec<Digest> {
        let counted: Vec<_> = self.counted().collect();
        let is_last = |node: &&&Node| !counted.iter().any(|other| other.builds_on(node));
        counted.iter().rev().filter(is_last).map(|node| node.digest()).collect()
    }

    /// The entries that count, in order.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Node<'a>> {
        self.all().filter(|(_, standing)| *standing == Standing::Counts).map(|(node, _)| node)
    }

    /// All entries in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Node<'a>, Standing)> {
        self.ordered.nodes.iter().zip(self.standings.iter().copied())
    }

    /// The entries that were undone and not brought back.
    ///
    /// Only what an author had seen can be undone. Since an undoing comes after what it undoes, the last word is read first.
    pub(crate) fn undone(&self) -> BTreeSet<Digest> {
        let counted: Vec<_> = self.counted().collect();
        let mut undone = BTreeSet::new();
        for node in counted.iter().rev() {
            if undone.contains(&node.digest()) {
                continue;
            }
            for target in undoings(node.kept.entry.entry()) {
                let seen = counted.iter().find(|other| other.digest() == target);
                if seen.is_some_and(|other| node.builds_on(other)) {
                    undone.insert(target);
                }
            }
        }
        undone
    }
}

fn undoings(entry: &Entry) -> impl Iterator<Item = Digest> {
    entry.changes.iter().filter_map(|change| match change {
        Change::Undo { entry } => Some(*entry),
        _ => None,
    })
}
