//! HTTP by hand: what no client of ours would send can be sent here, too.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use kua_protocol::id::DropId;
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::{Kind, MEDIA_TYPE, Problem};
use kua_protocol::signature::{
    CONTENT_DIGEST, DAY, SIGNATURE, SIGNATURE_INPUT, SignedParts, UPLOAD_LENGTH, content_digest,
};
use serde_json::Value;

/// After so long a silence a test fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request that is not sent yet.
#[derive(Clone)]
pub struct Request {
    method: String,
    target: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), fields: Vec::new(), body: Vec::new() }
    }

    /// Sets the body and adds its digest.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let digest = content_digest(&self.body);
        self.field(CONTENT_DIGEST, digest)
    }

    /// Adds a header field.
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Takes a header field away.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Puts one text in the place of another in a header field; that it stood there is made sure of.
    pub fn bent(mut self, name: &str, from: &str, to: &str) -> Self {
        let (_, value) = self.fields.iter_mut().find(|(field, _)| field == name).unwrap();
        assert!(value.contains(from), "{value} has no {from}");
        *value = value.replacen(from, to, 1);
        self
    }

    /// Takes a header field of another request in the place of its own.
    pub fn with_field_of(self, name: &str, other: &Self) -> Self {
        let (_, value) = other.fields.iter().find(|(field, _)| field == name).unwrap();
        self.without(name).field(name, value)
    }

    /// Asks for something else than was signed.
    pub fn at(mut self, target: &str) -> Self {
        self.target = target.into();
        self
    }

    /// Sends other bytes than were signed.
    pub fn with_other_bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Signs what is there so far.
    pub fn signed(self, key: &SigningKey, drop: DropId, nonce: &str) -> Self {
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.target.as_str(), None),
        };
        let digest = self.fields.iter().find(|(name, _)| name == CONTENT_DIGEST);
        let content_digest = digest.map(|(_, value)| value.as_str());
        let length = self.fields.iter().find(|(name, _)| name == UPLOAD_LENGTH);
        let upload_length = length.map(|(_, value)| value.as_str());
        let day = self.fields.iter().find(|(name, _)| name == DAY).map(|(_, value)| value.as_str());
        let parts = SignedParts { method: &self.method, path, query, content_digest, upload_length, day };
        let fields = parts.sign(key, drop, nonce);
        self.field(SIGNATURE_INPUT, fields.input).field(SIGNATURE, fields.signature)
    }

    /// The body.
    pub fn body_bytes(&self) -> &[u8] {
        &self.body
    }

    /// The request line and the header, with the length of the whole body.
    pub fn head(&self) -> Vec<u8> {
        let mut lines = vec![format!("{} {} HTTP/1.1\r\n", self.method, self.target)];
        let host = ("host".to_owned(), "127.0.0.1".to_owned());
        let default = if self.fields.iter().any(|(name, _)| name == "host") { None } else { Some(&host) };
        let length = ("content-length".to_owned(), self.body.len().to_string());
        let fields = default.into_iter().chain(&self.fields).chain([&length]);
        lines.extend(fields.map(|(name, value)| format!("{name}: {value}\r\n")));
        (lines.concat() + "\r\n").into_bytes()
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header field that stands once at most.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The kind of problem, when the answer is one by all the rules.
    pub fn problem(&self) -> Kind {
        assert_eq!(self.field("content-type"), Some(MEDIA_TYPE), "{self:?}");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((problem.status, self.status), (problem.kind.status(), problem.kind.status()));
        assert_eq!(problem.title, problem.kind.title());
        problem.kind
    }
}

trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// A connection, which may be used for one request after another.
///
/// Its second part says whether the answer that comes next is one to HEAD, which has no body whatever its length says.
pub struct Connection(BufReader<Box<dyn Stream + Send>>, bool);

impl Connection {
    /// Connects to `HOST:PORT`.
    pub fn tcp(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(Box::new(stream)), false)
    }

    /// Connects to a Unix socket.
    pub fn unix(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(Box::new(stream)), false)
    }

    /// Sends bytes, whatever they are.
    pub fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Sends a request and waits for the answer.
    pub fn ask(&mut self, request: &Request) -> Answer {
        self.1 = request.method == "HEAD";
        self.send(&request.head());
        self.send(&request.body);
        self.answer()
    }

    /// Sends a request and waits for the answer, or for the end of a drop that is killed.
    pub fn ask_or_end(&mut self, request: &Request) -> Option<Answer> {
        let stream = self.0.get_mut();
        stream.write_all(&[request.head(), request.body.clone()].concat()).ok()?;
        // An answer that has begun to arrive arrives whole: it is less than a packet.
        self.0.fill_buf().ok().filter(|begun| !begun.is_empty())?;
        Some(self.answer())
    }

    /// Waits for an answer.
    pub fn answer(&mut self) -> Answer {
        let status = self.line().split(' ').nth(1).expect("an answer").parse().unwrap();
        let mut answer = Answer { status, fields: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            answer.fields.push((name.to_owned(), value.to_owned()));
        }
        assert_eq!(answer.field("transfer-encoding"), None, "every answer of a drop says how long it is");
        let length = answer.field("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body.resize(if self.1 { 0 } else { length }, 0);
        self.0.read_exact(&mut answer.body).unwrap();
        answer
    }

    /// Waits until the other side ends the connection; gives what it said before.
    pub fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        rest
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
