//! A drop that lies: it answers as a test wants, and remembers what it was asked.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::{fs, thread};

use acceptance::processes::Member;
use kua_protocol::dsse::Envelope;
use kua_protocol::limits::Limits;
use kua_protocol::link::RootFingerprint;
use kua_protocol::problem::{Kind, Problem};
use kua_protocol::roster::{Roster, VerifiedRoster};
use kua_sealing::{RootKey, Vault};
use serde_json::{Value, json};

use crate::stage::Stage;

/// What an impostor is asked.
pub struct Request {
    /// Method and target: `GET /v1/drop`.
    pub line: String,
    /// From which byte on, when a part is asked for.
    pub from: Option<usize>,
    pub body: Vec<u8>,
}

/// What an impostor answers.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    fields: String,
    body: Vec<u8>,
    endless: bool,
}

impl Answer {
    pub fn json(value: &Value) -> Self {
        Self::bytes(value.to_string())
    }

    pub fn bytes(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, fields: String::new(), body: body.into(), endless: false }
    }

    pub fn status(status: u16) -> Self {
        Self { status, ..Self::bytes("") }
    }

    /// What a drop says when it has no good answer.
    pub fn problem(kind: Kind) -> Self {
        let body = serde_json::to_vec(&Problem::from(kind)).unwrap();
        Self { status: kind.status(), ..Self::bytes(body) }
    }

    /// A body that begins so, goes on, and never ends.
    pub fn endless(beginning: &str) -> Self {
        Self { endless: true, ..Self::bytes(beginning) }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.fields, "{name}: {value}\r\n");
        self
    }

    /// The part that was asked for, of a good answer.
    fn from(mut self, from: Option<usize>) -> Self {
        if let (200, Some(from)) = (self.status, from) {
            self.body.drain(..from.min(self.body.len()));
            self.status = 206;
        }
        self
    }

    fn send(&self, mut stream: &TcpStream) -> io::Result<()> {
        let Self { status, fields, .. } = self;
        write!(stream, "HTTP/1.1 {status} As the test wants\r\nconnection: close\r\n{fields}")?;
        if !self.endless {
            write!(stream, "content-length: {}\r\n\r\n", self.body.len())?;
            return stream.write_all(&self.body);
        }
        // Without a length the body lasts as long as the connection, which the reader has to end.
        write!(stream, "\r\n")?;
        stream.write_all(&self.body)?;
        loop {
            stream.write_all(&[b' '; 16 * 1024])?;
        }
    }
}

/// A listener that answers until the tests end.
pub struct Impostor {
    origin: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Impostor {
    pub fn new(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let Ok(request) = read(&stream) else { continue };
                log.lock().unwrap().push(request.line.clone());
                // A client that has heard enough hangs up.
                let _ = answer(&request).from(request.from).send(&stream);
            }
        });
        Self { origin, heard }
    }

    /// One that shows this roster, and otherwise has nothing.
    pub fn showing(stage: &Stage, roster: &Value) -> Self {
        let info = drop_info(stage, roster);
        Self::new(move |request| match request.line.as_str() {
            "GET /v1/drop" => Answer::json(&info),
            "GET /v1/reports" => Answer::json(&json!({ "reports": [] })),
            _ => Answer::status(404),
        })
    }

    /// One with the stage's true roster and these answers to all else.
    pub fn posing(stage: &Stage, answer: impl Fn(&Request) -> Answer + Send + 'static) -> Self {
        let info = drop_info(stage, &signed(&roster_of(stage), &stage.team.root));
        Self::new(move |request| match request.line.as_str() {
            "GET /v1/drop" => Answer::json(&info),
            _ => answer(request),
        })
    }

    /// The link of the stage's drop, leading here.
    pub fn link(&self, stage: &Stage) -> String {
        let (_, fingerprint) = stage.link.split_once('#').unwrap();
        format!("{}/#{fingerprint}", self.origin)
    }

    /// Every request so far.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut length, mut from) = (0, None);
    loop {
        let mut field = String::new();
        reader.read_line(&mut field)?;
        let Some((name, value)) = field.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
        if name.eq_ignore_ascii_case("range") {
            let begin = value.trim().strip_prefix("bytes=").and_then(|range| range.split('-').next());
            from = begin.map(|begin| begin.parse().unwrap());
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Request { line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(), from, body })
}

/// The answer to `GET /v1/drop` in the name of the stage's drop.
pub fn drop_info(stage: &Stage, roster: &Value) -> Value {
    json!({ "format": "kua-drop/1", "drop": roster_of(stage).drop, "roster": roster, "limits": Limits::default() })
}

/// The roster that the stage's root signed.
pub fn roster_of(stage: &Stage) -> Roster {
    let envelope = Envelope::parse(&fs::read(&stage.roster).unwrap()).unwrap();
    let fingerprint = RootFingerprint::of(&envelope.claimed_signer());
    VerifiedRoster::verify(&envelope, &fingerprint).unwrap().roster().clone()
}

/// The key in a root's vault.
pub fn root_key(root: &Member) -> RootKey {
    let passphrase = fs::read_to_string(&root.passphrase_file).unwrap();
    let vault = Vault::open(&fs::read(&root.vault).unwrap(), passphrase.trim_end()).unwrap();
    RootKey::from_seed(vault.seed())
}

/// A roster signed by that root, whether it keeps the rules or not.
pub fn signed(roster: &Roster, root: &Member) -> Value {
    serde_json::to_value(Envelope::sign(roster, root_key(root).signing()).unwrap()).unwrap()
}
