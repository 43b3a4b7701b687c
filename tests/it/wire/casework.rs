//! Coordinators at work on reports: what they note, who sees it, and what a hostile hand can do to it.

use std::fs::File;
use std::process::Command;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::api::{EntryPage, path};
use kua_protocol::entry::{Change, Entry, MAX_TEXT_LEN, Status};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::json::MAX_INTEGER;
use kua_sealing::{CoordinatorKeys, Floor, Recipients, SealPlan};
use serde_json::{Map, Value, json};

use super::{Request, Wire};
use crate::refusals::{assert_says, refusal};
use crate::secrets::{everything_under, holds};

mod granting;
mod offline;

impl Wire {
    /// Submits a sample, to all coordinators or to these.
    fn report(&self, sample: usize, to: &[&str]) -> ObjectId {
        let mut submit = self.stage.submit(&self.stage.draft(&samples::incidents()[sample]));
        submit.args(to.iter().flat_map(|name| ["--to", name]));
        submit.json().unwrap()["report_id"].as_str().unwrap().parse().unwrap()
    }

    /// `kua triage LINK ID` as one of the coordinators, with these words.
    fn triage(&self, coordinator: usize, id: ObjectId, words: &[&str]) -> Command {
        let mut triage = self.stage.reader("triage", coordinator);
        triage.arg(id.short()).args(words);
        triage
    }

    /// What the log of a report comes to, as one of the coordinators sees it.
    fn state(&self, coordinator: usize, id: ObjectId) -> Value {
        self.triage(coordinator, id, &["--json"]).json().unwrap()
    }

    fn custody(&self, coordinator: usize, id: ObjectId) -> Value {
        self.stage.reader("custody", coordinator).args([&id.short(), "--json"]).json().unwrap()
    }

    /// Leaves an entry of this author in a log, brought by the first coordinator: a drop that lies could do as much.
    fn inject(&self, id: ObjectId, author: &CoordinatorKeys, entry: impl FnOnce(&mut Entry)) -> Digest {
        let mut written = Entry {
            drop: self.id,
            report: id,
            author: author.signing().public(),
            day: crate::today(),
            parents: Vec::new(),
            clock: 1,
            roster: self.roster().digest(),
            changes: vec![Change::Status { status: Status::Rejected }],
            more: Map::new(),
        };
        entry(&mut written);
        let envelope = written.sign(author.signing()).unwrap();
        self.leave_sealed(id, &envelope.to_json());
        envelope.digest()
    }

    fn leave_sealed(&self, id: ObjectId, statement: &[u8]) {
        let roster = self.roster();
        let keys = roster.sealing_keys(crate::today());
        let recipients = Recipients::new(keys.iter().map(|(_, keys)| (keys.recipient.as_str(), true)));
        let plan = SealPlan::new(recipients.unwrap(), statement.len() as u64, Floor::Entry).unwrap();
        let mut sealed = Vec::new();
        plan.seal(statement, &mut sealed).unwrap();
        let request = Request::new("POST", path::entries(id)).body(sealed);
        assert_eq!(self.ask(&self.signed(self.coordinators[0].signing(), request)).status, 201);
    }

    fn sizes(&self, id: ObjectId) -> Vec<u64> {
        let answer = self.coordinator(0, "GET", path::entries(id));
        let page: EntryPage = serde_json::from_slice(&answer.body).unwrap();
        page.entries.iter().map(|row| row.size).collect()
    }

    fn roster_command(&self, words: &[&str]) {
        let mut command = self.stage.kua.command();
        self.stage
            .team
            .root
            .unlock(command.arg("roster").args(words).arg(&self.stage.roster))
            .succeed()
            .unwrap();
        let mut publish = self.stage.kua.command();
        publish.args(["roster", "publish", &self.stage.link]).arg(&self.stage.roster).succeed().unwrap();
    }
}

fn digest(state: &Value) -> Digest {
    state["entry"].as_str().unwrap().parse().unwrap()
}

