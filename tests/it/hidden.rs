//! What is hidden in images that go with a report: shown, kept or taken out, and said to be so in the report.

use std::fs;

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::Value;

use crate::refusals::{assert_says, refusal};
use crate::stage::Stage;

/// Submits a file with an option, and gives what the report says of it, its bytes, and what the person saw.
fn sent(stage: &Stage, name: &str, content: &[u8], option: Option<&str>) -> (Value, Vec<u8>, String) {
    let path = stage.write(name, content);
    let mut submit = stage.submit(&stage.draft(&samples::incidents()[0]));
    let said = submit.args(option).arg("--attach").arg(path).run().unwrap();
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let accepted: Value = serde_json::from_str(&said.stdout).unwrap();
    let out = stage.path("case");
    let id = accepted["report_id"].as_str().unwrap();
    let report = stage.reader("open", 0).args([id, "--json", "--out"]).arg(&out).json().unwrap();
    let bytes = fs::read(out.join("attachments").join(name)).unwrap();
    fs::remove_dir_all(out).unwrap();
    (report["attachments"][0].clone(), bytes, said.stderr)
}

#[test]
fn the_report_says_what_became_of_what_was_hidden() {
    let stage = Stage::with(&["Aigul"]);
    let photo = samples::photo(6);
    let (said, bytes, shown) = sent(&stage, "square.jpg", &photo, None);
    assert_eq!((&said["metadata"], &bytes), (&"kept".into(), &photo));
    assert_says(
        &shown,
        &["the place where it was taken: 50.04778, 60.40722", "the device", "--strip-metadata"],
    );
    let (said, bytes, shown) = sent(&stage, "square.jpg", &photo, Some("--keep-metadata"));
    assert_eq!((&said["metadata"], &bytes), (&"kept".into(), &photo));
    assert!(!shown.contains("hidden"), "{shown}");

    let (said, cleaned, shown) = sent(&stage, "square.jpg", &photo, Some("--strip-metadata"));
    assert_eq!(said["metadata"], "removed");
    assert_says(&shown, &["the place where it was taken", "It was taken out"]);
    assert!(cleaned.len() < photo.len() && !cleaned.windows(3).any(|bytes| bytes == b"Kua"));
    let (said, bytes, _) = sent(&stage, "square.jpg", &cleaned, Some("--strip-metadata"));
    assert_eq!((&said["metadata"], &bytes), (&"none-found".into(), &cleaned));
    let document = samples::document("To the prosecutor");
    let (said, bytes, shown) = sent(&stage, "letter.pdf", &document, Some("--strip-metadata"));
    assert_eq!((&said["metadata"], &bytes), (&"not-checked".into(), &document));
    assert_says(&shown, &["letter.pdf is sent as it is"]);
}

#[test]
fn an_image_that_cannot_be_cleaned_is_not_sent_as_clean() {
    let stage = Stage::with(&["Aigul"]);
    let mut photo = samples::photo(6);
    photo.truncate(photo.len() - 9);
    let path = stage.write("cut.jpg", &photo);
    let mut submit = stage.submit(&stage.draft(&samples::incidents()[0]));
    submit.arg("--strip-metadata").arg("--attach").arg(path);
    assert_says(&refusal(&mut submit), &["cut.jpg", "was not sent", "--keep-metadata"]);
    assert!(stage.inbox(0).is_empty());
}
