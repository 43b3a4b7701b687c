//! What the operator has to give when the drop is raided: nothing that a person wrote, and no codename.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use acceptance::processes::{Binaries, DropFolder, Profile, Run as _};
use acceptance::samples;
use kua_protocol::id::MailboxId;
use serde_json::Value;

use crate::stage::Stage;

/// Words that stand nowhere but in the report, its attachment's name, and the attachment.
const CANARIES: [&str; 3] =
    ["kanarienvogel-im-text-5d1f", "kanarienvogel-im-namen-a07c", "kanarienvogel-in-der-datei-9e33"];

#[test]
fn a_seized_drop_knows_no_word_of_a_report() {
    let mut stage = Stage::new();
    let mut sample = samples::incidents()[0].clone();
    sample.draft["description"] = format!("Vor Zeugen: {}", CANARIES[0]).into();
    let file = stage.write(&format!("{}.txt", CANARIES[1]), CANARIES[2]);
    let sent = stage.submit(&stage.draft(&sample)).arg("--attach").arg(file).json().unwrap();
    // Coordinators read as well, so that the sealed bytes went through the server's memory both ways.
    let id = sent["report_id"].as_str().unwrap();
    let opened = stage.reader("open", 0).args([&id[..8], "--json"]).json().unwrap();
    assert!(opened["description"].as_str().unwrap().contains(CANARIES[0]));

    let codename = sent["codename"].as_str().unwrap();
    let mut secret: Vec<Vec<u8>> = CANARIES.iter().map(|canary| canary.as_bytes().to_vec()).collect();
    secret.push(codename.as_bytes().to_vec());
    // Four words in a row would do to guess the rest.
    secret.push(codename.split(' ').take(4).collect::<Vec<_>>().join(" ").into_bytes());
    let mailbox: MailboxId = sent["mailbox"].as_str().unwrap().parse().unwrap();
    let known = mailbox.as_bytes();

    let data = everything_under(stage.drop.folder().path());
    assert!(data.iter().any(|(_, bytes)| holds(bytes, known)), "the search finds what is there");
    for secret in &secret {
        for (path, bytes) in &data {
            assert!(!holds(bytes, secret), "{} holds {:?}", path.display(), String::from_utf8_lossy(secret));
        }
    }

    if rustix::process::geteuid().is_root() {
        let memory = memory_of(stage.drop.pid().unwrap());
        assert!(memory.iter().any(|bytes| holds(bytes, known)), "the search finds what is there");
        for secret in &secret {
            let found = memory.iter().any(|bytes| holds(bytes, secret));
            assert!(!found, "the server's memory holds {:?}", String::from_utf8_lossy(secret));
        }
    } else {
        println!("skipped in part: only root may read the server's memory");
    }

    stage.drop.stop().unwrap();
    let log = stage.drop.log().unwrap();
    assert!(log.contains("stopping"), "the log is read to its end");
    let facts = [id, sent["mailbox"].as_str().unwrap(), sent["day"].as_str().unwrap()];
    for fact in facts.map(str::as_bytes).into_iter().chain(secret.iter().map(Vec::as_slice)) {
        assert!(!holds(log.as_bytes(), fact), "the log speaks of people: {log}");
    }
}

#[test]
fn the_senders_own_device_keeps_nothing() {
    let stage = Stage::new();
    let (home, temporary) = (stage.path("home"), stage.path("tmp"));
    for folder in [&home, &temporary] {
        fs::create_dir(folder).unwrap();
    }
    let file = stage.write("note.txt", CANARIES[2]);
    let mut submit = stage.submit(&stage.draft(&samples::incidents()[0]));
    submit.env("HOME", &home).env("TMPDIR", &temporary).current_dir(&home);
    submit.arg("--attach").arg(file).json().unwrap();
    for folder in [&home, &temporary] {
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "{}", folder.display());
    }
    assert!(!stage.path("cache").exists(), "the cache is the coordinators'");
}

