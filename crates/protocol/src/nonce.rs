//! The drop's nonces: they bind a signed request to ten minutes without the drop remembering any.
//!
//! Source: protocol, "Signatures": expiry as u64 big-endian ‖ 16 random bytes ‖ HMAC-SHA256 over
//! "kua/v1/nonce" ‖ drop id ‖ expiry ‖ random.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::id::DropId;
use crate::secret::{Purpose, Seed};
use crate::text;

/// For how many seconds a nonce may be used, again and again: writes are idempotent.
pub const LIFETIME_SECONDS: u64 = 600;

const NONCE_LEN: usize = 8 + 16 + 32;

/// A drop's key for its nonces.
pub struct NonceKey {
    drop: DropId,
    key: Seed,
}

/// Why a nonce is not taken: it is not this drop's, or its time is over. Which one is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the nonce is not valid any more: ask the drop for a new one and sign again")]
pub struct NonceError;

impl NonceKey {
    /// The nonce key that a drop's seed gives.
    pub fn derive(seed: &Seed, drop: DropId) -> Self {
        Self { drop, key: seed.derive(Purpose::DropNonce) }
    }

    /// A new nonce as base64url; `now` is in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn issue(&self, now: u64) -> Result<String, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        Ok(text::encode(self.nonce(now + LIFETIME_SECONDS, random)))
    }

    /// Whether the nonce is this drop's and still valid at `now`.
    ///
    /// # Errors
    ///
    /// When it is not, for whatever reason.
    pub fn check(&self, nonce: &str, now: u64) -> Result<(), NonceError> {
        let bytes: [u8; NONCE_LEN] = text::decode(nonce).ok_or(NonceError)?;
        let (mut expiry, mut random) = ([0; 8], [0; 16]);
        expiry.copy_from_slice(&bytes[..8]);
        random.copy_from_slice(&bytes[8..24]);
        let expiry = u64::from_be_bytes(expiry);
        let ours = self.nonce(expiry, random).ct_eq(&bytes);
        if bool::from(ours) && now <= expiry { Ok(()) } else { Err(NonceError) }
    }

    fn nonce(&self, expiry: u64, random: [u8; 16]) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        nonce[..8].copy_from_slice(&expiry.to_be_bytes());
        nonce[8..24].copy_from_slice(&random);
        // HMAC takes keys of every length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose()) {
            mac.update(b"kua/v1/nonce");
            mac.update(self.drop.as_bytes());
            mac.update(&nonce[..24]);
            nonce[24..].copy_from_slice(&mac.finalize().into_bytes());
        }
        nonce
    }
}

impl fmt::Debug for NonceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonceKey").field("drop", &self.drop).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8, drop: u8) -> NonceKey {
        NonceKey::derive(&Seed::take(&mut [seed; 32]), DropId::from_bytes([drop; 16]))
    }

    #[test]
    fn a_nonce_lives_ten_minutes_at_its_own_drop() {
        let nonce = key(1, 1).issue(1_000).unwrap();
        assert_eq!(key(1, 1).check(&nonce, 1_000), Ok(()));
        assert_eq!(key(1, 1).check(&nonce, 1_600), Ok(()));
        assert_eq!(key(1, 1).check(&nonce, 1_601), Err(NonceError));
        assert_eq!(key(1, 2).check(&nonce, 1_000), Err(NonceError));
        assert_eq!(key(2, 1).check(&nonce, 1_000), Err(NonceError));
    }

    #[test]
    fn no_byte_of_a_nonce_can_be_changed() {
        let nonce: [u8; NONCE_LEN] = text::decode(&key(1, 1).issue(1_000).unwrap()).unwrap();
        for position in 0..NONCE_LEN {
            let mut bent = nonce;
            bent[position] ^= 1;
            assert_eq!(key(1, 1).check(&text::encode(bent), 1_000), Err(NonceError), "{position}");
        }
        assert_eq!(key(1, 1).check("", 1_000), Err(NonceError));
        assert_eq!(key(1, 1).check(&text::encode([0; NONCE_LEN + 1]), 0), Err(NonceError));
    }

    #[test]
    fn a_nonce_key_shows_nothing() {
        assert_eq!(
            format!("{:?}", key(1, 1)),
            "NonceKey { drop: DropId(01010101010101010101010101010101), .. }"
        );
    }
}
