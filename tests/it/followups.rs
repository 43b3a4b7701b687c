//! Follow-ups: a coordinator sees whose thread they belong to, and nobody signs himself into another's.

use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::dsse::Envelope;
use kua_protocol::followup::Followup;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_sealing::{Codename, SubmitterKeys};
use serde_json::{Value, json};
use tar::EntryType;

use crate::impostor::{Answer, Impostor, roster_of};
use crate::refusals::assert_says;
use crate::refusals::sealed::{entry, sealed};
use crate::stage::Stage;

/// Sends a report and a follow-up; gives their ids.
fn thread(stage: &Stage) -> [String; 2] {
    let [first, more] = [0, 1].map(|n| samples::incidents()[n].clone());
    let first = stage.submitted(&first);
    let codename = stage.write("codename.txt", first["codename"].as_str().unwrap());
    let more = stage.submit(&stage.draft(&more)).arg("--codename-file").arg(codename).json().unwrap();
    [first, more].map(|sent| sent["report_id"].as_str().unwrap().to_owned())
}

/// `kua open --sealed FILE` as the first coordinator.
fn open(stage: &Stage, file: &Path) -> Command {
    let mut open = stage.kua.command();
    open.args(["open", "--sealed"]).arg(file);
    stage.team.coordinators[0].unlock(&mut open);
    open
}

/// The proof of a follow-up, signed by this key.
fn proof(stage: &Stage, first: &str, number: &Value, key: &SigningKey) -> Value {
    let statement = Followup {
        drop: roster_of(stage).drop,
        first: first.parse().unwrap(),
        number: number.as_str().unwrap().to_owned(),
    };
    serde_json::to_value(Envelope::sign(&statement, key).unwrap()).unwrap()
}

/// Seals a report without files as any submitter can.
fn sealed_report(stage: &Stage, report: &Value) -> std::path::PathBuf {
    let report = report.to_string().into_bytes();
    sealed(stage, &[entry(b"report.json", EntryType::Regular, "", &report), vec![0; 1024]].concat())
}

#[test]
fn a_follow_up_is_shown_with_its_thread_and_proven() {
    let stage = Stage::with(&["Aigul"]);
    let [first, more] = thread(&stage);
    // Without a look at the inbox, too: the first report is looked at for it.
    let shown = stage.reader("open", 0).arg(&more).succeed().unwrap();
    let thread_row = format!("Belongs to     the thread of {} (proven)", &first[..8]);
    assert_says(&shown, &[&thread_row]);
    let both = stage.reader("open", 0).args([&first, &more]).arg("--json").json().unwrap();
    assert_eq!(both[0]["custody"]["thread"], Value::Null);
    assert_eq!(both[1]["custody"]["thread"], json!({ "first": first, "proven": true }));

    let rows = stage.inbox(0);
    let row = |id: &str| rows.iter().find(|row| row["report_id"] == *id).unwrap();
    assert_eq!((&row(&first)["thread"], &row(&first)["thread_proven"]), (&Value::Null, &Value::Null));
    assert_eq!((&row(&more)["thread"], &row(&more)["thread_proven"]), (&json!(first), &json!(true)));
    let listed = stage.reader("inbox", 0).succeed().unwrap();
    let mut lines = listed.lines().skip_while(|line| !line.starts_with(&more[..8]));
    assert_eq!(lines.nth(1).unwrap().trim(), format!("↳ the thread of {} (proven)", &first[..8]), "{listed}");

    // Where the first report is no more, nothing is proven, and nothing speaks against it.
    stage.reader("delete", 0).arg(&first).succeed().unwrap();
    assert_eq!(stage.inbox(0)[0]["thread_proven"], false);
    let shown = stage.reader("open", 0).arg(&more).run().unwrap();
    assert_says(&shown.stdout, &["as it says itself"]);
    assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""));
}

