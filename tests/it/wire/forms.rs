//! The form for browsers that run no scripts: one sealed file, one way.

use std::fs;

use acceptance::processes::Run as _;
use acceptance::samples;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kua_protocol::api::{NONCE, RECEIPT, path};
use kua_protocol::problem::Kind;
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::sealed::SealedShape;
use serde_json::Value;

use super::{Answer, Request, Wire, id_of, submitter, tiny};
use crate::secrets::{everything_under, holds};

const BOUNDARY: &str = "----geckoformboundary6e2f9d";

/// A form as browsers write it.
fn form(file: &[u8]) -> Request {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Gulnara's letter.age\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    Request::new("POST", path::SEALED_FILE)
        .field("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .field("host", "drop.example")
        .field("origin", "https://drop.example")
        .with_other_bytes(body)
}

/// That an answer is a page which says that nothing was taken in.
fn assert_refused(answer: &Answer, kind: Kind) {
    assert_eq!(answer.status, kind.status(), "{}", answer.text());
    assert_is_page(answer);
    assert!(answer.text().contains(&format!(">{}</p>", kind.code())), "{}", answer.text());
    assert_eq!(answer.field(RECEIPT), None);
}

/// That an answer may do as little in a browser as the page itself.
fn assert_is_page(answer: &Answer) {
    let mut expected = kua_site::common_fields().unwrap();
    expected.insert("content-type".into(), "text/html; charset=utf-8".into());
    for (name, value) in &expected {
        assert_eq!(answer.field(name), Some(&**value), "{name}");
    }
    assert!(answer.field(NONCE).is_some());
    for inline in ["<script", "<style", "style="] {
        assert!(!answer.text().contains(inline), "{}", answer.text());
    }
}

/// The receipt that a page lets its reader save.
fn saved(answer: &Answer) -> Vec<u8> {
    let (_, rest) = answer.text().split_once("href=\"data:application/json;base64,").unwrap();
    STANDARD.decode(rest.split('"').next().unwrap()).unwrap()
}

#[test]
fn a_file_of_kua_seal_is_handed_in_and_opened_and_its_receipt_holds() {
    let wire = Wire::new();
    let (stage, sample) = (&wire.stage, &samples::incidents()[0]);
    let sealed = stage.path("report.age");
    let mut seal = stage.kua.command();
    seal.args(["seal", &stage.link, "--json", "--report"]).arg(stage.draft(sample)).arg("--out").arg(&sealed);
    let made = seal.json().unwrap();
    let bytes = fs::read(&sealed).unwrap();

    let answer = wire.ask(&form(&bytes));
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_is_page(&answer);
    let envelope = receipt::from_header(answer.field(RECEIPT).unwrap()).unwrap();
    let said = Receipt::verify(&envelope, &wire.roster()).unwrap();
    assert_eq!((said.report, said.size), (id_of(&bytes), bytes.len() as u64));
    assert_eq!(Value::from(said.report.to_string()), made["report_id"]);
    assert!(answer.text().contains(&said.report.to_string()));
    let file = stage.write("receipt.json", saved(&answer));
    let mut verify = stage.kua.command();
    verify
        .args(["receipt", "verify"])
        .arg(file)
        .arg("--roster")
        .arg(&stage.roster)
        .arg("--sealed")
        .arg(&sealed);
    verify.succeed().unwrap();

    let rows = stage.inbox(0);
    assert_eq!((rows.len(), &rows[0]["mailbox"]), (1, &Value::Null), "nothing leads to who sent it");
    let opened = stage.reader("open", 0).args([&said.report.to_string()[..8], "--json"]).json().unwrap();
    assert_eq!(opened["description"], sample.draft["description"]);
    let mut reply = stage.reader("reply", 0);
    let refused = reply.arg(&said.report.to_string()[..8]).args(["--text", "Who?"]).run().unwrap();
    assert!(refused.stderr.contains("without a mailbox"), "{}", refused.stderr);

    let apart = everything_under(&stage.drop.folder().path().join("store/contents"));
    assert!(apart.is_empty(), "a file of its own would tell when it came");
    let again = wire.ask(&form(&bytes));
    assert_eq!((again.status, wire.objects()), (201, 1), "reloading the page sends no second report");
}

#[test]
fn what_is_not_sealed_is_refused_and_leaves_no_trace() {
    let wire = Wire::new();
    let text = "They came at six in the morning, four men in masks. ".repeat(40_000);
    for bad in
        [text.as_bytes(), &text.as_bytes()[..300], b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"PK\x03\x04"]
    {
        assert_refused(&wire.ask(&form(bad)), Kind::NotSealed);
    }
    let whole = wire.seal(3_000_000);
    let header = SealedShape::of(&whole, whole.len() as u64).unwrap().header_len;
    // No file ends with a piece that holds nothing but its tag.
    assert_refused(&wire.ask(&form(&whole[..header + 16 + 40 * 65_552 + 16])), Kind::NotSealed);
    assert_refused(&wire.ask(&form(b"")), Kind::Malformed);
    let two = [&tiny(1), format!("\r\n--{BOUNDARY}\r\n\r\n").as_bytes(), &tiny(2)].concat();
    assert_refused(&wire.ask(&form(&two)), Kind::OtherBody);
    let no_form = form(&tiny(1)).without("content-type").field("content-type", "text/plain");
    assert_refused(&wire.ask(&no_form), Kind::Malformed);
    assert_eq!(wire.objects(), 0);
    assert_eq!(unfinished(&wire), 0);
    let folder = wire.stage.drop.folder();
    let mut kept = everything_under(folder.path());
    kept.extend(fs::read(folder.log_file()).map(|log| (folder.log_file(), log)));
    for (path, content) in kept {
        for canary in ["men in masks", "Gulnara"] {
            assert!(!holds(&content, canary.as_bytes()), "{canary} in {}", path.display());
        }
    }
}

fn unfinished(wire: &Wire) -> u64 {
    let status = wire.stage.drop.folder().command(&["status", "--json"]).json().unwrap();
    status["uploads"].as_u64().unwrap()
}

#[test]
fn a_large_file_arrives_whole_and_one_that_is_cut_is_given_up() {
    let wire = Wire::new();
    let sealed = wire.seal(6 << 20);
    let request = form(&sealed).field("expect", "100-continue");
    let mut connection = wire.connect();
    connection.send(&request.head());
    assert_eq!(connection.answer().status, 100);
    connection.send(&request.body_bytes()[..5 << 20]);
    drop(connection);
    // Its sender is gone, and what was begun goes too.
    while unfinished(&wire) > 0 {}
    assert_eq!(wire.objects(), 0);

    assert_eq!(wire.ask(&form(&sealed)).status, 201);
    let report = wire.coordinator(0, "GET", path::report(id_of(&sealed)));
    assert!(report.body == sealed);
    while unfinished(&wire) > 0 {}
}

#[test]
fn pages_elsewhere_cannot_hand_anything_in() {
    let wire = Wire::new();
    let of = |origin: &str| form(&tiny(1)).without("origin").field("origin", origin);
    for origin in ["https://elsewhere.example", "null"] {
        assert_refused(&wire.ask(&of(origin)), Kind::OtherOrigin);
    }
    let cross = form(&tiny(1)).field("sec-fetch-site", "cross-site");
    assert_refused(&wire.ask(&cross), Kind::OtherOrigin);
    assert_eq!(wire.objects(), 0);
    assert_eq!(wire.ask(&of("null").field("sec-fetch-site", "same-origin")).status, 201);
}

#[test]
fn a_day_has_room_for_so_many_files_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut wire = Wire::on(&folder.path().join("drop"), "form_files = 2\nform_mib = 1\n");
    assert_refused(&wire.ask(&form(&wire.seal(2 << 20))), Kind::TooLarge);
    let large = wire.seal(700_000);
    assert_eq!(wire.ask(&form(&large)).status, 201);
    assert_refused(&wire.ask(&form(&wire.seal(700_000))), Kind::FormShut);
    assert_eq!(wire.ask(&form(&tiny(1))).status, 201);
    assert_refused(&wire.ask(&form(&tiny(2))), Kind::FormShut);
    // A restart gives nobody a second day's share, and who has a key is not concerned.
    wire.stage.drop.restart().unwrap();
    assert_refused(&wire.ask(&form(&tiny(2))), Kind::FormShut);
    assert_eq!(wire.submit(&submitter(), &tiny(2)).status, 201);
    assert_eq!(wire.objects(), 3);
}

