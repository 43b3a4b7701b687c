//! What entries come to.

use kua_caselog::custody::{Chain, Received};
use kua_caselog::{Graph, Next};
use kua_protocol::entry::{Change, Relation, Status};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::reply::Kind;
use kua_report::vocabulary::Severity;
use serde_json::json;

use crate::team::{DROP, Who, append, note, report, roster, status, to, today, verified};

fn chain(graph: &Graph) -> Chain {
    let received = Received { report: report(), size: 19_600, day: today() };
    let name = |key: &_| (*key == Who::Aigul.key()).then(|| "Aigul".to_owned());
    graph.read(&to(), &roster()).chain(DROP, received, Vec::new(), name)
}

#[test]
fn the_last_word_holds_and_words_at_the_same_time_stand_beside_it() {
    let mut graph = Graph::default();
    let root = append(&mut graph, Who::Aigul, vec![status(Status::InReview)]);
    let next = || Next { parents: vec![root], clock: 2 };
    let same = || vec![Change::Severity { severity: Some("urgent".into()) }];
    graph.insert(verified(Who::Aigul, next(), [vec![status(Status::Verified)], same()].concat()), today());
    graph.insert(verified(Who::Marat, next(), [vec![status(Status::Rejected)], same()].concat()), today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.status.concurrent.len(), 1);
    assert_ne!(state.status.value, state.status.concurrent[0].0);
    assert_eq!(state.severity.value, Some(Severity::Urgent));
    assert!(!state.severity.is_disputed(), "both say the same");
    assert!(state.is_disputed());
    assert_eq!(state.heads.len(), 2);
    assert_eq!(chain(&graph).forks.len(), 1);

    append(&mut graph, Who::Dana, vec![status(Status::Closed)]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.status.value, Status::Closed);
    assert!(!state.is_disputed(), "who wrote it had seen both");
    assert_eq!((state.heads.len(), state.next_clock), (1, 4));
}

#[test]
fn what_was_undone_comes_back_when_the_undoing_is_undone() {
    let mut graph = Graph::default();
    append(&mut graph, Who::Aigul, vec![status(Status::InReview)]);
    let wrong = append(&mut graph, Who::Marat, vec![status(Status::Rejected), note("a mistake")]);
    let undo = append(&mut graph, Who::Aigul, vec![Change::Undo { entry: wrong }]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!((state.status.value, state.notes.len()), (Status::InReview, 0));
    assert_eq!(state.undone, [wrong]);
    append(&mut graph, Who::Marat, vec![Change::Undo { entry: undo }]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!((state.status.value, state.notes.len()), (Status::Rejected, 1));
}

#[test]
fn nobody_undoes_what_he_has_not_seen_and_what_was_done_outside_stays_done() {
    let mut graph = Graph::default();
    let root = append(&mut graph, Who::Aigul, vec![note("one")]);
    let reply = Change::Reply {
        message: ObjectId::of(b"a reply"),
        number: 1,
        kind: Kind::Text,
        text: "Was anybody else there?".into(),
        language: "en".into(),
        attachment: None,
    };
    let grant = Change::GrantMade { to: Who::NotChosen.key() };
    let given =
        Change::HandedOut { to: "a lawyer".into(), form: "age".into(), digest: Digest::of(b"a file") };
    let done = append(&mut graph, Who::Aigul, vec![reply, grant, given, note("answered")]);
    append(&mut graph, Who::Marat, vec![Change::Undo { entry: done }]);
    let beside =
        verified(Who::Dana, Next { parents: vec![root], clock: 2 }, vec![Change::Undo { entry: done }]);
    graph.insert(beside, today());
    let state = graph.read(&to(), &roster()).state();
    assert_eq!((state.replies.len(), state.handed_out.len()), (1, 1));
    assert!(state.readers.contains(&Who::NotChosen.key()));
    assert_eq!(state.notes.len(), 1);

    let mut graph = Graph::default();
    let root = append(&mut graph, Who::Aigul, vec![note("one")]);
    let unseen = verified(Who::Marat, Next { parents: vec![root], clock: 2 }, vec![note("unseen")]);
    let undo = vec![Change::Undo { entry: unseen.digest() }];
    graph.insert(verified(Who::Dana, Next { parents: vec![root], clock: 2 }, undo), today());
    graph.insert(unseen, today());
    assert_eq!(graph.read(&to(), &roster()).state().notes.len(), 2);
}

#[test]
fn labels_and_links_go_on_and_off() {
    let mut graph = Graph::default();
    let other = ObjectId::of(b"another");
    let label = |label: &str, on| Change::Label { label: label.into(), on };
    let link = |relation, on| Change::Link { to: other, relation, on };
    append(
        &mut graph,
        Who::Aigul,
        vec![label("one, two", true), label("arrest", true), link(Relation::Duplicate, true)],
    );
    append(
        &mut graph,
        Who::Marat,
        vec![label("arrest", false), link(Relation::Duplicate, false), link(Relation::Related, true)],
    );
    let state = graph.read(&to(), &roster()).state();
    assert_eq!(state.labels().collect::<Vec<_>>(), ["one, two"]);
    assert_eq!(state.links().collect::<Vec<_>>(), [(other, Relation::Related)]);
}

#[test]
fn what_a_later_version_says_is_kept_and_changes_nothing() {
    let change: Change = serde_json::from_value(json!({"change": "mood", "of": ["the", "weather"]})).unwrap();
    assert!(matches!(change, Change::Other(_)));
    let unknown: Change = serde_json::from_value(json!({"change": "status", "status": "escalated"})).unwrap();
    let severity = Change::Severity { severity: Some("cosmic".into()) };
    let mut graph = Graph::default();
    append(&mut graph, Who::Aigul, vec![change, unknown, severity, note("and this")]);
    let state = graph.read(&to(), &roster()).state();
    assert_eq!((state.status.value, state.severity.value, state.notes.len()), (Status::New, None, 1));
    let shown = chain(&graph).to_json();
    assert_eq!(shown["steps"][0]["changes"][0], json!({"change": "mood", "of": ["the", "weather"]}));
    assert_eq!(shown["steps"][0]["changes"][1]["status"], "escalated");
}

#[test]
fn the_chain_says_who_and_when_and_what_is_odd() {
    let mut graph = Graph::default();
    let one = append(&mut graph, Who::Aigul, vec![status(Status::InReview)]);
    let lost = Digest::of(b"lost");
    let mut parents = vec![one, lost];
    parents.sort_unstable();
    let late = verified(Who::Marat, Next { parents, clock: 7 }, vec![note("late")]);
    graph.insert(late, today().plus(9));
    let chain = chain(&graph).to_json();
    assert_eq!(chain["format"], "kua-custody/1");
    let [first, second] = [&chain["steps"][0], &chain["steps"][1]];
    assert_eq!(
        (&first["name"], &first["standing"], &first["days_apart"]),
        (&json!("Aigul"), &json!("counts"), &json!(null))
    );
    assert_eq!((&second["name"], &second["days_apart"]), (&json!(null), &json!(9)));
    assert_eq!(second["missing"], json!([lost.to_string()]));
    assert_eq!((&second["clock"], &second["claimed_clock"]), (&json!(2), &json!(7)));
}
