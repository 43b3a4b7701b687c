//! Signed requests: HTTP Message Signatures (RFC 9421) in one narrow profile.
//!
//! The label is `kua`, the key Ed25519. Covered, in this order: `@method`, `@path`, `@query`, then
//! `content-digest`, `upload-length` and `kua-day` where the request has them. The tag holds the drop's id, so that a mirror
//! cannot hand a request on to another drop; the nonce is the drop's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, FieldType as _, InnerList, ListEntry, Parser};
use sha2::{Digest as _, Sha256};

use crate::id::DropId;
use crate::keys::{PublicKey, SigningKey};

/// The header field that says what was signed, in the case that HTTP/1.1 and HTTP/2 both take.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// The header field that holds the signature.
pub const SIGNATURE: &str = "signature";
/// The header field that holds the body's digest (RFC 9530).
pub const CONTENT_DIGEST: &str = "content-digest";
/// The header field that announces an upload's length (tus 1.0.0).
pub const UPLOAD_LENGTH: &str = "upload-length";

/// The header field that tells the UTC day which the signer's device shows.
pub const DAY: &str = "kua-day";

const LABEL: &str = "kua";
const ALGORITHM: &str = "ed25519";

/// Why a request's signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("the request is not signed")]
    Missing,
    /// The signature fields do not have the form that the protocol asks for.
    #[error("the request's signature is not in the form that the protocol asks for")]
    Malformed,
    /// The request was signed for another drop.
    #[error("the request was signed for another drop")]
    OtherDrop,
    /// The signature does not hold for this request.
    #[error("the request's signature does not hold")]
    Wrong,
    /// The body is not the one whose digest was signed.
    #[error("the body is not the one whose digest was signed")]
    OtherBody,
}

/// What is signed of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignedParts<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as the drop is addressed from outside, `/` at least.
    pub path: &'a str,
    /// The query without its `?`, if there is one.
    pub query: Option<&'a str>,
    /// The field `Content-Digest`, when the request has a body.
    pub content_digest: Option<&'a str>,
    /// The field `Upload-Length`, when the request has one.
    pub upload_length: Option<&'a str>,
    /// The field `Kua-Day`, when the request has one.
    pub day: Option<&'a str>,
}

/// The two header fields of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFields {
    /// The value of `Signature-Input`.
    pub input: String,
    /// The value of `Signature`.
    pub signature: String,
}

/// Who signed a request, and under which of the drop's nonces. The nonce is still to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// The signer's key.
    pub key: PublicKey,
    /// The nonce that the signature covers.
    pub nonce: String,
}

impl<'a> SignedParts<'a> {
    /// The covered components in their order, as name and value.
    fn components(&self) -> Vec<(&'static str, std::borrow::Cow<'a, str>)> {
        let query = self.query.map_or_else(|| "?".to_owned(), |query| format!("?{query}"));
        let mut components =
            vec![("@method", self.method.into()), ("@path", self.path.into()), ("@query", query.into())];
        components.extend(self.content_digest.map(|value| (CONTENT_DIGEST, value.into())));
        components.extend(self.upload_length.map(|value| (UPLOAD_LENGTH, value.into())));
        components.extend(self.day.map(|value| (DAY, value.into())));
        components
    }

    /// Signs the request for a drop under one of its nonces.
    pub fn sign(&self, key: &SigningKey, drop: DropId, nonce: &str) -> SignatureFields {
        let components = self.components();
        let names: Vec<String> = components.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let params = format!(
            "({});keyid=\"{}\";nonce=\"{nonce}\";alg=\"{ALGORITHM}\";tag=\"{}\"",
            names.join(" "),
            key.public(),
            tag(drop)
        );
        let signature = key.sign(signature_base(&components, &params).as_bytes());
        SignatureFields {
            input: format!("{LABEL}={params}"),
            signature: format!("{LABEL}=:{}:", STANDARD.encode(signature)),
        }
    }

