//! `kua verify-site` tells a page that was changed from the one that it knows.

use std::process::Command;

use acceptance::processes::{Output, Run as _};
use kua_protocol::id::Digest;
use kua_site::{SERVED, Served};
use serde_json::{Value, json};

use crate::impostor::{Answer, Impostor};
use crate::refusals::assert_says;
use crate::stage::Stage;

fn verify(stage: &Stage, link: &str) -> Command {
    let mut verify = stage.kua.command();
    verify.args(["verify-site", link]);
    verify
}

/// Other bytes in the place of the true ones, with the true header fields.
fn with_bytes(served: &Served, bytes: Vec<u8>) -> Answer {
    let fields = served.fields().unwrap();
    fields.iter().fold(Answer::bytes(bytes), |answer, (name, value)| answer.with(name, value))
}

/// The true bytes, with another value of one header field, or none.
fn with_field(served: &Served, name: &str, value: Option<&str>) -> Answer {
    let mut fields = served.fields().unwrap();
    fields.remove(name);
    fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    fields.iter().fold(Answer::bytes(served.body), |answer, (name, value)| answer.with(name, value))
}

/// What is said of a drop that answers so where this gives something, and honestly elsewhere.
fn judged(stage: &Stage, lie: impl Fn(&Served) -> Option<Answer> + Send + 'static) -> (Output, Value) {
    let impostor = Impostor::new(move |request| {
        let path = request.line.strip_prefix("GET ").unwrap();
        let served = SERVED.iter().find(|served| served.path == path).unwrap();
        lie(served).unwrap_or_else(|| with_field(served, "via", Some("1.1 Caddy")))
    });
    let link = impostor.link(stage);
    let json = verify(stage, &link).arg("--json").run().unwrap();
    (verify(stage, &link).run().unwrap(), serde_json::from_str(&json.stdout).unwrap())
}

/// That a lie is told, by these words, and how it is named in JSON.
fn assert_told(
    stage: &Stage,
    words: &[&str],
    lie: impl Fn(&Served) -> Option<Answer> + Send + 'static,
) -> Value {
    let (output, json) = judged(stage, lie);
    assert_eq!((output.code, &json["same"]), (Some(1), &json!(false)), "{}", output.stdout);
    assert_says(&output.stdout, words);
    assert_says(&output.stderr, &["STOP", "kua submit"]);
    json
}

#[test]
fn a_drop_serves_the_page_that_the_program_knows() {
    let stage = Stage::new();
    let said = verify(&stage, &stage.link).succeed().unwrap();
    assert_says(&said, &["same: /\n", "same: /page.js\n", "same: /offline.html\n", "same: /leave\n"]);
    assert!(!said.contains("OTHER") && !said.contains("MISSING"), "{said}");
    let json = verify(&stage, &stage.link).arg("--json").json().unwrap();
    assert_eq!((&json["same"], json["files"].as_array().unwrap().len()), (&json!(true), SERVED.len()));
    let sums = SERVED.iter().find(|served| served.path == "/SHA256SUMS").unwrap();
    assert_eq!(json["sums"], Digest::of(sums.body).to_string());
    assert_says(&said, &[&Digest::of(sums.body).to_string()]);
    // What a server in front adds changes nothing.
    let (output, _) = judged(&stage, |_| None);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
}

#[test]
fn every_single_byte_and_every_single_field_counts() {
    let stage = Stage::new();
    for served in SERVED.iter().filter(|served| !served.body.is_empty()) {
        let path = served.path;
        let json = assert_told(&stage, &[&format!("OTHER: {path}, with the SHA-256")], move |served| {
            (served.path == path).then(|| {
                let mut bytes = served.body.to_vec();
                bytes[served.body.len() / 2] ^= 1;
                with_bytes(served, bytes)
            })
        });
        let other = json["files"].as_array().unwrap().iter().filter(|file| file["state"] == "other");
        assert_eq!(other.map(|file| &file["path"]).collect::<Vec<_>>(), [path]);
    }
    for (name, value) in [
        ("content-security-policy", Some("default-src *")),
        ("content-type", Some("text/plain")),
        ("referrer-policy", None),
        ("x-frame-options", None),
        ("set-cookie", Some("who=1")),
        ("refresh", Some("0; url=https://elsewhere.example/")),
        ("content-security-policy-report-only", Some("report-uri https://elsewhere.example/")),
    ] {
        let word = match (name, value) {
            ("content-security-policy" | "content-type", _) => "OTHER",
            (_, None) => "MISSING",
            _ => "ADDED",
        };
        assert_told(&stage, &[&format!("{word}: header field {name} of /")], move |served| {
            (served.path == "/").then(|| with_field(served, name, value))
        });
    }
    assert_told(&stage, &["MISSING: /worker.js", "404"], |served| {
        (served.path == "/worker.js").then(|| Answer::status(404))
    });
    assert_told(&stage, &["OTHER: /page.js"], |served| {
        (served.path == "/page.js").then(|| Answer::endless("x"))
    });
}

#[test]
fn another_version_is_named_as_that_and_not_trusted() {
    let stage = Stage::new();
    let script = b"// of another version";
    let ours = SERVED.iter().find(|served| served.path == "/SHA256SUMS").unwrap();
    let ours = std::str::from_utf8(ours.body).unwrap();
    let known = ours.lines().find_map(|line| line.strip_suffix("  page.js")).unwrap();
    let theirs = ours.replace(known, &Digest::of(script).to_string());
    let digest = Digest::of(theirs.as_bytes()).to_string();
    let (output, json) = judged(&stage, move |served| {
        let body = match served.path {
            "/page.js" => script.to_vec(),
            "/SHA256SUMS" => theirs.clone().into_bytes(),
            _ => return None,
        };
        Some(with_bytes(served, body))
    });
    assert_eq!((output.code, &json["other_version"]), (Some(1), &json!(true)));
    assert_says(&output.stderr, &["another version", &digest]);
}
