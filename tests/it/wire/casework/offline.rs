//! Work without the drop: what is noted waits, reaches everybody in the end, and nobody's word is lost.

use std::fs;
use std::process::{Command, Stdio};

use acceptance::processes::Run as _;
use kua_protocol::id::ObjectId;
use serde_json::{Value, json};

use crate::refusals::{assert_says, refusal};
use crate::secrets::{everything_under, holds};
use crate::wire::Wire;

impl Wire {
    /// What the inbox says of a report, and what the command says besides.
    fn row(&self, coordinator: usize, id: ObjectId, words: &[&str]) -> (Value, String) {
        let output = self.stage.reader("inbox", coordinator).arg("--json").args(words).run().unwrap();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
        let row = rows.into_iter().find(|row| row["report_id"] == json!(id)).unwrap_or_default();
        (row, output.stderr)
    }

    fn waiting(&self) -> usize {
        let files = everything_under(&self.stage.path("cache"));
        files.iter().filter(|(path, _)| path.to_string_lossy().contains("unsent-")).count()
    }
}

#[test]
fn two_coordinators_who_are_cut_off_come_to_the_same_and_lose_nothing() {
    let mut wire = Wire::new();
    let (id, other) = (wire.report(0, &[]), wire.report(1, &[]));
    wire.triage(0, other, &["--label", "before"]).succeed().unwrap();
    assert_eq!((wire.stage.inbox(0).len(), wire.stage.inbox(1).len()), (2, 2));
    wire.stage.drop.stop().unwrap();

    // One finds the drop gone, the other does not even ask.
    let words = ["--status", "verified", "--label", "arrest", "--note", "Gulmira's sister saw it."];
    let noted = wire.triage(0, id, &words).run().unwrap();
    assert_eq!(noted.code, Some(0), "{}", noted.stderr);
    assert_says(&noted.stderr, &["cannot be reached", "what was known on", "waits for the drop"]);
    let words = ["--offline", "--status", "rejected", "--note", "The date is wrong.", "--json"];
    let noted = wire.triage(1, id, &words).json().unwrap();
    assert_eq!(noted["unsent"], json!([noted["entry"]]));
    wire.triage(1, other, &["--offline", "--unlabel", "before", "--assign", "Marat"]).succeed().unwrap();
    wire.triage(1, other, &["--offline", "--note", "A second word."]).succeed().unwrap();
    assert_eq!(wire.waiting(), 4);
    for (path, bytes) in everything_under(&wire.stage.path("cache")) {
        for word in ["arrest", "Gulmira", "date is wrong"] {
            assert!(!holds(&bytes, word.as_bytes()), "{word} in {}", path.display());
        }
    }

    // Each sees the own word meanwhile, in lists, in filters and in the log.
    let (row, said) = wire.row(0, id, &[]);
    assert_eq!((&row["status"], &row["labels"]), (&json!("verified"), &json!(["arrest"])));
    assert_says(&said, &["cannot be reached", "what was known on"]);
    assert_eq!(wire.row(1, id, &["--offline", "--status", "rejected"]).0["status"], "rejected");
    assert_eq!(wire.row(1, id, &["--offline", "--status", "verified"]).0, Value::Null);
    assert_eq!(wire.row(1, other, &["--offline", "--assignee", "Marat"]).0["labels"], json!([]));
    let log = wire.triage(1, id, &["--offline"]).succeed().unwrap();
    assert_says(&log, &["The date is wrong.", "not sent yet"]);

    wire.stage.drop.restart().unwrap();
    let (_, said) = wire.row(1, id, &[]);
    assert_says(&said, &["3 entries that waited have been sent"]);
    let (_, said) = wire.row(0, id, &[]);
    assert_says(&said, &["One entry that waited has been sent"]);
    assert_eq!(wire.waiting(), 0);
    assert_eq!(wire.row(1, id, &[]).1, "");

    let state = wire.state(0, id);
    assert_eq!(wire.state(1, id), state);
    let both =
        [&state["status"], &state["concurrent"]["status"][0][0]].map(|status| status.as_str().unwrap());
    assert!(both.contains(&"verified") && both.contains(&"rejected"), "{both:?}");
    assert_eq!(state["labels"], json!(["arrest"]));
    let texts: Vec<_> = state["notes"].as_array().unwrap().iter().map(|note| &note["text"]).collect();
    assert!(texts.contains(&&json!("Gulmira's sister saw it.")), "{texts:?}");
    assert!(texts.contains(&&json!("The date is wrong.")), "{texts:?}");
    assert_eq!(wire.custody(0, id)["heads"].as_array().unwrap().len(), 2);
    let state = wire.state(0, other);
    assert_eq!((&state["labels"], &state["assignee"]), (&json!([]), &json!("Marat")));
    assert_eq!(state["notes"][0]["text"], "A second word.");
    assert_eq!(state["concurrent"]["assignee"], json!([]));
}

#[test]
fn what_waited_is_read_by_whoever_was_let_in_meanwhile() {
    let mut wire = Wire::with(&["Aigul", "Marat", "Dana"]);
    let id = wire.report(0, &["Aigul", "Marat"]);
    assert_eq!(wire.stage.inbox(0).len(), 1);
    wire.stage.drop.stop().unwrap();
    wire.triage(0, id, &["--note", "Before anybody knew of Dana."]).succeed().unwrap();
    wire.stage.drop.restart().unwrap();
    wire.stage.reader("grant", 1).args([&id.short(), "--to", "Dana"]).succeed().unwrap();
    assert_eq!(wire.state(2, id)["notes"], json!([]));
    wire.row(0, id, &[]);
    assert_eq!(wire.state(2, id)["notes"][0]["text"], "Before anybody knew of Dana.");
    assert_eq!(wire.state(2, id), wire.state(0, id));
}

