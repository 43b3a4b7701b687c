//! Coordinators export what they can read: whole or not at all, with names or without.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::id::Digest;
use kua_report::Event;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::badline::{MIB, film, link_over};
use crate::line::{Break, Line};
use crate::refusals::{assert_says, refusal};
use crate::stage::Stage;

/// `kua export --format FORMAT --out NAME` as one coordinator.
fn export(stage: &Stage, coordinator: usize, format: &str, name: &str) -> Command {
    let mut export = stage.reader("export", coordinator);
    export.args(["--format", format, "--out"]).arg(stage.path(name));
    export
}

fn document(stage: &Stage, name: &str) -> Value {
    serde_json::from_slice(&fs::read(stage.path(name).join("export.json")).unwrap()).unwrap()
}

#[test]
fn what_was_sent_and_noted_is_exported_in_every_format() {
    let stage = Stage::new();
    let photo = stage.write("photo.jpg", samples::photo(1));
    let mut ids = Vec::new();
    for sample in samples::incidents() {
        let mut submit = stage.submit(&stage.draft(&sample));
        submit.arg("--keep-metadata").arg("--attach").arg(&photo);
        ids.push(submit.json().unwrap()["report_id"].as_str().unwrap().to_owned());
    }
    stage
        .reader("triage", 0)
        .arg(&ids[0])
        .args([
            "--status",
            "verified",
            "--label",
            "mines, Karaganda",
            "--note",
            "=NOTE()",
            "--assign",
            "Marat",
        ])
        .succeed()
        .unwrap();
    for format in ["uwazi", "json", "csv", "html"] {
        let written = export(&stage, 1, format, format).arg("--json").json().unwrap();
        assert_eq!((&written["reports"], &written["left_out"]), (&json!(8), &json!(0)));
        let folder = stage.path(format);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        let check =
            Command::new("sha256sum").args(["-c", "--quiet", "SHA256SUMS"]).current_dir(&folder).status();
        assert!(check.unwrap().success(), "{format}");
    }
    let chosen = export(&stage, 1, "json", "chosen").args(["--status", "verified", "--json"]).json().unwrap();
    assert_eq!(chosen["reports"], 1);
    let document = document(&stage, "json");
    let reports = document["reports"].as_array().unwrap();
    for (id, sample) in ids.iter().zip(samples::incidents()) {
        let report = reports.iter().find(|report| report["report_id"] == **id).unwrap();
        let event: Event = serde_json::from_value(report["event"].clone()).unwrap();
        assert_eq!(json!(event.title), sample.draft["title"]);
        assert_eq!(json!(event.description), sample.draft["description"]);
        let path = report["attachments"][0]["path"].as_str().unwrap();
        assert_eq!(fs::read(stage.path("json").join(path)).unwrap(), fs::read(&photo).unwrap());
    }
    let case = &reports.iter().find(|report| report["report_id"] == *ids[0]).unwrap()["case"];
    assert_eq!((&case["status"], &case["assignee"]), (&json!("verified"), &json!("Marat")));
    assert_eq!(case["labels"], json!(["mines, Karaganda"]));
    assert_eq!((&case["notes"][0]["by"], &case["notes"][0]["text"]), (&json!("Aigul"), &json!("=NOTE()")));
    assert_eq!(case["custody"]["format"], "kua-custody/1");
    assert!(!case["steps"][0]["what"].as_str().unwrap().contains("NOTE"));
    let page = fs::read_to_string(stage.path("html").join("reports.html")).unwrap();
    assert!(page.contains("Marat") && page.contains("mines, Karaganda") && page.contains("=NOTE()"));
}

#[test]
fn names_are_left_out_and_what_is_sealed_to_others_is_counted() {
    let stage = Stage::new();
    let mut sample = samples::incidents()[0].clone();
    sample.draft["victims"] = json!([{"kind": "individual", "name": "CANARY", "role": "miner"}]);
    sample.draft["sources"] = json!([{"connection": "CANARY"}]);
    let sent = stage.submitted(&sample);
    stage
        .reader("triage", 0)
        .arg(sent["report_id"].as_str().unwrap())
        .args(["--note", "CANARY"])
        .succeed()
        .unwrap();
    stage.submit(&stage.draft(&samples::incidents()[1])).args(["--to", "Marat"]).succeed().unwrap();
    for (format, file) in [("json", "export.json"), ("csv", "reports.csv"), ("html", "reports.html")] {
        let told = export(&stage, 0, format, format).arg("--redact").run().unwrap();
        assert_eq!(told.code, Some(0), "{}", told.stderr);
        assert!(told.stderr.contains("sealed to other coordinators"), "{}", told.stderr);
        let text = fs::read_to_string(stage.path(format).join(file)).unwrap();
        assert!(!text.contains("CANARY"), "{format}");
        assert!(text.contains("miner"), "{format}");
    }
    assert_eq!(document(&stage, "json")["reports"].as_array().unwrap().len(), 1);
}

