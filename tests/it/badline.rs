//! Large evidence over lines that break, to drops that are started again.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::Value;

use crate::line::{Break, Front, Line};
use crate::stage::Stage;

/// How many reports are sent over the bad line, unless `KUA_SUBMISSIONS` says otherwise.
const SUBMISSIONS: u64 = 8;
pub const MIB: u64 = 1 << 20;

/// Bytes that do not repeat, different for every seed.
pub fn film(seed: u64, len: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..len.div_ceil(8)).flat_map(|_| random.next().to_le_bytes()).collect()
}

/// A sequence that a seed fixes (xorshift), so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

pub fn link_over(stage: &Stage, line: &Line) -> String {
    let (_, fingerprint) = stage.link.split_once('#').unwrap();
    format!("{}/#{fingerprint}", line.origin())
}

fn attachment(stage: &Stage, id: &Value, out: &str) -> Vec<u8> {
    let out = stage.path(out);
    stage.reader("open", 0).arg(id.as_str().unwrap()).arg("--out").arg(&out).succeed().unwrap();
    let mut files = fs::read_dir(out.join("attachments")).unwrap();
    let content = fs::read(files.next().unwrap().unwrap().path()).unwrap();
    fs::remove_dir_all(out).unwrap();
    content
}

#[test]
fn reports_over_a_line_that_breaks_arrive_whole_and_once() {
    let count = std::env::var("KUA_SUBMISSIONS").map_or(SUBMISSIONS, |count| count.parse().unwrap());
    let largest = if count > SUBMISSIONS { 64 } else { 12 };
    let stage = Stage::with(&["Aigul"]);
    let draft = stage.draft(&samples::incidents()[0]);
    let mut breaks = 0;
    for seed in 1..=count {
        let mut random = Random(seed * 0x9e37_79b9);
        let content = film(seed, MIB + random.below((largest - 1) * MIB));
        let path = stage.write("film.mp4", &content);
        let mut quiet = 0;
        let line = Line::to(stage.drop.address(), move || {
            // A line that breaks at every try would never bring a byte; real ones hold for a while.
            quiet += 1;
            let after = 1000 + random.below(3 * MIB);
            match random.below(4) {
                _ if quiet % 3 == 0 => Break::Never,
                0 => Break::Stall(after, Duration::from_millis(300)),
                1 => Break::Halve(after),
                _ => Break::Cut(after),
            }
        });
        let mut submit = stage.kua.command();
        submit.args(["submit", &link_over(&stage, &line), "--json", "--report"]).arg(&draft);
        let sent = submit.arg("--attach").arg(&path).json().unwrap();
        assert!(attachment(&stage, &sent["report_id"], "case") == content, "seed {seed}");
        let broken = line.broken.load(Ordering::Relaxed);
        breaks += broken;
        println!("seed {seed}: {} MiB, {broken} breaks", content.len() >> 20);
        assert_eq!(stage.inbox(0).len() as u64, 1);
        // One by one, so that the folder stays small.
        stage.reader("delete", 0).arg(sent["report_id"].as_str().unwrap()).succeed().unwrap();
    }
    assert!(breaks > 0, "the line was no bad one");
}

#[test]
fn a_line_that_breaks_every_few_megabytes_carries_a_report_and_a_reply() {
    let stage = Stage::with(&["Aigul"]);
    let draft = stage.draft(&samples::incidents()[0]);
    let (film, answer) = (film(3, 30 * MIB), film(4, 9 * MIB));
    let line = Line::to(stage.drop.address(), || Break::Cut(3_000_000));
    let mut submit = stage.kua.command();
    submit.args(["submit", &link_over(&stage, &line), "--json", "--report"]).arg(&draft);
    let sent = submit.arg("--attach").arg(stage.write("film.mp4", &film)).json().unwrap();
    let id = sent["report_id"].as_str().unwrap();
    assert!(attachment(&stage, &sent["report_id"], "case") == film);
    let mut reply = stage.kua.command();
    reply.args(["reply", &link_over(&stage, &line), id, "--text", "Look at this.", "--attach"]);
    reply.arg(stage.write("answer.mp4", &answer));
    stage.team.coordinators[0].unlock(&mut reply);
    let said = reply.run().unwrap();
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    // However often it broke, it is said once each time that nothing came of it.
    assert!(said.stderr.contains("Waiting for the network"), "{}", said.stderr);
    assert!(line.broken.load(Ordering::Relaxed) > 10, "the line was no bad one");
    let codename = stage.write("codename.txt", sent["codename"].as_str().unwrap());
    let mut back = stage.kua.command();
    back.args(["return", &stage.link, "--json", "--codename-file"]).arg(codename).arg("--out");
    let thread = back.arg(stage.path("files")).json().unwrap();
    assert_eq!(thread["replies"].as_array().unwrap().len(), 1);
    assert!(fs::read(stage.path("files/1-answer.mp4")).unwrap() == answer);
}

