//! Vaults under real passphrases, and the rosters that a root signs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::processes::{Binaries, Kua, Member, Profile, Run as _, passphrase};
use acceptance::samples;
use kua_sealing::VaultKind;
use serde_json::Value;
use tempfile::TempDir;

use crate::recovery::{StockAge, untar};
use crate::refusals::{assert_says, refusal};
use crate::stage::{Stage, member};

/// A folder for vaults, and `kua`.
fn desk() -> (TempDir, Kua) {
    let folder = tempfile::Builder::new().prefix("kua-it-").tempdir().unwrap();
    let kua = Kua::new(&Binaries::locate(Profile::Dev).unwrap(), folder.path().join("cache"));
    (folder, kua)
}

/// `kua key …` about a file, with a passphrase from another.
fn key(kua: &Kua, words: &[&str], file: &Path, passphrase: &Path) -> Command {
    let mut command = kua.command();
    command.arg("key").args(words).arg(file).arg("--passphrase-file").arg(passphrase);
    command
}

fn show(kua: &Kua, vault: &Path, passphrase: &Path) -> Command {
    key(kua, &["show", "--json"], vault, passphrase)
}

#[test]
fn a_new_vault_is_its_owners_alone_and_never_takes_the_place_of_another() {
    let (folder, kua) = desk();
    let aigul = Member::new(&kua, folder.path(), "Aigul", false).unwrap();
    assert_eq!(fs::metadata(&aigul.vault).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = fs::read(&aigul.vault).unwrap();
    let header = String::from_utf8_lossy(&bytes);
    let stanza = header.lines().find(|line| line.starts_with("-> argon2id ")).unwrap();
    assert!(stanza.ends_with(" 262144 3 4"), "{stanza}");
    for canary in ["Aigul", "coordinator", "seed"] {
        assert!(!header.contains(canary), "{canary} can be read in the vault");
    }
    let again = &["new", "--name", "Marat", "--out"];
    let message = refusal(&mut key(&kua, again, &aigul.vault, &aigul.passphrase_file));
    assert_says(&message, &["aigul.kua is there already", "Choose another name"]);
    assert_eq!(fs::read(&aigul.vault).unwrap(), bytes);
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    let (folder, kua) = desk();
    let vault = folder.path().join("aigul.kua");
    let weak = folder.path().join("weak");
    for passphrase in ["", "password1", "Aigul Aigul 2010", "qwerty123456"] {
        fs::write(&weak, passphrase).unwrap();
        let message = refusal(&mut key(&kua, &["new", "--name", "Aigul", "--out"], &vault, &weak));
        assert_says(
            &message.to_lowercase(),
            &["too easy to guess", "take six words that do not belong together"],
        );
        assert!(!vault.exists());
    }
    fs::write(&weak, passphrase().unwrap()).unwrap();
    for name in ["", " Aigul", "Ai\ngul"] {
        let message = refusal(&mut key(&kua, &["new", "--name", name, "--out"], &vault, &weak));
        assert_says(&message, &["a name has 1 to 100 characters"]);
        assert!(!vault.exists());
    }
}

#[test]
fn a_card_shows_what_is_public() {
    let (folder, kua) = desk();
    let aigul = Member::new(&kua, folder.path(), "Aigul", false).unwrap();
    let root = Member::new(&kua, folder.path(), "Root", true).unwrap();
    let card = show(&kua, &aigul.vault, &aigul.passphrase_file).json().unwrap();
    assert_eq!((&card["format"], &card["name"]), (&"kua-card/1".into(), &"Aigul".into()));
    assert!(card["recipient"].as_str().unwrap().starts_with("age1pq1"));
    let fields: Vec<&String> = card.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["format", "name", "sign", "recipient"]);
    let text = key(&kua, &["show"], &aigul.vault, &aigul.passphrase_file).succeed().unwrap();
    assert_says(&text, &["Aigul", card["sign"].as_str().unwrap(), card["recipient"].as_str().unwrap()]);

    let card = show(&kua, &root.vault, &root.passphrase_file).json().unwrap();
    assert!(card["fingerprint"].as_str().unwrap().starts_with("kua1"));
    assert_eq!(card["digits"].as_str().unwrap().split(' ').map(str::len).collect::<Vec<_>>(), [5; 10]);
    let text = key(&kua, &["show"], &root.vault, &root.passphrase_file).succeed().unwrap();
    assert_says(&text, &["(a root)", card["digits"].as_str().unwrap()]);
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let (folder, kua) = desk();
    let aigul = Member::new(&kua, folder.path(), "Aigul", false).unwrap();
    let card = show(&kua, &aigul.vault, &aigul.passphrase_file).json().unwrap();
    let new = folder.path().join("new.passphrase");
    let change = |old: &Path| {
        let mut change = key(&kua, &["passphrase"], &aigul.vault, old);
        change.arg("--new-passphrase-file").arg(&new);
        change
    };
    let before = fs::read(&aigul.vault).unwrap();
    fs::write(&new, "password1").unwrap();
    assert_says(&refusal(&mut change(&aigul.passphrase_file)), &["too easy to guess"]);
    fs::write(&new, passphrase().unwrap()).unwrap();
    assert_says(&refusal(&mut change(&new)), &["the passphrase is wrong, or the vault is damaged"]);
    assert_eq!(fs::read(&aigul.vault).unwrap(), before);

    change(&aigul.passphrase_file).succeed().unwrap();
    assert_eq!(show(&kua, &aigul.vault, &new).json().unwrap(), card);
    assert_says(
        &refusal(&mut show(&kua, &aigul.vault, &aigul.passphrase_file)),
        &["passphrase is wrong", "try again"],
    );
    assert_eq!(fs::metadata(&aigul.vault).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "something was left beside the vault");
}

