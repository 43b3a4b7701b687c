//! Resumable uploads (tus 1.0.0) by hand: cut, resumed, checked, refused.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use acceptance::processes::Run as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kua_protocol::api::{RECEIPT, path, tus};
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::Kind;
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::sealed::SealedShape;

use super::{Answer, Request, Wire, id_of, now, submitter};
use crate::line::{Break, Line};

impl Wire {
    /// Begins an upload of so many bytes.
    pub fn begin(&self, key: &SigningKey, len: u64) -> Answer {
        self.ask(&self.signed(key, creation(len)))
    }

    /// Begins an upload and returns its path.
    pub fn begun(&self, key: &SigningKey, len: usize) -> String {
        let answer = self.begin(key, len as u64);
        assert_eq!(answer.status, 201, "{answer:?}");
        assert!(answer.field(tus::EXPIRES).unwrap().ends_with(" GMT"));
        answer.field("location").unwrap().to_owned()
    }

    pub fn patch(&self, upload: &str, offset: usize, bytes: &[u8]) -> Answer {
        self.ask(&patch(upload, offset, bytes))
    }

    pub fn offset(&self, upload: &str) -> usize {
        let answer = self.ask(&plain("HEAD", upload));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.field(tus::OFFSET).unwrap().parse().unwrap()
    }
}

pub fn plain(method: &str, target: &str) -> Request {
    Request::new(method, target).field(tus::RESUMABLE, tus::VERSION)
}

fn creation(len: u64) -> Request {
    plain("POST", path::UPLOADS).field(tus::LENGTH, len.to_string())
}

pub fn patch(upload: &str, offset: usize, bytes: &[u8]) -> Request {
    plain("PATCH", upload)
        .field("content-type", tus::MEDIA_TYPE)
        .field(tus::OFFSET, offset.to_string())
        .with_other_bytes(bytes)
}

#[test]
fn a_report_comes_in_portions_and_its_receipt_can_be_had_again() {
    let mut wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(5_000_000));
    let upload = wire.begun(&me, sealed.len());
    assert_eq!(wire.patch(&upload, 0, &sealed[..1_000_000]).field(tus::OFFSET), Some("1000000"));
    // A cut in the middle: what came before is kept.
    let mut connection = wire.connect();
    let request = patch(&upload, 1_000_000, &sealed[1_000_000..]);
    connection.send(&request.head());
    connection.send(&sealed[1_000_000..2_500_000]);
    drop(connection);
    let offset = wire.offset(&upload);
    assert!((1_000_000..=2_500_000).contains(&offset));
    wire.stage.drop.restart().unwrap();
    let after = wire.offset(&upload);
    assert!((offset..=2_500_000).contains(&after), "a restart loses nothing of it");
    let offset = after;
    assert_eq!(wire.objects(), 0);

    let last = wire.patch(&upload, offset, &sealed[offset..]);
    assert_eq!(last.status, 204, "{last:?}");
    let said = |answer: &Answer| {
        let envelope = receipt::from_header(answer.field(RECEIPT).unwrap()).unwrap();
        Receipt::verify(&envelope, &wire.roster()).unwrap()
    };
    let receipt = said(&last);
    assert_eq!((receipt.report, receipt.size), (id_of(&sealed), sealed.len() as u64));
    let again = wire.ask(&plain("HEAD", &upload));
    assert_eq!(again.field(tus::OFFSET).map(str::parse), Some(Ok(sealed.len())));
    assert_eq!(said(&again), receipt);
    let read = wire.coordinator(0, "GET", path::report(id_of(&sealed)));
    assert_eq!(read.body, sealed);
}

