//! Coordinators read large reports over bad lines, look at each new one once, and leave nothing readable behind.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_sealing::{CoordinatorKeys, Vault};
use rustix::process::{Pid, Signal, kill_process};
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

    // A beginning that is another's is no beginning, and not the drop's fault.
    fs::remove_file(&sealed).unwrap();
    fs::write(out.join(format!("{}.age.part", ids[0])), vec![7; 1000]).unwrap();
    stage.reader("fetch", 0).args(&ids).arg("--out").arg(&out).succeed().unwrap();
    assert!(fs::read(&sealed).unwrap() == before);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

#[test]
fn a_report_typed_twice_is_fetched_once_and_one_that_fails_keeps_no_other() {
    let stage = Stage::with(&["Aigul"]);
    let [one, other] = [0, 1].map(|n| id(&stage.submitted(&samples::incidents()[n])));
    let out = stage.path("sealed");
    // Something stands where the first would go.
    fs::create_dir_all(out.join(format!("{one}.age.part"))).unwrap();
    let fetched =
        stage.reader("fetch", 0).args([&one, &other, &other[..10]]).arg("--out").arg(&out).run().unwrap();
    assert_eq!(fetched.code, Some(1));
    assert!(fetched.stderr.contains(&format!("{one}.age.part")), "{}", fetched.stderr);
    assert_eq!(fetched.stdout.lines().count(), 1, "{}", fetched.stdout);
    assert!(out.join(format!("{other}.age")).exists());
}

#[test]
fn several_reports_are_opened_at_once_each_into_a_folder_of_its_own() {
    let stage = Stage::with(&["Aigul"]);
    let ids = [0, 1, 2].map(|n| id(&stage.submitted(&samples::incidents()[n])));
    let opened = stage.reader("open", 0).args(&ids).arg("--json").json().unwrap();
    let found: Vec<&Value> =
        opened.as_array().unwrap().iter().map(|one| &one["custody"]["report_id"]).collect();
    assert_eq!(found, ids.iter().collect::<Vec<_>>());
    let out = stage.path("cases");
    stage.reader("open", 0).args(&ids[..2]).arg("--out").arg(&out).succeed().unwrap();
    assert!(ids[..2].iter().all(|id| out.join(id).join("report.json").is_file()));
    // Nothing is replaced, and nothing is begun when something would be.
    let again = stage.reader("open", 0).args(&ids).arg("--out").arg(&out).run().unwrap();
    assert_eq!((again.code, again.stdout.as_str()), (Some(1), ""));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

#[test]
fn what_is_to_be_deleted_is_left_out_of_the_inbox_and_counted() {
    let stage = Stage::new();
    let [stays, goes] = [0, 1].map(|n| id(&stage.submitted(&samples::incidents()[n])));
    stage.reader("delete", 1).arg(&goes).succeed().unwrap();
    let listed = stage.reader("inbox", 0).run().unwrap();
    assert!(
        listed.stdout.starts_with(&stays[..8]) && !listed.stdout.contains(&goes[..8]),
        "{}",
        listed.stdout
    );
    assert!(listed.stderr.contains("One report is to be deleted in "), "{}", listed.stderr);
    assert_eq!(stage.inbox(0).len(), 1);
    let all = stage.reader("inbox", 0).arg("--all").succeed().unwrap();
    assert!(all.contains(&goes[..8]) && all.contains("Marat wants it deleted"), "{all}");
    stage.reader("delete", 0).args([&goes, "--keep"]).succeed().unwrap();
    assert_eq!(stage.inbox(0).len(), 2);
}

/// What a coordinator's client remembers of reports, as it lies sealed in the cache.
fn remembered(stage: &Stage) -> String {
    let member = &stage.team.coordinators[0];
    let passphrase = fs::read_to_string(&member.passphrase_file).unwrap();
    let vault = Vault::open(&fs::read(&member.vault).unwrap(), passphrase.trim_end()).unwrap();
    let keys = CoordinatorKeys::from_seed(vault.seed());
    let mut text = String::new();
    each_file(&stage.path("cache"), &mut |path| {
        if path.ends_with("reports.age") {
            let sealed = fs::File::open(path).unwrap();
            kua_sealing::open(sealed, keys.identity()).unwrap().read_to_string(&mut text).unwrap();
        }
    });
    text
}

#[test]
fn what_was_deleted_is_forgotten_whatever_else_came() {
    let stage = Stage::with(&["Aigul"]);
    let samples = samples::incidents();
    let title = |n: usize| samples[n].draft["title"].as_str().unwrap().to_owned();
    let goes = id(&stage.submitted(&samples[0]));
    assert_eq!(stage.inbox(0).len(), 1);
    assert!(remembered(&stage).contains(&title(0)));
    stage.reader("delete", 0).arg(goes).succeed().unwrap();
    stage.submitted(&samples[1]);
    let rows = stage.inbox(0);
    assert_eq!((rows.len(), &rows[0]["title"]), (1, &samples[1].draft["title"]));
    let now = remembered(&stage);
    assert!(now.contains(&title(1)) && !now.contains(&title(0)));
}

#[test]
fn a_report_json_that_is_longer_than_the_first_part_is_read_on() {
    let stage = Stage::with(&["Aigul"]);
    let mut sample = samples::incidents()[0].clone();
    // Each of these takes two bytes in JSON.
    sample.draft["description"] = "\"".repeat(60_000).into();
    let path = stage.write("film.mp4", film(3, 8 * MIB));
    stage.submit(&stage.draft(&sample)).arg("--attach").arg(path).json().unwrap();
    let line = Line::to(stage.drop.address(), || Break::Never);
    let rows = inbox(&stage, &line);
    assert_eq!((&rows[0]["title"], &rows[0]["verified"]), (&sample.draft["title"], &Value::Bool(false)));
    let back = line.back.load(Ordering::Relaxed);
    assert!((120_000..400_000).contains(&back), "{back} bytes were read");
}

/// Gives the body of one large report on the drop's disk to another, and what was there before.
fn swap_body(stage: &Stage, id: &str, body: &[u8]) -> Vec<u8> {
    let path = stage.drop.folder().path().join(format!("store/contents/{id}.obj"));
    let file = fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut before = vec![0; body.len()];
    file.read_exact_at(&mut before, 4096).unwrap();
    file.write_all_at(body, 4096).unwrap();
    before
}

#[test]
fn a_drop_that_shows_one_beginning_and_serves_another_report_is_found_out() {
    let stage = Stage::with(&["Aigul"]);
    let film = film(3, 4 * MIB);
    let path = stage.write("film.mp4", &film);
    let submit = |n: usize| {
        let draft = stage.draft(&samples::incidents()[n]);
        id(&stage.submit(&draft).arg("--attach").arg(&path).json().unwrap())
    };
    let (asked, made_up) = (submit(0), submit(1));
    let sealed = stage.path("sealed");
    stage.reader("fetch", 0).args([&made_up, &asked]).arg("--out").arg(&sealed).succeed().unwrap();
    fs::remove_dir_all(stage.path("cache")).unwrap();
    let other = fs::read(sealed.join(format!("{made_up}.age"))).unwrap();

    // Whoever knows the coordinators' public keys can make a report up; nobody can make one for an id.
    let own = swap_body(&stage, &asked, &other);
    let shown = |rows: &[Value]| rows.iter().find(|row| row["report_id"] == *asked).unwrap().clone();
    let row = shown(&stage.inbox(0));
    assert_eq!(row["title"], samples::incidents()[1].draft["title"]);
    assert_eq!(row["verified"], false, "it is said to be uncertain");
    let refused = stage.reader("open", 0).arg(&asked).run().unwrap();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("something else"), "{}", refused.stderr);

    // A drop that serves the right bytes later is told by what it had shown before.
    swap_body(&stage, &asked, &own);
    let opened = stage.reader("open", 0).args([&asked, "--json"]).run().unwrap();
    assert_eq!(opened.code, Some(0), "{}", opened.stderr);
    assert!(opened.stderr.contains("had shown") && opened.stderr.contains(&asked[..8]), "{}", opened.stderr);
    let row = shown(&stage.inbox(0));
    assert_eq!(
        (&row["title"], &row["verified"]),
        (&samples::incidents()[0].draft["title"], &Value::Bool(true))
    );
    // Said once; and fetching makes certain, too.
    let again = stage.reader("open", 0).args([&asked, "--json"]).run().unwrap();
    assert_eq!(again.stderr, "");
    stage.reader("fetch", 0).arg(&made_up).arg("--out").arg(stage.path("more")).succeed().unwrap();
    assert!(stage.inbox(0).iter().all(|row| row["verified"] == true));
}

