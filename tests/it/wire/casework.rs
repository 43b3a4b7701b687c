//! Coordinators at work on reports: what they note, who sees it, and what a hostile hand can do to it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use acceptance::processes::{Member, Run as _};
use acceptance::samples;
use kua_protocol::api::{EntryPage, path};
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::{Change, Entry, Status};
use kua_protocol::grant::{FileKey, Grant};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::json::MAX_INTEGER;
use kua_sealing::{CoordinatorKeys, Floor, Recipients, SealPlan, VaultKind};
use serde_json::{Map, Value, json};

use super::{Request, Wire, unlock};
use crate::recovery::{StockAge, untar};
use crate::refusals::{assert_says, refusal};
use crate::secrets::{everything_under, holds};
use crate::stage::member;

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
            day: Day::today(),
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
        let keys = roster.sealing_keys(Day::today());
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
        entry.day = Day::today().plus(-30);
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
    let backdated = wire.inject(id, &wire.coordinators[2], |entry| entry.day = Day::today().plus(-9));
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

/// Somebody whom the roster does not name, with the recipient that such a person would give.
fn outsider(wire: &Wire) -> (Member, String) {
    let lawyer = member(&wire.stage.path(""), "Lawyer", VaultKind::Coordinator);
    let recipient = CoordinatorKeys::from_seed(unlock(&lawyer).seed()).recipient().to_string();
    (lawyer, recipient)
}

