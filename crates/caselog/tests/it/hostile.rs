//! People who lie about when and who: they are shown, and change nothing.

use kua_caselog::{Graph, Next, Reason};
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::{Change, Entry, EntryError, Status};
use kua_protocol::id::{Digest, DropId, ObjectId};
use kua_protocol::json::MAX_INTEGER;

use crate::team::{DROP, Who, append, entry, note, report, roster, status, to, today, verified};

fn first() -> Next {
    Next { parents: Vec::new(), clock: 1 }
}

/// A log of two entries: the first says "in review", the second "verified".
fn log() -> (Graph, Digest, Digest) {
    let mut graph = Graph::default();
    let one = append(&mut graph, Who::Aigul, vec![status(Status::InReview)]);
    let two = append(&mut graph, Who::Marat, vec![status(Status::Verified)]);
    (graph, one, two)
}

#[test]
fn a_huge_clock_is_not_believed_whether_it_can_be_checked_or_not() {
    let (mut graph, one, two) = log();
    let lie =
        verified(Who::Marat, Next { parents: vec![one], clock: MAX_INTEGER }, vec![status(Status::Rejected)]);
    graph.insert(lie.clone(), today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.status.value, Status::Verified);
    assert_eq!(state.not_counted[0].reason, Reason::WrongClock);
    assert_eq!(state.not_counted[0].entry, lie.digest());

    let invented = Next { parents: vec![Digest::of(b"invented")], clock: MAX_INTEGER };
    graph.insert(verified(Who::Dana, invented, vec![status(Status::Closed)]), today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(
        state.status.value,
        Status::Verified,
        "what stands behind a gap comes before what can be followed"
    );
    assert_eq!(state.status.concurrent.len(), 1, "and is shown beside it");
    assert_eq!(state.gaps.len(), 1);

    // Whoever builds on it is not drawn into the lie.
    let after = append(&mut graph, Who::Aigul, vec![status(Status::NeedsInformation)]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!((state.status.value, state.status.entry), (Status::NeedsInformation, Some(after)));
    assert!(state.status.concurrent.is_empty());
    assert!(graph.get(&two).is_some());
}

#[test]
fn an_honest_entry_stays_valid_when_a_gap_before_it_is_filled_or_turns_out_a_lie() {
    let (mut graph, _, two) = log();
    let hidden = verified(Who::Marat, Next { parents: vec![two], clock: 3 }, vec![note("kept back")]);
    for claimed in [4, 40] {
        let next = Next { parents: vec![hidden.digest()], clock: claimed };
        graph.insert(verified(Who::Marat, next, vec![note(&format!("claims {claimed}"))]), today());
    }
    let honest = append(&mut graph, Who::Aigul, vec![note("honest")]);
    let counts = |graph: &Graph| {
        let state = graph.read(&to(), &roster()).state();
        state.notes.iter().any(|note| note.entry == honest)
    };
    assert!(counts(&graph));
    graph.insert(hidden, today());
    assert!(counts(&graph));
    let state = graph.read(&to(), &roster()).state();
    let lies: Vec<_> = state.not_counted.iter().map(|one| one.reason).collect();
    assert_eq!(lies, [Reason::WrongClock], "of the two claims one was true");
}

#[test]
fn who_left_the_roster_counts_only_as_far_as_somebody_present_built_on_it() {
    let mut graph = Graph::default();
    let before = append(&mut graph, Who::Removed, vec![status(Status::InReview)]);
    assert!(graph.read(&to(), &roster()).state().heads.is_empty(), "nobody builds on it");

    // Written while both were on the roster.
    let next = Next { parents: vec![before], clock: 2 };
    graph.insert(verified(Who::Aigul, next, vec![note("seen")]), today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.status.value, Status::InReview);

    // Backdated after the removal: it takes the place of a first entry, and nobody builds on it.
    let backdated = verified(Who::Removed, first(), vec![status(Status::Rejected)]);
    graph.insert(backdated.clone(), today());
    let later = append(&mut graph, Who::Marat, vec![note("later")]);
    let reading = graph.read(&to(), &roster());
    let state = reading.state();
    assert_eq!(state.status.value, Status::InReview);
    assert!(state.status.concurrent.is_empty());
    assert_eq!(state.not_counted[0].reason, Reason::NotOnTheRoster);
    assert_eq!(state.heads, [later], "it is not taken as a parent");

    // Unless somebody takes it up expressly.
    let next = reading.next(&[backdated.digest()]);
    assert_eq!(next.parents.len(), 2);
    graph.insert(verified(Who::Marat, next, vec![note("taken up")]), today());
    assert!(graph.read(&to(), &roster()).state().not_counted.is_empty());
}

#[test]
fn who_was_not_chosen_has_no_say_until_somebody_who_was_lets_him_in() {
    let (mut graph, _, _) = log();
    let grant = |key| vec![Change::GrantMade { to: key }];
    append(&mut graph, Who::NotChosen, grant(Who::NotChosen.key()));
    let early = append(&mut graph, Who::NotChosen, vec![note("early")]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.not_counted.len(), 2, "nobody lets himself in");
    assert!(state.notes.is_empty());

    append(&mut graph, Who::Aigul, grant(Who::NotChosen.key()));
    append(&mut graph, Who::NotChosen, vec![note("late")]);
    let state = graph.read(&to(), &roster()).state();
    let notes: Vec<_> = state.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, ["late"]);
    assert!(state.not_counted.iter().any(|one| one.entry == early && one.reason == Reason::NotAReader));
    assert!(state.readers.contains(&Who::NotChosen.key()));
}

#[test]
fn a_grant_by_somebody_who_left_lets_nobody_in_who_could_vouch_for_it() {
    let mut graph = Graph::default();
    append(&mut graph, Who::Aigul, vec![note("one")]);
    let next = graph.read(&to(), &roster()).next(&[]);
    let grant = verified(Who::Removed, next, vec![Change::GrantMade { to: Who::NotChosen.key() }]);
    graph.insert(grant.clone(), today());
    let next = Next { parents: vec![grant.digest()], clock: 3 };
    graph.insert(verified(Who::NotChosen, next, vec![note("circle")]), today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.not_counted.len(), 2);
    assert!(!state.readers.contains(&Who::NotChosen.key()));
}

#[test]
fn an_earlier_key_of_a_coordinator_is_that_coordinator() {
    let mut graph = Graph::default();
    append(&mut graph, Who::DanaBefore, vec![note("with the earlier key")]);
    append(&mut graph, Who::Dana, vec![note("with the present one")]);
    assert_eq!(graph.read(&to(), &roster()).state().notes.len(), 2);
}

#[test]
fn an_entry_is_good_in_its_place_and_under_its_authors_key_alone() {
    let entry = entry(Who::Aigul, first(), vec![note("text")]);
    let envelope = entry.sign(Who::Aigul.signing()).unwrap();
    assert!(Entry::verify(&envelope, DROP, report()).is_ok());
    let verify = |envelope: &Envelope| Entry::verify(envelope, DROP, report());
    assert!(matches!(
        Entry::verify(&envelope, DropId::from_bytes([2; 16]), report()),
        Err(EntryError::OtherDrop)
    ));
    assert!(matches!(
        Entry::verify(&envelope, DROP, ObjectId::of(b"another report")),
        Err(EntryError::OtherReport)
    ));
    // The same words under another's signature would have the same digest.
    assert!(matches!(entry.sign(Who::Removed.signing()), Err(EntryError::OtherAuthor)));
    let stolen = Envelope::sign(&entry, Who::Removed.signing()).unwrap();
    assert_eq!(stolen.digest(), envelope.digest());
    assert!(matches!(verify(&stolen), Err(EntryError::OtherAuthor)));

    let json = String::from_utf8(envelope.to_json()).unwrap();
    let key = |who: Who| who.key().to_string();
    let bent = json.replace(&key(Who::Aigul), &key(Who::Marat));
    assert!(matches!(verify(&Envelope::parse(bent.as_bytes()).unwrap()), Err(EntryError::Envelope(_))));
}

#[test]
fn who_was_let_in_counts_behind_a_gap_too() {
    let (mut graph, _, _) = log();
    append(&mut graph, Who::Aigul, vec![Change::GrantMade { to: Who::NotChosen.key() }]);
    let next = Next { parents: vec![Digest::of(b"kept back")], clock: 9 };
    graph.insert(verified(Who::NotChosen, next, vec![note("behind")]), today());
    assert_eq!(graph.read(&to(), &roster()).state().notes.len(), 1);
}
