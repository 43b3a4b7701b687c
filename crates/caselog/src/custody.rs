//! The chain of custody: who did what with a report, when, with every gap and fork.

use std::collections::BTreeMap;

use kua_protocol::day::Day;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, DropId, ObjectId};
use kua_protocol::keys::PublicKey;
use serde::Serialize;

use crate::reading::Reading;
use crate::standing::Standing;

/// The value of a chain's `format`.
pub const FORMAT: &str = "kua-custody/1";

/// Days between an author's day and the drop's that need no remark: clocks are set differently, and days change.
const REMARKABLE_DAYS: i64 = 1;

/// Everything that is known to have been done with one report, in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The drop.
    pub drop: DropId,
    /// How the report came in.
    pub received: Received,
    /// What was done with it, in the order of the log.
    pub steps: Vec<Step>,
    /// Where people wrote without knowledge of each other, or a branch begins without a known parent.
    pub forks: Vec<Fork>,
    /// The last entries that count; more than one when the branches have not been joined.
    pub heads: Vec<Digest>,
    /// Objects that the drop keeps with this report and that are no entries of it.
    pub refused: Vec<Refused>,
}

/// How a report came in, by the drop's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// The report's id: the SHA-256 of its sealed bytes.
    pub report: ObjectId,
    /// The sealed size in bytes.
    pub size: u64,
    /// The UTC day on which the drop took it in.
    pub day: Day,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The entry's digest.
    pub entry: Digest,
    /// Who signed it.
    pub author: PublicKey,
    /// The author's name, where it is known.
    pub name: Option<String>,
    /// The UTC day by the author's clock.
    pub day: Day,
    /// The UTC day on which the drop took it in.
    pub stored: Day,
    /// Days from the author's day to the drop's, where they differ by more than one.
    pub days_apart: Option<i64>,
    /// The entries on which it builds.
    pub parents: Vec<Digest>,
    /// Those of them that are missing, or do not hold.
    pub missing: Vec<Digest>,
    /// The clock by which it stands in order.
    pub clock: u64,
    /// The clock that it claims.
    pub claimed_clock: u64,
    /// The digest of the roster that its author knew.
    pub roster: Digest,
    /// Whether it counts.
    #[serde(flatten)]
    pub standing: Standing,
    /// Whether it was undone later.
    pub undone: bool,
    /// What it says.
    pub changes: Vec<Change>,
}

/// Several entries that build on the same one, or on none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fork {
    /// The entry after which they part; none at the beginning.
    pub after: Option<Digest>,
    /// The first entry of each branch, in order.
    pub branches: Vec<Digest>,
}

/// An object of the report's log that could not be taken as an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The sealed object's id.
    pub object: ObjectId,
    /// The UTC day on which the drop took it in.
    pub stored: Day,
    /// Why it is none.
    pub why: String,
}

impl Chain {
    /// The chain as JSON of the form [`FORMAT`].
    pub fn to_json(&self) -> serde_json::Value {
        // Strings, numbers and lists of them: nothing that could fail to be written.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Reading<'_> {
    /// The chain of custody. `name` gives the name that goes with a signing key.
    pub fn chain(
        &self,
        drop: DropId,
        received: Received,
        refused: Vec<Refused>,
        name: impl Fn(&PublicKey) -> Option<String>,
    ) -> Chain {
        let undone = self.undone();
        let steps = self.all().map(|(node, standing)| {
            let (entry, stored) = (node.kept.entry.entry(), node.kept.stored);
            let apart = stored.days_since(entry.day);
            Step {
                entry: node.digest(),
                author: entry.author,
                name: name(&entry.author),
                day: entry.day,
                stored,
                days_apart: (apart.abs() > REMARKABLE_DAYS).then_some(apart),
                parents: entry.parents.clone(),
                missing: node.missing.clone(),
                clock: node.clock,
                claimed_clock: entry.clock,
                roster: entry.roster,
                standing,
                undone: undone.contains(&node.digest()),
                changes: entry.changes.clone(),
            }
        });
        let steps: Vec<Step> = steps.collect();
        Chain { format: FORMAT, drop, received, forks: forks(&steps), steps, heads: self.heads(), refused }
    }
}

fn forks(steps: &[Step]) -> Vec<Fork> {
    let mut children: BTreeMap<Option<Digest>, Vec<Digest>> = BTreeMap::new();
    for step in steps {
        let known = step.parents.iter().filter(|parent| !step.missing.contains(parent));
        let mut after: Vec<_> = known.map(|parent| Some(*parent)).collect();
        if after.is_empty() {
            after.push(None);
        }
        for parent in after {
            children.entry(parent).or_default().push(step.entry);
        }
    }
    let several = children.into_iter().filter(|(_, branches)| branches.len() > 1);
    several.map(|(after, branches)| Fork { after, branches }).collect()
}
