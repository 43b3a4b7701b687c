//! A vault: a seed and a name in a file `NAME.kua` that opens with a passphrase (protocol, "Vault").
//!
//! The file is an age file with one `argon2id` stanza. Inside is JSON: `{"kind": "coordinator" | "root", "name", "seed"}`,
//! the seed in base64url.

use std::fmt;
use std::io::{self, Read as _, Write as _};

use age::{DecryptError, Decryptor, Encryptor};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kua_protocol::sealed::{HeaderScan, SealedError, scan_header};
use kua_protocol::secret::Seed;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::argon2id::{Identity, Passphrase, Recipient};
use crate::{Argon2Cost, OutOfMemory};

/// Characters that a name may have at most.
const NAME_LIMIT: usize = 100;
/// Bytes that a vault may have at most; it takes some hundreds.
const VAULT_LIMIT: usize = 64 * 1024;

/// Why a vault could not be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The passphrase is wrong, or the file is damaged; which of them, nobody can tell.
    #[error("the passphrase is wrong, or the vault is damaged; try again, or take a copy of the vault")]
    Locked,
    /// The file is something else: choose the right one.
    #[error("this file is not a vault; a vault is a file NAME.kua that `kua key new` made")]
    NotAVault,
    /// The name is empty, longer than 100 characters, or has control characters: choose another.
    #[error("a name has 1 to {NAME_LIMIT} characters, and no control characters")]
    Name,
    /// There is not enough free memory.
    #[error(transparent)]
    OutOfMemory(#[from] OutOfMemory),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

/// What a vault's seed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VaultKind {
    /// It opens reports and signs for a coordinator.
    Coordinator,
    /// It signs rosters and opens nothing.
    Root,
}

/// An open vault.
pub struct Vault {
    kind: VaultKind,
    name: String,
    seed: Seed,
}

/// What is inside, for the moment between the bytes and the [`Vault`]. The seed's text is borrowed from memory that is wiped.
#[derive(Serialize, Deserialize)]
struct Contents<'a> {
    kind: VaultKind,
    name: String,
    seed: &'a str,
}

impl Vault {
    /// Makes a vault with a new seed.
    ///
    /// # Errors
    ///
    /// [`VaultError::Name`] or [`VaultError::NoRandomness`].
    pub fn generate(kind: VaultKind, name: &str) -> Result<Self, VaultError> {
        Self::new(kind, name, Seed::generate().map_err(|_| VaultError::NoRandomness)?)
    }

    /// Makes a vault around a seed, such as one that was recovered from shares. The name is put into NFC.
    ///
    /// # Errors
    ///
    /// [`VaultError::Name`].
    pub fn new(kind: VaultKind, name: &str, seed: Seed) -> Result<Self, VaultError> {
        let name: String = name.nfc().collect();
        let allowed = (1..=NAME_LIMIT).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if allowed && name.trim() == name { Ok(Self { kind, name, seed }) } else { Err(VaultError::Name) }
    }

    /// Returns what the seed is for.
    pub fn kind(&self) -> VaultKind {
        self.kind
    }

