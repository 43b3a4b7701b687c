//! Letting somebody else open a sealed object: its file key, taken out of one header and put to use without another.

use std::cell::Cell;
use std::io::Read;

use age::DecryptError;
use age::secrecy::ExposeSecret as _;
use age_core::format::{FileKey as AgeFileKey, Stanza};
use age_hybrid::Identity;
use kua_protocol::grant::FileKey;

use crate::open::{OpenError, Opened, open_with, reason};

/// Takes the file key out of a sealed object that opens with this identity; reads no further than its header.
///
/// # Errors
///
/// As [`crate::open`].
pub fn file_key(sealed: impl Read, identity: &Identity) -> Result<FileKey, OpenError> {
    let listening = Listening { identity, heard: Cell::new(None) };
    // That the key is the header's own is made sure of here: the header's MAC was made with it.
    open_with(sealed, &listening, reason)?;
    listening.heard.take().ok_or(OpenError::NotForYou)
}

/// Opens a sealed object with the file key that a grant gave.
///
/// **Check the bytes against their id before you rely on any of them**: whoever holds a file key can put other bytes under
/// the same header.
///
/// # Errors
///
/// As [`crate::open`]; [`OpenError::NotForYou`] for the key of another object.
pub fn open_granted<R: Read>(sealed: R, key: &FileKey) -> Result<Opened<R>, OpenError> {
    open_with(sealed, &Given(key), |error| match error {
        // The header's MAC was not made with this key.
        DecryptError::InvalidMac => OpenError::NotForYou,
        error => reason(error),
    })
}

/// An identity that remembers which file key it unwrapped.
struct Listening<'a> {
    identity: &'a Identity,
    heard: Cell<Option<FileKey>>,
}

impl age::Identity for Listening<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<AgeFileKey, DecryptError>> {
        let unwrapped = age::Identity::unwrap_stanza(self.identity, stanza);
        if let Some(Ok(key)) = &unwrapped {
            self.heard.set(Some(FileKey::take(&mut { *key.expose_secret() })));
        }
        unwrapped
    }
}

/// An identity that knows the file key without looking.
struct Given<'a>(&'a FileKey);

impl age::Identity for Given<'_> {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<AgeFileKey, DecryptError>> {
        Some(Ok(AgeFileKey::init_with_mut(|key| *key = *self.0.expose())))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::{Floor, Recipients, SealPlan};

    fn sealed(identity: &Identity, archive: &[u8]) -> Vec<u8> {
        let recipients = Recipients::new([(identity.to_public().to_string().as_str(), true)]).unwrap();
        let mut sealed = Vec::new();
        let plan = SealPlan::new(recipients, archive.len() as u64, Floor::Entry).unwrap();
        plan.seal(archive, &mut sealed).unwrap();
        sealed
    }

    #[test]
    fn a_file_key_opens_its_own_object_and_no_other() {
        let identity = Identity::generate().unwrap();
        let archive = vec![7; 100_000];
        let (one, other) = (sealed(&identity, &archive), sealed(&identity, &archive));
        let key = file_key(one.as_slice(), &identity).unwrap();
        let mut plain = Vec::new();
        open_granted(one.as_slice(), &key).unwrap().read_to_end(&mut plain).unwrap();
        assert_eq!(plain[..archive.len()], archive);
        assert!(matches!(open_granted(other.as_slice(), &key), Err(OpenError::NotForYou)));
        let stranger = Identity::generate().unwrap();
        assert!(matches!(file_key(one.as_slice(), &stranger), Err(OpenError::NotForYou)));
    }

    #[test]
    fn damage_is_noticed_under_a_given_key_too() {
        let identity = Identity::generate().unwrap();
        let mut bytes = sealed(&identity, b"text");
        let key = file_key(bytes.as_slice(), &identity).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let mut opened = open_granted(bytes.as_slice(), &key).unwrap();
        assert!(opened.read(&mut [0; 8]).is_err());
        assert!(matches!(open_granted(&b"no file"[..], &key), Err(OpenError::Broken)));
    }
}
