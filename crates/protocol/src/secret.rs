//! Memory for keys: a page of its own, locked where the system's limit allows, wiped when dropped.

use std::fmt;
use std::ops::Deref;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

/// A value on pages that nothing else shares, so that unlocking them unlocks no other secret.
#[repr(align(4096))]
struct OwnPages<T>(T);

/// A secret on pages of its own that are kept out of swap where `RLIMIT_MEMLOCK` allows.
///
/// It is wiped when it is dropped, by its own type, and shows nothing in `Debug`.
pub struct Locked<T: ZeroizeOnDrop> {
    // Declared and so dropped first: pages are unlocked while they still are ours and not another secret's.
    _lock: PageLock,
    value: Box<OwnPages<T>>,
}

/// The lock of one secret's pages, when the system granted it.
struct PageLock(#[allow(dead_code, reason = "held for its drop")] Option<region::LockGuard>);

impl<T: ZeroizeOnDrop> Locked<T> {
    /// Moves a secret onto pages of its own.
    pub fn new(value: T) -> Self {
        let value = Box::new(OwnPages(value));
        let lock = region::lock(&raw const *value, size_of::<OwnPages<T>>()).ok();
        Self { _lock: PageLock(lock), value }
    }
}

impl<T: ZeroizeOnDrop> Deref for Locked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value.0
    }
}

impl<T: ZeroizeOnDrop> fmt::Debug for Locked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Locked([redacted])")
    }
}

/// 32 secret bytes from which keys are derived: a coordinator's, a root's, a drop's or a submitter's.
pub struct Seed(Locked<Zeroizing<[u8; 32]>>);

/// What a key that is derived from a [`Seed`] is for: the `info` of HKDF (protocol, "HKDF-SHA256").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A coordinator's age identity.
    CoordinatorAge,
    /// A coordinator's Ed25519 key.
    CoordinatorSign,
    /// A submitter's age identity.
    SubmitterAge,
    /// A submitter's Ed25519 mailbox key.
    SubmitterSign,
    /// The Ed25519 key that signs rosters.
    RootSign,
    /// The Ed25519 key that signs receipts.
    DropReceipt,
    /// The HMAC key of a drop's nonces.
    DropNonce,
    /// The HMAC key of a drop's admission challenges.
    DropAdmission,
}

impl Purpose {
    fn info(self) -> &'static str {
        match self {
            Self::CoordinatorAge => "kua/v1/coordinator/age",
            Self::CoordinatorSign => "kua/v1/coordinator/sign",
            Self::SubmitterAge => "kua/v1/submitter/age",
            Self::SubmitterSign => "kua/v1/submitter/sign",
            Self::RootSign => "kua/v1/root/sign",
            Self::DropReceipt => "kua/v1/drop/receipt",
            Self::DropNonce => "kua/v1/drop/nonce",
            Self::DropAdmission => "kua/v1/drop/admission",
        }
    }
}

impl Seed {
    /// Takes the secret bytes over and wipes where they were.
    pub fn take(bytes: &mut [u8; 32]) -> Self {
        let seed = Self(Locked::new(Zeroizing::new(*bytes)));
        bytes.zeroize();
        seed
    }

    /// A new random seed.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self::take(&mut bytes))
    }

    /// The secret bytes, for sealing them into a vault or deriving a key.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The seed of one key: HKDF-SHA256 with empty salt and the purpose as `info` (RFC 5869), 32 bytes.
    #[must_use]
    pub fn derive(&self, purpose: Purpose) -> Self {
        let mut okm = [0; 32];
        // 32 bytes are within HKDF's limit of 255 × 32, so that this cannot fail.
        let _ = Hkdf::<Sha256>::new(None, self.expose()).expand(purpose.info().as_bytes(), &mut okm);
        Self::take(&mut okm)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_shows_nothing_and_wipes_its_source() {
        let mut bytes = [7; 32];
        let seed = Seed::take(&mut bytes);
        assert_eq!(bytes, [0; 32]);
        assert_eq!(seed.expose(), &[7; 32]);
        assert_eq!(format!("{seed:?}"), "Seed([redacted])");
        assert_eq!(format!("{:?}", seed.0), "Locked([redacted])");
    }

    #[test]
    fn every_secret_has_its_own_page() {
        let (a, b) = (Seed::take(&mut [1; 32]), Seed::take(&mut [2; 32]));
        let page = |seed: &Seed| std::ptr::from_ref(seed.expose()).addr() / 4096;
        assert_ne!(page(&a), page(&b));
    }

    #[test]
    fn purposes_give_unrelated_keys() {
        // Computed with Python's hmac: HKDF-SHA256, no salt, info "kua/v1/root/sign", 32 zero bytes in.
        let root = Seed::take(&mut [0; 32]).derive(Purpose::RootSign);
        let receipt = Seed::take(&mut [0; 32]).derive(Purpose::DropReceipt);
        assert_ne!(root.expose(), receipt.expose());
        let expected = "81e9fe7422790ca7ee04debc98af572d1799a224645827d5ff405b80b2acb055";
        assert_eq!(crate::id::Digest::from_bytes(*root.expose()).to_string(), expected);
    }
}
