//! Files to go with a report that are not there, not files, or oddly called.

use std::fs;

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::{Value, json};

use super::{assert_says, refusal};
use crate::stage::Stage;

/// A stage and a draft with nothing special in it.
fn stage_and_draft() -> (Stage, std::path::PathBuf) {
    let stage = Stage::new();
    let draft = draft_on(&stage);
    (stage, draft)
}

fn draft_on(stage: &Stage) -> std::path::PathBuf {
    stage.write("draft.json", json!({ "title": "t", "description": "d" }).to_string())
}

/// Opens a report as a coordinator and gives its attachments, and the folder with their bytes.
fn opened(stage: &Stage, sent: &Value) -> (Vec<Value>, std::path::PathBuf) {
    let out = stage.path("case");
    let id = &sent["report_id"].as_str().unwrap()[..8];
    let report = stage.reader("open", 0).args([id, "--json", "--out"]).arg(&out).json().unwrap();
    (report["attachments"].as_array().unwrap().clone(), out.join("attachments"))
}

#[test]
fn what_cannot_be_attached_is_named_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::on(&folder.path().join("drop"), "report_mib = 1\n");
    let draft = draft_on(&stage);
    let photo = stage.write("photo.jpg", samples::photo(1));
    fs::create_dir(stage.path("folder")).unwrap();
    let large = stage.write("film.mp4", vec![7; (1 << 20) + 1]);
    let attach = |path: &std::path::Path| {
        let mut submit = stage.submit(&draft);
        submit.arg("--keep-metadata").arg("--attach").arg(&photo).arg("--attach").arg(path);
        refusal(&mut submit)
    };
    assert_says(
        &attach(&stage.path("vanished.jpg")),
        &["vanished.jpg", "Check the name", "nothing was sent"],
    );
    assert_says(&attach(&stage.path("folder")), &["folder", "only files can be attached", "ZIP"]);
    assert_says(&attach(&stage.path("folder/..")), &["only files can be attached"]);
    let message = attach(&large);
    assert_says(
        &message,
        &["this drop takes 1024 KiB", "Leave out a file, or make it smaller", "nothing was sent"],
    );
    // Two that fit one by one, and not together.
    let half = stage.write("half.mp4", vec![7; 600 << 10]);
    let mut both = stage.submit(&draft);
    both.arg("--keep-metadata").arg("--attach").arg(&half).arg("--attach").arg(&half);
    assert_says(&refusal(&mut both), &["this drop takes 1024 KiB"]);
    assert!(stage.inbox(0).is_empty());
    stage.submit(&draft).arg("--attach").arg(&half).json().unwrap();
    assert_eq!(stage.inbox(0).len(), 1);
}

#[test]
fn a_name_of_255_bytes_in_cyrillic_is_shortened_and_the_original_kept() {
    let (stage, draft) = stage_and_draft();
    let original = "я".repeat(125) + ".jpeg";
    assert_eq!(original.len(), 255);
    let photo = stage.write(&original, samples::photo(2));
    let sent = stage.submit(&draft).arg("--attach").arg(&photo).json().unwrap();
    let (attachments, folder) = opened(&stage, &sent);
    let name = attachments[0]["name"].as_str().unwrap();
    assert_eq!(attachments[0]["original_name"], original);
    assert!(name.len() <= 200 && name.starts_with("яя") && name.ends_with("я.jpeg"), "{name}");
    assert_eq!(fs::read(folder.join(name)).unwrap(), samples::photo(2));
}

#[test]
fn the_same_name_from_two_folders_arrives_as_two_files() {
    let (stage, draft) = stage_and_draft();
    let mut submit = stage.submit(&draft);
    for (number, folder) in ["morning", "evening", "night"].into_iter().enumerate() {
        fs::create_dir(stage.path(folder)).unwrap();
        // Capitals make no difference on the disk of many a coordinator.
        let name = if folder == "night" { "PHOTO.JPG" } else { "photo.jpg" };
        submit.arg("--attach").arg(stage.write(&format!("{folder}/{name}"), samples::photo(number as u64)));
    }
    let (attachments, folder) = opened(&stage, &submit.json().unwrap());
    let names: Vec<&str> = attachments.iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["photo.jpg", "photo (2).jpg", "PHOTO (3).JPG"]);
    for (number, name) in names.into_iter().enumerate() {
        assert_eq!(fs::read(folder.join(name)).unwrap(), samples::photo(number as u64), "{name}");
    }
}

#[test]
fn only_the_last_part_of_a_path_becomes_the_name() {
    let (stage, draft) = stage_and_draft();
    fs::create_dir(stage.path("private-folder")).unwrap();
    stage.write("photo.jpg", samples::photo(1));
    let dotted = stage.write(".hidden", "dots");
    let slashed = stage.write("a\\b\u{202e}\n.txt", "slashes");
    let mut submit = stage.submit(&draft);
    submit.arg("--attach").arg(stage.path("private-folder/../photo.jpg"));
    submit.arg("--attach").arg(&dotted).arg("--attach").arg(&slashed);
    let sent = submit.json().unwrap();
    let (attachments, folder) = opened(&stage, &sent);
    let names: Vec<&str> = attachments.iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["photo.jpg", "hidden", "a_b.txt"]);
    assert!(!Value::from(attachments.clone()).to_string().contains("private-folder"));
    assert_eq!(fs::read(folder.join("photo.jpg")).unwrap(), samples::photo(1));
    assert_eq!(fs::read(folder.join("a_b.txt")).unwrap(), b"slashes");
    assert_eq!(attachments[0].get("original_name"), None);
    assert_eq!(attachments[1]["original_name"], ".hidden");
}