#[test]
fn opening_that_is_ended_leaves_nothing_wherever_it_was() {
    let stage = Stage::with(&["Aigul"]);
    let sent = id(&submit_film(&stage, &film(6, 12 * MIB)));
    fs::create_dir(stage.path("work")).unwrap();
    for signal in [Signal::TERM, Signal::KILL] {
        // It comes to a halt in the middle of the bytes.
        let line = Line::backwards(stage.drop.address(), || Break::Stall(6 * MIB, Duration::from_mins(10)));
        let mut open = over(&stage, &line, "open");
        open.arg(&sent).arg("--out").arg(stage.path("work/case"));
        let mut open = open.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while line.back.load(Ordering::Relaxed) < 6 * MIB {
            std::thread::yield_now();
        }
        kill_process(Pid::from_child(&open), signal).unwrap();
        assert!(!open.wait().unwrap().success());
        assert_eq!(fs::read_dir(stage.path("work")).unwrap().count(), 0);
        each_file(&stage.path("cache"), &mut |path| {
            // What the drop said is remembered, sealed; of the report there is nothing.
            let remembered = ["roster.age", "listed.age"].iter().any(|name| path.ends_with(name));
            assert!(remembered, "{} is left", path.display());
            let bytes = fs::read(path).unwrap();
            assert!(
                bytes.starts_with(b"age-encryption.org/v1\n") && bytes.len() < 64 * 1024,
                "{}",
                path.display()
            );
        });
    }
}

fn id(sent: &Value) -> String {
    sent["report_id"].as_str().unwrap().to_owned()
}