#[test]
fn a_vault_that_is_damaged_or_none_is_refused() {
    let (folder, kua) = desk();
    let aigul = Member::new(&kua, folder.path(), "Aigul", false).unwrap();
    let bytes = fs::read(&aigul.vault).unwrap();
    let file = folder.path().join("other.kua");
    let cases: [(&[u8], &[&str]); 5] = [
        (&bytes[..bytes.len() - 1], &["vault is damaged", "take a copy of the vault"]),
        (&bytes[..100], &["vault is damaged"]),
        (b"", &["is not a vault", "kua key new"]),
        (b"PK\x03\x04 a photo album", &["is not a vault", "kua key new"]),
        (&vec![b'a'; 100_000], &["100000 bytes"]),
    ];
    for (bytes, words) in cases {
        fs::write(&file, bytes).unwrap();
        let message = refusal(&mut show(&kua, &file, &aigul.passphrase_file));
        assert_says(&message, &["other.kua"]);
        assert_says(&message, words);
    }
    let message = refusal(&mut show(&kua, &folder.path().join("nowhere.kua"), &aigul.passphrase_file));
    assert_says(&message, &["nowhere.kua", "Check the name"]);
}

#[test]
fn a_root_reads_nothing_and_a_coordinator_signs_no_roster() {
    let stage = Stage::new();
    let mut inbox = stage.kua.command();
    stage.team.root.unlock(inbox.args(["inbox", &stage.link]));
    assert_says(&refusal(&mut inbox), &["holds a root, which reads nothing", "use a coordinator's vault"]);
    let root = &stage.team.root;
    let mut export = key(&stage.kua, &["export", "--age"], &root.vault, &root.passphrase_file);
    assert_says(&refusal(&mut export), &["holds a root, which reads nothing"]);

    let before = fs::read(&stage.roster).unwrap();
    let mut remove = stage.kua.command();
    stage.team.coordinators[0].unlock(remove.args(["roster", "remove", "Marat"]).arg(&stage.roster));
    assert_says(&refusal(&mut remove), &["holds a coordinator's key", "signed with the root's"]);
    assert_eq!(fs::read(&stage.roster).unwrap(), before);
}

/// `kua roster WORDS… ROSTER` with the key of this root.
pub fn roster(stage: &Stage, root: &Member, words: &[&str], file: &Path) -> Command {
    let mut command = stage.kua.command();
    root.unlock(command.arg("roster").args(words).arg(file));
    command
}

