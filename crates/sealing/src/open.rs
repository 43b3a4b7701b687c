//! Opening a sealed object: a stream of plaintext that is either whole and unchanged, or ends in an error.

use std::io::{self, BufReader, Chain, Cursor, Read};

use age::{DecryptError, Decryptor};
use age_hybrid::Identity;
use kua_protocol::sealed::{HeaderScan, SealedError, scan_header};

/// Why a sealed object does not open. No variant tells more, since more would help only someone who tampers.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is sound as far as can be told, but sealed to other keys: ask a coordinator who can open it for a grant.
    #[error("this was not sealed to your key")]
    NotForYou,
    /// It was changed or cut short, or never was a sealed object: use nothing of it, fetch it again.
    #[error("this file is damaged or was tampered with; nothing of it can be trusted")]
    Broken,
    /// The bytes could not be read, for a reason that lies outside of them.
    #[error("the sealed file could not be read")]
    Read(#[source] io::Error),
}

/// The plaintext of a sealed object, chunk by chunk of 64 KiB, with the zeros that it was padded with.
///
/// **What it yields is certain only after it has ended without an error**: stage it, and commit on a clean end. Every chunk is
/// authentic, but whether the rest follows shows at the end alone. A damaged object makes `read` fail with
/// [`io::ErrorKind::InvalidData`] and [`OpenError::Broken`] inside, again and again; other kinds are the source's own.
pub struct Opened<R: Read> {
    stream: age::stream::StreamReader<Input<R>>,
    broken: bool,
}

/// What was read to find the end of the header, and the rest.
type Input<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// Opens a sealed object with an identity, as far as its header; reading the result opens the rest.
///
/// # Errors
///
/// Any of [`OpenError`]'s.
pub fn open<R: Read>(sealed: R, identity: &Identity) -> Result<Opened<R>, OpenError> {
    open_with(sealed, identity, reason)
}

/// Opens a sealed object with whatever finds its file key.
pub(crate) fn open_with<R: Read>(
    sealed: R,
    identity: &dyn age::Identity,
    reason: impl Fn(DecryptError) -> OpenError,
) -> Result<Opened<R>, OpenError> {
    let input = read_header(sealed)?;
    let decryptor = Decryptor::new_buffered(input).map_err(&reason)?;
    let stream = decryptor.decrypt(std::iter::once(identity)).map_err(reason)?;
    Ok(Opened { stream, broken: false })
}

/// Reads until the header is complete, and no further than its limit: the age crate itself would read on for ever.
fn read_header<R: Read>(mut sealed: R) -> Result<Input<R>, OpenError> {
    const STEP: u64 = 16 * 1024;
    let mut beginning = Vec::new();
    while scan_header(&beginning).map_err(|_: SealedError| OpenError::Broken)? == HeaderScan::NeedsMore {
        if sealed.by_ref().take(STEP).read_to_end(&mut beginning).map_err(OpenError::Read)? == 0 {
            return Err(OpenError::Broken);
        }
    }
    Ok(BufReader::new(Cursor::new(beginning).chain(sealed)))
}

pub(crate) fn reason(error: DecryptError) -> OpenError {
    match error {
        DecryptError::NoMatchingKeys => OpenError::NotForYou,
        DecryptError::Io(error) if !is_damage(&error) => OpenError::Read(error),
        _ => OpenError::Broken,
    }
}

/// The age crate reports damage to the payload by these two kinds.
fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.broken {
            match self.stream.read(buffer) {
                Err(error) if is_damage(&error) => self.broken = true,
                result => return result,
            }
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, OpenError::Broken))
    }
}

