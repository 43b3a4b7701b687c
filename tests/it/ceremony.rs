//! The roster over time: keys are exchanged, people leave, the end comes near, and the link is given away.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::processes::{Member, Run as _};
use acceptance::samples;
use kua_protocol::api::path;
use kua_protocol::problem::Kind;
use kua_sealing::{CoordinatorKeys, Vault, VaultKind};
use serde_json::Value;

use crate::http::{Connection, Request};
use crate::impostor::{Impostor, roster_of, signed};
use crate::keys::{publish, roster};
use crate::qr;
use crate::refusals::{assert_says, refusal};
use crate::stage::{Stage, member};

/// A new vault of a person who has one already, and its card.
fn new_key(stage: &Stage, name: &str) -> (Member, PathBuf) {
    let folder = stage.path("new");
    fs::create_dir_all(&folder).unwrap();
    let new = member(&folder, name, VaultKind::Coordinator);
    let card = new.card(&stage.kua).unwrap();
    (new, card)
}

/// `kua roster rotate Marat --card CARD ROSTER`, published.
fn rotated(stage: &Stage, more: &[&str]) -> (Member, String) {
    let (new, card) = new_key(stage, "Marat");
    let mut rotate = roster(stage, &stage.team.root, &["rotate", "Marat"], &stage.roster);
    let told = rotate.arg("--card").arg(card).args(more).succeed().unwrap();
    publish(stage, &stage.roster).succeed().unwrap();
    (new, told)
}

/// A command about the drop's reports with this person's vault.
fn reader(stage: &Stage, command: &str, member: &Member) -> std::process::Command {
    let mut reader = stage.kua.command();
    member.unlock(reader.args([command, &stage.link]));
    reader
}

/// Submits a sample and gives the report's id.
fn sent(stage: &Stage, sample: usize) -> String {
    stage.submitted(&samples::incidents()[sample])["report_id"].as_str().unwrap().to_owned()
}

/// What the drop itself says to a list request that this person's key signed.
fn listed_for(stage: &Stage, member: &Member) -> Option<Kind> {
    let passphrase = fs::read_to_string(&member.passphrase_file).unwrap();
    let vault = Vault::open(&fs::read(&member.vault).unwrap(), passphrase.trim()).unwrap();
    let mut connection = Connection::tcp(stage.drop.address());
    let info = connection.ask(&Request::new("GET", path::DROP));
    let drop = info.json()["drop"].as_str().unwrap().parse().unwrap();
    let nonce = info.field("kua-nonce").unwrap();
    let keys = CoordinatorKeys::from_seed(vault.seed());
    let answer = connection.ask(&Request::new("GET", path::REPORTS).signed(keys.signing(), drop, nonce));
    (answer.status != 200).then(|| answer.problem())
}

#[test]
fn an_exchanged_key_reads_what_was_sealed_to_it_and_the_new_one_what_comes() {
    let stage = Stage::new();
    let old = stage.team.coordinators[1].clone();
    let before = sent(&stage, 0);
    let (new, told) = rotated(&stage, &[]);
    assert_says(&told, &["sealed to the new key of Marat", &crate::today().to_string(), "keeps that vault"]);
    let after = sent(&stage, 1);

    let title = |member: &Member, id: &str| reader(&stage, "open", member).args([id, "--json"]).json();
    assert_eq!(title(&old, &before).unwrap()["title"], samples::incidents()[0].draft["title"]);
    assert_eq!(title(&new, &after).unwrap()["title"], samples::incidents()[1].draft["title"]);
    let told = reader(&stage, "open", &old).arg(&after).run().unwrap();
    assert_eq!((told.code, told.stdout.as_str()), (Some(1), ""));
    assert_says(&told.stderr, &["Nothing is sealed to this key any more", "not sealed to your key"]);
    assert_says(&refusal(reader(&stage, "open", &new).arg(&before)), &["not sealed to your key"]);
    assert_eq!(stage.inbox(0).len(), 2, "the others notice nothing");
    // Submitters see one Marat, and may choose him by his name.
    let draft = stage.draft(&samples::incidents()[2]);
    let chosen = stage.submit(&draft).args(["--to", "Marat"]).json().unwrap();
    let id = chosen["report_id"].as_str().unwrap();
    assert_eq!(title(&new, id).unwrap()["title"], samples::incidents()[2].draft["title"]);
}

#[test]
fn an_exchanged_key_is_no_second_persons_word() {
    let stage = Stage::new();
    let id = sent(&stage, 0);
    let (new, _) = rotated(&stage, &[]);
    let old = &stage.team.coordinators[1];
    for key in [old, &new, old] {
        let told = reader(&stage, "delete", key).arg(&id).succeed().unwrap();
        assert_says(&told, &["is marked"]);
    }
    assert_eq!(
        stage.inbox(0).len()
            + reader(&stage, "inbox", old)
                .args(["--all", "--json"])
                .json()
                .unwrap()
                .as_array()
                .unwrap()
                .len(),
        1
    );
    let told = stage.reader("delete", 0).arg(&id).succeed().unwrap();
    assert_says(&told, &["is deleted"]);
}

