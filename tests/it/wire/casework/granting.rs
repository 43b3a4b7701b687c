//! Letting others in: a newcomer into old reports, somebody outside into one, and nobody by a false grant.

use std::fs;
use std::path::PathBuf;

use acceptance::processes::{Member, Run as _};
use acceptance::samples;
use kua_protocol::api::path;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Change;
use kua_protocol::grant::{FileKey, Grant};
use kua_protocol::id::{Digest, ObjectId};
use kua_sealing::{CoordinatorKeys, VaultKind};
use serde_json::json;

use crate::recovery::{StockAge, untar};
use crate::refusals::{assert_says, refusal};
use crate::stage::member;
use crate::wire::{Request, Wire, unlock};

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
        grant.args(["--all", "--yes", "--to", "Marat", "--json"]).json().unwrap()
    };
    // Nobody can be asked here whether all are meant.
    let asked = refusal(wire.stage.reader("grant", 0).args(["--all", "--to", "Marat"]));
    assert_says(&asked, &["There is no terminal to ask at", "--yes"]);
    assert_says(&refusal(&mut open(ids[0])), &["not sealed to your key"]);
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
fn what_was_granted_and_fetched_opens_without_a_network() {
    let mut wire = Wire::new();
    let ids = [wire.report(0, &["Aigul"]), wire.report(1, &["Aigul"])];
    wire.stage.reader("grant", 0).args([&ids[0].short(), "--to", "Marat"]).succeed().unwrap();
    let sealed = wire.stage.path("sealed");
    // The sealed bytes are for everybody; the grant is found while they are fetched.
    let mut fetch = wire.stage.reader("fetch", 1);
    fetch.args(ids.map(|id| id.short())).arg("--out").arg(&sealed).succeed().unwrap();
    wire.stage.drop.stop().unwrap();
    let open = |coordinator: usize, id: ObjectId| {
        let mut open = wire.stage.kua.command();
        open.args(["open", "--json", "--sealed"]).arg(sealed.join(format!("{id}.age")));
        wire.stage.team.coordinators[coordinator].unlock(&mut open);
        open
    };
    let out = wire.stage.path("out");
    let opened = open(1, ids[0]).arg("--out").arg(&out).json().unwrap();
    assert_eq!(opened["title"], samples::incidents()[0].draft["title"]);
    assert!(out.join("report.json").exists());
    assert_says(&refusal(&mut open(1, ids[1])), &["not sealed to your key"]);
    assert_eq!(open(0, ids[1]).json().unwrap()["title"], samples::incidents()[1].draft["title"]);
    // What Marat's client remembers is closed to everybody else.
    let (lawyer, _) = outsider(&wire);
    let mut foreign = wire.stage.kua.command();
    foreign.args(["open", "--sealed"]).arg(sealed.join(format!("{}.age", ids[0])));
    assert_says(&refusal(lawyer.unlock(&mut foreign)), &["not sealed to your key"]);
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
    let cut = refusal(&mut hand_out(&recipient[..900], &out));
    assert_says(&cut, &[&recipient[..20], "is no recipient", "cut short", "has 1959 characters"]);
    assert!(!cut.contains(&recipient[..30]), "{cut}");
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
        aigul.keys[0].until = Some(crate::today());
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
    let done = grant.args(["--all", "--yes", "--to", "Aigul", "--json"]).json().unwrap();
    assert_eq!(done["granted"], json!([id]));
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
        let grant = Grant { drop: wire.id, report: id, to, day: crate::today(), file_key };
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
    assert_eq!(grant(&["--all", "--yes", "--to", "Marat"])["already"], json!([id]));
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
