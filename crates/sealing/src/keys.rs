//! Whose keys are whose, and what they are derived from (protocol, "Keys").

use age::secrecy::ExposeSecret as _;
use age_hybrid::{Identity, Recipient};
use kua_protocol::id::{DropId, MailboxId};
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Locked, Purpose, Seed};
use zeroize::Zeroizing;

use crate::{Codename, OutOfMemory};

/// A coordinator's keys: one opens reports, one signs requests and the case log.
#[derive(Debug)]
pub struct CoordinatorKeys {
    identity: Locked<Identity>,
    signing: SigningKey,
}

impl CoordinatorKeys {
    /// Derives both keys from the seed of a coordinator's vault.
    pub fn from_seed(seed: &Seed) -> Self {
        Self {
            identity: identity(seed, Purpose::CoordinatorAge),
            signing: SigningKey::derive(seed, Purpose::CoordinatorSign),
        }
    }

    /// Returns the identity that opens reports.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the identity as other age programs take it, `AGE-SECRET-KEY-PQ-1…`, for the moment of its export.
    pub fn stock_identity(&self) -> Zeroizing<String> {
        Zeroizing::new(self.identity.to_secret_string().expose_secret().to_owned())
    }

    /// Returns the recipient that a roster names.
    pub fn recipient(&self) -> Recipient {
        self.identity.to_public()
    }

    /// Returns the key that signs for this coordinator.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }
}

/// The key that signs rosters and reads nothing.
#[derive(Debug)]
pub struct RootKey(SigningKey);

impl RootKey {
    /// Derives the key from the seed of a root's vault.
    pub fn from_seed(seed: &Seed) -> Self {
        Self(SigningKey::derive(seed, Purpose::RootSign))
    }

    /// Returns the key that signs rosters.
    pub fn signing(&self) -> &SigningKey {
        &self.0
    }
}

/// A submitter's keys at one drop: one opens replies, one is her mailbox. Both come from her codename alone.
#[derive(Debug)]
pub struct SubmitterKeys {
    identity: Locked<Identity>,
    signing: SigningKey,
}

impl SubmitterKeys {
    /// Derives both keys; takes 19 MiB and some hundredths of a second.
    ///
    /// The same codename gives unrelated keys at another drop.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn derive(codename: &Codename, drop: DropId) -> Result<Self, OutOfMemory> {
        let root = codename.root(drop)?;
        Ok(Self {
            identity: identity(&root, Purpose::SubmitterAge),
            signing: SigningKey::derive(&root, Purpose::SubmitterSign),
        })
    }

    /// Returns the identity that opens replies.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the recipient that a report names for replies.
    pub fn recipient(&self) -> Recipient {
        self.identity.to_public()
    }

    /// Returns the mailbox key.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// Returns the id of the mailbox.
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.signing.public())
    }
}

fn identity(seed: &Seed, purpose: Purpose) -> Locked<Identity> {
    Locked::new(Identity::from_seed(*seed.derive(purpose).expose()))
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret as _;

    use super::*;
    use crate::vault::hex;

    #[derive(serde::Deserialize)]
    struct Vector {
        entropy: String,
        words: String,
        typed: Vec<String>,
        drop: DropId,
        root: String,
        identity: String,
        recipient: String,
        signing: String,
        mailbox: MailboxId,
    }

    #[test]
    fn codenames_give_these_keys_for_ever() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../../tests/vectors/codename.json")).unwrap();
        assert!(!vectors.is_empty());
        for vector in vectors {
            let codename: Codename = vector.words.parse().unwrap();
            assert_eq!(*codename.reveal(), vector.words);
            for typed in vector.typed {
                assert_eq!(typed.parse::<Codename>().unwrap().words(), codename.words(), "{typed}");
            }
            assert_eq!(codename.entropy_hex(), vector.entropy);
            assert_eq!(hex(codename.root(vector.drop).unwrap().expose()), vector.root);
            let keys = SubmitterKeys::derive(&codename, vector.drop).unwrap();
            assert_eq!(keys.identity().to_secret_string().expose_secret(), vector.identity);
            assert_eq!(keys.recipient().to_string(), vector.recipient);
            assert_eq!(hex(keys.signing().public().as_bytes()), vector.signing);
            assert_eq!(keys.mailbox(), vector.mailbox);
        }
    }

    #[test]
    fn every_key_has_its_own_purpose() {
        let seed = Seed::take(&mut [5; 32]);
        let coordinator = CoordinatorKeys::from_seed(&seed);
        let root = RootKey::from_seed(&seed);
        assert_ne!(coordinator.signing().public(), root.signing().public());
        assert_eq!(coordinator.identity().to_public(), coordinator.recipient());
    }

    #[test]
    fn debug_output_shows_nothing() {
        let seed = Seed::take(&mut [5; 32]);
        insta::assert_snapshot!(
            format!("{:?} {:?}", CoordinatorKeys::from_seed(&seed), RootKey::from_seed(&seed)),
            @"CoordinatorKeys { identity: Locked([redacted]), signing: SigningKey([redacted]) } RootKey(SigningKey([redacted]))"
        );
    }
}