/// `kua roster publish LINK ROSTER`.
pub fn publish(stage: &Stage, file: &Path) -> Command {
    let mut command = stage.kua.command();
    command.args(["roster", "publish", &stage.link]).arg(file);
    command
}

/// The serial of the roster that the drop has.
fn serial(stage: &Stage) -> String {
    let shown = stage.drop.folder().command(&["roster", "show"]).succeed().unwrap();
    shown.lines().find_map(|line| line.strip_prefix("serial")).unwrap().trim().to_owned()
}

fn copy(stage: &Stage, name: &str) -> PathBuf {
    stage.write(name, fs::read(&stage.roster).unwrap())
}

#[test]
fn who_was_removed_reads_nothing_new() {
    let stage = Stage::new();
    let samples = samples::incidents();
    stage.submitted(&samples[0]);
    assert_eq!(stage.inbox(1)[0]["title"], samples[0].draft["title"]);

    let message = refusal(&mut roster(&stage, &stage.team.root, &["remove", "Dana"], &stage.roster));
    assert_says(&message, &["Dana is not a coordinator", "Aigul, Marat"]);
    roster(&stage, &stage.team.root, &["remove", "Marat"], &stage.roster).succeed().unwrap();
    // Signed is not yet published: the drop goes on as before.
    assert_eq!(serial(&stage), "1");
    publish(&stage, &stage.roster).succeed().unwrap();
    assert_eq!(serial(&stage), "2");

    let sent = stage.submitted(&samples[1]);
    let id = sent["report_id"].as_str().unwrap();
    assert_eq!(stage.inbox(0).len(), 2);
    let words = ["does not name the key in", "ask the holder of the root"];
    assert_says(&refusal(&mut stage.reader("inbox", 1)), &words);
    assert_says(&refusal(stage.reader("open", 1).arg(&id[..8])), &words);
    assert_says(&refusal(stage.reader("delete", 1).arg(&id[..8])), &words);
    // Not even with the bytes in hand.
    stage.reader("fetch", 0).arg(&id[..8]).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    let mut open = stage.kua.command();
    open.args(["open", "--sealed"]).arg(stage.path("sealed").join(format!("{id}.age")));
    assert_says(&refusal(stage.team.coordinators[1].unlock(&mut open)), &["not sealed to your key"]);
    // And nobody can choose him any more.
    let message = refusal(stage.submit(&stage.draft(&samples[2])).args(["--to", "Marat"]));
    assert_says(&message, &["Marat is not a coordinator", "Aigul"]);
}