impl<R: Read> std::fmt::Debug for Opened<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Floor, Recipients, SealPlan};

    fn sealed(identity: &Identity, archive: &[u8]) -> Vec<u8> {
        let recipients = Recipients::new([(identity.to_public().to_string().as_str(), true)]).unwrap();
        let plan = SealPlan::new(recipients, archive.len() as u64, Floor::Entry).unwrap();
        let mut sealed = Vec::new();
        plan.seal(archive, &mut sealed).unwrap();
        sealed
    }

    fn open_whole(sealed: impl Read, identity: &Identity) -> Result<Vec<u8>, OpenError> {
        let mut plain = Vec::new();
        match open(sealed, identity)?.read_to_end(&mut plain) {
            Ok(_) => Ok(plain),
            Err(error) if is_damage(&error) => {
                assert_eq!(error.to_string(), OpenError::Broken.to_string());
                Err(OpenError::Broken)
            }
            Err(error) => Err(OpenError::Read(error)),
        }
    }

    /// Gives one byte at a time, and an error of its own in the end.
    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            let len = buffer.len().min(1);
            self.0.read(&mut buffer[..len])
        }
    }

    #[test]
    fn what_was_sealed_opens_with_zeros_after_it() {
        let identity = Identity::generate().unwrap();
        let archive = vec![7; 200_000];
        let plain = open_whole(sealed(&identity, &archive).as_slice(), &identity).unwrap();
        assert_eq!(plain[..archive.len()], archive);
        assert!(plain[archive.len()..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn another_key_is_not_for_you() {
        let identity = Identity::generate().unwrap();
        let other = Identity::generate().unwrap();
        let sealed = sealed(&identity, b"text");
        assert!(matches!(open_whole(sealed.as_slice(), &other), Err(OpenError::NotForYou)));
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_broken() {
        let identity = Identity::generate().unwrap();
        let sealed = sealed(&identity, &vec![1; 140_000]);
        // Every byte of the header, then around the edges of the nonce and of each chunk.
        let HeaderScan::Complete { len: header } = scan_header(&sealed).unwrap() else { panic!() };
        let chunk = 65_536 + 16;
        let edges = [header, header + 16, header + 16 + chunk, header + 16 + 2 * chunk, sealed.len() - 1];
        for cut in (0..header).chain(edges.into_iter().flat_map(|edge| edge - 1..=edge)) {
            let opened = open_whole(&sealed[..cut], &identity);
            assert!(matches!(opened, Err(OpenError::Broken)), "cut at {cut}: {opened:?}");
        }
        let longer = [sealed.as_slice(), &[0]].concat();
        assert!(matches!(open_whole(longer.as_slice(), &identity), Err(OpenError::Broken)));
    }

    #[test]
    fn a_source_that_fails_is_not_called_damage() {
        let identity = Identity::generate().unwrap();
        let sealed = sealed(&identity, b"text");
        for cut in [0, 100, sealed.len() - 1] {
            let opened = open_whole(Failing(&sealed[..cut]), &identity);
            let Err(OpenError::Read(error)) = opened else { panic!("{opened:?}") };
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        }
    }

    #[test]
    fn a_header_without_end_is_read_no_further_than_the_limit() {
        let identity = Identity::generate().unwrap();
        let mut endless = io::repeat(b'x').take(1 << 30);
        let beginning: &[u8] = b"age-encryption.org/v1\n-> ";
        assert!(matches!(open(beginning.chain(&mut endless), &identity), Err(OpenError::Broken)));
        assert!((1 << 30) - endless.limit() <= 512 * 1024);
    }

    #[test]
    fn other_files_are_broken_and_not_for_nobody() {
        let identity = Identity::generate().unwrap();
        for file in
            [&b""[..], b"PK\x03\x04", b"age-encryption.org/v2\n", b"-----BEGIN AGE ENCRYPTED FILE-----\n"]
        {
            assert!(matches!(open(file, &identity), Err(OpenError::Broken)));
        }
    }

    #[test]
    fn a_broken_stream_stays_broken() {
        let identity = Identity::generate().unwrap();
        let mut sealed = sealed(&identity, b"text");
        *sealed.last_mut().unwrap() ^= 1;
        let mut opened = open(sealed.as_slice(), &identity).unwrap();
        for _ in 0..3 {
            assert_eq!(opened.read(&mut [0; 8]).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
        insta::assert_snapshot!(format!("{opened:?}"), @"Opened([redacted])");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn a_flipped_bit_anywhere_is_noticed(at in any::<proptest::sample::Index>(), bit in 0..8u8) {
            let identity = Identity::from_seed([3; 32]);
            let mut sealed = sealed(&identity, b"text");
            let at = at.index(sealed.len());
            sealed[at] ^= 1u8 << bit;
            // A bit in the stanza that was for us makes it look like someone else's.
            let opened = open_whole(sealed.as_slice(), &identity);
            prop_assert!(matches!(opened, Err(OpenError::Broken | OpenError::NotForYou)));
        }
    }
}