#[test]
fn files_tell_the_day_and_not_the_hour_and_belong_to_the_drop_alone() {
    let stage = Stage::new();
    stage.submitted(&samples::incidents()[0]);
    let data = stage.drop.folder().path();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (path, expected) in [("", 0o700), ("store", 0o700), ("store/segments", 0o700), ("admin.sock", 0o600)]
    {
        assert_eq!(mode(&data.join(path)), expected, "{path}");
    }
    let files = everything_under(data);
    assert!(files.iter().any(|(path, _)| path.ends_with("drop.seed")));
    for (path, _) in files {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let segments: Vec<PathBuf> =
        fs::read_dir(data.join("store/segments")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(segments.len(), 1);
    for path in segments.iter().chain([&data.join("store/segments")]) {
        assert_eq!(fs::metadata(path).unwrap().mtime() % 86_400, 0, "{}", path.display());
    }
}

/// What the kernel lets a user see of a process of her own is what it may dump.
#[test]
fn neither_program_leaves_a_core_dump() {
    const NOBODY: u32 = 65_534;
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root may start a process as somebody else");
        return;
    }
    let binaries = Binaries::locate(Profile::Dev).unwrap();
    let folder = tempfile::Builder::new().prefix("kua-it-").tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let drop = DropFolder::init(&binaries, folder.path().join("drop")).unwrap();
    let everything = Command::new("chown").args(["-R", "65534"]).arg(folder.path()).run().unwrap();
    assert_eq!(everything.code, Some(0));

    let owner = |child: &Started| fs::metadata(format!("/proc/{}/maps", child.0.id())).unwrap().uid();
    let start = |command: &mut Command| {
        command
            .uid(NOBODY)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Started)
    };
    let Ok(mut server) = start(&mut drop.command(&["serve", "--listen", "127.0.0.1:0"])) else {
        println!("skipped: the binaries lie where nobody else may run them");
        return;
    };
    let cat = start(&mut Command::new("cat")).unwrap();
    let mut ready = [0; 9];
    server.0.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
    assert_eq!(&ready, b"listening");
    assert_eq!(owner(&cat), NOBODY, "a process like others belongs to its user");
    assert_eq!(owner(&server), 0, "a process that may not be dumped belongs to root");

    // `kua` waits for the passphrase on its standard input.
    let mut show = Command::new(binaries.kua());
    let kua = start(show.args(["key", "show", "--passphrase-file", "-"]).arg(drop.card())).unwrap();
    let proc = |name: &str| Path::new("/proc").join(kua.0.id().to_string()).join(name);
    let waits = || {
        let ours = fs::read_link(proc("exe")).is_ok_and(|exe| exe.ends_with("kua"));
        ours && fs::read_to_string(proc("status")).unwrap().contains("State:\tS")
    };
    while !waits() {
        std::thread::yield_now();
    }
    assert_eq!(owner(&kua), 0, "a process that may not be dumped belongs to root");
}

/// A process that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Every file below a folder with its bytes.
pub fn everything_under(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            files.extend(everything_under(&path));
        } else if kind.is_file() {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files
}

/// All memory of a process that can be read.
fn memory_of(pid: u32) -> Vec<Vec<u8>> {
    const MOST: u64 = 512 << 20;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut regions = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with('r'))) {
        let (begin, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (begin, end) = (u64::from_str_radix(begin, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let mut bytes = Vec::new();
        if memory.seek(SeekFrom::Start(begin)).is_ok() {
            // The kernel's own pages cannot be read, and hold nothing of ours.
            let _ = memory.by_ref().take((end - begin).min(MOST)).read_to_end(&mut bytes);
        }
        regions.push(bytes);
    }
    regions
}

pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let (first, rest) = wanted.split_first().unwrap();
    let mut from = bytes;
    while let Some(at) = from.iter().position(|byte| byte == first) {
        if from[at + 1..].starts_with(rest) {
            return true;
        }
        from = &from[at + 1..];
    }
    false
}

#[test]
fn the_search_itself_finds_and_misses() {
    assert!(holds(b"aabab", b"bab") && holds(b"ab", b"ab") && holds(b"aab", b"ab"));
    assert!(!holds(b"aabab", b"abb") && !holds(b"", b"a"));
    let sent: Value = serde_json::json!({ "a": 1 });
    assert!(holds(sent.to_string().as_bytes(), b"\"a\""));
}
