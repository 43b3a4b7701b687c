//! Which entries count: those of people who may say something about the report.

use std::collections::{BTreeMap, BTreeSet};

use kua_protocol::entry::Change;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;
use serde::Serialize;

use crate::order::{Node, Ordered};

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
    /// Its author could not read the report: the report does not name him, and nothing that the entry builds on lets him in.
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
/// Two things need another entry that counts: an author whom the report does not name needs a grant that his entry builds on
/// (or may build on, where something is missing), and one who left the roster needs an entry of somebody present that builds on
/// his. So it begins with what counts without anybody's word, and goes round until no more is added: nobody can let himself in,
/// and no two can vouch for each other.
pub(crate) fn standings(
    ordered: &Ordered,
    to: &[PublicKey],
    roster: &Roster,
) -> (Vec<Standing>, Vec<PublicKey>) {
    let people = People::of(roster);
    let named: BTreeSet<Person> = to.iter().map(|key| people.who(key)).collect();
    let mut counting: Vec<&Node> = Vec::new();
    loop {
        let grants: Vec<(&Node, Person)> =
            (counting.iter()).flat_map(|node| let_in(node).map(|to| (*node, people.who(&to)))).collect();
        let judge = |node: &Node| {
            let author = people.who(&node.kept.entry.entry().author);
            let fits =
                |(grant, to): &(&Node, Person)| *to == author && (node.after_gap || node.builds_on(grant));
            let is_present = |node: &Node| people.is_present(&node.kept.entry.entry().author);
            let vouched = || counting.iter().any(|other| is_present(other) && other.builds_on(node));
            if node.has_wrong_clock() {
                Standing::NotCounted(Reason::WrongClock)
            } else if !named.contains(&author) && !grants.iter().any(fits) {
                Standing::NotCounted(Reason::NotAReader)
            } else if !is_present(node) && !vouched() {
                Standing::NotCounted(Reason::NotOnTheRoster)
            } else {
                Standing::Counts
            }
        };
        let standings: Vec<Standing> = ordered.nodes.iter().map(judge).collect();
        let next = ordered.nodes.iter().zip(&standings).filter(|(_, one)| **one == Standing::Counts);
        let next: Vec<&Node> = next.map(|(node, _)| node).collect();
        if next.len() == counting.len() {
            let granted = counting.iter().flat_map(|node| let_in(node));
            let readers = to.iter().copied().chain(granted).map(|key| (*key.as_bytes(), key));
            return (standings, readers.collect::<BTreeMap<_, _>>().into_values().collect());
        }
        counting = next;
    }
}

/// Whom an entry lets in.
fn let_in(node: &Node) -> impl Iterator<Item = PublicKey> {
    node.kept.entry.entry().changes.iter().filter_map(|change| match change {
        Change::GrantMade { to } => Some(*to),
        _ => None,
    })
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
