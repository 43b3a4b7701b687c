//! The main job: what was written on one side is read on the other, and nothing in between can read it.

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::Value;

use crate::stage::Stage;

#[test]
fn every_sample_comes_back_equal_through_submit_inbox_and_open() {
    let stage = Stage::new();
    let samples = samples::incidents();
    assert_eq!(samples.len(), 8);
    let photo = stage.write("Фото с площади.jpg", samples::photo(1));
    let letter = stage.write("letter.pdf", samples::document("To the prosecutor"));
    for (number, sample) in samples.iter().enumerate() {
        let mut submit = stage.submit(&stage.draft(sample));
        if number == 3 {
            submit.arg("--attach").arg(&photo).arg("--attach").arg(&letter);
        }
        let submitted = submit.json().unwrap();
        let id = submitted["report_id"].as_str().unwrap().to_owned();

        let rows = stage.inbox(number % 2);
        assert_eq!(rows.len(), number + 1);
        let row = rows.iter().find(|row| row["report_id"] == id.as_str()).unwrap();
        for field in ["size", "mailbox", "day"] {
            assert_eq!(row[field], submitted[field], "{field}");
        }
        for field in ["title", "acts", "severity"] {
            assert_eq!(row[field], sample.draft[field], "{field}");
        }

        let out = stage.path(&format!("case-{number}"));
        let opened = stage
            .reader("open", 1 - number % 2)
            .args([&id[..8], "--json", "--out"])
            .arg(&out)
            .json()
            .unwrap();
        assert_eq!(opened["custody"]["report_id"], id.as_str());
        assert_eq!(opened["custody"]["opened_by"], stage.team.coordinators[1 - number % 2].name.as_str());
        for (field, value) in sample.draft.as_object().unwrap() {
            assert_eq!(&opened[field], value, "{}: {field}", sample.key);
        }
        let written: Value =
            serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
        assert_eq!(written["title"], sample.draft["title"]);
        if number == 3 {
            assert_eq!(std::fs::read(out.join("attachments/Фото с площади.jpg")).unwrap(), samples::photo(1));
            let pdf = std::fs::read(out.join("attachments/letter.pdf")).unwrap();
            assert_eq!(pdf, samples::document("To the prosecutor"));
            assert_eq!(opened["attachments"][0]["media_type"], "image/jpeg");
        }
    }
}

#[test]
fn text_only_reports_are_all_of_one_size() {
    let stage = Stage::new();
    let sizes: Vec<Value> =
        samples::incidents().iter().map(|sample| stage.submitted(sample)["size"].clone()).collect();
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
}

#[test]
fn those_who_were_not_chosen_see_that_a_report_exists_and_no_more() {
    let stage = Stage::new();
    let sample = &samples::incidents()[0];
    let id = stage.submit(&stage.draft(sample)).args(["--to", "Aigul"]).json().unwrap()["report_id"].clone();
    let (aigul, marat) = (&stage.inbox(0)[0], &stage.inbox(1)[0]);
    assert_eq!(aigul["title"], sample.draft["title"]);
    assert_eq!(marat["report_id"], id);
    assert_eq!(marat["error"], "not-for-you");
    assert_eq!(marat["title"], Value::Null);
    let refused = stage.reader("open", 1).arg(&id.as_str().unwrap()[..8]).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("not sealed to your key"), "{}", refused.stderr);
}

#[test]
fn a_codename_adds_to_its_thread() {
    let stage = Stage::new();
    let samples = samples::incidents();
    let first = stage.submitted(&samples[0]);
    let codename = stage.write("codename.txt", first["codename"].as_str().unwrap());
    let mut submit = stage.submit(&stage.draft(&samples[1]));
    let second = submit.arg("--codename-file").arg(codename).json().unwrap();
    assert_eq!(second["mailbox"], first["mailbox"]);
    assert_eq!(second["codename"], first["codename"]);
    let id = second["report_id"].as_str().unwrap();
    let opened = stage.reader("open", 0).args([&id[..8], "--json"]).json().unwrap();
    assert_eq!(opened["thread"]["first"], first["report_id"]);
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let mut stage = Stage::new();
    let ids: Vec<Value> =
        samples::incidents().iter().map(|sample| stage.submitted(sample)["report_id"].clone()).collect();
    stage.drop.kill().unwrap();
    stage.drop.restart().unwrap();
    let rows = stage.inbox(0);
    assert_eq!(rows.len(), ids.len());
    assert!(ids.iter().all(|id| rows.iter().any(|row| row["report_id"] == *id && row["title"].is_string())));
}
