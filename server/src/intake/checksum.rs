//! The checksum that may come with a request's body (tus 1.0.0, "Checksum").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use kua_protocol::api::tus;
use kua_protocol::problem::Kind;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// The algorithms, as `Tus-Checksum-Algorithm` lists them. tus asks for `sha1` from every server.
pub(crate) const ALGORITHMS: &str = "sha256,sha1";

/// A checksum that a body is expected to have, and what it has so far.
#[derive(Debug)]
pub(crate) struct Expected {
    checksum: Vec<u8>,
    running: Running,
}

#[derive(Debug)]
enum Running {
    Sha256(Sha256),
    Sha1(Sha1),
}

impl Expected {
    /// Reads `Upload-Checksum: ALGORITHM BASE64`, if it is there.
    pub(crate) fn from(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let Some(field) = headers.get(tus::CHECKSUM) else { return Ok(None) };
        let parse = || {
            let (algorithm, checksum) = field.to_str().ok()?.split_once(' ')?;
            let (running, len) = match algorithm {
                "sha256" => (Running::Sha256(Sha256::new()), 32),
                "sha1" => (Running::Sha1(Sha1::new()), 20),
                _ => return None,
            };
            let checksum = STANDARD.decode(checksum).ok().filter(|checksum| checksum.len() == len)?;
            Some(Self { checksum, running })
        };
        let detail = || ApiError::detailed(Kind::Malformed, format!("known checksums are {ALGORITHMS}"));
        parse().map(Some).ok_or_else(detail)
    }

    /// Takes in a part of the body.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match &mut self.running {
            Running::Sha256(running) => running.update(bytes),
            Running::Sha1(running) => running.update(bytes),
        }
    }

    /// Whether the whole body has the checksum.
    pub(crate) fn holds(self) -> bool {
        let checksum: &[u8] = match self.running {
            Running::Sha256(running) => &running.finalize()[..],
            Running::Sha1(running) => &running.finalize()[..],
        };
        checksum == self.checksum
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn expected(field: &'static str) -> Result<Option<Expected>, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(tus::CHECKSUM, HeaderValue::from_static(field));
        Expected::from(&headers)
    }

    #[test]
    fn checksums_of_both_algorithms_hold_or_do_not() {
        for field in
            ["sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="]
        {
            for (body, holds) in [(&b"abc"[..], true), (b"abd", false)] {
                let mut expected = expected(field).unwrap().unwrap();
                expected.update(body);
                assert_eq!(expected.holds(), holds);
            }
        }
    }

    #[test]
    fn other_fields_are_malformed() {
        for bad in ["md5 AAAA", "sha1", "sha1 AAAA", "sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha1 ???"] {
            assert_eq!(expected(bad).unwrap_err().kind(), Kind::Malformed, "{bad}");
        }
        assert!(Expected::from(&HeaderMap::new()).unwrap().is_none());
    }
}