#[test]
fn two_coordinators_see_the_same_and_undoing_is_one_more_entry() {
    let wire = Wire::new();
    let (id, other) = (wire.report(0, &[]), wire.report(1, &[]));
    let words =
        ["--status", "in-review", "--label", "arrest", "--label", "one, two", "--assign", "Marat", "--json"];
    let noted = wire.triage(0, id, &words).json().unwrap();
    assert_eq!((&noted["status"], &noted["assignee"]), (&json!("in-review"), &json!("Marat")));
    let note = "Two sources agree.\nThe third one does not.";
    let words =
        ["--status", "verified", "--severity", "urgent", "--unlabel", "arrest", "--note", note, "--json"];
    let noted = wire.triage(1, id, &words).json().unwrap();
    wire.triage(1, id, &["--link", &other.short(), "--relation", "same-event"]).succeed().unwrap();

    let state = wire.state(0, id);
    assert_eq!((&state["status"], &state["severity"]), (&json!("verified"), &json!("urgent")));
    assert_eq!(state["labels"], json!(["one, two"]));
    assert_eq!(state["notes"][0]["text"], note);
    assert_eq!(state["notes"][0]["by"], "Marat");
    assert_eq!(state["links"], json!([{ "report_id": other, "relation": "same-event" }]));
    assert_eq!(wire.state(1, id), state);
    assert_eq!(state["concurrent"]["status"], json!([]));

    let wrong = digest(&noted).to_string();
    let undone = wire.triage(0, id, &["--undo", &wrong[..8], "--json"]).json().unwrap();
    assert_eq!((&undone["status"], &undone["labels"]), (&json!("in-review"), &json!(["arrest", "one, two"])));
    assert_eq!(undone["notes"], json!([]));
    let again = digest(&undone).to_string();
    let back = wire.triage(1, id, &["--undo", &again[..8], "--json"]).json().unwrap();
    assert_eq!(back["status"], "verified");
    let shown = wire.triage(0, id, &[]).succeed().unwrap();
    for text in ["verified", "Urgent", "The third one does not.", "undid entry", "same event as", "Marat"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert_says(&refusal(&mut wire.triage(0, id, &["--link", &id.short()])), &["not linked with itself"]);
    let wrong = wire.triage(0, id, &["--status", "done"]).run().unwrap();
    assert_eq!(wrong.code, Some(2));
    assert_says(&wrong.stderr, &["`done` is not one of new, in-review"]);
    assert_says(&refusal(&mut wire.triage(0, id, &["--undo", "00000000"])), &["no entry of", "kua custody"]);
    assert_says(&refusal(&mut wire.triage(0, id, &["--note", "a\u{1b}[2J"])), &["no control characters"]);
}

#[test]
fn only_links_that_there_are_are_taken_off() {
    let wire = Wire::new();
    let (id, other) = (wire.report(0, &[]), wire.report(1, &[]));
    let to = other.short();
    let unlink = |words: &[&str]| wire.triage(0, id, &[&["--unlink", &to][..], words].concat());
    assert_says(&refusal(&mut unlink(&[])), &["has no link to", &to, "shows its links"]);
    for relation in ["duplicate", "same-event"] {
        wire.triage(1, id, &["--link", &to, "--relation", relation]).succeed().unwrap();
    }
    assert_says(&refusal(&mut unlink(&["--relation", "related"])), &["has no link to", "as related"]);
    let left = unlink(&["--relation", "duplicate", "--json"]).json().unwrap();
    assert_eq!(left["links"], json!([{ "report_id": other, "relation": "same-event" }]));
    assert_eq!(unlink(&["--json"]).json().unwrap()["links"], json!([]));
    let shown = wire.triage(1, id, &[]).succeed().unwrap();
    assert_eq!(shown.matches("no longer: ").count(), 2, "{shown}");
    assert_says(&refusal(&mut unlink(&[])), &["has no link to"]);
    let steps = wire.custody(0, id)["steps"].as_array().unwrap().len();
    assert_eq!(steps, 4, "what is refused leaves no entry");
}

#[test]
fn several_reports_are_noted_at_once_and_a_long_note_is_taken() {
    let wire = Wire::new();
    let (one, other) = (wire.report(0, &[]), wire.report(1, &[]));
    let states = wire.triage(0, one, &[&other.short(), "--status", "closed", "--json"]).json().unwrap();
    assert_eq!((&states[0]["status"], &states[1]["status"]), (&json!("closed"), &json!("closed")));
    // As long as one argument may be; quotes are twice as long in JSON.
    let long = "\"\n".repeat(60_000) + "the end";
    wire.triage(0, one, &["--note", &long]).succeed().unwrap();
    assert_eq!(wire.state(1, one)["notes"][0]["text"], long);
}

#[test]
fn what_is_written_at_the_same_time_is_shown_side_by_side() {
    let wire = Wire::new();
    let id = wire.report(0, &[]);
    wire.triage(0, id, &["--status", "verified"]).succeed().unwrap();
    // Marat had not seen it: he was offline.
    let beside = wire.inject(id, &wire.coordinators[1], |_| {});
    let state = wire.state(0, id);
    assert_eq!(state["heads"].as_array().unwrap().len(), 2);
    let (holds, other) = (&state["status"], &state["concurrent"]["status"][0][0]);
    assert!([holds, other].contains(&&json!("verified")) && [holds, other].contains(&&json!("rejected")));
    assert_eq!(wire.state(1, id), state);
    assert_eq!(wire.custody(0, id)["forks"][0]["branches"].as_array().unwrap().len(), 2);
    assert!(wire.triage(1, id, &[]).succeed().unwrap().contains("written at the same time"));

    let settled = wire.triage(1, id, &["--status", "closed", "--json"]).json().unwrap();
    assert_eq!((&settled["status"], &settled["concurrent"]["status"]), (&json!("closed"), &json!([])));
    let steps = wire.custody(0, id)["steps"].clone();
    assert!(steps.as_array().unwrap().iter().any(|step| step["entry"] == json!(beside)));
}

#[test]
fn who_was_not_chosen_sees_that_there_are_entries_and_has_no_say() {
    let wire = Wire::with(&["Aigul", "Marat", "Dana"]);
    let id = wire.report(0, &["Aigul", "Dana"]);
    wire.triage(0, id, &["--status", "verified", "--note", "short"]).succeed().unwrap();
    wire.triage(2, id, &["--status", "closed"]).succeed().unwrap();
    let words = ["not sealed to your key"];
    assert_says(&refusal(&mut wire.triage(1, id, &["--status", "rejected"])), &words);
    assert_says(&refusal(&mut wire.triage(1, id, &[])), &words);
    assert_says(&refusal(wire.stage.reader("custody", 1).arg(id.short())), &words);
    assert_says(&refusal(wire.stage.reader("grant", 1).args([&id.short(), "--to", "Marat"])), &words);
    // A program of his own making does not help him.
    let marat = &wire.coordinators[1];
    let before = wire.inject(id, marat, |entry| {
        entry.changes.push(Change::GrantMade { to: marat.signing().public() });
    });
    let state = wire.state(0, id);
    assert_eq!(state["status"], "closed");
    let expected = json!([{ "entry": before, "author": marat.signing().public(), "reason": "not-a-reader" }]);
    assert_eq!(state["not_counted"], expected);
    assert_eq!(state["readers"], json!(["Aigul", "Dana"]));
}

#[test]
fn hostile_entries_are_shown_and_win_nothing() {
    let wire = Wire::new();
    let (id, other) = (wire.report(0, &[]), wire.report(1, &[]));
    let [aigul, marat] = wire.coordinators.as_slice() else { panic!() };
    let first = digest(&wire.triage(0, id, &["--status", "in-review", "--json"]).json().unwrap());
    wire.triage(0, id, &["--status", "verified"]).succeed().unwrap();
    wire.inject(id, marat, |entry| (entry.parents, entry.clock) = (vec![first], MAX_INTEGER));
    wire.inject(id, marat, |entry| {
        (entry.parents, entry.clock) = (vec![Digest::of(b"invented")], MAX_INTEGER);
        entry.day = crate::today().plus(-30);
    });
    // Bent, moved from another report, signed by one in the name of the other, and no entry at all.
    let mut entry = None;
    wire.inject(other, aigul, |written| entry = Some(written.clone()));
    let mut entry = entry.unwrap();
    wire.leave_sealed(id, &entry.sign(aigul.signing()).unwrap().to_json());
    entry.report = id;
    let signed = String::from_utf8(entry.sign(aigul.signing()).unwrap().to_json()).unwrap();
    let stolen = signed.replace(&aigul.signing().public().to_string(), &marat.signing().public().to_string());
    wire.leave_sealed(id, stolen.as_bytes());
    wire.leave_sealed(id, b"{}");

    let state = wire.state(0, id);
    assert_eq!(state["status"], "verified");
    assert_eq!(state["not_counted"][0]["reason"], "wrong-clock");
    assert_eq!(state["gaps"].as_array().unwrap().len(), 1);
    let chain = wire.custody(1, id);
    assert_eq!(chain["steps"].as_array().unwrap().len(), 4);
    assert_eq!(chain["refused"].as_array().unwrap().len(), 3, "{chain}");
    assert!(chain["steps"].as_array().unwrap().iter().any(|step| step["days_apart"] == 30));
    let shown = wire.stage.reader("custody", 1).arg(id.short()).succeed().unwrap();
    for text in [
        "something may be hidden",
        "its clock does not follow",
        "Not an entry",
        "The log begins more than once",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    // Whoever goes on is not drawn in.
    let next = wire.triage(1, id, &["--status", "closed", "--json"]).json().unwrap();
    assert_eq!((&next["status"], &next["heads"]), (&json!("closed"), &json!([next["entry"]])));
}

#[test]
fn who_was_removed_keeps_a_name_and_has_no_say_any_more() {
    let wire = Wire::with(&["Aigul", "Marat", "Dana"]);
    let id = wire.report(0, &[]);
    wire.triage(2, id, &["--label", "seen by Dana"]).succeed().unwrap();
    wire.triage(0, id, &["--status", "in-review"]).succeed().unwrap();
    let late = wire.triage(2, id, &["--label", "nobody built on this", "--json"]).json().unwrap();
    wire.roster_command(&["remove", "Dana"]);
    // Backdated, and in the drop's hands: nothing tells it from what was written in time.
    let backdated = wire.inject(id, &wire.coordinators[2], |entry| entry.day = crate::today().plus(-9));
    let state = wire.state(0, id);
    assert_eq!((&state["status"], &state["labels"]), (&json!("in-review"), &json!(["seen by Dana"])));
    let reasons: Vec<_> =
        state["not_counted"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["not-on-the-roster"; 2]);
    let chain = wire.custody(0, id);
    let dana = chain["steps"].as_array().unwrap().iter().filter(|step| step["name"] == "Dana").count();
    assert_eq!(dana, 3, "the name is remembered: {chain}");
    let noted = wire.triage(0, id, &["--note", "on we go", "--json"]).json().unwrap();
    assert_eq!(noted["not_counted"].as_array().unwrap().len(), 2);

    let late = digest(&late).to_string();
    let taken =
        wire.triage(1, id, &["--build-on", &late[..8], "--note", "Dana was right", "--json"]).json().unwrap();
    assert_eq!(taken["labels"], json!(["nobody built on this", "seen by Dana"]));
    assert_eq!(taken["not_counted"][0]["entry"], json!(backdated));
    assert_eq!(wire.state(0, id)["labels"], taken["labels"]);
}

#[test]
fn an_answer_is_in_the_log_for_the_colleagues() {
    let wire = Wire::new();
    let id = wire.report(0, &[]);
    wire.stage.reader("reply", 0).args([&id.short(), "--text", "Was anybody else there?"]).succeed().unwrap();
    wire.stage.reader("reply", 1).args([&id.short(), "--acknowledge"]).succeed().unwrap();
    let state = wire.state(1, id);
    assert_eq!(state["replies"][0]["text"], "Was anybody else there?");
    let reply = state["replies"][0]["entry"].as_str().unwrap();
    assert_says(&refusal(&mut wire.triage(1, id, &["--undo", &reply[..8]])), &["cannot be undone"]);
    assert_eq!(
        (&state["replies"][0]["by"], &state["replies"][1]["kind"]),
        (&json!("Aigul"), &json!("acknowledgement"))
    );
}

#[test]
fn a_captured_drop_knows_how_much_was_noted_and_nothing_of_it() {
    let mut wire = Wire::new();
    let id = wire.report(0, &[]);
    let (note, label) = ("CANARY the witness is called so", "CANARY label");
    wire.triage(0, id, &["--status", "needs-information", "--label", label, "--assign", "Marat"])
        .succeed()
        .unwrap();
    wire.triage(1, id, &["--note", note, "--severity", "urgent"]).succeed().unwrap();
    wire.stage.reader("reply", 1).args([&id.short(), "--text", "CANARY answer"]).succeed().unwrap();
    wire.stage.drop.stop().unwrap();
    let mut files = everything_under(wire.stage.drop.folder().path());
    files.retain(|(path, _)| !path.ends_with("roster.json"));
    files.push(("log".into(), wire.stage.drop.log().unwrap().into_bytes()));
    for word in ["CANARY", "needs-information", "urgent", "Marat", "in-review", "vnd.kua.entry"] {
        for (path, bytes) in &files {
            assert!(!holds(bytes, word.as_bytes()), "{} holds {word}", path.display());
        }
    }
    // What the coordinators' own machines keep is sealed, too.
    for (path, bytes) in everything_under(&wire.stage.path("cache")) {
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"), "{}", path.display());
    }
}

#[test]
fn a_long_note_comes_by_standard_input_and_one_that_is_too_long_is_refused() {
    let wire = Wire::new();
    let id = wire.report(0, &[]);
    let longest = "Ақтау\n".repeat(MAX_TEXT_LEN / 11);
    let noted = |text: &str| {
        let file = wire.stage.write("note.txt", text);
        let mut triage = wire.triage(0, id, &["--note", "-"]);
        triage.stdin(File::open(file).unwrap());
        triage
    };
    noted(&longest).succeed().unwrap();
    assert_eq!(wire.state(1, id)["notes"][0]["text"], longest.trim_end());
    assert_says(&refusal(&mut noted(&format!("{longest}{longest}"))), &["shorten it"]);
    assert_says(&refusal(&mut noted("\n")), &["a note is not empty"]);
    let both = noted("a note").args(["--passphrase-file", "-"]).run().unwrap();
    assert_ne!(both.code, Some(0), "{}", both.stderr);
    assert_eq!(wire.sizes(id).len(), 1);
}