#[test]
fn a_key_that_leaked_is_shut_out_and_its_wish_to_delete_counts_no_more() {
    let stage = Stage::new();
    let old = stage.team.coordinators[1].clone();
    let before = sent(&stage, 0);
    stage.reader("fetch", 1).arg(&before).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    reader(&stage, "delete", &old).arg(&before).succeed().unwrap();
    assert_eq!(listed_for(&stage, &old), None);
    let (new, told) = rotated(&stage, &["--leaked"]);
    assert_says(
        &told,
        &["the drop refuses it", "a colleague granted", "Nothing takes that", "not even a new root"],
    );

    assert_eq!(listed_for(&stage, &old), Some(Kind::Unauthorised));
    assert_eq!(listed_for(&stage, &new), None);
    assert_says(&refusal(&mut reader(&stage, "inbox", &old)), &["does not name the key in"]);
    // Whoever stole it alone, and asked, is no first word for somebody else's second.
    let told = stage.reader("delete", 0).arg(&before).succeed().unwrap();
    assert_says(&told, &["is marked"]);
    // What was fetched before opens for ever.
    let mut open = stage.kua.command();
    open.arg("open").arg("--sealed").arg(stage.path("sealed").join(format!("{before}.age"))).arg("--json");
    assert_eq!(old.unlock(&mut open).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
}

#[test]
fn who_was_removed_still_opens_what_was_sealed_to_him_and_is_reminded_of() {
    let stage = Stage::new();
    let marat = stage.team.coordinators[1].clone();
    let before = sent(&stage, 0);
    stage.reader("fetch", 0).arg(&before).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    let copy = stage.write("copy.json", fs::read(&stage.roster).unwrap());
    let told = roster(&stage, &stage.team.root, &["remove", "Marat"], &stage.roster).succeed().unwrap();
    let today = crate::today().to_string();
    assert_says(&told, &["sealed to Marat since", &today, "still open", "kua delete", "kua roster publish"]);
    assert_says(&told, &["older reports that a colleague granted", "kua custody"]);
    let told = roster(&stage, &stage.team.root, &["remove", "Marat"], &copy).arg("--json").json().unwrap();
    assert_eq!(told["leaving"]["how"], "removed");
    assert_eq!(
        (&told["leaving"]["name"], &told["leaving"]["could_read_since"]),
        (&"Marat".into(), &today.into())
    );
    assert_eq!(told["coordinators"], serde_json::json!(["Aigul"]));
    publish(&stage, &stage.roster).succeed().unwrap();
    assert_eq!(listed_for(&stage, &marat), Some(Kind::Unauthorised));

    let after = sent(&stage, 1);
    stage.reader("fetch", 0).arg(&after).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    let open = |id: &str| {
        let mut open = stage.kua.command();
        open.arg("open").arg("--sealed").arg(stage.path("sealed").join(format!("{id}.age"))).arg("--json");
        marat.unlock(&mut open);
        open
    };
    assert_eq!(open(&before).json().unwrap()["title"], samples::incidents()[0].draft["title"]);
    assert_says(&refusal(&mut open(&after)), &["not sealed to your key"]);
}

#[test]
fn mistakes_in_a_ceremony_change_nothing() {
    let stage = Stage::with(&["Aigul"]);
    let before = fs::read(&stage.roster).unwrap();
    let refused = |words: &[&str], card: Option<&Path>, said: &[&str]| {
        let mut command = roster(&stage, &stage.team.root, words, &stage.roster);
        if let Some(card) = card {
            command.arg("--card").arg(card);
        }
        assert_says(&refusal(&mut command), said);
        assert_eq!(fs::read(&stage.roster).unwrap(), before);
    };
    let own = stage.team.coordinators[0].card(&stage.kua).unwrap();
    let (_, dana) = new_key(&stage, "Dana");
    refused(&["remove", "Aigul"], None, &["the last coordinator", "add somebody else first"]);
    refused(&["rotate", "Dana"], Some(&dana), &["Dana is not a coordinator", "Aigul"]);
    refused(&["rotate", "Aigul"], Some(&dana), &["the card is of Dana", "the same name"]);
    refused(&["rotate", "Aigul"], Some(&own), &["a key of Aigul stands twice"]);
}

#[test]
fn a_file_that_is_no_roster_is_named_and_blamed_on_no_drop() {
    let stage = Stage::with(&["Aigul"]);
    let card = stage.team.coordinators[0].card(&stage.kua).unwrap();
    let mut bent: Value = serde_json::from_slice(&fs::read(&stage.roster).unwrap()).unwrap();
    bent["payload"] = bent["payload"].as_str().unwrap().replacen('a', "b", 1).into();
    let bent = stage.write("bent.json", bent.to_string());
    for (file, why) in [(&card, "malformed"), (&bent, "signature does not verify")] {
        let mut show = stage.kua.command();
        show.args(["roster", "show"]).arg(file);
        let renew = roster(&stage, &stage.team.root, &["renew"], file);
        for mut command in [show, renew, publish(&stage, file)] {
            let said = refusal(&mut command);
            assert_says(&said, &[file.to_str().unwrap(), "is not a signed roster", why, "kua roster new"]);
            assert!(!said.contains("drop's"), "{said}");
        }
    }
}

#[test]
fn coordinators_are_warned_a_month_before_the_end() {
    let stage = Stage::with(&["Aigul"]);
    let warned = |days: i64| {
        let ends = crate::today().plus(days).to_string();
        roster(&stage, &stage.team.root, &["renew", "--expires", &ends], &stage.roster).succeed().unwrap();
        publish(&stage, &stage.roster).succeed().unwrap();
        let shown = stage.kua.command().args(["roster", "show"]).arg(&stage.roster).succeed().unwrap();
        assert_says(&shown, &[&format!("({days} days left)")]);
        stage.reader("inbox", 0).run().unwrap().stderr
    };
    assert_eq!(warned(31), "");
    assert_says(&warned(30), &["The roster ends in 30 days", "ask the holder of the root"]);
    assert_says(&warned(0), &["The roster ends in 0 days"]);
    assert_eq!(warned(90), "", "renewed in time");
    let today = crate::today();
    let mut ended = roster_of(&stage);
    (ended.issued, ended.expires) = (today.plus(-60), today.plus(-3));
    let ended = stage.write("ended.json", signed(&ended, &stage.team.root).to_string());
    let shown = stage.kua.command().args(["roster", "show"]).arg(ended).succeed().unwrap();
    assert_says(&shown, &["(ended 3 days ago)"]);
}

#[test]
fn the_roster_that_a_drop_shows_is_saved_once_it_is_proven() {
    let stage = Stage::with(&["Aigul"]);
    let receipt = stage.path("receipt.json");
    let mut submit = stage.kua.command();
    submit.args(["submit", &stage.link, "--report"]).arg(stage.draft(&samples::incidents()[0]));
    let told = submit.arg("--receipt").arg(&receipt).stdin(std::process::Stdio::null()).succeed().unwrap();
    assert_says(&told, &["kua roster fetch", "receipt.json"]);

    let saved = stage.path("saved.json");
    let fetch = |link: &str| {
        let mut fetch = stage.kua.command();
        fetch.args(["roster", "fetch", link, "--out"]).arg(&saved);
        fetch
    };
    let mut false_one = roster_of(&stage);
    false_one.serial = 9;
    let stranger = member(&stage.path(""), "Stranger", VaultKind::Root);
    let impostor = Impostor::showing(&stage, &signed(&false_one, &stranger));
    assert_says(&refusal(&mut fetch(&impostor.link(&stage))), &["STOP"]);
    assert!(!saved.exists());

    let told = fetch(&stage.link).arg("--json").json().unwrap();
    assert_eq!((&told["serial"], &told["file"]), (&1.into(), &saved.to_str().unwrap().into()));
    let parsed = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    assert_eq!(parsed(&saved), parsed(&stage.roster));
    let mut verify = stage.kua.command();
    verify.args(["receipt", "verify"]).arg(&receipt).arg("--roster").arg(&saved);
    assert_says(&verify.args(["--link", &stage.link]).succeed().unwrap(), &["the key that the link names"]);
    assert_says(&refusal(&mut fetch(&stage.link)), &["saved.json is there already"]);
}

#[test]
fn the_link_is_given_away_as_a_picture_that_another_program_reads() {
    let stage = Stage::with(&["Aigul"]);
    let onion = format!("{}.onion", "k2usgvxxm7dqmgw6ycpz6k4yqpl3vzqgq5fzgkxqt5xlnpwxn3b7ydqd");
    for host in ["drop.example", onion.as_str(), "127.0.0.1:7171", "localhost:7171"] {
        let show = |file: &Path| {
            let mut show = stage.kua.command();
            show.args(["roster", "show"]).arg(&stage.roster).args(["--host", host, "--qr"]).arg(file);
            show
        };
        let (png, svg) = (stage.path(&format!("{host}.png")), stage.path(&format!("{host}.svg")));
        let shown = show(&png).succeed().unwrap();
        let link = shown.lines().find_map(|line| line.strip_prefix("link     ")).unwrap();
        let scheme = if host == "drop.example" { "https" } else { "http" };
        assert!(link.starts_with(&format!("{scheme}://{host}/#kua1")), "{link}");
        assert!(!shown.contains('█'), "no picture where no terminal is: {shown}");
        assert_eq!(qr::read_png(&png), link);
        show(&svg).succeed().unwrap();
        assert_eq!(qr::read_svg(&fs::read_to_string(&svg).unwrap()), link);
        assert_says(&refusal(&mut show(&png)), &["is there already"]);
        assert_says(
            &refusal(&mut show(&stage.path("link.pdf"))),
            &["link.pdf ends neither in .png nor in .svg"],
        );
    }
}