#[test]
fn what_a_proxy_says_in_the_drops_place_is_waited_out() {
    let stage = Stage::with(&["Aigul"]);
    let draft = stage.draft(&samples::incidents()[0]);
    let content = film(5, 5 * MIB);
    let path = stage.write("film.mp4", &content);
    for (status, reason) in
        [(503, "Service Unavailable"), (429, "Too Many Requests"), (413, "Content Too Large"), (302, "Found")]
    {
        let front = Front::before(stage.drop.address(), format!("{status} {reason}"), 3);
        for files in [&[][..], &[&path][..]] {
            let mut submit = stage.kua.command();
            submit.args(["submit", &front.link(&stage), "--json", "--report"]).arg(&draft);
            for file in files {
                submit.arg("--attach").arg(file);
            }
            let sent = submit.json().unwrap();
            assert!(sent["report_id"].is_string(), "{status}: {sent}");
        }
        assert!(front.said.load(Ordering::Relaxed) > 0, "{status} was never said");
    }
    assert_eq!(stage.inbox(0).len(), 8);
}

#[test]
fn a_drop_that_is_killed_and_started_again_gets_the_whole_report() {
    let mut stage = Stage::with(&["Aigul"]);
    let (content, draft) = (film(7, 48 * MIB), stage.draft(&samples::incidents()[0]));
    let path = stage.write("film.mp4", &content);
    // Slow enough for the drop to die in the middle.
    let line = Line::to(stage.drop.address(), || Break::Stall(20 * MIB, Duration::from_millis(500)));
    let mut submit = stage.kua.command();
    submit.args(["submit", &link_over(&stage, &line), "--json", "--progress", "--report"]).arg(&draft);
    let submit = submit.arg("--attach").arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped());
    let submit = submit.spawn().unwrap();
    while line.there.load(Ordering::Relaxed) < 15 * MIB {
        std::thread::yield_now();
    }
    stage.drop.kill().unwrap();
    stage.drop.restart().unwrap();
    let output = submit.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains(r#""state":"waiting""#), "{said}");
    let sent: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(attachment(&stage, &sent["report_id"], "case") == content);
    assert_eq!(stage.inbox(0).len(), 1);
    assert_eq!(unfinished(&stage), 0);
}

#[test]
fn an_upload_that_the_drop_has_forgotten_is_sealed_anew_and_said_to_be() {
    let mut stage = Stage::with(&["Aigul"]);
    let (content, draft) = (film(8, 30 * MIB), stage.draft(&samples::incidents()[0]));
    let path = stage.write("film.mp4", &content);
    let line = Line::to(stage.drop.address(), || Break::Stall(20 * MIB, Duration::from_millis(500)));
    let mut submit = stage.kua.command();
    submit.args(["submit", &link_over(&stage, &line), "--json", "--report"]).arg(&draft);
    let submit = submit.arg("--attach").arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped());
    let submit = submit.spawn().unwrap();
    while line.there.load(Ordering::Relaxed) < 15 * MIB {
        std::thread::yield_now();
    }
    stage.drop.kill().unwrap();
    let uploads = stage.drop.folder().path().join("store/uploads");
    for upload in fs::read_dir(&uploads).unwrap() {
        fs::remove_file(upload.unwrap().path()).unwrap();
    }
    stage.drop.restart().unwrap();
    let output = submit.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("sealed again, with a new key"), "{said}");
    let sent: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(attachment(&stage, &sent["report_id"], "case") == content);
}

#[test]
fn a_file_that_changes_while_it_is_sent_ends_the_upload() {
    let stage = Stage::with(&["Aigul"]);
    let draft = stage.draft(&samples::incidents()[0]);
    let path = stage.write("film.mp4", film(9, 40 * MIB));
    let line = Line::to(stage.drop.address(), || Break::Stall(6 * MIB, Duration::from_millis(700)));
    let mut submit = stage.kua.command();
    submit.args(["submit", &link_over(&stage, &line), "--json", "--report"]).arg(&draft);
    let submit = submit.arg("--attach").arg(&path).stdout(Stdio::null()).stderr(Stdio::piped());
    let submit = submit.spawn().unwrap();
    while line.there.load(Ordering::Relaxed) < 3 * MIB {
        std::thread::yield_now();
    }
    change_end(&path);
    let output = submit.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("film.mp4"), "{said}");
    assert_eq!((unfinished(&stage), stage.inbox(0).len()), (0, 0));
}

fn change_end(path: &Path) {
    use std::os::unix::fs::FileExt as _;
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(b"another end", 40 * MIB - 11).unwrap();
}

fn unfinished(stage: &Stage) -> u64 {
    let status = stage.drop.folder().command(&["status", "--json"]).json().unwrap();
    status["uploads"].as_u64().unwrap()
}
