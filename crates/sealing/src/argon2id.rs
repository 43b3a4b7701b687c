//! Argon2id (RFC 9106) for codenames and vaults, and the age stanza that a vault has.
//!
//! The stanza is `argon2id SALT M T P`: a 16-byte salt in base64, KiB of memory, passes, lanes; its body wraps the file key
//! with ChaCha20-Poly1305 (protocol, "Vault"). It is to age's own `scrypt` stanza what Argon2id is to scrypt, and follows its
//! rules: it stands alone, and numbers have no leading zeros.

use std::collections::HashSet;
use std::io;

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{aead_decrypt, aead_encrypt};
use age_core::secrecy::ExposeSecret as _;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::OutOfMemory;

const STANZA_TAG: &str = "argon2id";
const GREASE_SUFFIX: &str = "-grease";
const SALT_LABEL: &[u8] = b"kua/v1/argon2id";
const SALT_LEN: usize = 16;
const BODY_LEN: usize = FILE_KEY_BYTES + 16;

/// What guessing a secret costs: the parameters of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Cost {
    /// The cost of a vault: 256 MiB, 3 passes, 4 lanes.
    pub const DEFAULT: Self = Self { memory_kib: 256 * 1024, passes: 3, lanes: 4 };

    /// The cost of a codename: 19 MiB, 2 passes, 1 lane, which the slowest browsers still manage.
    pub(crate) const CODENAME: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    /// The most that a vault may ask for when it is opened: 1 GiB, 10 passes, 16 lanes.
    const LIMIT: Self = Self { memory_kib: 1024 * 1024, passes: 10, lanes: 16 };

    /// A cost that protects nothing, for tests that only need a vault quickly.
    #[doc(hidden)]
    #[cfg(any(test, feature = "testing"))]
    pub const fn quick_for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }

    fn is_allowed(self) -> bool {
        (1..=Self::LIMIT.passes).contains(&self.passes)
            && (1..=Self::LIMIT.lanes).contains(&self.lanes)
            && (8 * self.lanes..=Self::LIMIT.memory_kib).contains(&self.memory_kib)
    }

    /// Argon2id version 0x13 over a secret, to 32 bytes. The memory it used is wiped.
    pub(crate) fn derive(self, secret: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, OutOfMemory> {
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| OutOfMemory)?;
        let mut memory = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| OutOfMemory)?;
        memory.resize(params.block_count(), Block::new());

        let mut key = Zeroizing::new([0; 32]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // The lengths and parameters are fixed or were checked: nothing but memory can be missing.
        let result = argon2.hash_password_into_with_memory(secret, salt, key.as_mut_slice(), &mut memory);
        memory.iter_mut().for_each(Block::zeroize);
        result.map(|()| key).map_err(|_| OutOfMemory)
    }
}

/// A passphrase in NFKC, so that it is the same from every keyboard.
pub(crate) struct Passphrase(Zeroizing<String>);

impl Passphrase {
    pub(crate) fn new(text: &str) -> Self {
        // Room beforehand: a string that grows leaves copies of itself behind.
        let mut normal = Zeroizing::new(String::with_capacity(4 * text.len()));
        normal.extend(text.nfkc());
        Self(normal)
    }

    fn wrap_key(&self, salt: &[u8; SALT_LEN], cost: Argon2Cost) -> Result<Zeroizing<[u8; 32]>, io::Error> {
        let salt = [SALT_LABEL, salt].concat();
        cost.derive(self.0.as_bytes(), &salt).map_err(|_| io::ErrorKind::OutOfMemory.into())
    }
}

/// Seals to a passphrase.
pub(crate) struct Recipient<'a> {
    pub(crate) passphrase: &'a Passphrase,
    pub(crate) cost: Argon2Cost,
}

impl age::Recipient for Recipient<'_> {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let mut salt = [0; SALT_LEN];
        getrandom::fill(&mut salt).map_err(io::Error::from)?;
        let key = self.passphrase.wrap_key(&salt, self.cost)?;
        let Argon2Cost { memory_kib, passes, lanes } = self.cost;
        let stanza = Stanza {
            tag: STANZA_TAG.to_owned(),
            args: vec![
                BASE64_STANDARD_NO_PAD.encode(salt),
                memory_kib.to_string(),
                passes.to_string(),
                lanes.to_string(),
            ],
            body: aead_encrypt(&key, file_key.expose_secret()),
        };
        // A label of its own keeps the age crate from sealing the same file to anything else as well.
        Ok((vec![stanza], HashSet::from([STANZA_TAG.to_owned()])))
    }
}

/// Opens with a passphrase what was sealed to it alone.
pub(crate) struct Identity<'a>(pub(crate) &'a Passphrase);

impl Identity<'_> {
    fn unwrap(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let Some((salt, cost)) = read_stanza(stanza) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        let key = match self.0.wrap_key(&salt, cost) {
            Ok(key) => key,
            Err(error) => return Some(Err(error.into())),
        };
        let file_key = Zeroizing::new(aead_decrypt(&key, FILE_KEY_BYTES, &stanza.body).ok()?);
        Some(FileKey::try_init_with_mut(|to| {
            *to = file_key.as_slice().try_into().map_err(|_| DecryptError::InvalidHeader)?;
            Ok(())
        }))
    }
}

