//! Coordinators at a drop whose clock was wrong: nothing is hidden from them by a date.

use acceptance::processes::{FakeClock, Run as _};
use acceptance::samples;
use serde_json::{Value, json};

use crate::impostor::{Answer, Impostor};
use crate::refusals::assert_says;
use crate::stage::Stage;

/// More logs than are asked for one by one.
const REPORTS: usize = 34;

/// The labels of all reports, as a coordinator sees them.
fn labels(stage: &Stage, coordinator: usize) -> Vec<usize> {
    let rows = stage.inbox(coordinator);
    rows.iter().map(|row| row["labels"].as_array().unwrap().len()).collect()
}

fn label_all(stage: &Stage, label: &str) {
    let mut triage = stage.reader("triage", 0);
    triage.args(["--where", "since=2010-01-01", "--label", label]).succeed().unwrap();
}

#[test]
fn an_entry_dated_in_the_future_hides_none_that_come_later() {
    let mut stage = Stage::new();
    let clock = FakeClock::new(stage.path("clock")).unwrap();
    stage.drop.set_clock(Some(clock.clone()));
    stage.drop.restart().unwrap();
    for _ in 0..REPORTS {
        stage.submitted(&samples::incidents()[0]);
    }
    label_all(&stage, "first");
    assert_eq!(labels(&stage, 1), [1; REPORTS]);

    // For an hour the drop's clock is four days ahead, within the roster's time.
    clock.set("+4d").unwrap();
    label_all(&stage, "second");
    let late = stage.submitted(&samples::incidents()[1]);
    assert_eq!(late["day"], json!(crate::today().plus(4)));
    assert_eq!(labels(&stage, 1).iter().sum::<usize>(), 2 * REPORTS);
    clock.set("+0").unwrap();
    label_all(&stage, "third");
    assert_eq!(labels(&stage, 1).iter().sum::<usize>(), 3 * REPORTS + 1, "what came later is listed");

    // The row that is dated wrong says so, to people and to programs.
    let told = stage.reader("inbox", 1).succeed().unwrap();
    assert_eq!(told.matches("a day that is not reached yet").count(), 1, "{told}");
    let rows = stage.inbox(1);
    let wrong: Vec<&Value> =
        rows.iter().filter(|row| row["false_day"] == true).map(|row| &row["report_id"]).collect();
    assert_eq!(wrong, [&late["report_id"]]);
}

#[test]
fn a_drop_that_counts_more_entries_than_it_shows_is_not_believed() {
    let mut stage = Stage::new();
    let sent = stage.submitted(&samples::incidents()[0]);
    let id = sent["report_id"].as_str().unwrap().to_owned();
    stage.reader("fetch", 0).arg(&id).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    let bytes = std::fs::read(stage.path("sealed").join(format!("{id}.age"))).unwrap();
    let row =
        json!({ "report_id": id, "day": crate::today(), "size": bytes.len(), "mailbox": null, "entries": 2 });
    let liar = Impostor::posing(&stage, move |request| match request.line.as_str() {
        "GET /v1/reports" => Answer::json(&json!({ "reports": [row] })),
        line if line.contains("/entries") => Answer::json(&json!({ "entries": [] })),
        _ => Answer::bytes(bytes.clone()),
    });
    stage.link = liar.link(&stage);
    // Not once: as long as it holds something back.
    for _ in 0..2 {
        let told = stage.reader("inbox", 1).run().unwrap();
        assert_eq!(told.code, Some(0), "{}", told.stderr);
        assert_says(&told.stderr, &["One case log could not be read", "may be out of date"]);
    }
    assert_eq!(liar.heard().iter().filter(|line| line.contains("/entries")).count(), 2);
}

#[test]
fn what_is_expired_and_what_is_overdue_is_named_in_the_inbox() {
    let mut stage = Stage::new();
    let sent = stage.submitted(&samples::incidents()[0]);
    let id = sent["report_id"].as_str().unwrap().to_owned();
    let row = json!({
        "report_id": id, "day": crate::today().plus(-190), "size": sent["size"], "mailbox": null, "entries": 0, "expired": 5
    });
    let overdue = json!({ "objects": 12, "since": "2026-03-02", "days": 20 });
    let drop = Impostor::posing(&stage, move |request| match request.line.as_str() {
        "GET /v1/reports" => Answer::json(&json!({ "reports": [row], "overdue": overdue })),
        _ => Answer::status(404),
    });
    stage.link = drop.link(&stage);
    let told = stage.reader("inbox", 0).run().unwrap();
    assert_says(&told.stdout, &["Its time is over: it goes when the drop has served for 5 more days"]);
    assert_says(
        &told.stderr,
        &["12 reports and replies should have been deleted since 2026-03-02", "kua-server clock"],
    );
    assert_eq!(stage.inbox(0)[0]["expired"], 5);
}