#[test]
fn a_newcomer_is_let_into_old_reports_and_their_logs() {
    let wire = Wire::with(&["Aigul", "Marat", "Dana"]);
    let ids = [wire.report(0, &["Aigul"]), wire.report(1, &["Aigul", "Dana"])];
    let closed = wire.report(2, &["Dana"]);
    wire.triage(0, ids[0], &["--note", "before", "--status", "verified"]).succeed().unwrap();
    let open = |id: ObjectId| {
        let mut open = wire.stage.reader("open", 1);
        open.args([&id.short(), "--json"]);
        open
    };
    assert_says(&refusal(&mut open(ids[0])), &["not sealed to your key"]);
    let grant = || {
        let mut grant = wire.stage.reader("grant", 0);
        grant.args(["--all", "--to", "Marat", "--json"]).json().unwrap()
    };
    let done = grant();
    assert_eq!(done["granted"].as_array().unwrap().len(), 2);
    assert_eq!(done["not_for_you"], json!([closed]));
    let again = grant();
    assert_eq!(
        (again["granted"].as_array().unwrap().len(), again["already"].as_array().unwrap().len()),
        (0, 2)
    );

    assert_eq!(open(ids[0]).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
    assert_says(&refusal(&mut open(closed)), &["not sealed to your key"]);
    let state = wire.state(1, ids[0]);
    assert_eq!((&state["status"], &state["notes"][0]["text"]), (&json!("verified"), &json!("before")));
    assert_eq!(state["readers"], json!(["Aigul", "Marat"]));
    // He is one of them now, and both see the same.
    wire.triage(1, ids[0], &["--status", "closed", "--note", "after"]).succeed().unwrap();
    assert_eq!(wire.state(0, ids[0]), wire.state(1, ids[0]));
    assert_eq!(wire.state(0, ids[0])["status"], "closed");
    wire.stage.reader("reply", 1).args([&ids[0].short(), "--text", "From Marat"]).succeed().unwrap();
    assert_eq!(wire.state(0, ids[0])["replies"][0]["by"], "Marat");
    // The drop cannot tell a grant from an entry.
    let sizes = wire.sizes(ids[0]);
    assert!(sizes.len() >= 5 && sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
    // And he can let others in.
    wire.stage.reader("grant", 1).args([&ids[0].short(), "--to", "Dana"]).succeed().unwrap();
    assert_eq!(wire.state(2, ids[0])["notes"].as_array().unwrap().len(), 2);
}

#[test]
fn somebody_outside_gets_one_report_as_a_file_that_opens_without_us() {
    let wire = Wire::new();
    let id = wire.report(4, &["Aigul"]);
    let (lawyer, recipient) = outsider(&wire);
    let out = wire.stage.path("lawyer.age");
    let hand_out = |to: &str, out: &PathBuf| {
        let mut grant = wire.stage.reader("grant", 0);
        grant.args([&id.short(), "--to", to]).arg("--out").arg(out);
        grant
    };
    let classical = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    assert_says(&refusal(&mut hand_out(classical, &out)), &["age1pq1", "age-keygen -pq"]);
    assert_says(&refusal(&mut hand_out("Nobody", &out)), &["Nobody is not a coordinator"]);
    assert!(!out.exists());
    hand_out(&recipient, &out).succeed().unwrap();
    assert_says(&refusal(&mut hand_out(&recipient, &out)), &["is there already"]);

    let mut open = wire.stage.kua.command();
    open.args(["open", "--json", "--sealed"]).arg(&out);
    assert_eq!(lawyer.unlock(&mut open).json().unwrap()["title"], samples::incidents()[4].draft["title"]);
    let handed = wire.state(0, id)["handed_out"].clone();
    assert_eq!(handed.as_array().unwrap().len(), 1);
    assert_eq!(handed[0]["to"], recipient);
    assert_eq!(handed[0]["digest"], Digest::of(&fs::read(&out).unwrap()).to_string());

    let Some(age) = StockAge::find() else { return };
    let mut export = wire.stage.kua.command();
    export.args(["key", "export", "--age"]).arg(&lawyer.vault);
    let identity = export.arg("--passphrase-file").arg(&lawyer.passphrase_file).succeed().unwrap();
    let identity = wire.stage.write("identity.txt", identity);
    let (archive, folder) = (wire.stage.path("lawyer.tar"), wire.stage.path("lawyer"));
    age.open(&identity, &out, &archive);
    untar(&archive, &folder);
    assert!(fs::read_to_string(folder.join("report.json")).unwrap().contains("kua-report/1"));
}

#[test]
fn who_exchanged_her_keys_hands_the_old_reports_to_the_new_ones() {
    let mut wire = Wire::new();
    let id = wire.report(0, &["Aigul"]);
    wire.triage(0, id, &["--note", "with the old key"]).succeed().unwrap();
    let new = member(&wire.stage.path(""), "New", VaultKind::Coordinator);
    let keys = CoordinatorKeys::from_seed(unlock(&new).seed());
    let envelope = wire.signed_roster(|roster| {
        roster.serial += 1;
        let aigul = &mut roster.coordinators[0];
        let mut added = aigul.keys[0].clone();
        added.sign = keys.signing().public();
        added.recipient = keys.recipient().to_string().try_into().unwrap();
        aigul.keys[0].until = Some(Day::today());
        aigul.keys.push(added);
    });
    let answer = wire.ask(&Request::new("PUT", path::ROSTER).body(envelope.to_json()));
    assert_eq!(answer.status, 204, "{answer:?}");

    let old = std::mem::replace(&mut wire.stage.team.coordinators[0], new);
    let open = |wire: &Wire| {
        let mut open = wire.stage.reader("open", 0);
        open.args([&id.short(), "--json"]);
        open
    };
    assert_says(&refusal(&mut open(&wire)), &["not sealed to your key"]);
    let mut grant = wire.stage.kua.command();
    old.unlock(grant.args(["grant", &wire.stage.link]));
    assert_eq!(grant.args(["--all", "--to", "Aigul", "--json"]).json().unwrap()["granted"], json!([id]));
    assert_eq!(open(&wire).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
    let noted = wire.triage(0, id, &["--status", "closed", "--json"]).json().unwrap();
    assert_eq!(
        (&noted["notes"][0]["text"], &noted["readers"]),
        (&json!("with the old key"), &json!(["Aigul"]))
    );
}

#[test]
fn a_false_grant_opens_nothing_and_locks_nobody_out() {
    let wire = Wire::new();
    let id = wire.report(0, &["Aigul"]);
    for reader in &wire.coordinators {
        let (to, file_key) = (reader.signing().public(), FileKey::take(&mut [7; 16]));
        let grant = Grant { drop: wire.id, report: id, to, day: Day::today(), file_key };
        let envelope = Envelope::sign(&grant, wire.coordinators[1].signing()).unwrap();
        wire.leave_sealed(id, &envelope.to_json());
    }
    let open = |coordinator| {
        let mut open = wire.stage.reader("open", coordinator);
        open.args([&id.short(), "--json"]);
        open
    };
    assert_eq!(open(0).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
    assert_says(&refusal(&mut open(1)), &["not sealed to your key"]);
    // A grant that is for somebody else is named as what has no business there.
    assert_eq!(wire.custody(0, id)["refused"].as_array().unwrap().len(), 1);
    // Where the log says that it was done and it was not, it is done again when it is asked for by name.
    wire.inject(id, &wire.coordinators[0], |entry| {
        entry.changes = vec![Change::GrantMade { to: wire.coordinators[1].signing().public() }];
    });
    let grant = |words: &[&str]| wire.stage.reader("grant", 0).args(words).arg("--json").json().unwrap();
    assert_eq!(grant(&["--all", "--to", "Marat"])["already"], json!([id]));
    assert_says(&refusal(&mut open(1)), &["not sealed to your key"]);
    assert_eq!(grant(&[&id.short(), "--to", "Marat"])["granted"], json!([id]));
    assert_eq!(open(1).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
}

#[test]
fn a_large_report_is_worked_on_from_its_beginning_and_granted_whole() {
    let wire = Wire::new();
    let file = wire.stage.write("film.bin", vec![7; 700_000]);
    let mut submit = wire.stage.submit(&wire.stage.draft(&samples::incidents()[0]));
    let sent = submit.arg("--attach").arg(file).args(["--to", "Aigul"]).json().unwrap();
    let id: ObjectId = sent["report_id"].as_str().unwrap().parse().unwrap();
    wire.triage(0, id, &["--status", "verified"]).succeed().unwrap();
    // The inbox has shown Marat that it is sealed to others; a grant is no lie of the drop.
    assert_eq!(wire.stage.inbox(1)[0]["error"], "not-for-you");
    wire.stage.reader("grant", 0).args([&id.short(), "--to", "Marat"]).succeed().unwrap();
    let out = wire.stage.path("out");
    let opened = wire.stage.reader("open", 1).arg(id.short()).arg("--out").arg(&out).run().unwrap();
    assert_eq!((opened.code, opened.stderr.as_str()), (Some(0), ""));
    assert_eq!(fs::read(out.join("attachments/film.bin")).unwrap(), vec![7; 700_000]);
    let saved = wire.stage.path("saved");
    let fetched = wire.stage.reader("fetch", 1).arg(id.short()).arg("--out").arg(&saved).run().unwrap();
    assert_eq!((fetched.code, fetched.stderr.as_str()), (Some(0), ""));
    assert_eq!(wire.state(1, id)["status"], "verified");
}
