//! Drops that do what they must not: their word is not taken.

use std::fs;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::secret::{Purpose, Seed};
use serde_json::{Value, json};

use super::{assert_says, refusal};
use crate::impostor::{Answer, Impostor, Request, roster_of};
use crate::stage::Stage;

#[test]
fn other_bytes_under_an_id_are_neither_opened_nor_saved() {
    let mut stage = Stage::new();
    let samples = samples::incidents();
    let (asked, served) = (stage.submitted(&samples[0]), stage.submitted(&samples[1]));
    let id = |sent: &Value| sent["report_id"].as_str().unwrap().to_owned();
    let (asked, served) = (id(&asked), id(&served));
    stage.reader("fetch", 0).arg(&served).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    // A sound report, sealed to these very coordinators; only not the one that was asked for.
    let bytes = fs::read(stage.path("sealed").join(format!("{served}.age"))).unwrap();
    let row = json!({
        "report_id": asked, "day": crate::today(), "size": bytes.len(), "mailbox": null, "entries": 0
    });
    let liar = Impostor::posing(&stage, move |request| match request.line.as_str() {
        "GET /v1/reports" => Answer::json(&json!({ "reports": [row] })),
        _ => Answer::bytes(bytes.clone()),
    });
    stage.link = liar.link(&stage);
    let words = ["Do not trust this drop", &asked[..8], "something else", "Tell the coordinators"];
    assert_says(&refusal(stage.reader("open", 0).arg(&asked).arg("--out").arg(stage.path("case"))), &words);
    assert_says(&refusal(stage.reader("open", 0).args([&asked, "--json"])), &words);
    assert_says(&refusal(stage.reader("fetch", 0).arg(&asked).arg("--out").arg(stage.path("other"))), &words);
    assert!(!stage.path("case").exists());
    assert_eq!(fs::read_dir(stage.path("other")).unwrap().count(), 0);
    let rows = stage.inbox(0);
    assert_eq!((&rows[0]["report_id"], &rows[0]["title"]), (&json!(asked), &Value::Null));
    assert_says(rows[0]["error"].as_str().unwrap(), &["do not trust this drop"]);
}

#[test]
fn an_answer_without_end_is_not_read_to_its_end() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    let endless = Impostor::new(|_| Answer::endless("{"));
    let of_reports = Impostor::posing(&stage, |_| Answer::endless("{\"reports\": ["));
    let row = json!({
        "report_id": "ab".repeat(32), "day": crate::today(), "size": 20_000, "mailbox": null, "entries": 0
    });
    let of_bytes = Impostor::posing(&stage, move |request| match request.line.as_str() {
        "GET /v1/reports" => Answer::json(&json!({ "reports": [row] })),
        _ => Answer::endless("age-encryption.org/v1\n"),
    });
    let words = ["Do not trust this drop", "answers with more than", "Tell the coordinators"];
    let link = stage.link.clone();
    stage.link = endless.link(&stage);
    assert_says(&refusal(&mut stage.submit(&draft)), &words);
    assert_says(&refusal(&mut stage.reader("inbox", 0)), &words);
    stage.link.clone_from(&link);
    stage.link = of_reports.link(&stage);
    assert_says(&refusal(&mut stage.reader("inbox", 0)), &words);
    stage.link = of_bytes.link(&stage);
    assert_says(&refusal(stage.reader("open", 0).arg("abababab")), &["more than 20000 bytes"]);
}

#[test]
fn a_listing_that_turns_in_circles_ends() {
    let mut stage = Stage::new();
    let row = |byte: &str| json!({ "report_id": byte.repeat(32), "day": crate::today(), "size": 20_000, "mailbox": null, "entries": 0 });
    let page = json!({ "reports": [row("01"), row("02")], "next": "2026-01-01.02" });
    let circling = Impostor::posing(&stage, move |_| Answer::json(&page));
    stage.link = circling.link(&stage);
    let message = refusal(&mut stage.reader("inbox", 0));
    assert_says(&message, &["Do not trust this drop", "does not go forward"]);
    assert_eq!(circling.heard().len(), 3);
}

/// What a submitter is told when the drop answers her report so. The codename was shown by then, and stays hers.
fn told(stage: &mut Stage, receipt: impl Fn(Receipt) -> Option<String> + Send + 'static) -> String {
    let drop = roster_of(stage).drop;
    let liar = Impostor::posing(stage, move |request| {
        let report = ObjectId::of(&request.body);
        let stated = Receipt { drop, report, size: request.body.len() as u64, day: crate::today() };
        let accepted = json!({ "report_id": report, "size": stated.size, "day": stated.day });
        match receipt(stated) {
            Some(field) => Answer::json(&accepted).with(kua_protocol::api::RECEIPT, &field),
            None => Answer::json(&accepted),
        }
    });
    let link = std::mem::take(&mut stage.link);
    stage.link.clone_from(&link);
    stage.link = liar.link(stage);
    let draft = stage.draft(&samples::incidents()[0]);
    let file = stage.path("receipt.json");
    let output = stage.submit(&draft).arg("--receipt").arg(&file).run().unwrap();
    stage.link = link;
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{}", output.stderr);
    assert_eq!(liar.heard(), ["GET /v1/drop", "POST /v1/reports"]);
    assert!(!file.exists());
    output.stderr.split_once("kua: ").unwrap().1.to_owned()
}

#[test]
fn a_receipt_that_proves_nothing_is_not_taken() {
    let mut stage = Stage::new();
    let stranger = || SigningKey::derive(&Seed::take(&mut [7; 32]), Purpose::DropReceipt);
    let message =
        told(&mut stage, move |stated| Some(receipt::to_header(&stated.sign(&stranger()).unwrap())));
    assert_says(&message, &["Do not trust this drop", "its receipt does not hold", "Tell the coordinators"]);
    let message = told(&mut stage, |_| None);
    assert_says(&message, &["Do not trust this drop", "gave no receipt"]);
    let message = told(&mut stage, |_| Some("!".to_owned()));
    assert_says(&message, &["Do not trust this drop", "gave no receipt"]);
    assert!(stage.inbox(0).is_empty());
}

#[test]
fn something_that_is_no_drop_is_told_apart() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    let link = stage.link.clone();
    let page = || Answer::bytes("<!doctype html><title>Welcome</title>");
    let elsewhere = |_: &Request| Answer::status(302).with("location", "http://127.0.0.1:1/v1/drop");
    let away = |_: &Request| Answer::status(502);
    let impostors = [
        (Impostor::new(move |_| page()), "makes no sense"),
        (Impostor::new(|_| Answer::status(404)), "is there a Kuä drop at"),
        (Impostor::new(elsewhere), "is there a Kuä drop at"),
        (Impostor::new(away), "cannot be reached"),
    ];
    for (impostor, words) in impostors {
        stage.link.clone_from(&link);
        stage.link = impostor.link(&stage);
        assert_says(&refusal(&mut stage.submit(&draft)), &[words]);
        assert_eq!(impostor.heard(), ["GET /v1/drop"]);
    }
}