#[test]
fn every_mistake_has_its_answer_and_damages_nothing() {
    let wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(2_000_000));
    let upload = wire.begun(&me, sealed.len());
    let half = sealed.len() / 2;
    assert_eq!(wire.patch(&upload, 0, &sealed[..half]).status, 204);
    let answered = |request: &Request| {
        let answer = wire.ask(request);
        assert_eq!(answer.field(tus::RESUMABLE), Some(tus::VERSION));
        (answer.status, answer.problem())
    };

    let other = patch(&upload, 7, &sealed[half..]);
    assert_eq!(answered(&other), (409, Kind::OtherOffset));
    let negative = plain("PATCH", &upload).field("content-type", tus::MEDIA_TYPE).field(tus::OFFSET, "-1");
    assert_eq!(answered(&negative), (400, Kind::Malformed));
    let negative = wire.signed(&me, plain("POST", path::UPLOADS).field(tus::LENGTH, "-5"));
    assert_eq!(answered(&negative), (400, Kind::Malformed));
    let endless = wire.signed(&me, creation(3 << 30));
    assert_eq!(answered(&endless), (413, Kind::TooLarge));
    let deferred = wire.signed(&me, plain("POST", path::UPLOADS).field("upload-defer-length", "1"));
    assert_eq!(answered(&deferred), (400, Kind::Malformed));
    let longer = patch(&upload, half, &[&sealed[half..], b"and more"].concat());
    assert_eq!(answered(&longer), (413, Kind::TooLarge));
    assert_eq!(wire.offset(&upload), half, "nothing of it was kept");

    let wrong = STANDARD.encode([0; 32]);
    let next = &sealed[half..half + 1000];
    let checked = |checksum: &str| patch(&upload, half, next).field(tus::CHECKSUM, checksum);
    assert_eq!(answered(&checked(&format!("sha256 {wrong}"))), (460, Kind::OtherChecksum));
    assert_eq!(answered(&checked("md5 AAAA")), (400, Kind::Malformed));
    assert_eq!(wire.offset(&upload), half, "nothing of it was kept");
    let right = STANDARD.encode(ObjectId::of(next).as_bytes());
    assert_eq!(wire.ask(&checked(&format!("sha256 {right}"))).status, 204);
    let half = half + 1000;

    let untyped = plain("PATCH", &upload).field(tus::OFFSET, half.to_string());
    assert_eq!(answered(&untyped), (415, Kind::OtherMediaType));
    let old = patch(&upload, half, b"").without(tus::RESUMABLE).field(tus::RESUMABLE, "0.2.2");
    let answer = wire.ask(&old);
    assert_eq!((answer.problem(), answer.field(tus::VERSIONS)), (Kind::OtherTusVersion, Some(tus::VERSION)));
    for foreign in ["/v1/uploads/AAAAAAAAAAAAAAAAAAAAAA", "/v1/uploads/..", "/v1/uploads/%FF"] {
        assert_eq!(answered(&patch(foreign, 0, b"x")), (404, Kind::NotFound), "{foreign}");
        assert_eq!(answered(&plain("DELETE", foreign)), (404, Kind::NotFound), "{foreign}");
    }
    let unsigned = creation(10);
    assert_eq!(answered(&unsigned), (401, Kind::Unauthorised));
    let bent = wire.signed(&me, creation(10)).without(tus::LENGTH).field(tus::LENGTH, "11");
    assert_eq!(answered(&bent), (401, Kind::Unauthorised), "the length is signed");

    assert_eq!(wire.patch(&upload, half, &sealed[half..]).status, 204);
    assert_eq!(answered(&patch(&upload, sealed.len(), b"")), (403, Kind::UploadFinished));
    assert_eq!(answered(&plain("DELETE", &upload)), (403, Kind::UploadFinished));
    assert_eq!(wire.coordinator(0, "GET", path::report(id_of(&sealed))).body, sealed);
    assert_eq!(wire.objects(), 1);
}

#[test]
fn what_is_not_sealed_ends_an_upload_before_it_is_kept() {
    let wire = Wire::new();
    let me = submitter();
    let upload = wire.begun(&me, 5_000_000);
    let plain_text = vec![b'k'; 400_000];
    assert_eq!(wire.patch(&upload, 0, &plain_text).problem(), Kind::NotSealed);
    assert_eq!(wire.ask(&plain("HEAD", &upload)).status, 404);
    let kept = wire.stage.drop.folder().path().join("store/uploads");
    assert_eq!(std::fs::read_dir(kept).unwrap().count(), 0);
    // Sealed as far as the beginning shows; but no sealed file ends so.
    let sealed = wire.seal(200_000);
    let end = SealedShape::of(&sealed, sealed.len() as u64).unwrap().header_len + 16 + 65_552 + 5;
    let upload = wire.begun(&me, end);
    assert_eq!(wire.patch(&upload, 0, &sealed[..end]).problem(), Kind::NotSealed);
    assert_eq!(wire.ask(&plain("HEAD", &upload)).status, 404);
    assert_eq!(wire.objects(), 0);
}