#[test]
fn the_form_can_be_shut_and_shuts_before_the_reserve_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let shut = Wire::on(&folder.path().join("shut"), "form_files = 0\n");
    assert_refused(&shut.ask(&form(&tiny(1))), Kind::FormShut);

    let disk = rustix::fs::statvfs(folder.path()).unwrap();
    // Less than what is free, and more than half of it.
    let reserve = disk.f_bavail * disk.f_frsize / (1 << 20) / 4 * 3;
    let tight = Wire::on(&folder.path().join("tight"), &format!("disk_reserve_mib = {reserve}\n"));
    assert_refused(&tight.ask(&form(&tiny(1))), Kind::NoSpace);
    assert_eq!(tight.submit(&submitter(), &tiny(1)).status, 201);
}

#[test]
fn the_answer_speaks_the_language_that_the_page_was_read_in() {
    let wire = Wire::new();
    let in_arabic = wire.ask(&form(&tiny(1)).at("/v1/sealed-file?language=ar"));
    assert!(in_arabic.text().contains("<html lang=\"ar\" dir=\"rtl\">"), "{}", in_arabic.text());
    assert!(in_arabic.text().contains("وصل بلاغك"));
    let by_browser = wire.ask(&form(b"text").field("accept-language", "kk-KZ,ru;q=0.8"));
    assert!(by_browser.text().contains("<html lang=\"kk\""), "{}", by_browser.text());
    assert_refused(&by_browser, Kind::NotSealed);
}
