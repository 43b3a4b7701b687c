//! Rosters that must not be believed: nothing is sealed to them and nothing is sent.

use acceptance::samples;
use kua_protocol::id::DropId;
use kua_sealing::VaultKind;
use serde_json::{Value, json};

use super::{assert_says, refusal};
use crate::impostor::{Impostor, roster_of, signed};
use crate::stage::{Stage, member};

/// Every roster that must be refused, with what is said about it.
fn refused_rosters(stage: &Stage) -> Vec<(Value, &'static str)> {
    let (right, root, today) = (roster_of(stage), &stage.team.root, crate::today());
    let stranger = member(&stage.path(""), "Stranger", VaultKind::Root);
    let changed = |change: &dyn Fn(&mut kua_protocol::roster::Roster)| {
        let mut roster = right.clone();
        change(&mut roster);
        signed(&roster, root)
    };
    let mut broken = signed(&right, root);
    let signature = broken["signatures"][0]["sig"].as_str().unwrap().to_owned();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    broken["signatures"][0]["sig"] = format!("{first}{}", &signature[1..]).into();
    let mut exchanged = signed(&right, root);
    exchanged["payload"] = changed(&|roster| roster.coordinators.truncate(1))["payload"].clone();
    let mut twice = signed(&right, root);
    twice["signatures"] = json!([twice["signatures"][0], twice["signatures"][0]]);
    let mut other_kind = signed(&right, root);
    other_kind["payloadType"] = "application/vnd.kua.receipt+json".into();
    let ended = changed(&|roster| (roster.issued, roster.expires) = (today.plus(-60), today.plus(-3)));
    let early = changed(&|roster| (roster.issued, roster.expires) = (today.plus(3), today.plus(60)));
    vec![
        (signed(&right, &stranger), "STOP"),
        (ended, "ended on"),
        (early, "begins to hold on"),
        (changed(&|roster| roster.expires = roster.issued.plus(365)), "would hold for 365 days; at most 90"),
        (changed(&|roster| roster.coordinators.clear()), "names 0 coordinators"),
        (changed(&|roster| roster.drop = DropId::generate().unwrap()), "names another drop"),
        (broken, "signature does not verify"),
        (exchanged, "signature does not verify"),
        (twice, "one signature is needed, not 2"),
        (other_kind, "of another kind"),
        (Value::Null, "not open yet"),
    ]
}

#[test]
fn a_roster_that_does_not_hold_is_refused_and_nothing_is_sent() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    let out = stage.path("sealed.age");
    let link = stage.link.clone();
    for (roster, words) in refused_rosters(&stage) {
        stage.link.clone_from(&link);
        let impostor = Impostor::showing(&stage, &roster);
        stage.link = impostor.link(&stage);
        assert_says(&refusal(&mut stage.submit(&draft)), &[words]);
        let mut seal = stage.kua.command();
        seal.args(["seal", &stage.link, "--report"]).arg(&draft).arg("--out").arg(&out);
        assert_says(&refusal(&mut seal), &[words]);
        assert!(!out.exists(), "{words}");
        assert_says(&refusal(&mut stage.reader("inbox", 0)), &[words]);
        assert_eq!(impostor.heard(), ["GET /v1/drop"; 3], "{words}");
    }
    // The same way, with the right roster, leads to a report: it goes out, and this drop has no place for it.
    stage.link.clone_from(&link);
    let impostor = Impostor::showing(&stage, &signed(&roster_of(&stage), &stage.team.root));
    stage.link = impostor.link(&stage);
    let output = acceptance::processes::Run::run(&mut stage.submit(&draft)).unwrap();
    assert_eq!(output.code, Some(1));
    assert_eq!(impostor.heard(), ["GET /v1/drop", "POST /v1/reports"]);
}

#[test]
fn a_drop_cannot_go_back_behind_a_roster_that_a_coordinator_has_seen() {
    let mut stage = Stage::new();
    let sent = stage.submitted(&samples::incidents()[0])["report_id"].as_str().unwrap().to_owned();
    assert_eq!(stage.inbox(0).len(), 1);
    let link = stage.link.clone();

    let mut second = roster_of(&stage);
    second.serial = 2;
    let newer = Impostor::showing(&stage, &signed(&second, &stage.team.root));
    stage.link = newer.link(&stage);
    assert!(stage.inbox(0).is_empty());

    second.coordinators.reverse();
    let of_two_truths = Impostor::showing(&stage, &signed(&second, &stage.team.root));
    stage.link = of_two_truths.link(&stage);
    let message = refusal(&mut stage.reader("inbox", 0));
    assert_says(&message, &["two different rosters have the serial 2", "do not trust this drop"]);
    assert_eq!(of_two_truths.heard(), ["GET /v1/drop"]);

    stage.link = link;
    let words = ["has serial 1, and serial 2 was seen before", "Nothing was sent"];
    assert_says(&refusal(&mut stage.reader("inbox", 0)), &words);
    assert_says(&refusal(stage.reader("open", 0).args([&sent, "--out"]).arg(stage.path("case"))), &words);
    assert!(!stage.path("case").exists());
    // Each coordinator remembers for herself, in a folder of her own.
    assert_eq!(stage.inbox(1).len(), 1);
    let mut elsewhere = stage.reader("inbox", 0);
    elsewhere.env("KUA_CACHE", stage.path("another-cache"));
    assert_eq!(
        acceptance::processes::Run::json(elsewhere.arg("--json")).unwrap().as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_cache_that_was_tampered_with_is_no_reason_to_forget() {
    let stage = Stage::new();
    stage.inbox(0);
    let folder = std::fs::read_dir(stage.path("cache")).unwrap().next().unwrap().unwrap().path();
    let pin = folder.join("roster.age");
    let mut bytes = std::fs::read(&pin).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&pin, bytes).unwrap();
    let message = refusal(&mut stage.reader("inbox", 0));
    assert_says(&message, &[pin.to_str().unwrap(), "damaged or was tampered with", "find out why"]);
}
