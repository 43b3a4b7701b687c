//! Requests as clients make them, and as nobody should.

use axum::body::{Body, Bytes};
use kua_protocol::api::{path, tus as fields};
use kua_protocol::id::DropId;
use kua_protocol::keys::SigningKey;
use kua_protocol::sealed::SealedBytes;
use kua_protocol::signature::{
    CONTENT_DIGEST, DAY, SIGNATURE, SIGNATURE_INPUT, SignedParts, UPLOAD_LENGTH, content_digest,
};
use kua_store::testing::objects;

use super::DROP;

/// A request that is not sent yet.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub target: String,
    pub fields: Vec<(&'static str, String)>,
    pub body: Bytes,
}

impl Request {
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), fields: Vec::new(), body: Bytes::new() }
    }

    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    pub fn head(target: impl Into<String>) -> Self {
        Self::new("HEAD", target)
    }

    pub fn post(target: impl Into<String>) -> Self {
        Self::new("POST", target)
    }

    pub fn delete(target: impl Into<String>) -> Self {
        Self::new("DELETE", target)
    }

    /// Adds a header field.
    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Takes a header field away.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| *field != name);
        self
    }

    /// Sets the body, without its digest.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body, and the field with its digest.
    pub fn digested(self, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let digest = content_digest(&body);
        self.bytes(body).field(CONTENT_DIGEST, digest)
    }

    /// The same request for another address. What was signed stays as it was.
    pub fn at(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    /// Signs what is there so far for the drop.
    pub fn signed(&self, key: &SigningKey, nonce: &str) -> Self {
        self.signed_for(DROP, key, nonce)
    }

    /// Signs what is there so far for some drop.
    pub fn signed_for(&self, drop: DropId, key: &SigningKey, nonce: &str) -> Self {
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.target.as_str(), None),
        };
        let parts = SignedParts {
            method: self.method,
            path,
            query,
            content_digest: self.value(CONTENT_DIGEST),
            upload_length: self.value(UPLOAD_LENGTH),
            day: self.value(DAY),
        };
        let signed = parts.sign(key, drop, nonce);
        self.clone().field(SIGNATURE_INPUT, signed.input).field(SIGNATURE, signed.signature)
    }

    /// Says that another key signed.
    pub fn naming(mut self, key: &SigningKey, in_truth: &SigningKey) -> Self {
        let (_, value) = self.fields.iter_mut().find(|(name, _)| *name == SIGNATURE_INPUT).unwrap();
        *value = value.replacen(&in_truth.public().to_string(), &key.public().to_string(), 1);
        self
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
    }

    /// The request as a server gets it, with the length of a body that is known.
    pub fn to_http(&self, body: Body) -> http::Request<Body> {
        let mut request = http::Request::builder().method(self.method).uri(&self.target);
        for (name, value) in &self.fields {
            request = request.header(*name, value);
        }
        if !self.body.is_empty() {
            request = request.header("content-length", self.body.len());
        }
        request.body(body).unwrap()
    }
}

/// A request to an upload, in the version of tus that is spoken.
pub fn tus(method: &'static str, target: impl Into<String>) -> Request {
    Request::new(method, target).field(fields::RESUMABLE, fields::VERSION)
}

/// A form with one file, as browsers write it.
pub fn form(file: &[u8]) -> Request {
    const BOUNDARY: &str = "----geckoformboundary6e2f9d";
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"letter.age\"\r\n\r\n"
    );
    let body = [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    Request::post(path::SEALED_FILE)
        .field("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .field("host", "drop.example")
        .field("origin", "https://drop.example")
        .bytes(body)
}

/// A sealed file of the vectors, which was made once for ever.
pub fn vector() -> SealedBytes {
    let file: &[u8] = include_bytes!("../../../../tests/vectors/hybrid/sealed.age");
    SealedBytes::try_from(Bytes::from_static(file)).unwrap()
}

/// A sealed object of about `size` bytes, different for every `seed`.
pub fn sealed(seed: u64, size: usize) -> SealedBytes {
    objects::sealed(seed, size)
}