impl age::Identity for Identity<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.unwrap_stanzas(std::slice::from_ref(stanza))
    }

    /// The one `argon2id` stanza must be alone but for grease; anything else makes the header invalid.
    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let mut stanzas = stanzas.iter().filter(|stanza| !stanza.tag.ends_with(GREASE_SUFFIX));
        match (stanzas.next(), stanzas.next()) {
            (Some(stanza), None) => self.unwrap(stanza),
            _ => Some(Err(DecryptError::InvalidHeader)),
        }
    }
}

/// Reads the arguments of a stanza that is well formed and asks for no more than the limit.
fn read_stanza(stanza: &Stanza) -> Option<([u8; SALT_LEN], Argon2Cost)> {
    let [salt, memory_kib, passes, lanes] = stanza.args.as_slice() else {
        return None;
    };
    if stanza.tag != STANZA_TAG || stanza.body.len() != BODY_LEN {
        return None;
    }
    let salt = BASE64_STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
    let cost = Argon2Cost { memory_kib: number(memory_kib)?, passes: number(passes)?, lanes: number(lanes)? };
    cost.is_allowed().then_some((salt, cost))
}

/// A decimal number without sign or leading zero.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|digit| digit.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use age::{Identity as _, Recipient as _};

    use super::*;

    fn wrapped(passphrase: &Passphrase) -> Stanza {
        let recipient = Recipient { passphrase, cost: Argon2Cost::quick_for_tests() };
        recipient.wrap_file_key(&file_key()).unwrap().0.remove(0)
    }

    fn file_key() -> FileKey {
        FileKey::new(Box::new([9; 16]))
    }

    fn is_invalid(passphrase: &Passphrase, stanzas: &[Stanza]) -> bool {
        matches!(Identity(passphrase).unwrap_stanzas(stanzas), Some(Err(DecryptError::InvalidHeader)))
    }

    fn other(tag: &str) -> Stanza {
        Stanza { tag: tag.to_owned(), args: vec![], body: vec![] }
    }

    #[test]
    fn the_right_passphrase_opens_however_it_was_typed() {
        let stanza = wrapped(&Passphrase::new("ﬁre Қ"));
        let opened = Identity(&Passphrase::new("fire Қ")).unwrap_stanza(&stanza).unwrap().unwrap();
        assert_eq!(opened.expose_secret(), &[9; 16]);
        assert!(Identity(&Passphrase::new("Fire Қ")).unwrap_stanza(&stanza).is_none());
    }

    #[test]
    fn grease_is_ignored_and_company_is_not() {
        let passphrase = Passphrase::new("p");
        let with = |tag| [other(tag), wrapped(&passphrase)];
        assert!(matches!(Identity(&passphrase).unwrap_stanzas(&with("x-grease")), Some(Ok(_))));
        assert!(is_invalid(&passphrase, &with("X25519")));
        assert!(is_invalid(&passphrase, &[wrapped(&passphrase), wrapped(&passphrase)]));
        assert!(is_invalid(&passphrase, &[other("x-grease")]));
        assert!(is_invalid(&passphrase, &[other("scrypt")]));
    }

    #[test]
    fn a_stanza_must_be_well_formed_and_within_the_limits() {
        let passphrase = Passphrase::new("p");
        for (at, bad) in [
            (0, "AAAAAAAAAAAAAAAAAAAAAB"), // stray bits
            (0, "AAAAAAAAAAAAAAAAAAAA"),
            (0, "AAAAAAAAAAAAAAAAAAAAAA=="),
            (1, "08"),
            (1, "+8"),
            (1, "7"),
            (1, "1048577"),
            (2, "0"),
            (2, "11"),
            (3, ""),
            (3, "17"),
            (3, "4294967297"),
        ] {
            let mut stanza = wrapped(&passphrase);
            bad.clone_into(&mut stanza.args[at]);
            assert!(is_invalid(&passphrase, &[stanza]), "{at} {bad}");
        }
        let mut stanza = wrapped(&passphrase);
        stanza.args.push("1".to_owned());
        assert!(is_invalid(&passphrase, &[stanza]));
        let mut stanza = wrapped(&passphrase);
        stanza.body.push(0);
        assert!(is_invalid(&passphrase, &[stanza]));
        assert!(Argon2Cost::LIMIT.is_allowed() && Argon2Cost::DEFAULT.is_allowed());
    }

    #[test]
    fn argon2id_is_that_of_the_rfc() {
        // Computed with the reference implementation in C (argon2-cffi 25.1.0).
        let key = Argon2Cost { memory_kib: 64, passes: 2, lanes: 2 }.derive(b"secret", b"sixteen byte salt");
        assert_eq!(
            crate::vault::hex(key.unwrap().as_slice()),
            "4ef75e8e666966e4af9c8db4ff986438b3cf2d6f35ab8c91411fb520bba579dd"
        );
    }
}
