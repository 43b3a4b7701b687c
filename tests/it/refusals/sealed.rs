//! Sealed bytes from a stranger: `kua open --out` writes the whole of a sound report, or nothing at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_sealing::{Floor, Recipients, SealPlan};
use serde_json::{Value, json};
use tar::{EntryType, Header};

use super::{assert_says, refusal};
use crate::stage::Stage;

/// `kua open --sealed FILE --out case` as the first coordinator.
fn open(stage: &Stage, file: &Path) -> Command {
    let mut open = stage.kua.command();
    open.args(["open", "--sealed"]).arg(file).arg("--out").arg(stage.path("case"));
    stage.team.coordinators[0].unlock(&mut open);
    open
}

/// Every path under a folder.
fn tree(folder: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths.extend(tree(&path));
        }
        paths.insert(path.display().to_string());
    }
    paths
}

/// Sends a report with one attachment and saves its sealed bytes.
fn fetched(stage: &Stage) -> std::path::PathBuf {
    let draft = stage.write("draft.json", json!({ "title": "t", "description": "d" }).to_string());
    let photo = stage.write("photo.jpg", samples::photo(1));
    let sent = stage.submit(&draft).arg("--attach").arg(photo).json().unwrap();
    let id = sent["report_id"].as_str().unwrap();
    stage.reader("fetch", 0).arg(&id[..8]).arg("--out").arg(stage.path("sealed")).succeed().unwrap();
    stage.path("sealed").join(format!("{id}.age"))
}

