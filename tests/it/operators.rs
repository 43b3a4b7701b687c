//! The operator's days: making a drop, serving it, watching it, and mistakes.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::process::Stdio;

use acceptance::processes::{Binaries, DropFolder, Kua, Profile, Run as _};
use acceptance::samples;
use kua_protocol::api::path;
use kua_protocol::problem::Kind;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::http::{Connection, Request};
use crate::refusals::assert_says;
use crate::stage::Stage;

/// A folder for a drop, and the drop's folder in it.
fn new_drop() -> (TempDir, Binaries, DropFolder) {
    let folder = tempfile::Builder::new().prefix("kua-it-").tempdir().unwrap();
    let binaries = Binaries::locate(Profile::Dev).unwrap();
    let drop = DropFolder::init(&binaries, folder.path().join("drop")).unwrap();
    (folder, binaries, drop)
}

#[test]
fn a_drop_is_made_once() {
    let (folder, _, drop) = new_drop();
    let seed = fs::read(drop.path().join("drop.seed")).unwrap();
    let again = drop.command(&["init"]).run().unwrap();
    assert_eq!(again.code, Some(1));
    assert_says(&again.stderr, &["is there already", "choose another folder"]);
    assert_eq!(fs::read(drop.path().join("drop.seed")).unwrap(), seed);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["drop"], "nothing half made stays behind");
}

#[test]
fn an_empty_folder_becomes_a_drop_and_a_missing_one_is_named() {
    let (folder, binaries, _) = new_drop();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    DropFolder::init(&binaries, &empty).unwrap();
    let none =
        binaries.server_command().args(["serve", "--data"]).arg(folder.path().join("none")).run().unwrap();
    assert_eq!(none.code, Some(1));
    assert_says(&none.stderr, &["holds no drop", "kua-server init"]);
}

#[test]
fn a_drop_without_a_roster_says_that_it_is_not_open_yet() {
    let (folder, binaries, drop) = new_drop();
    let serving = drop.serve().unwrap();
    let info = Connection::tcp(serving.address()).ask(&Request::new("GET", path::DROP)).json();
    assert_eq!(info["roster"], Value::Null);
    let kua = Kua::new(&binaries, folder.path().join("cache"));
    let draft = folder.path().join("draft.json");
    fs::write(&draft, samples::incidents()[0].draft.to_string()).unwrap();
    let link = format!("{}/#kua1q99xzk4nqxvl324s3l0a60xzn7qqh3rwmcz8nx0n", serving.origin());
    let refused = kua.command().args(["submit", &link, "--report"]).arg(&draft).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert_says(&refused.stderr, &["not open yet", "Try again later"]);
    // What no client of ours would do: send all the same.
    let key = kua_protocol::keys::SigningKey::derive(
        &kua_protocol::secret::Seed::generate().unwrap(),
        kua_protocol::secret::Purpose::SubmitterSign,
    );
    let mut connection = Connection::tcp(serving.address());
    let nonce = connection.ask(&Request::new("GET", path::DROP)).field("kua-nonce").unwrap().to_owned();
    let drop_id = info["drop"].as_str().unwrap().parse().unwrap();
    let sent = Request::new("POST", path::REPORTS).body("anything").signed(&key, drop_id, &nonce);
    assert_eq!(connection.ask(&sent).problem(), Kind::NotOpen);
    // The connection lives on. And nobody but the operator sets the first roster.
    let put = Request::new("PUT", path::ROSTER).body("{}");
    assert_eq!(connection.ask(&put).problem(), Kind::RosterRefused);
}

#[test]
fn one_folder_is_served_once() {
    let stage = Stage::new();
    let second = stage.drop.folder().command(&["serve", "--listen", "127.0.0.1:0"]).run().unwrap();
    assert_eq!(second.code, Some(1));
    assert_says(&second.stderr, &["another process uses this folder"]);
    assert_eq!(second.stdout, "");
    stage.submitted(&samples::incidents()[0]);
}