    /// Checks that the request was signed for this drop, and says by whom.
    ///
    /// # Errors
    ///
    /// When the fields have another form, cover other components, or do not hold.
    pub fn verify(&self, fields: &SignatureFields, drop: DropId) -> Result<SignedBy, SignatureError> {
        let list = signature_input(&fields.input).ok_or(SignatureError::Malformed)?;
        let components = self.components();
        let covered = list.items.iter().map(|item| match &item.bare_item {
            BareItem::String(name) if item.params.is_empty() => Some(name.as_str()),
            _ => None,
        });
        if !covered.eq(components.iter().map(|(name, _)| Some(*name))) || list.params.len() != 4 {
            return Err(SignatureError::Malformed);
        }
        let param = |name: &str| match list.params.get(name) {
            Some(BareItem::String(value)) => Ok(value.as_str()),
            _ => Err(SignatureError::Malformed),
        };
        let key: PublicKey = param("keyid")?.parse().map_err(|_| SignatureError::Malformed)?;
        let nonce = param("nonce")?.to_owned();
        if param("alg")? != ALGORITHM {
            return Err(SignatureError::Malformed);
        }
        if param("tag")? != tag(drop) {
            return Err(SignatureError::OtherDrop);
        }
        let params = serialize_params(list).ok_or(SignatureError::Malformed)?;
        let signature = signature_bytes(&fields.signature).ok_or(SignatureError::Malformed)?;
        if key.verifies(signature_base(&components, &params).as_bytes(), &signature) {
            Ok(SignedBy { key, nonce })
        } else {
            Err(SignatureError::Wrong)
        }
    }
}

/// The tag of requests to a drop: `kua1:` and its id.
fn tag(drop: DropId) -> String {
    format!("kua1:{drop}")
}

/// The bytes that are signed (RFC 9421, section 2.5).
fn signature_base(components: &[(&str, impl AsRef<str>)], params: &str) -> String {
    let mut lines: Vec<String> =
        components.iter().map(|(name, value)| format!("\"{name}\": {}", value.as_ref())).collect();
    lines.push(format!("\"@signature-params\": {params}"));
    lines.join("\n")
}

/// The one inner list under our label.
fn signature_input(field: &str) -> Option<InnerList> {
    let mut fields = Parser::new(field).parse::<Dictionary>().ok()?;
    match (fields.len(), fields.shift_remove(LABEL)?) {
        (1, ListEntry::InnerList(list)) => Some(list),
        _ => None,
    }
}

/// The inner list as RFC 9651 writes it, which is what the signer signed.
fn serialize_params(list: InnerList) -> Option<String> {
    sfv::List::from([ListEntry::InnerList(list)]).serialize()
}

