//! HPKE in base mode, for one message (RFC 9180, sections 5.1 and 6.1), with HKDF-SHA256 and ChaCha20-Poly1305.
//!
//! Only what an age stanza needs: no additional data, no exporter, one message at sequence number zero, whose nonce is
//! therefore the base nonce itself.

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::{Hkdf, HkdfExtract};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use crate::kem::SharedSecret;

/// `"HPKE" ‖ KEM 0x647a ‖ KDF 0x0001 ‖ AEAD 0x0003` (RFC 9180, section 5.1; the KEM's number is draft-ietf-hpke-pq's).
const SUITE_ID: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
const VERSION: &[u8] = b"HPKE-v1";
const MODE_BASE: &[u8] = &[0];

/// Encrypts `plaintext` under the secret, bound to `info`: the ciphertext is 16 bytes longer.
///
/// `None` cannot happen for lengths that age uses, and would mean that nothing was encrypted.
pub(crate) fn seal(secret: &SharedSecret, info: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let (cipher, nonce) = key_schedule(secret, info)?;
    cipher.encrypt(&nonce, plaintext).ok()
}

/// Decrypts what [`seal`] made under the same secret and `info`; `None` if it is anything else.
pub(crate) fn open(secret: &SharedSecret, info: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (cipher, nonce) = key_schedule(secret, info)?;
    cipher.decrypt(&nonce, ciphertext).ok().map(Zeroizing::new)
}

/// `KeySchedule` of section 5.1 with the empty pre-shared key and identifier that base mode has.
fn key_schedule(shared: &SharedSecret, info: &[u8]) -> Option<(ChaCha20Poly1305, Nonce)> {
    let (psk_id_hash, _) = labeled_extract(&[], b"psk_id_hash", &[]);
    let (info_hash, _) = labeled_extract(&[], b"info_hash", info);
    let context = [MODE_BASE, &psk_id_hash, &info_hash];
    let (mut prk, secret) = labeled_extract(shared.as_slice(), b"secret", &[]);
    prk.zeroize();

    let mut key = Zeroizing::new([0; 32]);
    let mut base_nonce = [0; 12];
    labeled_expand(&secret, b"key", context, key.as_mut_slice())?;
    labeled_expand(&secret, b"base_nonce", context, &mut base_nonce)?;
    Some((ChaCha20Poly1305::new(Key::from_slice(key.as_slice())), base_nonce.into()))
}

/// `LabeledExtract` of section 4.
fn labeled_extract(salt: &[u8], label: &[u8], ikm: &[u8]) -> ([u8; 32], Hkdf<Sha256>) {
    let mut extract = HkdfExtract::<Sha256>::new(Some(salt));
    for part in [VERSION, SUITE_ID, label, ikm] {
        extract.input_ikm(part);
    }
    let (prk, hkdf) = extract.finalize();
    (prk.into(), hkdf)
}

/// `LabeledExpand` of section 4; the length of `out` is part of what is hashed.
fn labeled_expand(secret: &Hkdf<Sha256>, label: &[u8], context: [&[u8]; 3], out: &mut [u8]) -> Option<()> {
    let length = u16::try_from(out.len()).ok()?.to_be_bytes();
    let [mode, psk_id_hash, info_hash] = context;
    secret.expand_multi_info(&[&length, VERSION, SUITE_ID, label, mode, psk_id_hash, info_hash], out).ok()
}