#[test]
fn an_export_tells_the_case_in_the_language_of_the_export() {
    let stage = Stage::with(&["Aigul"]);
    let [one, other] = [0, 1].map(|number| stage.submitted(&samples::incidents()[number]));
    let [id, other] = [&one, &other].map(|sent| sent["report_id"].as_str().unwrap());
    let mut triage = stage.reader("triage", 0);
    triage.args([id, "--status", "verified", "--link", other, "--relation", "same-event"]).succeed().unwrap();
    let told = [
        ("en", "status: verified", "same event as"),
        ("ru", "статус: подтверждено", "о том же событии, что"),
        ("kk", "мәртебесі: расталды", "сол оқиға туралы:"),
        ("ar", "الحالة: تم التحقق منه", "عن الحدث نفسه الذي في البلاغ"),
        ("es", "estado: verificado", "sobre el mismo hecho que"),
        ("fr", "état\u{a0}: vérifié", "sur le même événement que"),
    ];
    for (language, status, relation) in told {
        let mut export = export(&stage, 0, "html", language);
        export.args([id, "--language", language]).succeed().unwrap();
        let page = fs::read_to_string(stage.path(language).join("reports.html")).unwrap();
        assert!(page.contains(status) && page.contains(relation), "{language}: {page}");
    }
}

#[test]
fn one_report_is_exported_by_its_id_and_a_folder_that_is_there_stays() {
    let stage = Stage::with(&["Aigul"]);
    let [first, _] = [0, 1].map(|number| stage.submitted(&samples::incidents()[number]));
    let id = &first["report_id"].as_str().unwrap()[..8];
    export(&stage, 0, "json", "one").arg(id).succeed().unwrap();
    assert_eq!(document(&stage, "one")["reports"][0]["report_id"], first["report_id"]);
    assert_eq!(document(&stage, "one")["reports"].as_array().unwrap().len(), 1);
    let again = export(&stage, 0, "json", "one").arg(id).run().unwrap();
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("already"), "{}", again.stderr);
}

#[test]
fn an_export_that_is_ended_leaves_nothing() {
    let stage = Stage::with(&["Aigul"]);
    let film = stage.write("film.mp4", film(9, 4 * MIB));
    stage.submit(&stage.draft(&samples::incidents()[0])).arg("--attach").arg(film).succeed().unwrap();
    // The line goes silent in the middle of the film, so that the export is under way for certain.
    let line = Line::backwards(stage.drop.address(), || Break::Stall(2 * MIB, Duration::from_mins(10)));
    let mut export = stage.kua.command();
    export.args(["export", &link_over(&stage, &line), "--format", "json", "--out"]);
    let out = stage.path("out");
    fs::create_dir(&out).unwrap();
    export.arg(out.join("export"));
    stage.team.coordinators[0].unlock(&mut export);
    let mut running = export.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while line.back.load(Ordering::Relaxed) < 2 * MIB {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "it is under way");
    kill_process(Pid::from_child(&running), Signal::INT).unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn to_whom_an_export_is_given_stands_in_each_log_before_it_is_there() {
    let mut stage = Stage::new();
    let ids =
        [0, 1].map(|n| stage.submitted(&samples::incidents()[n])["report_id"].as_str().unwrap().to_owned());
    let handed_out = |stage: &Stage, id: &str| {
        stage.reader("triage", 1).args([id, "--json"]).json().unwrap()["handed_out"].clone()
    };
    let given = |name: &str, stage: &Stage| {
        let mut export = export(stage, 0, "html", name);
        export.args([&ids[0], &ids[1], "--json", "--handed-to", "the court in Almaty"]);
        export
    };
    // A drop without room takes no entry.
    let config = stage.drop.folder().path().join("kua.toml");
    let before = fs::read_to_string(&config).unwrap();
    fs::write(&config, "disk_reserve_mib = 1000000000\n").unwrap();
    stage.drop.restart().unwrap();
    let refused = refusal(&mut given("refused", &stage));
    assert!(ids.iter().any(|id| refused.contains(&id[..8])), "{refused}");
    assert_says(&refused, &["Nothing was written", "no room left", "No log says"]);
    assert!(!stage.path("refused").exists());
    fs::write(&config, before).unwrap();
    stage.drop.restart().unwrap();
    assert_eq!(handed_out(&stage, &ids[0]), json!([]));

    let written = given("given", &stage).json().unwrap();
    let sums = Digest::of(&fs::read(stage.path("given").join("SHA256SUMS")).unwrap()).to_string();
    assert_eq!((&written["sums"], &written["handed_to"]), (&json!(sums), &json!("the court in Almaty")));
    for id in &ids {
        let handed = handed_out(&stage, id);
        assert_eq!(handed.as_array().unwrap().len(), 1);
        let one = [&handed[0]["to"], &handed[0]["form"], &handed[0]["digest"]];
        assert_eq!(one, [&json!("the court in Almaty"), &json!("html"), &json!(sums)]);
    }
    let chain = stage.reader("custody", 1).arg(&ids[0]).succeed().unwrap();
    assert_says(&chain, &["handed it out (html) to the court in Almaty", &sums]);
    // Without the option nothing is noted.
    export(&stage, 0, "csv", "silent").succeed().unwrap();
    assert_eq!(handed_out(&stage, &ids[1]).as_array().unwrap().len(), 1);
    for wrong in [" ", "a\nb"] {
        let wrong = export(&stage, 0, "csv", "wrong").args(["--handed-to", wrong]).run().unwrap();
        assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
    }
}