fn signature_bytes(field: &str) -> Option<[u8; 64]> {
    let fields = Parser::new(field).parse::<Dictionary>().ok()?;
    match (fields.len(), fields.get(LABEL)?) {
        (1, ListEntry::Item(item)) => match &item.bare_item {
            BareItem::ByteSequence(bytes) => bytes.as_slice().try_into().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The field `Content-Digest` of a body: `sha-256=:…:` (RFC 9530, section 2).
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// Checks a body, whose SHA-256 is known, against the field `Content-Digest`.
///
/// # Errors
///
/// [`SignatureError::OtherBody`] when the field has no SHA-256 or another one.
pub fn check_content_digest(field: &str, sha256: &[u8; 32]) -> Result<(), SignatureError> {
    let fields = Parser::new(field).parse::<Dictionary>().map_err(|_| SignatureError::OtherBody)?;
    match fields.get("sha-256") {
        Some(ListEntry::Item(item)) if item.bare_item == BareItem::ByteSequence(sha256.to_vec()) => Ok(()),
        _ => Err(SignatureError::OtherBody),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{Purpose, Seed};

    const DROP: DropId = DropId::from_bytes([9; 16]);

    fn key() -> SigningKey {
        SigningKey::derive(&Seed::take(&mut [4; 32]), Purpose::SubmitterSign)
    }

    fn parts() -> SignedParts<'static> {
        SignedParts {
            method: "POST",
            path: "/v1/reports",
            content_digest: Some("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
            ..SignedParts::default()
        }
    }

    #[derive(serde::Deserialize)]
    struct Rfc9421 {
        components: Vec<(String, String)>,
        params: String,
        base: String,
        key: String,
        signature: String,
    }

    #[test]
    fn the_signature_base_is_that_of_rfc_9421_b_2_6() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/signature.json")).unwrap();
        let example: Rfc9421 = serde_json::from_value(vectors["rfc_9421_b_2_6"].clone()).unwrap();
        let components: Vec<(&str, &str)> =
            example.components.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let base = signature_base(&components, &example.params);
        assert_eq!(base, example.base);
        let key = STANDARD.decode(example.key).unwrap().try_into().unwrap();
        let signature = STANDARD.decode(example.signature).unwrap().try_into().unwrap();
        assert!(PublicKey::from_bytes(&key).unwrap().verifies(base.as_bytes(), &signature));
    }

    #[test]
    fn a_signed_request_verifies_and_names_its_signer() {
        let fields = parts().sign(&key(), DROP, "bm9uY2U");
        let by = parts().verify(&fields, DROP).unwrap();
        assert_eq!(by, SignedBy { key: key().public(), nonce: "bm9uY2U".into() });
    }

    #[test]
    fn a_request_that_differs_anywhere_is_refused() {
        let fields = parts().sign(&key(), DROP, "bm9uY2U");
        let verify = |parts: SignedParts| parts.verify(&fields, DROP).unwrap_err();
        assert_eq!(verify(SignedParts { method: "PUT", ..parts() }), SignatureError::Wrong);
        assert_eq!(verify(SignedParts { path: "/v1/report", ..parts() }), SignatureError::Wrong);
        assert_eq!(verify(SignedParts { query: Some("a=1"), ..parts() }), SignatureError::Wrong);
        assert_eq!(verify(SignedParts { content_digest: None, ..parts() }), SignatureError::Malformed);
        assert_eq!(verify(SignedParts { upload_length: Some("5"), ..parts() }), SignatureError::Malformed);
        assert_eq!(verify(SignedParts { day: Some("2026-03-21"), ..parts() }), SignatureError::Malformed);
        let other = DropId::from_bytes([8; 16]);
        assert_eq!(parts().verify(&fields, other), Err(SignatureError::OtherDrop));
    }

    #[test]
    fn fields_of_another_form_are_refused() {
        let fields = parts().sign(&key(), DROP, "bm9uY2U");
        let spoilt = |from: &str, to: &str| {
            let input = fields.input.replace(from, to);
            assert_ne!(input, fields.input);
            parts().verify(&SignatureFields { input, ..fields.clone() }, DROP)
        };
        assert!(spoilt("kua=", "sig=").is_err());
        assert!(spoilt(";alg", ";created=1;alg").is_err());
        assert!(spoilt("ed25519", "hmac-sha256").is_err());
        assert!(spoilt("\"@method\" \"@path\"", "\"@path\" \"@method\"").is_err());
        assert!(spoilt("\"@path\"", "\"@path\";req").is_err());
        assert!(spoilt("bm9uY2U", "bm9uY2V").is_err());
        let twice = format!("{0}, {0}", fields.input.replace("kua=", "b="));
        assert!(parts().verify(&SignatureFields { input: twice, ..fields.clone() }, DROP).is_err());
        let bare = SignatureFields { signature: "kua=abc".into(), ..fields.clone() };
        assert_eq!(parts().verify(&bare, DROP), Err(SignatureError::Malformed));
    }

    #[test]
    fn a_content_digest_is_checked_against_the_body() {
        let field = content_digest(b"body");
        assert!(check_content_digest(&field, &Sha256::digest(b"body").into()).is_ok());
        assert!(check_content_digest(&field, &Sha256::digest(b"bode").into()).is_err());
        assert!(check_content_digest("md5=:AAAA:", &Sha256::digest(b"body").into()).is_err());
    }
}
