//! Looking after a drop: checking it, copying it, restoring it, and the end of what is past its time.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use acceptance::processes::{DropFolder, Run as _};
use acceptance::samples;
use kua_store::Store as _;
use serde_json::Value;

use crate::refusals::assert_says;
use crate::stage::Stage;

/// A drop that holds every sample.
fn full() -> (Stage, Vec<Value>) {
    let stage = Stage::new();
    let sent = samples::incidents().iter().map(|sample| stage.submitted(sample)).collect();
    (stage, sent)
}

fn check(folder: &DropFolder) -> (Option<i32>, Value) {
    let output = folder.command(&["check", "--json"]).run().unwrap();
    (output.code, serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}")))
}

fn backup(folder: &DropFolder, to: &Path) -> std::process::Command {
    let mut backup = folder.command(&["backup"]);
    backup.arg("--to").arg(to);
    backup
}

fn the_segment(stage: &Stage) -> PathBuf {
    let mut segments = fs::read_dir(stage.drop.folder().path().join("store/segments")).unwrap();
    segments.next().unwrap().unwrap().path()
}

#[test]
fn a_sound_drop_passes_its_check_whether_it_serves_or_not() {
    let (mut stage, sent) = full();
    let (code, serving) = check(stage.drop.folder());
    assert_eq!((code, &serving["objects"]), (Some(0), &sent.len().into()));
    let text = stage.drop.folder().command(&["check"]).succeed().unwrap();
    assert_says(&text, &["8 objects", "are whole"]);
    stage.drop.stop().unwrap();
    assert_eq!(check(stage.drop.folder()), (Some(0), serving));
    let rebuilt = stage.drop.folder().command(&["check", "--rebuild-ledger", "--json"]).json().unwrap();
    assert_eq!(rebuilt["objects"], sent.len());
    stage.drop.restart().unwrap();
    assert_eq!(stage.inbox(0).len(), sent.len());
    let refused = stage.drop.folder().command(&["check", "--rebuild-ledger"]).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert_says(&refused.stderr, &["stop it"]);
}

