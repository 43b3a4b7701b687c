//! Signed statements: DSSE envelopes with one Ed25519 signature.
//!
//! Source: Dead Simple Signing Envelope, version 1.0.2, "Protocol" and "Envelope".

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::id::Digest;
use crate::json;
use crate::keys::{PublicKey, SigningKey};

/// Most bytes that an envelope may have as JSON.
pub const MAX_ENVELOPE_LEN: usize = 256 * 1024;
/// Most bytes that an entry's envelope may have: a note that JSON makes twice as long, in base64, and room for the rest.
pub const MAX_ENTRY_ENVELOPE_LEN: usize = 3 * 1024 * 1024;

/// A kind of signed statement. Its payload type is checked before the payload is parsed.
pub trait Statement: Serialize + DeserializeOwned {
    /// The DSSE payload type, for example `application/vnd.kua.roster+json`.
    const PAYLOAD_TYPE: &'static str;
}

/// Why an envelope is not taken.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The envelope is no DSSE JSON with exactly one signature by an Ed25519 key.
    #[error("the signed statement is malformed: {0}")]
    Malformed(String),
    /// The payload type is another one.
    #[error("the signed statement is of another kind: {0}")]
    OtherKind(String),
    /// The signature is not by the expected key, or not over these bytes.
    #[error("the statement's signature does not verify")]
    BadSignature,
    /// The signature holds and the payload does not have the form of its type.
    #[error("the signed statement's content is malformed: {0}")]
    Content(#[from] json::JsonError),
}

/// The JSON of an envelope (DSSE, "Envelope").
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Form {
    payload: Zeroizing<String>,
    payload_type: String,
    signatures: Vec<SignatureForm>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SignatureForm {
    #[serde(default)]
    keyid: String,
    sig: String,
}

/// An envelope whose form was checked and whose signature was not.
///
/// Its `keyid` is the signer's whole public key in base64url: a hint until a reader has decided to trust that key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Envelope {
    payload_type: String,
    // A grant's holds a key.
    payload: Zeroizing<Vec<u8>>,
    signer: PublicKey,
    signature: [u8; 64],
}

/// A statement whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    /// What was signed.
    pub statement: T,
    /// The key that signed it.
    pub signer: PublicKey,
    /// The SHA-256 of the payload's bytes.
    pub digest: Digest,
}

impl Envelope {
    /// Signs a statement.
    ///
    /// # Errors
    ///
    /// When the statement cannot be written as JSON.
    pub fn sign<T: Statement>(statement: &T, key: &SigningKey) -> Result<Self, json::JsonError> {
        let payload = Zeroizing::new(serde_json::to_vec(statement)?);
        let signature = key.sign(&pre_authentication_encoding(T::PAYLOAD_TYPE, &payload));
        Ok(Self { payload_type: T::PAYLOAD_TYPE.to_owned(), payload, signer: key.public(), signature })
    }

    /// Reads an envelope from JSON.
    ///
    /// # Errors
    ///
    /// [`EnvelopeError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        Self::parse_within(bytes, MAX_ENVELOPE_LEN)
    }

    /// Reads the envelope of an entry of the case log, or of a grant: it may be as large as [`MAX_ENTRY_ENVELOPE_LEN`].
    ///
    /// # Errors
    ///
    /// [`EnvelopeError::Malformed`].
    pub fn parse_entry(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        Self::parse_within(bytes, MAX_ENTRY_ENVELOPE_LEN)
    }

    fn parse_within(bytes: &[u8], most: usize) -> Result<Self, EnvelopeError> {
        if bytes.len() > most {
            return Err(EnvelopeError::Malformed(format!("more than {most} bytes")));
        }
        json::from_object(bytes).map_err(|error| EnvelopeError::Malformed(error.to_string()))
    }

    /// The envelope as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        // Strings and an array of them: nothing that could fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The key that the envelope claims to be signed with.
    pub fn claimed_signer(&self) -> PublicKey {
        self.signer
    }

    /// Whether it claims to be a statement of this kind. Its reader checks that again.
    pub fn claims_to_be<T: Statement>(&self) -> bool {
        self.payload_type == T::PAYLOAD_TYPE
    }

    /// The SHA-256 of the payload's bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.payload)
    }

    /// Checks kind and signature, then reads the statement. `trusts` says whether the signer is the right one.
    ///
    /// # Errors
    ///
    /// When the kind is another one, the signer is not trusted, the signature does not hold, or the payload
    /// is no `T`.
    pub fn verify<T: Statement>(
        &self,
        trusts: impl FnOnce(&PublicKey) -> bool,
    ) -> Result<Verified<T>, EnvelopeError> {
        if self.payload_type != T::PAYLOAD_TYPE {
            return Err(EnvelopeError::OtherKind(self.payload_type.chars().take(80).collect()));
        }
        let encoding = pre_authentication_encoding(&self.payload_type, &self.payload);
        if !trusts(&self.signer) || !self.signer.verifies(&encoding, &self.signature) {
            return Err(EnvelopeError::BadSignature);
        }
        let statement = json::from_object(&self.payload)?;
        Ok(Verified { statement, signer: self.signer, digest: self.digest() })
    }
}

/// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body` (DSSE, "Protocol").
fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Zeroizing<Vec<u8>> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    Zeroizing::new([head.as_bytes(), payload].concat())
}

impl fmt::Debug for Envelope {
    /// Says what it claims to be, and nothing of what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut claims = f.debug_struct("Envelope");
        claims.field("payload_type", &self.payload_type).field("signer", &self.signer).finish_non_exhaustive()
    }
}

impl From<Envelope> for Form {
    fn from(envelope: Envelope) -> Self {
        Self {
            payload: Zeroizing::new(STANDARD.encode(&*envelope.payload)),
            payload_type: envelope.payload_type,
            signatures: vec![SignatureForm {
                keyid: envelope.signer.to_string(),
                sig: STANDARD.encode(envelope.signature),
            }],
        }
    }
}

impl TryFrom<Form> for Envelope {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let [signature] = form.signatures.as_slice() else {
            return Err(format!("one signature is needed, not {}", form.signatures.len()));
        };
        Ok(Self {
            payload_type: form.payload_type,
            payload: decode(&form.payload).map(Zeroizing::new).ok_or("the payload is not base64")?,
            signer: signature.keyid.parse().map_err(|_| "the keyid is not an Ed25519 key in base64url")?,
            signature: decode(&signature.sig)
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or("the signature is not 64 bytes in base64")?,
        })
    }
}

/// Either alphabet is allowed (DSSE, "Envelope").
fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{Purpose, Seed};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        text: String,
    }

    impl Statement for Note {
        const PAYLOAD_TYPE: &'static str = "application/vnd.kua.note+json";
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Other;

    impl Statement for Other {
        const PAYLOAD_TYPE: &'static str = "application/vnd.kua.other+json";
    }

    fn signed() -> (SigningKey, Envelope) {
        let key = SigningKey::derive(&Seed::take(&mut [5; 32]), Purpose::RootSign);
        let envelope = Envelope::sign(&Note { text: "куә".into() }, &key).unwrap();
        (key, envelope)
    }

    #[test]
    fn the_encoding_is_the_specifications_own_example() {
        let encoding = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoding.as_slice(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn what_was_signed_comes_back_after_a_trip_through_json() {
        let (key, envelope) = signed();
        let envelope = Envelope::parse(&envelope.to_json()).unwrap();
        let verified = envelope.verify::<Note>(|signer| *signer == key.public()).unwrap();
        assert_eq!(verified.statement.text, "куә");
        assert_eq!(verified.digest, envelope.digest());
    }

    #[test]
    fn another_kind_signer_or_payload_is_refused() {
        let (_, envelope) = signed();
        assert!(matches!(envelope.verify::<Other>(|_| true), Err(EnvelopeError::OtherKind(_))));
        assert!(matches!(envelope.verify::<Note>(|_| false), Err(EnvelopeError::BadSignature)));
        let mut bent = envelope.clone();
        bent.payload[10] ^= 1;
        assert!(matches!(bent.verify::<Note>(|_| true), Err(EnvelopeError::BadSignature)));
    }

    #[test]
    fn no_signature_and_two_are_refused() {
        let (_, envelope) = signed();
        let mut form: Form = envelope.into();
        form.signatures.push(form.signatures[0].clone());
        assert!(Envelope::parse(&serde_json::to_vec(&form).unwrap()).is_err());
        form.signatures.clear();
        assert!(Envelope::parse(&serde_json::to_vec(&form).unwrap()).is_err());
        assert!(Envelope::parse(b"{\"payload\":\"\",\"payload\":\"\"}").is_err());
    }
}
