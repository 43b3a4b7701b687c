//! A receipt outlives the drop: it is checked without it, and names a drop that does not keep its word.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::DropId;
use kua_protocol::problem::Kind;
use kua_protocol::roster::Roster;
use kua_sealing::VaultKind;
use serde_json::{Value, json};

use crate::impostor::{Answer, Impostor, roster_of, signed};
use crate::refusals::{assert_says, refusal};
use crate::stage::{Stage, member};

/// Sends a report and gives its id and its receipt.
fn receipted(stage: &Stage, sample: usize) -> (String, PathBuf) {
    let receipt = stage.path(&format!("receipt-{sample}.json"));
    let draft = stage.draft(&samples::incidents()[sample]);
    let sent = stage.submit(&draft).arg("--receipt").arg(&receipt).json().unwrap();
    (sent["report_id"].as_str().unwrap().to_owned(), receipt)
}

/// `kua receipt verify RECEIPT --roster ROSTER`.
fn verify(stage: &Stage, receipt: &PathBuf, roster: &PathBuf) -> Command {
    let mut verify = stage.kua.command();
    verify.args(["receipt", "verify"]).arg(receipt).arg("--roster").arg(roster);
    verify
}

/// `kua receipt check LINK RECEIPT` as the first coordinator.
fn check(stage: &Stage, receipt: &PathBuf) -> Command {
    let mut check = stage.kua.command();
    check.args(["receipt", "check", &stage.link]).arg(receipt);
    stage.team.coordinators[0].unlock(&mut check);
    check
}

/// The stage's roster, changed and signed by its root.
fn changed(stage: &Stage, name: &str, change: impl FnOnce(&mut Roster)) -> PathBuf {
    let mut roster = roster_of(stage);
    change(&mut roster);
    stage.write(name, signed(&roster, &stage.team.root).to_string())
}

/// The sealed bytes of a report, in a file.
fn fetched(stage: &Stage, id: &str) -> PathBuf {
    let sealed = stage.path("sealed");
    stage.reader("fetch", 0).arg(id).arg("--out").arg(&sealed).succeed().unwrap();
    sealed.join(format!("{id}.age"))
}

#[test]
fn a_receipt_is_checked_when_the_drop_is_long_gone() {
    let mut stage = Stage::with(&["Aigul"]);
    let (id, receipt) = receipted(&stage, 0);
    let sealed = fetched(&stage, &id);
    stage.drop.stop().unwrap();
    let shown = stage.kua.command().args(["roster", "show"]).arg(&stage.roster).succeed().unwrap();
    let digits = shown.lines().find_map(|line| line.strip_prefix("digits")).unwrap().trim();

    let told = verify(&stage, &receipt, &stage.roster).succeed().unwrap();
    assert_says(&told, &[&id, &crate::today().to_string(), digits, "Compare them"]);
    let told = verify(&stage, &receipt, &stage.roster)
        .args(["--link", &stage.link])
        .arg("--sealed")
        .arg(&sealed)
        .succeed()
        .unwrap();
    assert_says(&told, &["byte for byte", "the key that the link names"]);
    assert!(!told.contains(digits), "what was checked needs no person: {told}");

    let today = crate::today();
    let ended = changed(&stage, "ended.json", |roster| {
        (roster.issued, roster.expires) = (today.plus(-60), today.plus(-3));
    });
    let told = verify(&stage, &receipt, &ended).succeed().unwrap();
    assert_says(&told, &["The roster ended on", &today.plus(-3).to_string(), "stays true"]);
    let told = verify(&stage, &receipt, &ended).arg("--json").arg("--sealed").arg(&sealed).json().unwrap();
    let size = fs::metadata(&sealed).unwrap().len();
    assert_eq!((&told["report_id"], &told["size"], &told["day"]), (&json!(id), &json!(size), &json!(today)));
    assert_eq!((&told["roster"]["ended"], &told["digits"]), (&json!(true), &json!(digits)));
    assert_eq!((&told["sealed_checked"], &told["link_checked"]), (&json!(true), &json!(false)));
}