#[test]
fn damage_is_named_and_the_rest_is_served() {
    let (stage, sent) = full();
    let segment = the_segment(&stage);
    let bytes = fs::read(&segment).unwrap();
    let place = bytes.len() / 2;
    let file = fs::File::options().write(true).open(&segment).unwrap();
    file.write_at(&[bytes[place] ^ 1], place as u64).unwrap();
    let (code, found) = check(stage.drop.folder());
    assert_eq!(code, Some(1));
    let faults: Vec<&str> = found["faults"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let broken: Vec<&Value> =
        sent.iter().filter(|one| faults[0].contains(one["report_id"].as_str().unwrap())).collect();
    assert_eq!(broken.len(), 1, "one report is named: {faults:?}");
    let rows = stage.inbox(0);
    assert_eq!(rows.len(), sent.len());
    for row in &rows {
        assert_eq!(row["title"].is_null(), row["report_id"] == broken[0]["report_id"], "{row}");
    }
}

#[test]
fn a_copy_made_while_serving_restores_to_the_same_drop() {
    let (stage, sent) = full();
    let gone = sent[0]["report_id"].as_str().unwrap();
    for coordinator in [0, 1] {
        stage.reader("delete", coordinator).arg(&gone[..8]).succeed().unwrap();
    }
    let copy = stage.path("drop.backup");
    assert_says(&backup(stage.drop.folder(), &copy).succeed().unwrap(), &["The drop's seed is not in it"]);
    let again = backup(stage.drop.folder(), &copy).run().unwrap();
    assert_eq!(again.code, Some(1));
    assert_says(&again.stderr, &["is there already"]);

    let bytes = fs::read(&copy).unwrap();
    let seed: Value =
        serde_json::from_slice(&fs::read(stage.drop.folder().path().join("drop.seed")).unwrap()).unwrap();
    let seed = seed["seed"].as_str().unwrap().as_bytes();
    assert!(!bytes.windows(seed.len()).any(|window| window == seed), "the backup holds the seed");

    let restore = |from: &Path, to: &str| {
        let mut restore = stage.drop.folder().server_command();
        restore.arg("restore").arg("--from").arg(from).arg("--data").arg(stage.path(to));
        restore.arg("--drop-seed").arg(stage.drop.folder().path().join("drop.seed")).run().unwrap()
    };
    let done = restore(&copy, "restored");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_says(&done.stdout, &["Restored 7 objects"]);
    let restored = DropFolder::at(stage.drop.folder(), stage.path("restored"));
    let status = |folder: &DropFolder| folder.command(&["status", "--json"]).json().unwrap();
    let (before, after) = (status(stage.drop.folder()), status(&restored));
    for field in ["drop", "objects", "bytes", "roster"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let served = restored.serve().unwrap();
    let link = served.link(&stage.kua, &stage.roster).unwrap();
    let mut inbox = stage.kua.command();
    inbox.args(["inbox", &link, "--json"]);
    let rows = stage.team.coordinators[0].unlock(&mut inbox).json().unwrap();
    let titles = rows.as_array().unwrap().iter().filter(|row| row["title"].is_string()).count();
    assert_eq!(titles, sent.len() - 1);
    assert!(!rows.to_string().contains(gone));

    // The same copy can be made of a drop that does not serve.
    let mut served = served;
    served.stop().unwrap();
    let second = stage.path("second.backup");
    backup(served.folder(), &second).succeed().unwrap();
    assert_eq!(restore(&second, "restored-again").code, Some(0));
    let again = DropFolder::at(stage.drop.folder(), stage.path("restored-again"));
    assert_eq!(status(&again)["objects"], after["objects"]);

    // A copy that is cut or bent anywhere restores nothing.
    for (name, bad) in
        [("cut", bytes[..bytes.len() - 9].to_vec()), ("bent", bent(&bytes)), ("empty", Vec::new())]
    {
        let file = stage.write(name, bad);
        let refused = restore(&file, "never");
        assert_eq!(refused.code, Some(1), "{name}");
        assert_says(&refused.stderr, &["was not restored"]);
        assert!(!stage.path("never").exists(), "{name}");
    }
    let onto = restore(&copy, "restored");
    assert_eq!(onto.code, Some(1));
    assert_says(&onto.stderr, &["is there already"]);
}

fn bent(bytes: &[u8]) -> Vec<u8> {
    let mut bent = bytes.to_vec();
    bent[bytes.len() / 2] ^= 1;
    bent
}

#[test]
fn what_is_past_its_time_goes_and_days_are_closed() {
    let (mut stage, sent) = full();
    stage.drop.stop().unwrap();
    let store = stage.drop.folder().path().join("store");
    // The same store as it will be tomorrow, and in a year, by a clock that was proven all the time.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tidy = |days: i64| {
        let today = crate::today().plus(days);
        let options = kua_store_local::Options { reserve_bytes: 0 };
        let opened = kua_store_local::LocalStore::open(&store, options).unwrap();
        let due = kua_store::Due { through: Some(today.plus(-1)), ..kua_store::Due::default() };
        runtime.block_on(opened.tidy(today, due)).unwrap()
    };
    let tomorrow = tidy(1);
    assert_eq!((tomorrow.expired, tomorrow.closed.len()), (0, 1));
    stage.drop.restart().unwrap();
    assert_eq!(stage.inbox(0).len(), sent.len(), "a closed day is read like any other");
    let purge = stage.drop.folder().command(&["purge"]).succeed().unwrap();
    assert_says(&purge, &["Past their time: 0"]);
    stage.drop.stop().unwrap();
    assert_eq!(tidy(365).expired, sent.len() as u64);
    stage.drop.restart().unwrap();
    assert!(stage.inbox(0).is_empty());
    let left =
        fs::read_dir(store.join("segments")).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    assert!(left.sum::<u64>() < 19_600, "the disk has its room back");
}

#[test]
fn a_shorter_retention_is_shown_and_confirmed_before_it_counts() {
    let (mut stage, sent) = full();
    let folder = stage.drop.folder().clone();
    let configure = |text: &str| fs::write(folder.path().join("kua.toml"), text).unwrap();
    let retention = |stage: &Stage| {
        stage.drop.folder().command(&["status", "--json"]).json().unwrap()["shorter_retention"].clone()
    };
    assert_eq!(retention(&stage), Value::Null);

    // What cannot be meant does not start.
    stage.drop.stop().unwrap();
    configure("retention_days = 13\n");
    let refused = folder.command(&["serve"]).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert_says(
        &refused.stderr,
        &["retention_days is 13", "at least twice retention_spread_days (7): set 14 or more"],
    );

    configure("retention_days = 20\nretention_spread_days = 2\n");
    stage.drop.restart().unwrap();
    assert_eq!(retention(&stage), 20);
    assert_says(&folder.command(&["status"]).succeed().unwrap(), &["20 days wait for your word"]);
    let shown = folder.command(&["purge", "--dry-run"]).succeed().unwrap();
    assert_says(&shown, &["kua.toml says 20 days, and 180 days are in force", "--confirm-retention 20"]);
    assert_says(&shown, &["0 past their time", "The clock is not proven"]);
    let other = folder.command(&["purge", "--confirm-retention", "30"]).run().unwrap();
    assert_eq!(other.code, Some(1));
    assert_says(&other.stderr, &["kua.toml says 20 days"]);
    folder.command(&["purge", "--confirm-retention", "20"]).succeed().unwrap();
    assert_eq!(retention(&stage), Value::Null);
    assert_eq!(stage.inbox(0).len(), sent.len(), "nothing went");
    // The same without a serving process; a longer one needs no word.
    stage.drop.stop().unwrap();
    configure("retention_days = 15\nretention_spread_days = 2\n");
    assert_eq!(retention(&stage), 15);
    folder.command(&["purge", "--confirm-retention", "15"]).succeed().unwrap();
    configure("retention_days = 400\n");
    assert_eq!(retention(&stage), Value::Null);
}