/// One entry of an archive, with any name at all.
pub fn entry(name: &[u8], kind: EntryType, target: &str, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
    header.set_cksum();
    let mut bytes = [header.as_bytes(), content].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

/// Seals any bytes to the stage's coordinators, as a submitter with a program of his own can.
pub fn sealed(stage: &Stage, archive: &[u8]) -> std::path::PathBuf {
    let cards = stage.team.coordinators.iter().map(|coordinator| coordinator.card(&stage.kua).unwrap());
    let recipients: Vec<String> = cards
        .map(|card| serde_json::from_slice::<Value>(&fs::read(card).unwrap()).unwrap())
        .map(|card| card["recipient"].as_str().unwrap().to_owned())
        .collect();
    let recipients = Recipients::new(recipients.iter().map(|recipient| (recipient.as_str(), true))).unwrap();
    let mut bytes = Vec::new();
    let plan = SealPlan::new(recipients, archive.len() as u64, Floor::Report).unwrap();
    plan.seal(archive, &mut bytes).unwrap();
    stage.write("hostile.age", bytes)
}

#[test]
fn a_hostile_archive_writes_nothing_anywhere() {
    let stage = Stage::new();
    open(&stage, &fetched(&stage)).succeed().unwrap();
    let (report, photo) = (fs::read(stage.path("case/report.json")).unwrap(), samples::photo(1));
    let parsed: Value = serde_json::from_slice(&report).unwrap();
    let named = |name: &str| {
        let mut report = parsed.clone();
        report["attachments"][0]["name"] = name.into();
        report.to_string().into_bytes()
    };
    let twice = {
        let mut report = parsed.clone();
        let mut second = report["attachments"][0].clone();
        second["name"] = "PHOTO.JPG".into();
        report["attachments"].as_array_mut().unwrap().push(second);
        report.to_string().into_bytes()
    };
    let first = |report: &[u8]| entry(b"report.json", EntryType::Regular, "", report);
    let plain = |name: &[u8]| entry(name, EntryType::Regular, "", &photo);
    // Of the announced size and with the announced bytes: the kind of the entry is the only lie.
    let link = |kind, target| entry(b"attachments/photo.jpg", kind, target, &photo);
    let named_photo = plain(b"attachments/photo.jpg");
    let mut changed = named_photo.clone();
    changed[600] ^= 1;
    let secret = stage.write("secret.txt", "the coordinator's own");
    let secret = secret.to_str().unwrap();

    let hostile = [
        ("up from the tar", [first(&report), plain(b"attachments/../../photo.jpg")].concat()),
        ("up from the report", [first(&named("../photo.jpg")), plain(b"attachments/../photo.jpg")].concat()),
        ("from the root", [first(&report), plain(b"/tmp/photo.jpg")].concat()),
        (
            "root in the report",
            [first(&named("/tmp/photo.jpg")), plain(b"attachments//tmp/photo.jpg")].concat(),
        ),
        ("a NUL in the tar", [first(&report), plain(b"attachments/photo.jpg\0.sh")].concat()),
        (
            "a NUL in the report",
            [first(&named("photo.jpg\0.sh")), plain(b"attachments/photo.jpg\0.sh")].concat(),
        ),
        ("a dot file", [first(&named(".bashrc")), plain(b"attachments/.bashrc")].concat()),
        ("a symbolic link", [first(&report), link(EntryType::Symlink, secret)].concat()),
        ("a hard link", [first(&report), link(EntryType::Link, "report.json")].concat()),
        ("a device", [first(&report), link(EntryType::Char, "")].concat()),
        ("a pipe", [first(&report), link(EntryType::Fifo, "")].concat()),
        ("a folder", [first(&report), link(EntryType::Directory, "")].concat()),
        (
            "a link before all",
            [link(EntryType::Symlink, "/tmp"), first(&report), named_photo.clone()].concat(),
        ),
        ("one name twice", [first(&twice), named_photo.clone(), plain(b"attachments/PHOTO.JPG")].concat()),
        ("one file too many", [first(&report), named_photo.clone(), named_photo.clone()].concat()),
        ("one file too few", first(&report)),
        ("other bytes", [first(&report), changed].concat()),
        ("no report", named_photo.clone()),
        ("a report that is none", [first(b"{}"), named_photo.clone()].concat()),
        ("a report without end", entry(b"report.json", EntryType::Regular, "", &vec![b' '; (1 << 20) + 1])),
        ("nothing", Vec::new()),
    ];
    fs::remove_dir_all(stage.path("case")).unwrap();
    stage.write("hostile.age", "");
    let before = tree(&stage.path(""));
    for (what, mut archive) in hostile {
        archive.extend([0; 1024]);
        let file = sealed(&stage, &archive);
        let message = refusal(&mut open(&stage, &file));
        assert!(message.len() < 1000, "{what}: {message}");
        assert_eq!(
            tree(&stage.path("")).difference(&before).filter(|path| !path.ends_with(".card.json")).count(),
            0
        );
        refusal(open(&stage, &file).arg("--json"));
    }
    // What is honest, changed and sealed in the same way, opens: it was the lie that was refused.
    let honest = [first(&named("other.jpg")), plain(b"attachments/other.jpg"), vec![0; 1024]].concat();
    open(&stage, &sealed(&stage, &honest)).succeed().unwrap();
    assert_eq!(fs::read(stage.path("case/attachments/other.jpg")).unwrap(), photo);
}

#[test]
fn one_flipped_bit_or_missing_byte_opens_nothing_and_tells_nothing() {
    let stage = Stage::new();
    let sound = fs::read(fetched(&stage)).unwrap();
    let mac = sound.windows(5).position(|window| window == b"\n--- ").unwrap() + 5;
    let payload = mac + 43 + 1;
    let chunk = payload + 16;
    let flipped = |at: usize| {
        let mut bytes = sound.clone();
        bytes[at] ^= 1;
        bytes
    };
    let damaged = [
        ("version", flipped(20)),
        ("stanza", flipped(mac - 600)),
        ("header's own code", flipped(mac + 10)),
        ("nonce", flipped(payload + 3)),
        ("first chunk", flipped(chunk + 100)),
        ("second chunk", flipped(chunk + 65_552 + 100)),
        ("last byte", flipped(sound.len() - 1)),
        ("cut in the header", sound[..mac - 100].to_vec()),
        ("cut after the header", sound[..payload].to_vec()),
        ("cut between chunks", sound[..chunk + 65_552].to_vec()),
        ("cut by one byte", sound[..sound.len() - 1].to_vec()),
        ("one byte more", [&sound[..], b"\0"].concat()),
        ("nothing", Vec::new()),
    ];
    let before = tree(&stage.path(""));
    let mut messages = BTreeSet::new();
    for (what, bytes) in damaged {
        let file = stage.write("sealed/damaged.age", &bytes);
        let message = refusal(&mut open(&stage, &file));
        let id = kua_protocol::id::ObjectId::of(&bytes).short();
        assert_says(&message, &[&id, "fetch it again"]);
        messages.insert(message.replace(&id, "ID"));
        fs::remove_file(file).unwrap();
        assert_eq!(tree(&stage.path("")), before, "{what}");
    }
    // One sentence for all of them: where the damage is would help only someone who tampers.
    assert_eq!(messages.len(), 1, "{messages:#?}");
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let stage = Stage::new();
    let file = fetched(&stage);
    fs::create_dir(stage.path("case")).unwrap();
    stage.write("case/notes.txt", "precious");
    assert_says(&refusal(&mut open(&stage, &file)), &["case is there already", "Choose another name"]);
    assert_eq!(fs::read(stage.path("case/notes.txt")).unwrap(), b"precious");
    fs::remove_dir_all(stage.path("case")).unwrap();
    assert_says(
        &refusal(&mut open(&stage, &stage.path("sealed/other.age"))),
        &["other.age", "Check the name"],
    );
}
