//! Which entries count: those of people who may say something about the report.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::entry::Change;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;
use serde::Serialize;

use crate::order::Ordered;

/// Whether an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "standing", content = "reason")]
pub enum Standing {
    /// It does.
    Counts,
    /// It does not; it is shown all the same.
    NotCounted(Reason),
}

/// Why an entry does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// All that it builds on is there, and its clock does not follow from it.
    WrongClock,
    /// Its author could not read the report at that point.
    NotAReader,
    /// Its author is not on the roster any more, and nobody who is has built on it.
    NotOnTheRoster,
}

/// A person: the keys of one coordinator of the roster are one person, and any other key is one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    Coordinator(usize),
    Former([u8; 32]),
}

/// Decides of every entry whether it counts, in order, and who can read the report in the end.
///
/// An entry of somebody who left the roster needs one of a present coordinator that builds on it, and that one has to count
/// itself. Hence the circles: they begin with what counts without anybody's word, and each adds to the one before.
pub(crate) fn standings(
    ordered: &Ordered,
    to: &[PublicKey],
    roster: &Roster,
) -> (Vec<Standing>, Vec<PublicKey>) {
    let people = People::of(roster);
    let mut vouched = BTreeSet::new();
    loop {
        let (standings, readers) = circle(ordered, to, &people, &vouched);
        let present: Vec<_> = (ordered.nodes.iter().zip(&standings))
            .filter(|(node, standing)| {
                **standing == Standing::Counts && people.is_present(&node.kept.entry.entry().author)
            })
            .map(|(node, _)| node)
            .collect();
        let built_on = |place: &usize| present.iter().any(|node| node.builds_on(&ordered.nodes[*place]));
        let next: BTreeSet<usize> = (0..ordered.nodes.len()).filter(built_on).collect();
        if next.is_subset(&vouched) {
            return (standings, readers);
        }
        vouched.extend(next);
    }
}

/// Goes through the entries once, where those of former coordinators count that are vouched for.
fn circle(
    ordered: &Ordered,
    to: &[PublicKey],
    people: &People,
    vouched: &BTreeSet<usize>,
) -> (Vec<Standing>, Vec<PublicKey>) {
    let mut readers: BTreeMap<[u8; 32], PublicKey> = to.iter().map(|key| (*key.as_bytes(), *key)).collect();
    let mut may_read: BTreeSet<Person> = to.iter().map(|key| people.who(key)).collect();
    let mut standings = Vec::with_capacity(ordered.nodes.len());
    for (place, node) in ordered.nodes.iter().enumerate() {
        let entry = node.kept.entry.entry();
        let standing = if node.has_wrong_clock() {
            Standing::NotCounted(Reason::WrongClock)
        } else if !may_read.contains(&people.who(&entry.author)) {
            Standing::NotCounted(Reason::NotAReader)
        } else if !people.is_present(&entry.author) && !vouched.contains(&place) {
            Standing::NotCounted(Reason::NotOnTheRoster)
        } else {
            Standing::Counts
        };
        standings.push(standing);
        for change in entry.changes.iter().filter(|_| standing == Standing::Counts) {
            if let Change::GrantMade { to } = change {
                may_read.insert(people.who(to));
                readers.insert(*to.as_bytes(), *to);
            }
        }
    }
    (standings, readers.into_values().collect())
}

/// Whose key is whose.
struct People(BTreeMap<[u8; 32], usize>);

impl People {
    fn of(roster: &Roster) -> Self {
        let keys = roster.coordinators.iter().enumerate();
        Self(keys.flat_map(|(n, one)| one.keys.iter().map(move |keys| (*keys.sign.as_bytes(), n))).collect())
    }

    fn who(&self, key: &PublicKey) -> Person {
        let known = self.0.get(key.as_bytes()).copied();
        known.map_or_else(|| Person::Former(*key.as_bytes()), Person::Coordinator)
    }

    fn is_present(&self, key: &PublicKey) -> bool {
        self.0.contains_key(key.as_bytes())
    }
}