#[test]
fn who_was_added_reads_what_comes_from_now_on_and_stock_tools_open_it() {
    let stage = Stage::new();
    let samples = samples::incidents();
    let old = stage.submitted(&samples[0])["report_id"].as_str().unwrap().to_owned();
    let dana = Member::new(&stage.kua, &stage.path(""), "Dana", false).unwrap();
    let card = dana.card(&stage.kua).unwrap();
    let add = |file: &Path| {
        let mut add = roster(&stage, &stage.team.root, &["add", "--card"], &card);
        add.arg(file);
        add
    };
    add(&stage.roster).succeed().unwrap();
    assert_says(&refusal(&mut add(&stage.roster)), &["two coordinators are called Dana"]);
    let shown = stage.kua.command().args(["roster", "show", "--json"]).arg(&stage.roster).json().unwrap();
    let names: Vec<&Value> =
        shown["coordinators"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Aigul", "Marat", "Dana"]);
    assert_eq!(shown["serial"], 2);
    publish(&stage, &stage.roster).succeed().unwrap();

    let photo = stage.write("photo.jpg", samples::photo(5));
    let new = stage.submit(&stage.draft(&samples[1])).arg("--attach").arg(photo).json().unwrap();
    let new = new["report_id"].as_str().unwrap();
    let reader = |command: &str| {
        let mut reader = stage.kua.command();
        dana.unlock(reader.args([command, &stage.link]));
        reader
    };
    assert_says(&refusal(reader("open").arg(&old)), &["not sealed to your key"]);
    assert_eq!(reader("open").args([new, "--json"]).json().unwrap()["title"], samples[1].draft["title"]);

    let exported = key(&stage.kua, &["export", "--age"], &dana.vault, &dana.passphrase_file).run().unwrap();
    assert_eq!(exported.code, Some(0));
    assert_says(&exported.stderr, &["the secret key itself"]);
    let identity = exported.stdout.lines().find(|line| !line.starts_with('#')).unwrap();
    assert!(identity.starts_with("AGE-SECRET-KEY-PQ-1"), "not an identity");
    reader("fetch").arg(new).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    let sealed = stage.path("sealed").join(format!("{new}.age"));
    let identity = stage.write("identity.txt", &exported.stdout);
    if let Some(age) = StockAge::find() {
        let (archive, unpacked) = (stage.path("report.tar"), stage.path("unpacked"));
        age.open(&identity, &sealed, &archive);
        untar(&archive, &unpacked);
        let report: Value = serde_json::from_slice(&fs::read(unpacked.join("report.json")).unwrap()).unwrap();
        assert_eq!(report["title"], samples[1].draft["title"]);
        assert_eq!(fs::read(unpacked.join("attachments/photo.jpg")).unwrap(), samples::photo(5));
    }
}

#[test]
fn a_drop_takes_no_roster_that_is_older_other_or_anothers() {
    let stage = Stage::new();
    let root = &stage.team.root;
    let (first, second, other_second) =
        (copy(&stage, "1.json"), copy(&stage, "2.json"), copy(&stage, "2b.json"));
    roster(&stage, root, &["remove", "Marat"], &second).succeed().unwrap();
    roster(&stage, root, &["remove", "Aigul"], &other_second).succeed().unwrap();
    publish(&stage, &second).succeed().unwrap();
    // The same again is no news, and no error.
    publish(&stage, &second).succeed().unwrap();

    // A whole team of strangers for this very drop: with another root the link would change.
    let stranger = member(&stage.path(""), "Stranger", VaultKind::Root);
    let anothers = stage.path("anothers.json");
    let card = stage.team.coordinators[1].card(&stage.kua).unwrap();
    let mut new = stage.kua.command();
    new.args(["roster", "new", "--name", "Steppe Watch", "--drop"]).arg(stage.drop.folder().card());
    stranger.unlock(new.arg("--card").arg(card).arg("--out").arg(&anothers)).succeed().unwrap();
    let cut = stage.write("cut.json", &fs::read(&second).unwrap()[..500]);

    for (file, words) in [
        (&first, "has serial 1, and serial 2 was seen before"),
        (&other_second, "two different rosters have the serial 2"),
        (&anothers, "signed by another root"),
    ] {
        assert_says(&refusal(&mut publish(&stage, file)), &["The drop refuses it", words]);
        let install = stage.drop.folder().command(&["roster", "install"]).arg(file).run().unwrap();
        assert_eq!(install.code, Some(1));
        assert_says(&install.stderr, &["was not installed", words]);
        assert_eq!(serial(&stage), "2");
    }
    assert_says(&refusal(&mut publish(&stage, &cut)), &["malformed"]);

    let message = refusal(&mut roster(&stage, &stranger, &["remove", "Marat"], &first));
    assert_says(&message, &["signed by another root than the one in", "the link changes"]);
    let mut long = roster(&stage, root, &["remove", "Marat"], &first);
    assert_says(&refusal(long.args(["--expires", "2999-01-01"])), &["at most 90"]);
    let message = refusal(&mut roster(&stage, root, &["remove", "Aigul"], &second));
    assert_says(&message, &["Aigul is the last coordinator"]);
    let mut onto = roster(&stage, root, &["remove", "Marat"], &first);
    assert_says(&refusal(onto.arg("--out").arg(&second)), &["2.json is there already"]);
}

#[test]
fn without_a_folder_of_ones_own_the_memory_gets_none_that_all_share() {
    let stage = Stage::with(&["Aigul"]);
    let mut inbox = stage.reader("inbox", 0);
    inbox.env_remove("HOME").env_remove("XDG_DATA_HOME").env_remove("KUA_CACHE");
    assert_says(&refusal(&mut inbox), &["HOME is not set", "KUA_CACHE=/"]);
}
