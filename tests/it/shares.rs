//! A vault is lost, and some of those who keep its shares restore it; others cannot, and false shares are named.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::processes::{Member, Run as _, passphrase};
use acceptance::samples;
use kua_sealing::VaultKind;
use serde_json::Value;

use crate::keys::{publish, roster};
use crate::refusals::{assert_says, refusal};
use crate::stage::{Stage, member};

/// `kua key split VAULT --drop DROP --out FOLDER`.
fn split(stage: &Stage, whose: &Member, drop: &str, folder: &Path) -> Command {
    let mut split = stage.kua.command();
    split.args(["key", "split", "--drop", drop]).arg(&whose.vault);
    split.arg("--passphrase-file").arg(&whose.passphrase_file).arg("--out").arg(folder);
    split
}

/// The pages of a split into five, with the stage's roster as the drop.
pub fn pages(stage: &Stage, whose: &Member, folder: &str) -> Vec<PathBuf> {
    let folder = stage.path(folder);
    let told = split(stage, whose, stage.roster.to_str().unwrap(), &folder).arg("--json").json().unwrap();
    let files: Vec<PathBuf> =
        told["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap().into()).collect();
    assert_eq!(files.len(), 5);
    files
}

/// `kua key combine SHARE… --out restored.kua` under a new passphrase.
fn combine(stage: &Stage, shares: &[&PathBuf]) -> Command {
    let mut combine = stage.kua.command();
    combine.args(["key", "combine"]).args(shares).arg("--out").arg(stage.path("restored.kua"));
    let passphrase = stage.write("restored.passphrase", passphrase().unwrap());
    combine.arg("--passphrase-file").arg(passphrase);
    combine
}

/// The person with the restored vault.
fn restored(stage: &Stage, name: &str) -> Member {
    Member {
        name: name.to_owned(),
        vault: stage.path("restored.kua"),
        passphrase_file: stage.path("restored.passphrase"),
    }
}

#[test]
fn three_of_five_restore_the_key_of_a_coordinator() {
    let stage = Stage::new();
    let marat = &stage.team.coordinators[1];
    let id = stage.submitted(&samples::incidents()[0])["report_id"].as_str().unwrap().to_owned();
    let files = pages(&stage, marat, "shares");
    assert_eq!(fs::metadata(stage.path("shares")).unwrap().permissions().mode() & 0o777, 0o700);
    for (file, number) in files.iter().zip(1..) {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        let page = fs::read_to_string(file).unwrap();
        let title = format!("recovery share {number} of 5");
        assert_says(&page, &[&title, "\nkey   Marat\n", "\ndrop  Steppe Watch\n", "share1", "Any 3 of them"]);
    }
    fs::remove_file(&marat.vault).unwrap();
    let told = combine(&stage, &[&files[4], &files[0], &files[2]]).succeed().unwrap();
    let again = restored(&stage, "Marat");
    let card: Value = serde_json::from_slice(&fs::read(again.card(&stage.kua).unwrap()).unwrap()).unwrap();
    assert_says(&told, &["the key of Marat", card["sign"].as_str().unwrap()]);
    assert_eq!(card["name"], "Marat");
    let mut open = stage.kua.command();
    let report = again.unlock(open.args(["open", &stage.link])).args([&id, "--json"]).json().unwrap();
    assert_eq!(report["title"], samples::incidents()[0].draft["title"]);
    let message = refusal(&mut combine(&stage, &[&files[0], &files[1], &files[2]]));
    assert_says(&message, &["restored.kua is there already"]);
}

#[test]
fn the_loss_of_the_root_is_survived_and_the_link_stays() {
    let stage = Stage::with(&["Aigul"]);
    let root = &stage.team.root;
    let folder = stage.path("shares");
    let mut two = split(&stage, root, &stage.link, &folder);
    let told = two.args(["--shares", "3", "--threshold", "2"]).succeed().unwrap();
    assert_says(&told, &["Made 3 shares", "any 2 restore", "remove the folder"]);
    let files: Vec<PathBuf> = (1..=3).map(|at| folder.join(format!("share-{at}-of-3.txt"))).collect();
    assert_says(&fs::read_to_string(&files[1]).unwrap(), &[&stage.link, "It signs who may read"]);
    fs::remove_file(&root.vault).unwrap();
    let told = combine(&stage, &[&files[1], &files[2]]).succeed().unwrap();
    let shown = stage.kua.command().args(["roster", "show"]).arg(&stage.roster).succeed().unwrap();
    let digits = shown.lines().find_map(|line| line.strip_prefix("digits   ")).unwrap();
    assert_says(&told, &["the root Root", digits]);
    roster(&stage, &restored(&stage, "Root"), &["renew"], &stage.roster).succeed().unwrap();
    publish(&stage, &stage.roster).succeed().unwrap();
    stage.submitted(&samples::incidents()[0]);
    assert_eq!(stage.inbox(0).len(), 1);
}

#[test]
fn a_share_that_does_not_belong_is_refused_by_its_name() {
    let stage = Stage::new();
    let (aigul, marat) = (&stage.team.coordinators[0], &stage.team.coordinators[1]);
    let (files, other) = (pages(&stage, marat, "shares"), pages(&stage, marat, "again"));
    let aiguls = pages(&stage, aigul, "aigul");
    let page = fs::read_to_string(&files[1]).unwrap();
    let at = page.find("share1").unwrap() + 20;
    let wrong = if page[at..].starts_with('q') { "p" } else { "q" };
    let damaged = stage.write("damaged.txt", format!("{}{wrong}{}", &page[..at], &page[at + 1..]));
    let cut = stage.write("cut.txt", &page[..at]);
    let renamed = stage.write("renamed.txt", page.replace("key   Marat", "key   Dana"));
    let unnamed = stage.write("unnamed.txt", &page[page.find("share1").unwrap()..]);
    let refused = |shares: &[&PathBuf], words: &[&str]| {
        assert_says(&refusal(&mut combine(&stage, shares)), words);
        assert!(!stage.path("restored.kua").exists());
    };
    refused(&[&files[0], &damaged, &files[2]], &["damaged.txt has a typing error"]);
    refused(&[&files[0], &cut, &files[2]], &["cut.txt has a typing error", "not all of a share"]);
    refused(&[&files[0], &stage.roster, &files[2]], &["roster.json holds no recovery share"]);
    refused(&[&files[0], &other[1], &files[2]], &["again/share-2-of-5.txt does not belong", "the same set"]);
    refused(&[&aiguls[0], &files[1], &files[2]], &["aigul/share-1-of-5.txt does not belong"]);
    refused(&[&files[0], &files[1], &files[0]], &["one share twice", "share-1-of-5.txt, "]);
    refused(&[&files[0], &files[1]], &["2 of 3 shares", "still missing: 1"]);
    refused(&[&files[0], &renamed, &files[2]], &["different keys: Marat, Dana", "--name"]);
    let nowhere = stage.path("nowhere.txt");
    refused(&[&files[0], &nowhere], &["nowhere.txt", "Check the name"]);
    // A share typed into a file is as good as its page; the others say whose it is.
    combine(&stage, &[&files[0], &unnamed, &files[2]]).succeed().unwrap();
}

#[test]
fn what_makes_no_sense_is_not_split() {
    let stage = Stage::with(&["Aigul"]);
    let aigul = &stage.team.coordinators[0];
    let folder = stage.path("shares");
    let roster_file = stage.roster.to_str().unwrap();
    for numbers in [["1", "1"], ["5", "6"], ["5", "1"], ["17", "3"]] {
        let mut split = split(&stage, aigul, roster_file, &folder);
        let message = refusal(split.args(["--shares", numbers[0], "--threshold", numbers[1]]));
        assert_says(&message, &["2 to 16 shares"]);
    }
    // A share that bears the name of another drop would be looked for in the wrong place.
    let dana = member(&stage.path(""), "Dana", VaultKind::Coordinator);
    let message = refusal(&mut split(&stage, &dana, roster_file, &folder));
    assert_says(&message, &["roster of a drop that the key of Dana is not for"]);
    let stranger = member(&stage.path(""), "Stranger", VaultKind::Root);
    assert_says(&refusal(&mut split(&stage, &stranger, roster_file, &folder)), &["is not for"]);
    assert_says(&refusal(&mut split(&stage, &stranger, &stage.link, &folder)), &["STOP"]);
    let card = aigul.card(&stage.kua).unwrap();
    let message = refusal(&mut split(&stage, aigul, card.to_str().unwrap(), &folder));
    assert_says(&message, &[card.to_str().unwrap(), "is not a signed roster"]);
    assert!(!folder.exists());
    fs::create_dir(&folder).unwrap();
    assert_says(&refusal(&mut split(&stage, aigul, roster_file, &folder)), &["shares is there already"]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