    /// Returns the name of the person or of the root.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the seed, for [`crate::CoordinatorKeys::from_seed`] or [`crate::RootKey::from_seed`].
    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// Locks the vault with a passphrase: the bytes of its file. Doing it again changes the passphrase.
    ///
    /// # Errors
    ///
    /// [`VaultError::OutOfMemory`] or [`VaultError::NoRandomness`].
    pub fn lock(&self, passphrase: &str, cost: Argon2Cost) -> Result<Vec<u8>, VaultError> {
        let mut seed = Zeroizing::new([0; 43]);
        let encoded = BASE64_URL_SAFE_NO_PAD.encode_slice(self.seed.expose(), seed.as_mut_slice());
        let seed = encoded.ok().and_then(|len| std::str::from_utf8(&seed[..len]).ok()).unwrap_or_default();
        let contents = Contents { kind: self.kind, name: self.name.clone(), seed };

        let passphrase = Passphrase::new(passphrase);
        let recipient = Recipient { passphrase: &passphrase, cost };
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|error| match error {
                age::EncryptError::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                    OutOfMemory.into()
                }
                _ => VaultError::NoRandomness,
            })?;
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        let written = (|| {
            let mut stream = encryptor.wrap_output(&mut bytes)?;
            let mut json = Zeroizing::new(Vec::with_capacity(1024));
            serde_json::to_writer(&mut *json, &contents)?;
            stream.write_all(&json)?;
            stream.finish()
        })();
        written.map_err(|_: io::Error| OutOfMemory)?;
        Ok(bytes)
    }

    /// Opens a vault's file with its passphrase.
    ///
    /// # Errors
    ///
    /// [`VaultError::Locked`], [`VaultError::NotAVault`] or [`VaultError::OutOfMemory`].
    pub fn open(bytes: &[u8], passphrase: &str) -> Result<Self, VaultError> {
        match scan_header(bytes) {
            Ok(HeaderScan::Complete { .. }) if bytes.len() <= VAULT_LIMIT => {}
            Err(SealedError::NotAge) | Ok(HeaderScan::Complete { .. }) => return Err(VaultError::NotAVault),
            _ if bytes.is_empty() => return Err(VaultError::NotAVault),
            _ => return Err(VaultError::Locked),
        }
        let passphrase = Passphrase::new(passphrase);
        let identity = Identity(&passphrase);
        let mut stream = Decryptor::new_buffered(bytes)
            .and_then(|decryptor| decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)))
            .map_err(|error| match error {
                DecryptError::InvalidHeader => VaultError::NotAVault,
                DecryptError::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => OutOfMemory.into(),
                _ => VaultError::Locked,
            })?;
        let mut json = Zeroizing::new(Vec::with_capacity(bytes.len()));
        stream.read_to_end(&mut json).map_err(|_| VaultError::Locked)?;
        Self::read(&json).ok_or(VaultError::Locked)
    }

    fn read(json: &[u8]) -> Option<Self> {
        let contents: Contents<'_> = serde_json::from_slice(json).ok()?;
        let mut seed = Zeroizing::new([0; 32]);
        let len = BASE64_URL_SAFE_NO_PAD.decode_slice(contents.seed, seed.as_mut_slice()).ok()?;
        if len != 32 {
            return None;
        }
        Self::new(contents.kind, &contents.name, Seed::take(&mut seed)).ok()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Lower-case hex, as the test vectors have it.
#[cfg(test)]
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Argon2Cost = Argon2Cost::quick_for_tests();

    fn vault() -> Vault {
        Vault::new(VaultKind::Coordinator, "Айгерим", Seed::take(&mut [6; 32])).unwrap()
    }

    #[derive(Deserialize)]
    struct Vector {
        file: String,
        passphrase: String,
        kind: VaultKind,
        name: String,
        seed: String,
    }

    #[test]
    fn vaults_of_the_past_open_for_ever() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/vault/");
        let vectors = std::fs::read(format!("{folder}vault.json")).unwrap();
        let vectors: Vec<Vector> = serde_json::from_slice(&vectors).unwrap();
        assert!(!vectors.is_empty());
        for vector in vectors {
            let bytes = std::fs::read(format!("{folder}{}", vector.file)).unwrap();
            let vault = Vault::open(&bytes, &vector.passphrase).unwrap();
            assert_eq!((vault.kind(), vault.name()), (vector.kind, vector.name.as_str()));
            assert_eq!(hex(vault.seed().expose()), vector.seed);
        }
    }

    #[test]
    fn a_vault_opens_with_its_passphrase_and_no_other() {
        let bytes = vault().lock("тоғыз ﬁл", QUICK).unwrap();
        let opened = Vault::open(&bytes, "тоғыз fiл").unwrap();
        assert_eq!((opened.kind(), opened.name()), (VaultKind::Coordinator, "Айгерим"));
        assert_eq!(opened.seed().expose(), &[6; 32]);
        for wrong in ["", "тоғыз", "тоғыз fiл "] {
            assert!(matches!(Vault::open(&bytes, wrong), Err(VaultError::Locked)));
        }
    }

    #[test]
    fn the_default_cost_is_in_the_file() {
        let root = Vault::generate(VaultKind::Root, "root").unwrap();
        let bytes = root.lock("p", Argon2Cost::DEFAULT).unwrap();
        let header = String::from_utf8_lossy(&bytes[..200]);
        let line = header.lines().find(|line| line.starts_with("-> argon2id ")).unwrap();
        assert!(line.ends_with(" 262144 3 4"), "{line}");
        assert_eq!(Vault::open(&bytes, "p").unwrap().seed().expose(), root.seed().expose());
    }

    #[test]
    fn damage_anywhere_is_noticed() {
        let bytes = vault().lock("p", QUICK).unwrap();
        for at in 0..bytes.len() {
            assert!(Vault::open(&bytes[..at], "p").is_err(), "cut at {at}");
            let mut bent = bytes.clone();
            bent[at] ^= 2;
            let opened = Vault::open(&bent, "p");
            assert!(
                matches!(opened, Err(VaultError::Locked | VaultError::NotAVault)),
                "bent at {at}: {opened:?}"
            );
        }
        // Once the header is whole, damage cannot be told from a wrong passphrase.
        let header = bytes.windows(5).position(|window| window == b"\n--- ").unwrap();
        for at in header + 60..bytes.len() {
            assert!(matches!(Vault::open(&bytes[..at], "p"), Err(VaultError::Locked)));
        }
        assert!(matches!(Vault::open(&[&bytes[..], b"x"].concat(), "p"), Err(VaultError::Locked)));
    }

    #[test]
    fn other_files_are_told_apart() {
        let report = age::encrypt(&age::x25519::Identity::generate().to_public(), b"text").unwrap();
        let large =
            vault().lock("p", QUICK).unwrap().into_iter().chain(vec![0; VAULT_LIMIT]).collect::<Vec<_>>();
        for file in [&b""[..], b"PK\x03\x04", b"{}", &report, &large] {
            assert!(matches!(Vault::open(file, "p"), Err(VaultError::NotAVault)));
        }
    }

    #[test]
    fn names_are_what_a_person_can_be_called() {
        let new = |name: &str| Vault::generate(VaultKind::Coordinator, name);
        assert_eq!(new("Cafe\u{301}").unwrap().name(), "Café");
        for bad in ["", " a", "a\n", &"я".repeat(101)] {
            assert!(matches!(new(bad), Err(VaultError::Name)), "{bad:?}");
        }
    }

    #[test]
    fn debug_output_shows_nothing_secret() {
        insta::assert_snapshot!(format!("{:?}", vault()), @"Vault { kind: Coordinator, .. }");
    }
}
