//! Answers as text, pinned: a snapshot for each method of each address, with every case of it.
//!
//! What is new in every run (nonces, tokens) stands in brackets. A receipt is checked, and stands for what it says. The six
//! fields that every answer of the protocol has, one after the other, are one line where they are exactly these.

use std::fmt::Write as _;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use http::HeaderValue;
use kua_protocol::api::{NONCE, RECEIPT, path};
use kua_protocol::id::{Digest, DropId};
use kua_protocol::keys::SigningKey;
use kua_protocol::link::RootFingerprint;
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::roster::VerifiedRoster;
use kua_protocol::signature::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
use kua_site::SERVED;

use super::{Answer, Request, Stage, next_roster, root, roster, stranger};

/// The header fields that every answer of the protocol has, in their order.
const OF_EVERY_ANSWER: &str = "\
< access-control-allow-origin: *
< access-control-expose-headers: kua-nonce, kua-receipt, location, tus-checksum-algorithm, tus-extension, tus-max-size, tus-resumable, tus-version, upload-expires, upload-length, upload-offset
< cache-control: no-store
< x-content-type-options: nosniff
< referrer-policy: no-referrer
< kua-nonce: [nonce]
";

/// Requests to one address with their answers, as text.
pub struct Pin {
    name: &'static str,
    text: String,
}

impl Pin {
    /// Nothing yet. The name is that of the snapshot's file.
    pub fn new(name: &'static str) -> Self {
        Self { name, text: String::new() }
    }

    /// Sends a request as it is.
    pub async fn ask(&mut self, case: &str, stage: &mut Stage, request: &Request) -> Answer {
        let answer = stage.ask(request).await;
        self.note(case, request, answer)
    }

    /// Signs a request under the last nonce and sends it.
    pub async fn signed(
        &mut self,
        case: &str,
        stage: &mut Stage,
        key: &SigningKey,
        request: &Request,
    ) -> Answer {
        let answer = stage.signed(key, request).await;
        self.note(case, request, answer)
    }

    /// Writes down how a request was answered.
    pub fn note(&mut self, case: &str, request: &Request, answer: Answer) -> Answer {
        let _ = write!(self.text, "## {case}\n> {} {}\n", request.method, target(&request.target));
        for (name, value) in &request.fields {
            if ![SIGNATURE, SIGNATURE_INPUT, CONTENT_DIGEST].contains(name) {
                let _ = writeln!(self.text, "> {name}: {value}");
            }
        }
        let reason = answer.status.canonical_reason().unwrap_or_default();
        let _ = writeln!(self.text, "{}", format!("< {} {reason}", answer.status.as_u16()).trim_end());
        let mut fields = String::new();
        let of_page = !request.target.starts_with("/v1/");
        for (name, value) in &answer.fields {
            let value = if of_page && name == "content-length" && !answer.body.is_empty() {
                assert_eq!(value, &*answer.body.len().to_string());
                "[its length]".to_owned()
            } else {
                field(name.as_str(), value)
            };
            let _ = writeln!(fields, "< {name}: {value}");
        }
        self.text.push_str(&fields.replace(OF_EVERY_ANSWER, "< [the fields of every answer]\n"));
        if !answer.body.is_empty() {
            let _ = writeln!(self.text, "{}", body(request, &answer).trim_end());
        }
        if answer.breaks_off {
            self.text.push_str("[it breaks off]\n");
        }
        self.text.push('\n');
        answer
    }

    /// Pins what becomes of a request that its sender did not sign, or not for this drop and this moment, and of the same
    /// from a stranger.
    pub async fn refusals(&mut self, stage: &mut Stage, key: &SigningKey, request: &Request) {
        self.ask("unsigned", stage, request).await;
        let good = request.signed(key, &stage.nonce);
        self.ask("half a signature", stage, &good.clone().without(SIGNATURE)).await;
        self.ask("the signature twice", stage, &good.clone().field(SIGNATURE, "kua=:AA==:")).await;
        let elsewhere = request.signed_for(DropId::from_bytes([8; 16]), key, &stage.nonce);
        self.ask("signed for another drop", stage, &elsewhere).await;
        let bent = request.signed(&stranger(), &stage.nonce).naming(key, &stranger());
        self.ask("signed by another key than it says", stage, &bent).await;
        let query = if request.target.contains('?') { "&a=1" } else { "?a=1" };
        let moved = request.signed(key, &stage.nonce).at(format!("{}{query}", request.target));
        self.ask("signed for another query", stage, &moved).await;
        let late = request.signed(key, &stage.nonce);
        stage.hand.pass(601);
        self.ask("a stale nonce", stage, &late).await;
        self.signed("a stranger", stage, &stranger(), request).await;
    }

    /// Compares all of it with what was pinned.
    pub fn hold(self) {
        let Self { name, text } = self;
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path("../snapshots");
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

/// A target, with its token in brackets.
fn target(text: &str) -> String {
    match text.strip_prefix(path::UPLOADS).and_then(|rest| rest.strip_prefix('/')) {
        Some(token) if token.len() == 22 => format!("{}/[token]", path::UPLOADS),
        _ => text.to_owned(),
    }
}

fn field(name: &str, value: &HeaderValue) -> String {
    let text = value.to_str().unwrap();
    match name {
        NONCE => "[nonce]".to_owned(),
        "location" => target(text),
        RECEIPT => {
            let envelope = receipt::from_header(text).unwrap();
            let verified = VerifiedRoster::verify(&roster(), &RootFingerprint::of(&root().public())).unwrap();
            let Receipt { report, size, day, .. } = Receipt::verify(&envelope, &verified).unwrap();
            format!("[receipt of {report}: {size} bytes on {day}]")
        }
        _ => text.to_owned(),
    }
}

/// A body as text: what people and programs read as it is, what is sealed by its length and digest, what was built by name.
fn body(request: &Request, answer: &Answer) -> String {
    let media_type = answer.fields.get("content-type").map_or("", |field| field.to_str().unwrap());
    let path = request.target.split('?').next().unwrap();
    if let Some(served) = SERVED.iter().find(|served| served.path == path) {
        let bytes = if answer.fields.contains_key("content-encoding") {
            let mut bytes = Vec::new();
            GzDecoder::new(&answer.body[..]).read_to_end(&mut bytes).unwrap();
            bytes
        } else {
            answer.body.to_vec()
        };
        assert_eq!(bytes, served.body, "{path}");
        return format!("[{path} as it was built]");
    }
    if media_type.starts_with("application/octet-stream") {
        return format!("[{} bytes with the digest {}]", answer.body.len(), Digest::of(&answer.body));
    }
    let mut text = std::str::from_utf8(&answer.body).unwrap().to_owned();
    for serial in 1..=2 {
        let envelope = String::from_utf8(next_roster(serial, &root()).to_json()).unwrap();
        text = text.replace(&envelope, &format!("[roster {serial}]"));
    }
    if let Some(field) = answer.fields.get(RECEIPT) {
        let json = receipt::from_header(field.to_str().unwrap()).unwrap().to_json();
        let escaped = String::from_utf8(json.clone()).unwrap().replace('"', "&quot;");
        text = text.replace(&escaped, "[receipt]").replace(&STANDARD.encode(&json), "[receipt in base64]");
    }
    text
}
