//! Reports and codenames that are not right.

use acceptance::processes::Run as _;
use serde_json::json;

use super::{assert_says, refusal};
use crate::stage::Stage;

/// A codename that is right, from the vectors.
const CODENAME: &str = "zoo zoo zoo zoo zoo zoo zoo useful";

#[test]
fn a_codename_with_a_mistake_is_refused_and_the_mistake_is_named() {
    let stage = Stage::new();
    let draft = stage.write("draft.json", json!({ "title": "t", "description": "d" }).to_string());
    let cases: [(&str, &[&str]); 6] = [
        ("zoo zoo zoo zone zoo zoo zoo useful", &["one of them is wrong", "Nothing was sent"]),
        ("zoo zoo zoo zoo zoo zoo useful zoo", &["two have changed places", "Nothing was sent"]),
        ("zoo zoo zooo zoo zoo zoo zoo useful", &["Word 3", "“zooo”", "Perhaps: zoo"]),
        ("zoo zoo zoo zoo zoo zoo zoo usefull", &["Word 8", "“usefull”", "Perhaps: useful"]),
        ("zoo zoo zoo zoo zoo zoo useful", &["has eight words, and this has 7", "Nothing was sent"]),
        ("", &["has eight words, and this has 0", "Nothing was sent"]),
    ];
    for (typed, words) in cases {
        let file = stage.write("codename.txt", typed);
        assert_says(&refusal(stage.submit(&draft).arg("--codename-file").arg(file)), words);
    }
    assert!(stage.inbox(0).is_empty());
    let file = stage.write("codename.txt", CODENAME);
    let sent = stage.submit(&draft).arg("--codename-file").arg(file).json().unwrap();
    assert_eq!(sent["codename"], CODENAME);
    assert_eq!(stage.inbox(0).len(), 1);
}

#[test]
fn a_report_that_is_not_right_is_refused_and_the_field_is_named() {
    let stage = Stage::new();
    let long = "Шаңырақ ".repeat(10 << 16);
    assert!(long.len() > 9_000_000);
    let full = |field: &str, value: serde_json::Value| {
        let mut draft = json!({ "title": "t", "description": "d" });
        draft[field] = value;
        draft.to_string()
    };
    let cases: Vec<(String, &[&str])> = vec![
        (json!({ "description": "d" }).to_string(), &["needs a title", "Write one into the field `title`"]),
        (json!({ "title": "t" }).to_string(), &["needs a description", "field `description`"]),
        (full("title", "  ".into()), &["needs a title"]),
        (full("description", long.into()), &["a report takes at most 65536", "attach long texts as files"]),
        (full("description", "я".repeat(33_000).into()), &["at most 65536", "`description`"]),
        (full("acts", json!(["beating"])), &["`beating`", "personal-integrity"]),
        (full("occurred", json!({ "from": "2026-02-30", "precision": "day" })), &["`occurred"]),
        (full("drop", "00".repeat(16).into()), &["`drop`", "take it out of the draft"]),
        ("{ \"title\": ".to_owned(), &["not valid JSON"]),
        (r#"{"title": "t", "description": "d", "title": "u"}"#.to_owned(), &["title"]),
    ];
    for (draft, words) in cases {
        let path = stage.write("draft.json", draft);
        let message = refusal(&mut stage.submit(&path));
        assert_says(&message, words);
        assert_says(&message, &["draft.json"]);
        assert!(message.len() < 2000, "a message has to be read: {} bytes", message.len());
    }
    assert_says(
        &refusal(&mut stage.submit(&stage.path("nowhere.json"))),
        &["nowhere.json", "Check the name"],
    );
    assert!(stage.inbox(0).is_empty());
}

#[test]
fn a_field_that_this_version_does_not_know_is_kept() {
    let stage = Stage::new();
    let draft = json!({
        "title": "t", "description": "d", "witness_mood": { "calm": true, "words": ["тыныш", 7, null] },
        "place": { "name": "Шахтинск", "what3words": "a.b.c" }
    });
    let path = stage.write("draft.json", draft.to_string());
    let id = stage.submit(&path).json().unwrap()["report_id"].as_str().unwrap().to_owned();
    let opened = stage.reader("open", 0).args([&id[..8], "--json"]).json().unwrap();
    assert_eq!(opened["witness_mood"], draft["witness_mood"]);
    assert_eq!(opened["place"], draft["place"]);
}

#[test]
fn a_coordinator_who_is_not_there_gets_nothing_and_nobody_else_does_either() {
    let stage = Stage::new();
    let draft = stage.write("draft.json", json!({ "title": "t", "description": "d" }).to_string());
    let message = refusal(stage.submit(&draft).args(["--to", "Aigul", "--to", "Dana"]));
    assert_says(&message, &["Dana is not a coordinator of this drop", "Aigul, Marat"]);
    assert!(stage.inbox(0).is_empty());
}

#[test]
fn a_receipt_never_takes_the_place_of_a_file() {
    let stage = Stage::new();
    let draft = stage.write("draft.json", json!({ "title": "t", "description": "d" }).to_string());
    let precious = stage.write("receipt.json", "precious");
    let message = refusal(stage.submit(&draft).arg("--receipt").arg(&precious));
    assert_says(&message, &["receipt.json is there already", "Choose another name"]);
    assert_eq!(std::fs::read(&precious).unwrap(), b"precious");
    assert!(stage.inbox(0).is_empty());

    let sent = stage.submit(&draft).arg("--receipt").arg(stage.path("new.json")).json().unwrap();
    let receipt = std::fs::read(stage.path("new.json")).unwrap();
    let receipt = kua_protocol::dsse::Envelope::parse(&receipt).unwrap();
    let stated = receipt.verify::<kua_protocol::receipt::Receipt>(|_| true).unwrap().statement;
    assert_eq!(sent["report_id"], stated.report.to_string());
}
