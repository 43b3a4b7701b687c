//! MLKEM768-X25519, also called X-Wing: two key exchanges side by side, so that breaking one of them gains nothing.
//!
//! Sources: draft-connolly-cfrg-xwing-kem (key expansion, combiner), FIPS 203 (ML-KEM-768), RFC 7748 (X25519),
//! draft-ietf-hpke-pq (its use as an HPKE KEM, whose shared secret is the combiner's output as it stands).

use ml_kem::kem::Decapsulate as _;
use ml_kem::{Ciphertext, EncapsulateDeterministic as _, Encoded, EncodedSizeUser as _, KemCore, MlKem768};
use sha3::digest::{Digest as _, ExtendableOutput as _, Update as _, XofReader as _};
use sha3::{Sha3_256, Shake256};
use x25519_dalek::StaticSecret;
use zeroize::{Zeroize as _, Zeroizing};

use crate::Error;

type EncapsulationKey = <MlKem768 as KemCore>::EncapsulationKey;
type DecapsulationKey = <MlKem768 as KemCore>::DecapsulationKey;

/// Bytes of an encoded public key: ML-KEM-768's 1184, then X25519's 32.
pub(crate) const PUBLIC_KEY_LEN: usize = 1184 + 32;

const ML_KEM_KEY_LEN: usize = 1184;
const ML_KEM_CIPHERTEXT_LEN: usize = 1088;

/// The combiner's label: six bytes of ASCII art (draft-connolly-cfrg-xwing-kem, section 5.3).
const COMBINER_LABEL: &[u8] = br"\.//^\";

/// What both sides end up with: 32 bytes.
pub(crate) type SharedSecret = Zeroizing<[u8; 32]>;

/// A public key, checked when it was read.
#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey {
    ml_kem: EncapsulationKey,
    x25519: x25519_dalek::PublicKey,
}

impl PublicKey {
    pub(crate) fn from_bytes(bytes: &[u8; PUBLIC_KEY_LEN]) -> Result<Self, Error> {
        let (ml_kem_bytes, x25519_bytes) = bytes.split_at(ML_KEM_KEY_LEN);
        let encoded = Encoded::<EncapsulationKey>::try_from(ml_kem_bytes).map_err(|_| Error::Length)?;
        let x25519_bytes = <[u8; 32]>::try_from(x25519_bytes).map_err(|_| Error::Length)?;

        let ml_kem = EncapsulationKey::from_bytes(&encoded);
        // The modulus check of FIPS 203, section 7.2: decoding reduces every coefficient, so a key that was not
        // reduced comes back different.
        if ml_kem.as_bytes() != encoded {
            return Err(Error::MlKem);
        }
        let x25519 = x25519_dalek::PublicKey::from(x25519_bytes);
        // Clamped scalars are multiples of eight: any of them sends a point of low order to zero.
        if !StaticSecret::from([1; 32]).diffie_hellman(&x25519).was_contributory() {
            return Err(Error::LowOrder);
        }
        Ok(Self { ml_kem, x25519 })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [self.ml_kem.as_bytes().as_slice(), self.x25519.as_bytes()].concat()
    }

    /// Agrees on a fresh secret with the holder of the secret key.
    pub(crate) fn encapsulate(&self) -> Result<(SharedSecret, Encapsulated), Error> {
        let mut message = ml_kem::B32::default();
        message.copy_from_slice(crate::random::<32>()?.as_slice());
        // This parameter set cannot fail; if it ever did, the right answer would still be to seal nothing.
        let encapsulated = self.ml_kem.encapsulate_deterministic(&message);
        message.as_mut_slice().zeroize();
        let (ml_kem, mut ml_kem_secret) = encapsulated.map_err(|()| Error::MlKem)?;

        let ephemeral = StaticSecret::from(*crate::random::<32>()?);
        let x25519 = x25519_dalek::PublicKey::from(&ephemeral);
        let x25519_secret = ephemeral.diffie_hellman(&self.x25519);

        let shared = combine(&ml_kem_secret, x25519_secret.as_bytes(), &x25519, &self.x25519);
        ml_kem_secret.as_mut_slice().zeroize();
        Ok((shared, Encapsulated { ml_kem, x25519 }))
    }
}

/// A secret key: the 32-byte seed and what it expands to.
pub(crate) struct SecretKey {
    seed: Zeroizing<[u8; 32]>,
    // Both wipe themselves when dropped, by the `zeroize` features of their crates.
    ml_kem: DecapsulationKey,
    x25519: StaticSecret,
}

impl SecretKey {
    /// Expands a seed: SHAKE256 to 96 bytes, which are ML-KEM's `d` and `z` and the X25519 scalar.
    pub(crate) fn expand(seed: Zeroizing<[u8; 32]>) -> Self {
        let mut xof = Shake256::default().chain(seed.as_slice()).finalize_xof();
        let (mut d, mut z) = (ml_kem::B32::default(), ml_kem::B32::default());
        let mut scalar = Zeroizing::new([0; 32]);
        xof.read(&mut d);
        xof.read(&mut z);
        xof.read(scalar.as_mut_slice());

        let (ml_kem, _) = MlKem768::generate_deterministic(&d, &z);
        d.as_mut_slice().zeroize();
        z.as_mut_slice().zeroize();
        Self { seed, ml_kem, x25519: StaticSecret::from(*scalar) }
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey { ml_kem: self.ml_kem.encapsulation_key().clone(), x25519: (&self.x25519).into() }
    }

    /// Recovers the secret that a sender agreed on; `None` when the X25519 share is of low order.
    ///
    /// A share made for someone else is no error here: ML-KEM rejects implicitly, with a secret that opens nothing.
    pub(crate) fn decapsulate(&self, share: &Encapsulated) -> Option<SharedSecret> {
        let x25519_secret = self.x25519.diffie_hellman(&share.x25519);
        if !x25519_secret.was_contributory() {
            return None;
        }
        let mut ml_kem_secret = self.ml_kem.decapsulate(&share.ml_kem).ok()?;
        let shared = combine(&ml_kem_secret, x25519_secret.as_bytes(), &share.x25519, &(&self.x25519).into());
        ml_kem_secret.as_mut_slice().zeroize();
        Some(shared)
    }
}

/// What the sender hands over: ML-KEM's ciphertext (1088 bytes), then the ephemeral X25519 key (32 bytes).
pub(crate) struct Encapsulated {
    ml_kem: Ciphertext<MlKem768>,
    x25519: x25519_dalek::PublicKey,
}

impl Encapsulated {
    /// Reads exactly 1120 bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (ml_kem, x25519) = bytes.split_at_checked(ML_KEM_CIPHERTEXT_LEN)?;
        Some(Self { ml_kem: ml_kem.try_into().ok()?, x25519: <[u8; 32]>::try_from(x25519).ok()?.into() })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [self.ml_kem.as_slice(), self.x25519.as_bytes()].concat()
    }
}

fn combine(
    ml_kem_secret: &[u8],
    x25519_secret: &[u8; 32],
    share: &x25519_dalek::PublicKey,
    recipient: &x25519_dalek::PublicKey,
) -> SharedSecret {
    let hash = Sha3_256::new()
        .chain(ml_kem_secret)
        .chain(x25519_secret)
        .chain(share.as_bytes())
        .chain(recipient.as_bytes())
        .chain(COMBINER_LABEL);
    let mut shared = Zeroizing::new([0; 32]);
    sha3::digest::FixedOutput::finalize_into(hash, (&mut *shared).into());
    shared
}
