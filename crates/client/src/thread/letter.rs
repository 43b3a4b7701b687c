//! The inside of a sealed reply: a tar archive of `reply.json`, which is the signed statement, and `attachment`.

use std::io::{self, Read};

use kua_protocol::dsse::Envelope;
use kua_protocol::id::Digest;
use kua_protocol::reply::{Attachment, MAX_ATTACHMENT_LEN};

/// Most bytes of the signed statement.
const MAX_STATEMENT: u64 = 256 * 1024;
const STATEMENT: &str = "reply.json";
const ATTACHMENT: &str = "attachment";

/// What a reply holds, before anything of it is verified.
pub(super) struct Letter {
    /// The signed statement.
    pub(super) envelope: Envelope,
    /// The bytes of the file that came with it.
    pub(super) attachment: Option<Vec<u8>>,
}

impl Letter {
    /// Writes the archive.
    ///
    /// # Errors
    ///
    /// None but those of memory.
    pub(super) fn pack(&self) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        let mut add = |name: &str, content: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.set_mode(0o600);
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, name, content)
        };
        add(STATEMENT, &self.envelope.to_json())?;
        if let Some(content) = &self.attachment {
            add(ATTACHMENT, content)?;
        }
        archive.into_inner()
    }

    /// Reads the archive, and all of the padding after it: only a stream that ends well is whole.
    ///
    /// # Errors
    ///
    /// When it is anything else; and those of the stream.
    pub(super) fn unpack(stream: impl Read) -> io::Result<Self> {
        let odd = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what);
        let mut archive = tar::Archive::new(stream);
        let mut found = Vec::new();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let (name, most) = match found.len() {
                0 => (STATEMENT, MAX_STATEMENT),
                1 => (ATTACHMENT, MAX_ATTACHMENT_LEN),
                _ => return Err(odd("a reply has two parts at most")),
            };
            let regular = entry.header().entry_type().is_file() && *entry.path_bytes() == *name.as_bytes();
            if !regular || entry.size() > most {
                return Err(odd("a reply has other parts than a reply"));
            }
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            found.push(content);
        }
        io::copy(&mut archive.into_inner(), &mut io::sink())?;
        let mut found = found.into_iter();
        let statement = found.next().ok_or_else(|| odd("a reply is empty"))?;
        let envelope = Envelope::parse(&statement).map_err(|error| odd(&error.to_string()))?;
        Ok(Self { envelope, attachment: found.next() })
    }

    /// Whether the file is the one that the statement describes.
    pub(super) fn agrees_with(&self, stated: Option<&Attachment>) -> bool {
        match (&self.attachment, stated) {
            (None, None) => true,
            (Some(content), Some(stated)) => {
                content.len() as u64 == stated.size && Digest::of(content) == stated.sha256
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use kua_protocol::followup::Followup;
    use kua_protocol::id::{DropId, ObjectId};
    use kua_protocol::keys::SigningKey;
    use kua_protocol::secret::{Purpose, Seed};
    use proptest::prelude::*;

    use super::*;

    fn letter(attachment: Option<&[u8]>) -> Letter {
        let key = SigningKey::derive(&Seed::generate().unwrap(), Purpose::CoordinatorSign);
        let drop = DropId::from_bytes([1; 16]);
        let statement = Followup { drop, first: ObjectId::of(b"x"), number: "1".into() };
        let envelope = Envelope::sign(&statement, &key).unwrap();
        Letter { envelope, attachment: attachment.map(<[u8]>::to_vec) }
    }

    #[test]
    fn a_letter_comes_back_with_its_padding() {
        for attachment in [None, Some(&b"a file"[..])] {
            let letter = letter(attachment);
            let mut bytes = letter.pack().unwrap();
            bytes.resize(bytes.len() + 5000, 0);
            let again = Letter::unpack(bytes.as_slice()).unwrap();
            assert_eq!(again.envelope.to_json(), letter.envelope.to_json());
            assert_eq!(again.attachment, letter.attachment);
        }
    }

    #[test]
    fn anything_else_is_no_letter() {
        assert!(Letter::unpack(&[0; 1024][..]).is_err());
        assert!(Letter::unpack(&b"no archive at all, not even a bit of one"[..]).is_err());
        let mut archive = tar::Builder::new(Vec::new());
        for name in ["reply.json", "attachment", "more"] {
            let mut header = tar::Header::new_ustar();
            header.set_size(2);
            archive.append_data(&mut header, name, &b"{}"[..]).unwrap();
        }
        assert!(Letter::unpack(archive.into_inner().unwrap().as_slice()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert!(Letter::unpack(bytes.as_slice()).is_err());
        }

        #[test]
        fn a_bent_letter_is_read_or_refused_without_panic(
            bends in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8), cut in any::<usize>(),
        ) {
            let mut bytes = letter(Some(b"a file")).pack().unwrap();
            for (at, to) in bends {
                let at = at % bytes.len();
                bytes[at] = to;
            }
            bytes.truncate(cut % (2 * bytes.len()));
            let _ = Letter::unpack(bytes.as_slice());
        }
    }

    #[test]
    fn a_file_is_the_one_that_was_stated() {
        let stated = |content: &[u8]| Attachment {
            name: "a".into(),
            size: content.len() as u64,
            sha256: Digest::of(content),
        };
        let letter = letter(Some(b"a file"));
        assert!(letter.agrees_with(Some(&stated(b"a file"))));
        assert!(!letter.agrees_with(Some(&stated(b"b file"))));
        assert!(!letter.agrees_with(None));
    }
}
