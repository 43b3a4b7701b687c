//! The vectors that the Rust and the TypeScript code both read.

use std::fs;
use std::path::Path;

use kua_report::{AttachmentName, Report};
use serde_json::Value;

use crate::sample;

fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    let items = value[field].as_array().unwrap();
    assert!(!items.is_empty());
    items
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} of {value}"))
}

#[test]
fn names() {
    let vectors = vectors("names.json");
    let name = |text: &str| text.parse::<AttachmentName>();
    for valid in list(&vectors, "valid") {
        assert!(name(valid.as_str().unwrap()).is_ok(), "{valid}");
    }
    for invalid in list(&vectors, "invalid") {
        assert!(name(text(invalid, "name")).is_err(), "{invalid}");
    }
    for case in list(&vectors, "tidy") {
        assert_eq!(AttachmentName::tidy(text(case, "original")).as_str(), text(case, "name"));
    }
    for case in list(&vectors, "unique") {
        let taken: Vec<_> =
            list(case, "taken").iter().map(|taken| name(taken.as_str().unwrap()).unwrap()).collect();
        assert_eq!(name(text(case, "name")).unwrap().unique_among(&taken).as_str(), text(case, "becomes"));
    }
}

#[test]
fn archives() {
    for case in list(&vectors("archive.json"), "cases") {
        let json = text(case, "report_json");
        let report = Report::parse(json.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(report.to_json().unwrap()).unwrap(), json);
        let contents: sample::Files = case["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| {
                let times = usize::try_from(file["times"].as_u64().unwrap()).unwrap();
                (text(file, "name").to_owned(), text(file, "content").repeat(times).into_bytes())
            })
            .collect();
        let files: Vec<(&str, &[u8])> =
            contents.iter().map(|(name, content)| (&name[..], &content[..])).collect();
        let bytes = sample::write(&report, &files).unwrap();
        assert_eq!(bytes.len() as u64, case["len"].as_u64().unwrap());
        let digest = kua_protocol::id::Digest::of(&bytes).to_string();
        assert_eq!(digest, text(case, "sha256"), "{}", text(case, "about"));
        assert_eq!(sample::read(&bytes).unwrap(), (report, contents));
    }
}