#[test]
fn a_receipt_that_does_not_hold_is_refused_by_name() {
    let stage = Stage::with(&["Aigul"]);
    let (id, receipt) = receipted(&stage, 0);
    let (other_id, other_receipt) = receipted(&stage, 1);
    let refused = |receipt: &PathBuf, roster: &PathBuf, words: &[&str]| {
        assert_says(&refusal(&mut verify(&stage, receipt, roster)), words);
    };
    // The word of one receipt under the signature of another.
    let parsed = |path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    let mut exchanged = parsed(&receipt);
    exchanged["payload"] = parsed(&other_receipt)["payload"].clone();
    let exchanged = stage.write("exchanged.json", exchanged.to_string());
    refused(&exchanged, &stage.roster, &["exchanged.json", "proves nothing"]);
    // Signed as it should be, by somebody else.
    let envelope = Envelope::parse(&fs::read(&receipt).unwrap()).unwrap();
    let stated = envelope.verify::<kua_protocol::receipt::Receipt>(|_| true).unwrap().statement;
    let stranger = member(&stage.path(""), "Stranger", VaultKind::Root);
    let forged = stated.sign(crate::impostor::root_key(&stranger).signing()).unwrap();
    let forged = stage.write("forged.json", forged.to_json());
    refused(&forged, &stage.roster, &["forged.json", "proves nothing"]);
    refused(&stage.roster, &stage.roster, &["is not a receipt", "kua submit --receipt"]);
    refused(&stage.write("text", "no JSON"), &stage.roster, &["is not a receipt"]);

    let today = crate::today();
    let later = changed(&stage, "later.json", |roster| roster.drop_key[0].from = today.plus(1));
    refused(&receipt, &later, &["was not this drop's on the day"]);
    let earlier = changed(&stage, "earlier.json", |roster| {
        let key = &mut roster.drop_key[0];
        (key.from, key.until) = (today.plus(-9), Some(today.plus(-1)));
    });
    refused(&receipt, &earlier, &["was not this drop's on the day"]);
    let elsewhere = changed(&stage, "elsewhere.json", |roster| roster.drop = DropId::generate().unwrap());
    refused(&receipt, &elsewhere, &["another drop"]);
    let of_stranger = stage.write("stranger.json", signed(&roster_of(&stage), &stranger).to_string());
    let told = refusal(verify(&stage, &receipt, &of_stranger).args(["--link", &stage.link]));
    assert_says(&told, &["STOP"]);

    let sealed = fetched(&stage, &other_id);
    let told = refusal(verify(&stage, &receipt, &stage.roster).arg("--sealed").arg(&sealed));
    assert_says(&told, &[&other_id, "is not the report that the receipt is for"]);
    let sealed = fetched(&stage, &id);
    let cut = fs::read(&sealed).unwrap();
    fs::write(&sealed, &cut[..cut.len() - 1]).unwrap();
    let told = refusal(verify(&stage, &receipt, &stage.roster).arg("--sealed").arg(&sealed));
    assert_says(&told, &["is not the report that the receipt is for"]);
}

#[test]
fn a_coordinator_learns_whether_the_drop_keeps_its_word() {
    let stage = Stage::with(&["Aigul"]);
    let (id, receipt) = receipted(&stage, 0);
    assert_says(&check(&stage, &receipt).succeed().unwrap(), &[&id, "is at the drop, whole"]);
    assert_eq!(check(&stage, &receipt).arg("--json").json().unwrap()["state"], "served");
    stage.reader("delete", 0).arg(&id).succeed().unwrap();
    assert_says(&check(&stage, &receipt).succeed().unwrap(), &[&id, "it was deleted", "Ask your colleagues"]);
    assert_eq!(check(&stage, &receipt).arg("--json").json().unwrap()["state"], "gone");
    // A receipt of another drop says nothing about this one.
    let other = Stage::with(&["Aigul"]);
    assert_says(&refusal(&mut check(&stage, &receipted(&other, 0).1)), &["proves nothing"]);
}

#[test]
fn a_drop_that_dropped_what_it_receipted_is_named() {
    let mut stage = Stage::with(&["Aigul"]);
    let (id, receipt) = receipted(&stage, 0);
    let sealed = fs::read(fetched(&stage, &id)).unwrap();
    let row = json!({
        "report_id": id, "day": crate::today(), "size": sealed.len(), "mailbox": null, "entries": 0
    });
    let listing = |row: &Value| json!({ "reports": [row] });
    let mut of_other_day = row.clone();
    of_other_day["day"] = json!(crate::today().plus(1));
    let broke_its_word = ["broke its word", id.as_str(), "Do not trust this drop"];
    let dishonest = |what| ["Do not trust this drop", &id[..8], what];
    let bytes = || Answer::bytes(sealed.clone());
    let unknown = || Answer::problem(Kind::NotFound);
    let lies: [(Value, Answer, &[&str]); 5] = [
        (json!({ "reports": [] }), unknown(), &broke_its_word),
        (listing(&row), unknown(), &broke_its_word),
        (json!({ "reports": [] }), bytes(), &dishonest("leaves it out of its list")),
        (listing(&of_other_day), bytes(), &dishonest("tell two stories")),
        (listing(&row), Answer::bytes(vec![b'x'; sealed.len()]), &dishonest("something else")),
    ];
    for (list, answer, words) in lies {
        let liar = Impostor::posing(&stage, move |request| match request.line.as_str() {
            "GET /v1/reports" => Answer::json(&list),
            _ => answer.clone(),
        });
        stage.link = liar.link(&stage);
        assert_says(&refusal(&mut check(&stage, &receipt)), words);
        let told = check(&stage, &receipt).arg("--json").run().unwrap();
        assert_eq!(told.code, Some(1));
        if words[0] == broke_its_word[0] {
            assert_eq!(serde_json::from_str::<Value>(&told.stdout).unwrap()["state"], "unknown");
        }
    }
}
