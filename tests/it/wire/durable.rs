//! What was acknowledged stays: after a kill at any moment, after a loss of power, and on a disk that is full.
//!
//! `KUA_KILLS` and `KUA_POWER_CUTS` say how often; a few times is enough for every day.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use acceptance::processes::{Drop as ServedDrop, DropFolder, Run as _};
use kua_protocol::api::{path, tus};
use kua_protocol::id::ObjectId;
use kua_protocol::problem::Kind;
use rustix::process::{Pid, Signal, kill_process};

use super::{Request, Wire, id_of, nonce_at, submission, submitter, tiny};
use crate::http::Connection;
use crate::stage::Stage;

/// Senders at a time.
const SENDERS: u64 = 8;

/// People who send one report after another until the drop is gone, and what they were told is safe.
struct Load {
    acknowledged: Arc<Mutex<Vec<ObjectId>>>,
    enough: Arc<AtomicBool>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(wire: &Wire, address: &str) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let enough = Arc::new(AtomicBool::new(false));
        let nonce = wire.nonce();
        let senders = (0..SENDERS).map(|_| {
            let (acknowledged, enough) = (Arc::clone(&acknowledged), Arc::clone(&enough));
            let (address, nonce, drop) = (address.to_owned(), nonce.clone(), wire.id);
            thread::spawn(move || {
                let mut connection = Connection::tcp(&address);
                while !enough.load(Ordering::Relaxed) {
                    // A mailbox of its own for each report: a mailbox holds 500.
                    let sealed = tiny(NUMBER.fetch_add(1, Ordering::Relaxed));
                    let request = submission(&sealed).signed(&submitter(), drop, &nonce);
                    match connection.ask_or_end(&request) {
                        Some(answer) if answer.status == 201 => {
                            acknowledged.lock().unwrap().push(id_of(&sealed));
                        }
                        Some(answer) => panic!("{answer:?}"),
                        None => return,
                    }
                }
            })
        });
        let senders = senders.collect();
        Self { acknowledged, enough, senders }
    }

    /// Waits until so many were told that their reports are safe.
    fn wait_for(&self, count: usize) {
        while self.acknowledged.lock().unwrap().len() < count {
            thread::yield_now();
        }
    }

    fn so_far(&self) -> Vec<ObjectId> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// Waits until everybody has seen that the drop is gone.
    fn end(self) -> Vec<ObjectId> {
        self.enough.store(true, Ordering::Relaxed);
        for sender in self.senders {
            sender.join().unwrap();
        }
        Arc::into_inner(self.acknowledged).unwrap().into_inner().unwrap()
    }
}

/// Which of these reports a drop does not have, or not whole.
fn missing(wire: &Wire, address: &str, ids: &[ObjectId]) -> Vec<ObjectId> {
    let mut connection = Connection::tcp(address);
    let nonce = nonce_at(address);
    let there = |id: &ObjectId| {
        let request = Request::new("GET", path::report(*id));
        let answer = connection.ask(&request.signed(wire.coordinators[0].signing(), wire.id, &nonce));
        answer.status == 200 && id_of(&answer.body) == *id
    };
    let mut there = there;
    ids.iter().copied().filter(|id| !there(id)).collect()
}

/// A number from 1 to `most`, another each time.
fn some(most: u8) -> usize {
    let mut byte = [0];
    getrandom::fill(&mut byte).unwrap();
    usize::from(byte[0] % most) + 1
}

fn rounds(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    let mut wire = Wire::with(&["Aigul"]);
    let mut all = Vec::new();
    for round in 0..rounds("KUA_KILLS", 10) {
        let address = wire.stage.drop.address().to_owned();
        let load = Load::start(&wire, &address);
        load.wait_for(some(120));
        wire.stage.drop.kill().unwrap();
        let acknowledged = load.end();
        wire.stage.drop.restart().unwrap();
        assert_eq!(missing(&wire, &address, &acknowledged), [], "round {round}");
        all.extend(acknowledged);
    }
    assert_eq!(missing(&wire, wire.stage.drop.address(), &all), []);
    let check = wire.stage.drop.folder().command(&["check", "--json"]).json().unwrap();
    assert_eq!(check["faults"], serde_json::json!([]));
    assert!(check["objects"].as_u64().unwrap() >= all.len() as u64);
}

#[test]
fn a_loss_of_power_at_any_moment_loses_nothing_that_was_acknowledged() {
    let Some(disk) = Disk::new(96) else { return };
    let wire = Wire::of(Stage::on(&disk.mounted.0.join("drop"), "disk_reserve_mib = 1\n"));
    for round in 0..rounds("KUA_POWER_CUTS", 5) {
        let load = Load::start(&wire, wire.stage.drop.address());
        load.wait_for(some(120));
        let pid = freeze(&wire);
        // What a sender was told by now is safe by now; the disk is seen as the next start would see it.
        let acknowledged = load.so_far();
        let copy = disk.as_after_a_loss_of_power(&wire.stage.path(&format!("copy-{round}")));
        kill_process(pid, Signal::CONT).unwrap();
        load.end();
        assert!(!acknowledged.is_empty());
        let after = served(&wire, &copy);
        assert_eq!(missing(&wire, after.address(), &acknowledged), [], "round {round}");
    }
}