#[test]
fn the_later_of_two_writers_goes_on_and_the_earlier_is_told() {
    let wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(2_000_000));
    let upload = wire.begun(&me, sealed.len());
    let mut first = wire.connect();
    first.send(&patch(&upload, 0, &sealed).field("expect", "100-continue").head());
    // The drop says so when it begins to read.
    assert_eq!(first.answer().status, 100);
    first.send(&sealed[..500_000]);
    // The first waits for more; the second asks how far it came, and goes on from there.
    let mut offset = wire.offset(&upload);
    assert_eq!(first.answer().problem(), Kind::UploadTaken);
    while offset < sealed.len() {
        let answer = wire.patch(&upload, offset, &sealed[offset..]);
        assert_eq!(answer.status, 204, "{answer:?}");
        offset = wire.offset(&upload);
    }
    assert_eq!(wire.coordinator(0, "GET", path::report(id_of(&sealed))).body, sealed);
}

#[test]
fn a_mailbox_has_only_so_many_uploads_and_may_give_them_up() {
    let wire = Wire::new();
    let (me, other) = (submitter(), submitter());
    let uploads: Vec<_> = (0..4).map(|_| wire.begun(&me, 1000)).collect();
    assert_eq!(wire.begin(&me, 1000).problem(), Kind::TooManyUploads);
    assert_eq!(wire.begin(&other, 1000).status, 201, "nobody else is hurt");
    assert_eq!(wire.ask(&plain("DELETE", &uploads[0])).status, 204);
    assert_eq!(wire.ask(&plain("HEAD", &uploads[0])).status, 404);
    assert_eq!(wire.begin(&me, 1000).status, 201);
    let options = wire.ask(&Request::new("OPTIONS", path::UPLOADS));
    assert_eq!(options.field(tus::EXTENSION), Some("creation,expiration,checksum,termination"));
    assert!(options.field(tus::MAX_SIZE).unwrap().parse::<u64>().unwrap() > 2 << 30);
    let status = wire.stage.drop.folder().command(&["status", "--json"]).json().unwrap();
    assert_eq!(status["uploads"], 5);
    let until = (now() / 3600 + 25) * 3600;
    assert_eq!(status["oldest_upload_hours_left"], (until - now()).div_ceil(3600));
}

#[test]
fn whoever_trickles_is_ended_and_keeps_what_came() {
    let folder = tempfile::tempdir().unwrap();
    let config = "progress_seconds = 1\nprogress_bytes = 1000\nheader_seconds = 1\n";
    let wire = Wire::on(&folder.path().join("drop"), config);
    let (me, sealed) = (submitter(), wire.seal(2_000_000));
    let upload = wire.begun(&me, sealed.len());
    let mut slow = wire.connect();
    slow.send(b"PATCH /v1/uploads/x HTTP/1.1\r\nhost: a\r\nx-slow: ");
    assert_eq!(slow.rest(), b"", "a header that does not end is not waited for");
    let mut slow = wire.connect();
    slow.send(&patch(&upload, 0, &sealed).head());
    slow.send(&sealed[..100_000]);
    slow.send(&sealed[100_000..100_010]);
    assert_eq!(slow.answer().problem(), Kind::TimedOut);
    assert_eq!(wire.offset(&upload), 100_010);
}

/// A file and an upload of it that the harness began, over a line that breaks a few times.
fn prepared(wire: &Wire, breaks: u32) -> (Vec<u8>, PathBuf, Line, String) {
    let sealed = wire.seal(6_000_000);
    let path = wire.stage.write("sealed.age", &sealed);
    let upload = wire.begun(&submitter(), sealed.len());
    let mut left = breaks;
    let line = Line::to(wire.stage.drop.address(), move || {
        left = left.saturating_sub(1);
        if left == 0 { Break::Never } else { Break::Cut(600_000) }
    });
    let url = format!("{}{upload}", line.origin());
    (sealed, path, line, url)
}

fn arrives(mut client: Command, program: &Path) {
    let wire = Wire::new();
    if !program.exists() {
        let required = std::env::var_os("KUA_REQUIRE_INTEROP").is_some_and(|value| value == "1");
        assert!(!required, "{} is not there", program.display());
        println!("skipped: {} is not there; `cargo xtask test` installs it", program.display());
        return;
    }
    let (sealed, path, line, url) = prepared(&wire, 4);
    let said = client.arg(url).arg(path).run().unwrap();
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(line.broken.load(Ordering::Relaxed) > 0, "the line was no bad one");
    assert_eq!(wire.coordinator(0, "GET", path::report(id_of(&sealed))).body, sealed);
}

#[test]
fn tus_js_client_goes_on_after_cuts() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/build/tus.js");
    let mut client = Command::new("node");
    client.arg(&program);
    arrives(client, &program);
}

#[test]
fn tuspy_goes_on_after_cuts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop");
    let python = folder.join("python/bin/python");
    let mut client = Command::new(&python);
    client.arg(folder.join("tus.py"));
    arrives(client, &python);
}
