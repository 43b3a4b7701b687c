//! Coordinators who work offline come to the same, whatever the order in which entries arrive.

use std::collections::{BTreeMap, BTreeSet};

use kua_caselog::custody::Received;
use kua_caselog::{Graph, Next, State};
use kua_protocol::entry::{Change, Relation, Status, VerifiedEntry};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::json::MAX_INTEGER;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::team::{DROP, Who, note, report, roster, to, today, verified};

const HONEST: [Who; 3] = [Who::Aigul, Who::Marat, Who::Dana];

/// Something that happens.
#[derive(Debug, Clone)]
enum Event {
    /// A coordinator writes an entry, offline, upon what she has.
    Writes { who: usize, what: u8, pick: Index },
    /// What one has arrives at another's, as far as this mask lets it through.
    Arrives { from: usize, at: usize, mask: u64 },
    /// Somebody hostile writes, and everybody gets to see it.
    Hostile { how: u8, pick: Index },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0..3usize, 0..8u8, any::<Index>()).prop_map(|(who, what, pick)| Event::Writes { who, what, pick }),
        4 => (0..3usize, 0..3usize, any::<u64>()).prop_map(|(from, at, mask)| Event::Arrives { from, at, mask }),
        2 => (0..5u8, any::<Index>()).prop_map(|(how, pick)| Event::Hostile { how, pick }),
    ];
    proptest::collection::vec(event, 1..40)
}

/// What happened: every entry, and what honest people wrote.
#[derive(Default)]
struct World {
    entries: Vec<VerifiedEntry>,
    honest: BTreeMap<Digest, String>,
    undone: BTreeSet<Digest>,
}

impl World {
    fn of(events: Vec<Event>) -> Self {
        let mut world = Self::default();
        let mut devices = [Graph::default(), Graph::default(), Graph::default()];
        for (number, event) in events.into_iter().enumerate() {
            match event {
                Event::Writes { who, what, pick } => {
                    let text = format!("note {number}");
                    let known: Vec<Digest> = devices[who].entries().map(|kept| kept.entry.digest()).collect();
                    let change = change(what, (!known.is_empty()).then(|| known[pick.index(known.len())]));
                    if let Change::Undo { entry } = change {
                        world.undone.insert(entry);
                    }
                    let next = devices[who].read(&to(), &roster()).next(&[]);
                    let entry = verified(HONEST[who], next, vec![note(&text), change]);
                    world.honest.insert(entry.digest(), text);
                    devices[who].insert(entry.clone(), today());
                    world.entries.push(entry);
                }
                Event::Arrives { from, at, mask } => {
                    let sent: Vec<_> = devices[from].entries().cloned().enumerate().collect();
                    for (_, kept) in sent.into_iter().filter(|(n, _)| mask >> (n % 64) & 1 == 1) {
                        devices[at].insert(kept.entry, kept.stored);
                    }
                }
                Event::Hostile { how, pick } => {
                    // A present coordinator who builds on what a removed one wrote vouches for it: that is no lie.
                    let known = world.entries.iter().filter(|one| one.entry().author != Who::Removed.key());
                    let known: Vec<Digest> = known.map(VerifiedEntry::digest).collect();
                    let upon = (!known.is_empty()).then(|| known[pick.index(known.len())]);
                    let entry = hostile(how, upon, number);
                    for device in &mut devices {
                        device.insert(entry.clone(), today());
                    }
                    world.entries.push(entry);
                }
            }
        }
        world
    }

    /// All entries, in an order of arrival, some of them twice.
    fn in_order(&self, order: &[usize], twice: &[bool]) -> Graph {
        let mut graph = Graph::default();
        for place in order {
            let entry = &self.entries[*place];
            assert!(graph.insert(entry.clone(), today()), "each is new once");
            if twice[*place % twice.len()] {
                assert!(!graph.insert(entry.clone(), today()), "and then known");
            }
        }
        graph
    }
}

fn change(what: u8, known: Option<Digest>) -> Change {
    match (what, known) {
        (0, _) => Change::Status { status: Status::InReview },
        (1, _) => Change::Status { status: Status::Verified },
        (2, _) => Change::Severity { severity: Some("urgent".into()) },
        (3, _) => Change::Label { label: "arrest".into(), on: true },
        (4, _) => Change::Label { label: "arrest".into(), on: false },
        (5, _) => Change::Assignee { to: Some(Who::Marat.key()) },
        (6, Some(entry)) => Change::Undo { entry },
        _ => Change::Link { to: ObjectId::of(b"another"), relation: Relation::SameEvent, on: true },
    }
}

/// Entries of people who have no say, or lie about what they build on.
fn hostile(how: u8, upon: Option<Digest>, number: usize) -> VerifiedEntry {
    let changes = vec![Change::Status { status: Status::Rejected }, note(&format!("hostile {number}"))];
    let parents: Vec<Digest> = upon.into_iter().collect();
    let invented = vec![Digest::of(&number.to_be_bytes())];
    let (who, parents, clock) = match how {
        0 => (Who::Removed, parents, MAX_INTEGER),
        1 => (Who::Removed, Vec::new(), 1),
        2 => (Who::NotChosen, invented, MAX_INTEGER),
        3 => (Who::Marat, parents, MAX_INTEGER),
        _ => (Who::Marat, invented, MAX_INTEGER),
    };
    verified(who, Next { parents, clock }, changes)
}

fn state(graph: &Graph) -> State {
    graph.read(&to(), &roster()).state()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2000 }))]

    #[test]
    fn whatever_the_order_of_arrival_everybody_sees_the_same_and_nothing_is_lost(
        events in events(), keys in proptest::collection::vec(any::<u32>(), 40), twice in proptest::collection::vec(any::<bool>(), 1..7),
    ) {
        let world = World::of(events);
        let straight: Vec<usize> = (0..world.entries.len()).collect();
        let mut shuffled = straight.clone();
        shuffled.sort_by_key(|place| keys[*place % keys.len()]);
        let mut backwards = straight.clone();
        backwards.reverse();
        let one = world.in_order(&straight, &twice);
        let state = state(&one);
        for order in [shuffled, backwards] {
            let other = world.in_order(&order, &twice);
            prop_assert_eq!(&other, &one);
            prop_assert_eq!(&self::state(&other), &state);
        }

        // Every note of an honest person stands there once, unless an honest person undid it.
        for (digest, text) in &world.honest {
            let standing = state.notes.iter().filter(|note| note.text == *text).count();
            let undone = state.undone.contains(digest);
            prop_assert_eq!(standing, usize::from(!undone), "{}", text);
            prop_assert!(!undone || world.undone.contains(digest));
        }
        // Whatever was written is shown in the chain of custody, once, the hostile too.
        let received = Received { report: report(), size: 1, day: today() };
        let chain = one.read(&to(), &roster()).chain(DROP, received, Vec::new(), |_| None);
        let shown: BTreeSet<Digest> = chain.steps.iter().map(|step| step.entry).collect();
        prop_assert_eq!(shown.len(), chain.steps.len());
        prop_assert_eq!(shown, world.entries.iter().map(VerifiedEntry::digest).collect());
        // Those without a say change nothing, and no lie moves the clock further than there are entries.
        prop_assert!(state.notes.iter().all(|note| note.author != Who::NotChosen.key() && note.author != Who::Removed.key()));
        prop_assert!(chain.steps.iter().all(|step| step.clock <= world.entries.len() as u64));
        // What is noted next comes after everything that counts.
        let counted = world.entries.len() - state.not_counted.len();
        prop_assert_eq!(state.heads.is_empty(), counted == 0);
    }
}