#[test]
fn the_status_is_the_same_whether_it_serves_or_not() {
    let mut stage = Stage::new();
    stage.submitted(&samples::incidents()[0]);
    stage.submitted(&samples::incidents()[1]);
    let status = |stage: &Stage| stage.drop.folder().command(&["status", "--json"]).json().unwrap();
    let serving = status(&stage);
    assert_eq!(serving["objects"], 2);
    assert_eq!((&serving["serving"], &serving["open"]), (&true.into(), &true.into()));
    assert_eq!(serving["roster"]["coordinators"], 2);
    assert!(stage.drop.stop().unwrap().unwrap().success(), "SIGTERM is an ordinary end");
    let stopped = status(&stage);
    assert_eq!(stopped["serving"], false);
    for field in ["drop", "objects", "bytes", "roster", "store"] {
        assert_eq!(stopped[field], serving[field], "{field}");
    }
    let text = stage.drop.folder().command(&["status"]).succeed().unwrap();
    assert_says(&text, &["objects   2", "serving   no"]);
}

#[test]
fn an_upload_that_is_under_way_may_end_when_the_drop_is_told_to_stop() {
    let mut stage = Stage::new();
    let mut connection = Connection::tcp(stage.drop.address());
    let info = connection.ask(&Request::new("GET", path::DROP));
    let roster = serde_json::to_vec(&info.json()["roster"]).unwrap();
    let put = Request::new("PUT", path::ROSTER).body(roster.clone()).field("expect", "100-continue");
    connection.send(&put.head());
    assert_eq!(connection.answer().status, 100, "the drop has begun to read the body");
    connection.send(&roster[..roster.len() / 2]);
    let pid = rustix::process::Pid::from_raw(i32::try_from(stage.drop.pid().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    while TcpStream::connect(stage.drop.address()).is_ok() {
        std::thread::yield_now();
    }
    connection.send(&roster[roster.len() / 2..]);
    assert_eq!(connection.answer().status, 204);
    assert!(stage.drop.stop().unwrap().unwrap().success());
}

#[test]
fn health_and_metrics_are_for_this_machine_alone() {
    let (_folder, _, drop) = new_drop();
    let admin = free_port();
    fs::write(drop.path().join("kua.toml"), format!("admin_listen = \"{admin}\"\n")).unwrap();
    let socket = drop.path().join("admin.sock");
    let serving = drop.serve().unwrap();
    let ask = |target: &str, host: &str| {
        Connection::tcp(&admin).ask(&Request::new("GET", target).field("host", host))
    };
    let health = ask("/healthz", "localhost");
    assert_eq!(health.status, 503);
    assert_says(health.text(), &["not open: no roster is installed"]);
    assert_says(ask("/metrics", &admin).text(), &["# TYPE kua_objects gauge", "kua_objects 0", "kua_open 0"]);
    assert_eq!(ask("/metrics", "drop.example").status, 421, "a web page under a name of its own is refused");
    assert_eq!(ask("/status", "localhost").status, 404, "setting and asking is for the socket");
    let local = Connection::unix(&socket).ask(&Request::new("GET", "/healthz").field("host", "localhost"));
    assert_eq!(local.status, 503);
    for target in ["/healthz", "/metrics", "/status"] {
        let outside = Connection::tcp(serving.address()).ask(&Request::new("GET", target));
        assert_eq!(outside.status, 404, "{target}");
    }
}

#[test]
fn a_drop_can_listen_at_a_unix_socket() {
    let (folder, _, drop) = new_drop();
    let path = folder.path().join("drop.sock");
    // A socket that a crash left behind is in nobody's way.
    std::mem::drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let serving = drop.serve_at(&format!("unix:{}", path.display())).unwrap();
    let answer = Connection::unix(&path).ask(&Request::new("GET", path::DROP));
    assert_eq!(answer.status, 200);
    std::mem::drop(serving);
    assert!(!path.exists(), "the socket goes with the drop");
}

#[test]
fn mistakes_in_the_folder_are_named() {
    let (_folder, _, drop) = new_drop();
    let serve = || drop.command(&["serve", "--listen", "127.0.0.1:0"]).run().unwrap();
    let config = drop.path().join("kua.toml");
    let good = fs::read(&config).unwrap();
    fs::write(&config, "lissten = \"127.0.0.1:7171\"\n").unwrap();
    assert_says(&serve().stderr, &["kua.toml", "lissten", "line 1"]);
    fs::write(&config, good).unwrap();
    let seed = drop.path().join("drop.seed");
    let bytes = fs::read(&seed).unwrap();
    fs::write(&seed, &bytes[..bytes.len() / 2]).unwrap();
    assert_says(&serve().stderr, &["drop.seed", "put back the copy"]);
    fs::write(&seed, bytes).unwrap();
    let listen = drop.command(&["serve", "--listen", "everywhere"]).run().unwrap();
    assert_eq!(listen.code, Some(1));
    assert_says(&listen.stderr, &["HOST:PORT or unix:PATH"]);
}

#[test]
fn a_roster_of_another_drop_is_not_installed() {
    let (_folder, _, drop) = new_drop();
    let stage = Stage::new();
    let refused = drop.command(&["roster", "install"]).arg(&stage.roster).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert_says(&refused.stderr, &["was not installed", "another drop"]);
    let show = drop.command(&["roster", "show"]).run().unwrap();
    assert_eq!(show.code, Some(1));
    assert_says(&show.stderr, &["no roster is installed", "roster install"]);
}

#[test]
fn who_never_ends_a_header_is_sent_away() {
    let (_folder, _, drop) = new_drop();
    fs::write(drop.path().join("kua.toml"), "header_seconds = 1\nrequest_seconds = 1\n").unwrap();
    let serving = drop.serve().unwrap();
    let mut slow = Connection::tcp(serving.address());
    slow.send(b"GET /v1/drop HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    let said = String::from_utf8(slow.rest()).unwrap();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
    // And who never ends a body is told so.
    let mut slow = Connection::tcp(serving.address());
    slow.send(&Request::new("PUT", path::ROSTER).body("four").head());
    slow.send(b"two");
    assert_eq!(slow.answer().problem(), Kind::TimedOut);
}

#[test]
fn a_full_place_for_connections_makes_others_wait_and_not_fail() {
    let (_folder, _, drop) = new_drop();
    fs::write(drop.path().join("kua.toml"), "max_connections = 2\nheader_seconds = 1\n").unwrap();
    let serving = drop.serve().unwrap();
    let idle: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(serving.address()).unwrap()).collect();
    let answer = Connection::tcp(serving.address()).ask(&Request::new("GET", path::DROP));
    assert_eq!(answer.status, 200);
    std::mem::drop(idle);
}

/// An address on this machine that is free at the moment.
fn free_port() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn the_server_says_that_it_is_ready_and_then_nothing_to_standard_output() {
    let (_folder, _, drop) = new_drop();
    let mut serve = drop.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
    TcpStream::connect(&address).unwrap().write_all(b"GET /v1/drop HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stdout, &mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn a_log_that_cannot_be_written_ends_no_drop() {
    let (_folder, _, drop) = new_drop();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let socket = drop.path().join("listen.sock");
    let listen = format!("unix:{}", socket.display());
    let mut serve = drop.command(&["serve", "--listen", &listen]);
    let mut serving = serve.stdout(full()).stderr(full()).spawn().unwrap();
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        assert!(serving.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
    let status = drop.command(&["status", "--json"]).json().unwrap();
    assert_eq!(status["serving"], true);
    kill_process(Pid::from_child(&serving), Signal::TERM).unwrap();
    assert!(serving.wait().unwrap().success());
}

#[test]
fn a_drop_whose_disk_has_less_free_than_its_reserve_says_so_at_its_start() {
    let (_folder, _, drop) = new_drop();
    fs::write(drop.path().join("kua.toml"), "disk_reserve_mib = 1000000000\n").unwrap();
    let serving = drop.serve().unwrap();
    let log = fs::read_to_string(serving.folder().log_file()).unwrap();
    assert_says(&log, &["every report is refused", "disk_reserve_mib keeps 1000000000", "make room"]);
}