#[test]
fn what_is_deleted_meanwhile_takes_what_waited_with_it() {
    let wire = Wire::new();
    let (id, other) = (wire.report(0, &[]), wire.report(1, &[]));
    assert_eq!(wire.stage.inbox(0).len(), 2);
    for report in [id, other] {
        wire.triage(0, report, &["--offline", "--note", "a word"]).succeed().unwrap();
    }
    wire.coordinator(0, "DELETE", kua_protocol::api::path::report(id));
    wire.coordinator(1, "DELETE", kua_protocol::api::path::report(id));
    let (_, said) = wire.row(0, other, &[]);
    assert_says(&said, &[&id.short(), "has been deleted", "One entry that waited has been sent"]);
    assert_eq!(wire.waiting(), 0);
    assert_eq!(wire.state(1, other)["notes"][0]["text"], "a word");
}

#[test]
fn without_the_drop_nothing_else_is_done_and_nothing_is_made_up() {
    let mut wire = Wire::new();
    let id = wire.report(0, &[]);
    assert_says(&refusal(wire.stage.reader("inbox", 0).arg("--offline")), &["--offline"]);
    wire.stage.inbox(0);
    // What never came to this machine cannot be noted about here.
    let unseen = wire.report(1, &[]);
    let unknown = wire.triage(0, unseen, &["--offline", "--note", "x"]).run().unwrap();
    assert_eq!(unknown.code, Some(1), "{}", unknown.stderr);
    wire.stage.drop.stop().unwrap();
    for command in ["open", "custody", "fetch"] {
        let out = wire.stage.path("out");
        let mut reader = wire.stage.reader(command, 0);
        reader.arg(id.short());
        if command == "fetch" {
            reader.arg("--out").arg(&out);
        }
        assert_says(&refusal(&mut reader), &["cannot be reached"]);
        assert!(!out.exists());
    }
    // Nobody who was never there is told anything by what others remember on the same machine.
    assert_says(&refusal(&mut wire.stage.reader("inbox", 1)), &["cannot be reached"]);
    // What is remembered and was tampered with is no ground to stand on.
    for (path, mut bytes) in everything_under(&wire.stage.path("cache")) {
        if path.ends_with("listed.age") {
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(path, bytes).unwrap();
        }
    }
    assert_says(&refusal(&mut wire.stage.reader("inbox", 0)), &["cannot be reached"]);
}

#[test]
fn many_at_once_note_and_send_and_every_word_arrives_once() {
    let mut wire = Wire::new();
    let id = wire.report(0, &[]);
    wire.stage.inbox(0);
    let at_once = |commands: Vec<Command>| {
        let running: Vec<_> = commands
            .into_iter()
            .map(|mut command| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
            .collect();
        for mut process in running {
            assert!(process.wait().unwrap().success());
        }
    };
    wire.stage.drop.stop().unwrap();
    let note = |n: usize| wire.triage(0, id, &["--offline", "--note", &format!("note {n}")]);
    at_once((0..6).map(note).collect());
    assert_eq!(wire.waiting(), 6);
    wire.stage.drop.restart().unwrap();
    at_once((0..4).map(|_| wire.stage.reader("inbox", 0)).collect());
    assert_eq!(wire.waiting(), 0);
    let state = wire.state(1, id);
    let mut texts: Vec<&str> =
        state["notes"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["note 0", "note 1", "note 2", "note 3", "note 4", "note 5"]);
    assert_eq!(wire.state(0, id), state);
}

#[test]
fn what_waits_and_is_damaged_is_named_and_not_lost_in_silence() {
    let wire = Wire::new();
    let id = wire.report(0, &[]);
    wire.stage.inbox(0);
    wire.triage(0, id, &["--offline", "--note", "a word"]).succeed().unwrap();
    let files = everything_under(&wire.stage.path("cache"));
    let is_unsent = |(path, _): &(std::path::PathBuf, Vec<u8>)| path.to_string_lossy().contains("unsent-");
    let (path, whole) = files.into_iter().find(is_unsent).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&path, damaged).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    assert_says(&refusal(&mut wire.stage.reader("inbox", 0)), &[name, "damaged"]);
    fs::write(&path, whole).unwrap();
    wire.row(0, id, &[]);
    assert_eq!(wire.state(1, id)["notes"][0]["text"], "a word");
}

#[test]
fn a_newer_roster_and_a_memory_that_is_gone_lose_nothing_either() {
    let mut wire = Wire::new();
    let id = wire.report(0, &[]);
    wire.stage.inbox(0);
    // Whoever saw the newer roster in passing can go on under it.
    wire.roster_command(&["renew"]);
    wire.state(0, id);
    wire.stage.drop.stop().unwrap();
    wire.triage(0, id, &["--note", "a word"]).succeed().unwrap();
    // All but what waits is forgotten, as by a later version that remembers in another form.
    for (path, _) in everything_under(&wire.stage.path("cache")) {
        if !path.to_string_lossy().contains("unsent-") {
            fs::remove_file(path).unwrap();
        }
    }
    wire.stage.drop.restart().unwrap();
    let (_, said) = wire.row(0, id, &[]);
    assert_says(&said, &["One entry that waited has been sent"]);
    assert_eq!(wire.state(1, id)["notes"][0]["text"], "a word");
}
