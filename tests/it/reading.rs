//! Coordinators read large reports over bad lines, look at each new one once, and leave nothing readable behind.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::Value;

use crate::badline::{MIB, Random, film, link_over};
use crate::line::{Break, Line};
use crate::stage::Stage;

/// Submits a film and gives what `kua` printed.
fn submit_film(stage: &Stage, content: &[u8]) -> Value {
    let path = stage.write("film.mp4", content);
    let draft = stage.draft(&samples::incidents()[0]);
    stage.submit(&draft).arg("--attach").arg(path).json().unwrap()
}

/// A coordinator's command over a line.
fn over(stage: &Stage, line: &Line, command: &str) -> std::process::Command {
    let mut reader = stage.kua.command();
    reader.args([command, &link_over(stage, line)]);
    stage.team.coordinators[0].unlock(&mut reader);
    reader
}

fn inbox(stage: &Stage, line: &Line) -> Vec<Value> {
    over(stage, line, "inbox").arg("--json").json().unwrap().as_array().unwrap().clone()
}

#[test]
fn the_inbox_reads_a_large_report_no_further_than_its_beginning_and_once() {
    let stage = Stage::with(&["Aigul"]);
    let (small, large) = (stage.submitted(&samples::incidents()[1]), submit_film(&stage, &film(3, 20 * MIB)));
    let line = Line::to(stage.drop.address(), || Break::Never);
    let rows = inbox(&stage, &line);
    let back = line.back.load(Ordering::Relaxed);
    assert!(back < 400_000, "{back} bytes were read");
    let row = |id: &Value| rows.iter().find(|row| row["report_id"] == *id).unwrap();
    assert_eq!(row(&small["report_id"])["verified"], true);
    assert_eq!(row(&large["report_id"])["verified"], false);
    assert_eq!(row(&large["report_id"])["title"], samples::incidents()[0].draft["title"]);
    assert_eq!(row(&large["report_id"])["attachments"], 1);

    assert_eq!(inbox(&stage, &line), rows);
    let again = line.back.load(Ordering::Relaxed) - back;
    assert!(again < 30_000, "{again} bytes were read of what is known");
    // What was deleted is forgotten, too.
    stage.reader("delete", 0).arg(small["report_id"].as_str().unwrap()).succeed().unwrap();
    assert_eq!(inbox(&stage, &line).len(), 1);
}

#[test]
fn what_is_remembered_cannot_be_read() {
    let stage = Stage::with(&["Aigul"]);
    let mut sample = samples::incidents()[0].clone();
    sample.draft["title"] = "CANARY-in-the-title".into();
    stage.submitted(&sample);
    assert_eq!(stage.inbox(0)[0]["title"], "CANARY-in-the-title");
    let cache = stage.path("cache");
    let mut files = 0;
    each_file(&cache, &mut |path| {
        files += 1;
        let content = fs::read(path).unwrap();
        assert!(!content.windows(6).any(|window| window == b"CANARY"), "{}", path.display());
        assert!(content.starts_with(b"age-encryption.org/v1\n"), "{}", path.display());
    });
    assert!(files >= 2);
}

fn each_file(folder: &Path, look: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { each_file(&path, look) } else { look(&path) }
    }
}

#[test]
fn reports_are_fetched_and_opened_over_a_line_that_breaks() {
    let stage = Stage::with(&["Aigul"]);
    let content = film(4, 12 * MIB);
    let sent = submit_film(&stage, &content);
    let other = stage.submitted(&samples::incidents()[1]);
    let mut random = Random(5);
    // The submitter's direction is the short one here: it breaks after the request.
    let line = Line::backwards(stage.drop.address(), move || match random.below(3) {
        0 => Break::Never,
        _ => Break::Cut(1000 + random.below(6 * MIB)),
    });
    let ids = [&sent, &other].map(|sent| sent["report_id"].as_str().unwrap().to_owned());
    let out = stage.path("sealed");
    let fetched =
        over(&stage, &line, "fetch").args(&ids).arg("--json").arg("--out").arg(&out).json().unwrap();
    assert_eq!(fetched.as_array().unwrap().len(), 2);
    let sealed = out.join(format!("{}.age", ids[0]));
    assert_eq!(fs::metadata(&sealed).unwrap().len(), sent["size"].as_u64().unwrap());
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2, "nothing begun is left");

    let case = stage.path("case");
    over(&stage, &line, "open").arg(&ids[0][..8]).arg("--out").arg(&case).succeed().unwrap();
    assert!(fs::read(case.join("attachments/film.mp4")).unwrap() == content);
    assert!(line.broken.load(Ordering::Relaxed) > 0, "the line was no bad one");

    // What was begun before goes on; what is there already stays.
    let before = fs::read(&sealed).unwrap();
    fs::remove_file(&sealed).unwrap();
    fs::write(out.join(format!("{}.age.part", ids[0])), &before[..7 << 20]).unwrap();
    let line = Line::to(stage.drop.address(), || Break::Never);
    over(&stage, &line, "fetch").args(&ids).arg("--out").arg(&out).succeed().unwrap();
    assert!(fs::read(&sealed).unwrap() == before);
    let read = line.back.load(Ordering::Relaxed);
    assert!(read < before.len() as u64 - 6 * MIB, "{read} bytes were read");

    // A beginning that is another's is no beginning.
    fs::remove_file(&sealed).unwrap();
    fs::write(out.join(format!("{}.age.part", ids[0])), vec![7; 1000]).unwrap();
    let refused = stage.reader("fetch", 0).args(&ids).arg("--out").arg(&out).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("do not trust") || refused.stderr.contains("something else"),
        "{}",
        refused.stderr
    );
    stage.reader("fetch", 0).args(&ids).arg("--out").arg(&out).succeed().unwrap();
    assert!(fs::read(&sealed).unwrap() == before);
}