/// Stops the drop's process in the middle of whatever it does.
fn freeze(wire: &Wire) -> Pid {
    let pid = Pid::from_raw(i32::try_from(wire.stage.drop.pid().unwrap()).unwrap()).unwrap();
    kill_process(pid, Signal::STOP).unwrap();
    while !fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap().contains(") T") {
        thread::yield_now();
    }
    pid
}

#[test]
fn a_loss_of_power_takes_no_acknowledged_byte_of_an_upload() {
    let Some(disk) = Disk::new(160) else { return };
    let wire = Wire::of(Stage::on(&disk.mounted.0.join("drop"), "disk_reserve_mib = 1\n"));
    for round in 0..rounds("KUA_POWER_CUTS", 3) {
        let sealed = wire.seal(12_000_000 + round as u64);
        let upload = wire.begun(&submitter(), sealed.len());
        let (acknowledged, address) = (Arc::new(AtomicU64::new(0)), wire.stage.drop.address().to_owned());
        let sender = {
            let (acknowledged, sealed, upload) = (Arc::clone(&acknowledged), sealed.clone(), upload.clone());
            thread::spawn(move || {
                let mut connection = Connection::tcp(&address);
                for (number, part) in sealed.chunks(700_000).enumerate() {
                    let answer = connection.ask(&super::uploading::patch(&upload, number * 700_000, part));
                    assert_eq!(answer.status, 204, "{answer:?}");
                    acknowledged.fetch_add(part.len() as u64, Ordering::Relaxed);
                }
            })
        };
        let enough = u64::try_from(some(100)).unwrap() * 100_000;
        while acknowledged.load(Ordering::Relaxed) < enough {
            thread::yield_now();
        }
        let pid = freeze(&wire);
        let safe = usize::try_from(acknowledged.load(Ordering::Relaxed)).unwrap();
        let folder = wire.stage.path(&format!("upload-{round}"));
        let copy = disk.as_after_a_loss_of_power(&folder);
        kill_process(pid, Signal::CONT).unwrap();
        sender.join().unwrap();
        let after = served(&wire, &copy);
        let mut connection = Connection::tcp(after.address());
        let head = connection.ask(&super::uploading::plain("HEAD", &upload));
        let offset: usize = head.field(tus::OFFSET).unwrap().parse().unwrap();
        assert!(offset >= safe, "round {round}: {offset} of {safe}");
        if offset < sealed.len() {
            let last = connection.ask(&super::uploading::patch(&upload, offset, &sealed[offset..]));
            assert_eq!(last.status, 204, "{last:?}");
        }
        // The digest of the whole is the id: every byte from before is as it was sent.
        assert_eq!(missing(&wire, after.address(), &[id_of(&sealed)]), []);
        assert_eq!(wire.coordinator(0, "DELETE", path::report(id_of(&sealed))).status, 200);
    }
}

#[test]
fn an_upload_that_fills_the_disk_goes_on_when_there_is_room() {
    let Some(disk) = Disk::new(64) else { return };
    let wire = Wire::of(Stage::on(&disk.mounted.0.join("drop"), "disk_reserve_mib = 8\n"));
    assert_eq!(wire.begin(&submitter(), 80 << 20).problem(), Kind::NoSpace, "there is no room for all of it");
    let sealed = wire.seal(20_000_000);
    let upload = wire.begun(&submitter(), sealed.len());
    // Somebody else takes the room.
    let filler = disk.mounted.0.join("filler");
    fs::write(&filler, vec![7; 40_000_000]).unwrap();
    let (mut offset, mut refusal) = (0, None);
    for part in sealed.chunks(4_000_000) {
        let answer = wire.patch(&upload, offset, part);
        offset = wire.offset(&upload);
        if answer.status != 204 {
            refusal = Some(answer.problem());
            break;
        }
    }
    assert_eq!(refusal, Some(Kind::NoSpace));
    assert!(offset < sealed.len());
    fs::remove_file(&filler).unwrap();
    assert_eq!(wire.patch(&upload, offset, &sealed[offset..]).status, 204);
    assert_eq!(missing(&wire, wire.stage.drop.address(), &[id_of(&sealed)]), []);
}

