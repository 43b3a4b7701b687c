//! Ed25519 keys. They sign only what this crate composes: DSSE encodings and HTTP signature bases.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::{Locked, Purpose, Seed};
use crate::text;

/// Why bytes are not a public key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable Ed25519 public key: 32 bytes in base64url, canonical and not of small order")]
pub struct KeyError;

/// An Ed25519 public key: canonical and not of small order.
#[derive(Clone, Copy)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Reads a key's 32 bytes.
    ///
    /// # Errors
    ///
    /// When they are no point of the curve, not its canonical encoding, or of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError)?;
        // The library decodes the y coordinate modulo p; encoding the point again shows whether it was reduced.
        let canonical = key.to_edwards().compress().to_bytes() == *bytes;
        if canonical && !key.is_weak() { Ok(Self(key)) } else { Err(KeyError) }
    }

    /// The key's 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether this key made the signature, judged strictly (RFC 8032 5.1.7 without the cofactor).
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&text::decode(text).ok_or(KeyError)?)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::encode(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An Ed25519 signing key in locked memory.
pub struct SigningKey(Locked<ed25519_dalek::SigningKey>);

impl SigningKey {
    /// The signing key that a seed gives for a purpose.
    pub fn derive(seed: &Seed, purpose: Purpose) -> Self {
        let secret = seed.derive(purpose);
        Self(Locked::new(ed25519_dalek::SigningKey::from_bytes(secret.expose())))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs what this crate composed.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::derive(&Seed::take(&mut [3; 32]), Purpose::SubmitterSign)
    }

    #[test]
    fn a_signing_key_shows_nothing() {
        assert_eq!(format!("{:?}", key()), "SigningKey([redacted])");
    }

    #[test]
    fn signatures_verify_under_their_key_and_message_alone() {
        let signature = key().sign(b"message");
        assert!(key().public().verifies(b"message", &signature));
        assert!(!key().public().verifies(b"massage", &signature));
        let mut bent = signature;
        bent[40] ^= 1;
        assert!(!key().public().verifies(b"message", &bent));
    }

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(PublicKey::from_bytes(&identity).is_err(), "small order");
        assert!(PublicKey::from_bytes(&[0xff; 32]).is_err(), "y is not reduced");
        // y = 3 is on the curve; p + 3 is the same point in another encoding.
        let mut low = [0; 32];
        low[0] = 3;
        assert!(PublicKey::from_bytes(&low).is_ok());
        let mut high = [0xff; 32];
        (high[0], high[31]) = (0xf0, 0x7f);
        assert!(PublicKey::from_bytes(&high).is_err());
        assert!("AAAA".parse::<PublicKey>().is_err());
    }
}
