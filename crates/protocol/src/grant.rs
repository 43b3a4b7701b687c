//! A grant: a report's file key, handed by a coordinator who can open the report to one who cannot.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::day::Day;
use crate::dsse::{Envelope, EnvelopeError, Statement};
use crate::id::{DropId, ObjectId};
use crate::keys::PublicKey;

/// The key of one sealed object: 16 secret bytes (C2SP age, "File key").
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey(Zeroizing<[u8; 16]>);

impl ZeroizeOnDrop for FileKey {}

impl FileKey {
    /// Takes the secret bytes over and wipes where they were.
    pub fn take(bytes: &mut [u8; 16]) -> Self {
        let key = Self(Zeroizing::new(*bytes));
        zeroize::Zeroize::zeroize(bytes);
        key
    }

    /// The secret bytes, for opening the object.
    pub fn expose(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey([redacted])")
    }
}

/// What a coordinator states in a grant (protocol, "Replies, case log, grants"). It never leaves a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The drop.
    pub drop: DropId,
    /// The report.
    pub report: ObjectId,
    /// The signing key of the coordinator that it is for.
    pub to: PublicKey,
    /// The UTC day on which it was made.
    pub day: Day,
    /// The key that opens the report.
    #[serde(with = "inside_a_seal")]
    pub file_key: FileKey,
}

impl Statement for Grant {
    const PAYLOAD_TYPE: &'static str = "application/vnd.kua.grant+json";
}

/// A file key as base64url, in a grant and nowhere else.
mod inside_a_seal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
    use zeroize::Zeroizing;

    use super::FileKey;
    use crate::text;

    pub(super) fn serialize<S: Serializer>(key: &FileKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(text::encode(key.expose())))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FileKey, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut bytes = text::decode(&text).ok_or_else(|| D::Error::custom("not a file key of 16 bytes"))?;
        Ok(FileKey::take(&mut bytes))
    }
}

/// Why a grant is not taken.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// It is no signed grant, or its signature does not hold.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// It was written for another drop, another report or another coordinator.
    #[error("it was written for another place or another person")]
    OtherPlace,
}

/// A grant whose signature and place were checked, and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedGrant {
    /// What it says.
    pub grant: Grant,
    /// Who made it.
    pub author: PublicKey,
}

impl Grant {
    /// Checks a grant for the report at which it was found, and for the coordinator who opened it.
    ///
    /// Who made it does not matter to its reader: the key either opens the report's very bytes or it does not.
    ///
    /// # Errors
    ///
    /// [`GrantError`].
    pub fn verify(
        envelope: &Envelope,
        drop: DropId,
        report: ObjectId,
        is_mine: impl FnOnce(&PublicKey) -> bool,
    ) -> Result<VerifiedGrant, GrantError> {
        let verified = envelope.verify::<Self>(|_| true)?;
        let grant = verified.statement;
        if grant.drop != drop || grant.report != report || !is_mine(&grant.to) {
            return Err(GrantError::OtherPlace);
        }
        Ok(VerifiedGrant { grant, author: verified.signer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;
    use crate::secret::{Purpose, Seed};

    fn key(n: u8) -> SigningKey {
        SigningKey::derive(&Seed::take(&mut [n; 32]), Purpose::CoordinatorSign)
    }

    fn grant() -> Grant {
        Grant {
            drop: DropId::from_bytes([1; 16]),
            report: ObjectId::of(b"a report"),
            to: key(2).public(),
            day: Day::from_number(20_000),
            file_key: FileKey::take(&mut [7; 16]),
        }
    }

    #[test]
    fn a_grant_is_good_in_its_place_and_for_its_person_alone() {
        let grant = grant();
        let envelope = Envelope::sign(&grant, &key(1)).unwrap();
        let envelope = Envelope::parse_entry(&envelope.to_json()).unwrap();
        assert!(envelope.claims_to_be::<Grant>());
        let to = grant.to;
        let verified = Grant::verify(&envelope, grant.drop, grant.report, |key| *key == to).unwrap();
        assert_eq!((verified.grant, verified.author), (grant.clone(), key(1).public()));
        let elsewhere = Grant::verify(&envelope, grant.drop, ObjectId::of(b"another"), |_| true);
        assert!(matches!(elsewhere, Err(GrantError::OtherPlace)));
        let of_other = Grant::verify(&envelope, grant.drop, grant.report, |_| false);
        assert!(matches!(of_other, Err(GrantError::OtherPlace)));
    }

    #[test]
    fn a_file_key_shows_nothing_and_wipes_its_source() {
        let mut bytes = [7; 16];
        let key = FileKey::take(&mut bytes);
        assert_eq!(bytes, [0; 16]);
        assert_eq!(format!("{key:?}"), "FileKey([redacted])");
        assert!(format!("{:?}", grant()).contains("file_key: FileKey([redacted])"));
        let envelope = Envelope::sign(&grant(), &self::key(1)).unwrap();
        let shown = format!("{envelope:?}");
        assert!(
            shown.starts_with("Envelope { payload_type: \"application/vnd.kua.grant+json\", signer: "),
            "{shown}"
        );
        assert!(shown.ends_with(", .. }"), "{shown}");
    }
}