#[test]
fn nobody_signs_himself_into_the_thread_of_another() {
    let mut stage = Stage::with(&["Aigul"]);
    let [first, more] = thread(&stage);
    let stranger = SubmitterKeys::derive(&Codename::generate().unwrap(), roster_of(&stage).drop).unwrap();
    stage.reader("open", 0).arg(&more).arg("--out").arg(stage.path("case")).succeed().unwrap();
    let honest: Value = serde_json::from_slice(&fs::read(stage.path("case/report.json")).unwrap()).unwrap();
    let by_stranger = proof(&stage, &first, &honest["number"], stranger.signing());
    let forged = |change: &dyn Fn(&mut Value)| {
        let mut report = honest.clone();
        change(&mut report);
        report
    };
    let own_key = forged(&|report| {
        // All of it holds in itself: only the first report is another person's.
        report["reply"]["sign"] = stranger.signing().public().to_string().into();
        report["thread"]["proof"] = by_stranger.clone();
    });
    let lies = [
        own_key.clone(),
        forged(&|report| report["thread"]["proof"] = by_stranger.clone()),
        forged(&|report| report["number"] = "00".repeat(16).into()),
        forged(&|report| report["thread"]["first"] = "ab".repeat(32).into()),
        forged(&|report| report["thread"]["proof"] = json!({})),
        forged(&|report| {
            report["thread"]["proof"]["payloadType"] = "application/vnd.kua.receipt+json".into();
        }),
    ];
    let words = "Careful: this report does not belong to the thread that it names";
    for lie in lies {
        let file = sealed_report(&stage, &lie);
        let shown = open(&stage, &file).run().unwrap();
        assert_says(&shown.stdout, &["Belongs to     not the thread of"]);
        assert_says(&shown.stderr, &[words]);
        let shown = open(&stage, &file).arg("--json").json().unwrap();
        assert_eq!(shown["custody"]["thread"]["proven"], false, "{lie}");
    }
    // What is honest, sealed in the same way, is proven: it was the lie that was told.
    let shown = open(&stage, &sealed_report(&stage, &honest)).arg("--json").run().unwrap();
    assert_eq!(shown.stderr, "");
    assert_says(&shown.stdout, &["\"proven\":true"]);

    // In a drop that holds both, each in its sender's own mailbox.
    let bytes = fs::read(sealed_report(&stage, &own_key)).unwrap();
    let original = stage.path("sealed");
    stage.reader("fetch", 0).arg(&first).arg("--out").arg(&original).succeed().unwrap();
    let first_bytes = fs::read(original.join(format!("{first}.age"))).unwrap();
    let victim = stage.inbox(0).iter().find(|row| row["report_id"] == *first).unwrap()["mailbox"].clone();
    let row = |bytes: &[u8], mailbox: Value| {
        json!({
            "report_id": ObjectId::of(bytes), "day": crate::today(), "size": bytes.len(), "mailbox": mailbox,
            "entries": 0
        })
    };
    let mailbox = json!(MailboxId::of(&stranger.signing().public()));
    let list = json!({ "reports": [row(&first_bytes, victim), row(&bytes, mailbox)] });
    let forged_id = ObjectId::of(&bytes).to_string();
    let first_path = format!("GET /v1/reports/{first}");
    let drop = Impostor::posing(&stage, move |request| match request.line.as_str() {
        "GET /v1/reports" => Answer::json(&list),
        line if line == first_path => Answer::bytes(first_bytes.clone()),
        _ => Answer::bytes(bytes.clone()),
    });
    stage.link = drop.link(&stage);
    let rows = stage.inbox(0);
    let row = rows.iter().find(|row| row["report_id"] == *forged_id).unwrap();
    assert_eq!((&row["thread"], &row["thread_proven"]), (&json!(first), &json!(false)));
    let listed = stage.reader("inbox", 0).succeed().unwrap();
    assert_says(&listed, &[&format!("↳ not the thread of {}", &first[..8]), words]);
}