/// The harness itself is worth something only if it catches a store that forgets to sync.
#[test]
fn a_store_that_did_not_sync_would_be_caught() {
    let Some(disk) = Disk::new(96) else { return };
    let has_strace = Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok();
    if !has_strace {
        println!("skipped: strace is not installed, which makes the kernel forget a call");
        return;
    }
    let mut wire = Wire::of(Stage::on(&disk.mounted.0.join("drop"), "disk_reserve_mib = 1\n"));
    wire.stage.drop.stop().unwrap();
    let serve = wire.stage.drop.folder().command(&["serve", "--listen", wire.stage.drop.address()]);
    let mut forgetful = Command::new("strace");
    forgetful.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e"]);
    forgetful.arg("inject=fsync,fdatasync:retval=0").arg(serve.get_program()).args(serve.get_args());
    let mut strace =
        forgetful.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut ready = [0; 9];
    std::io::Read::read_exact(strace.stdout.as_mut().unwrap(), &mut ready).unwrap();
    assert_eq!(&ready, b"listening");
    let load = Load::start(&wire, wire.stage.drop.address());
    load.wait_for(50);
    let acknowledged = load.so_far();
    let copy = disk.as_after_a_loss_of_power(&wire.stage.path("copy"));
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", strace.id())).unwrap();
    let server = children.split_whitespace().next().and_then(|pid| Pid::from_raw(pid.parse().ok()?)).unwrap();
    kill_process(server, Signal::KILL).unwrap();
    strace.wait().unwrap();
    load.end();
    let after = served(&wire, &copy);
    assert_ne!(missing(&wire, after.address(), &acknowledged), [], "nothing was lost without a single sync");
}

#[test]
fn a_full_disk_is_an_answer_and_no_accident() {
    let Some(disk) = Disk::new(64) else { return };
    let wire = Wire::of(Stage::on(&disk.mounted.0.join("drop"), "disk_reserve_mib = 4\n"));
    let sealed = |number: u64| {
        super::with_header("-> nobody\n\n", &[&number.to_be_bytes()[..], &vec![7; 700_000]].concat())
    };
    let mut taken = Vec::new();
    let refusal = loop {
        let report = sealed(taken.len() as u64);
        let answer = wire.submit(&submitter(), &report);
        if answer.status != 201 {
            break answer;
        }
        taken.push(id_of(&report));
        assert!(taken.len() < 100, "64 MiB hold more than 64 MiB");
    };
    assert_eq!(refusal.problem(), Kind::NoSpace);
    assert!(taken.len() > 20);
    let address = wire.stage.drop.address();
    assert_eq!(missing(&wire, address, &taken), [], "what is there is read");
    let status = || wire.stage.drop.folder().command(&["status", "--json"]).json().unwrap();

    // Even when somebody else takes the last byte of the reserve.
    let filler = disk.mounted.0.join("filler");
    let outcome =
        Command::new("dd").args(["if=/dev/zero", "bs=64K"]).arg(format!("of={}", filler.display())).run();
    assert_ne!(outcome.unwrap().code, Some(0), "the disk takes no more");
    assert_eq!((&status()["store"], &status()["open"]), (&"full".into(), &false.into()));
    assert_eq!(wire.submit(&submitter(), &tiny(1)).problem(), Kind::NoSpace);
    assert_eq!(missing(&wire, address, &taken), []);
    fs::remove_file(&filler).unwrap();

    // Deleting gives the room back, and the drop takes in reports again without a new start.
    for id in taken.drain(..10) {
        assert_eq!(wire.coordinator(0, "DELETE", path::report(id)).status, 200);
    }
    assert_eq!(wire.submit(&submitter(), &tiny(1)).status, 201);
    assert_eq!(status()["store"], "writable");
    assert_eq!(missing(&wire, address, &taken), []);
}

/// Serves the drop on a copied disk.
fn served(wire: &Wire, copy: &Disk) -> ServedDrop {
    DropFolder::at(wire.stage.drop.folder(), copy.mounted.0.join("drop")).serve().unwrap()
}

/// An ext4 file system in a file.
struct Disk {
    // Unmounted before its folder goes.
    mounted: Mounted,
    image: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

/// A mounted folder, unmounted in the end.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

impl Disk {
    /// A new disk of so many mebibytes. Where disks cannot be mounted this says so, and nothing was shown.
    fn new(mebibytes: u64) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("kua-disk-").tempdir().unwrap();
        let image = folder.path().join("disk.img");
        fs::File::create(&image).unwrap().set_len(mebibytes << 20).unwrap();
        let made = Command::new("mkfs.ext4").arg("-q").arg(&image).run();
        let mounted = made.ok().and_then(|_| mount(&image, &folder.path().join("disk")));
        let Some(mounted) = mounted else {
            println!("skipped: this machine lets nobody mount a disk in a file");
            return None;
        };
        Some(Self { mounted, image, _folder: Some(folder) })
    }

    /// What is on the disk itself, without what the system has yet to write.
    fn as_after_a_loss_of_power(&self, folder: &Path) -> Self {
        fs::create_dir(folder).unwrap();
        let image = folder.join("disk.img");
        fs::copy(&self.image, &image).unwrap();
        let mounted = mount(&image, &folder.join("disk")).expect("the copy can be mounted");
        Self { mounted, image, _folder: None }
    }
}

fn mount(image: &Path, at: &Path) -> Option<Mounted> {
    fs::create_dir(at).unwrap();
    let done = Command::new("mount").args(["-o", "loop"]).arg(image).arg(at).run().ok()?;
    (done.code == Some(0)).then(|| Mounted(at.to_owned()))
}
