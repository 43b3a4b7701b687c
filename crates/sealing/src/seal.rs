//! Sealing an archive to a roster's coordinators, in a size that is known before (protocol, "A report").

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};

use age_hybrid::{Identity, Recipient};
use kua_protocol::id::ObjectId;
use kua_protocol::limits::MAX_COORDINATORS;
use kua_protocol::padding::{self, Floor};
use kua_protocol::roster::RecipientText;
use kua_protocol::sealed;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes of a header without stanzas: the version line and the MAC line.
const BARE_HEADER_LEN: u64 = 22 + 48;
/// Bytes of one `mlkem768x25519` stanza: `-> mlkem768x25519 `, 1494 letters, line feed; 43 letters, line feed.
const STANZA_LEN: u64 = 18 + 1494 + 1 + 43 + 1;
/// Grease stays below this many bytes; the archive keeps as much room for it (the age crate's has 190 at most).
const GREASE_LIMIT: u64 = 512;
/// How many characters of a recipient an error shows.
const SHOWN: usize = 20;

/// Why something could not be sealed. What was written by then is worthless.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// No recipient was chosen: choose at least one coordinator.
    #[error("nobody was chosen who could open this")]
    NobodyChosen,
    /// There are more recipients than a roster may have.
    #[error("there are more than {MAX_COORDINATORS} recipients")]
    TooManyRecipients,
    /// A recipient is not a valid `age1pq1…` key: the roster that names it cannot be used.
    #[error(
        "{beginning}… is no recipient: {source}; one begins with age1pq1 and has {} characters, so copy it again",
        RecipientText::LEN
    )]
    Recipient {
        /// Which one it is, from 1.
        position: usize,
        /// Its first characters.
        beginning: String,
        /// What is wrong with it.
        source: age_hybrid::Error,
    },
    /// The archive is too large for any drop.
    #[error("this is too large to be sealed")]
    TooLarge,
    /// The archive is not as long as it was when the plan was made: a file changed, so start again.
    #[error("a file changed while it was being sealed; start again")]
    Changed,
    /// The archive could not be read.
    #[error("the files could not be read")]
    Read(#[source] io::Error),
    /// The sealed bytes could not be written, or sent.
    #[error("the sealed bytes could not be written")]
    Write(#[source] io::Error),
    /// The operating system gave no random bytes: nothing can be sealed safely now.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The age crate refused to seal, or its header has an unexpected size: a mistake in this program.
    #[error("this program made a mistake and sealed nothing")]
    Internal,
}

/// Who can open what is sealed: at least one chosen recipient, and a throw-away key for everyone who was not chosen.
///
/// All of a roster's coordinators get a stanza, in the roster's order, so that the header does not tell who was chosen.
#[derive(Clone)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// Lists the coordinators of a roster as (recipient, whether chosen), in its order.
    ///
    /// # Errors
    ///
    /// [`SealError::NobodyChosen`], [`SealError::TooManyRecipients`], [`SealError::Recipient`] for any recipient that is not
    /// valid, even if not chosen, or [`SealError::NoRandomness`].
    pub fn new<'a>(roster: impl IntoIterator<Item = (&'a str, bool)>) -> Result<Self, SealError> {
        let mut recipients = Vec::new();
        let mut anybody = false;
        for (n, (recipient, chosen)) in roster.into_iter().enumerate() {
            if n == MAX_COORDINATORS {
                return Err(SealError::TooManyRecipients);
            }
            let recipient = recipient.parse().map_err(|source| SealError::Recipient {
                position: n + 1,
                beginning: recipient.chars().take(SHOWN).collect(),
                source,
            })?;
            anybody |= chosen;
            recipients.push(if chosen { recipient } else { throw_away()? });
        }
        if anybody { Ok(Self(recipients)) } else { Err(SealError::NobodyChosen) }
    }

    /// The header's length without grease, in bytes.
    fn header_len(&self) -> u64 {
        BARE_HEADER_LEN + STANZA_LEN * self.0.len() as u64
    }
}

/// A recipient whose identity is forgotten on the spot.
fn throw_away() -> Result<Recipient, SealError> {
    Identity::generate().map(|identity| identity.to_public()).map_err(|_| SealError::NoRandomness)
}

impl fmt::Debug for Recipients {
    /// Says how many there are, and not who.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipients({})", self.0.len())
    }
}

/// A sealing of known size that has yet to happen.
#[derive(Debug)]
pub struct SealPlan {
    recipients: Recipients,
    archive_len: u64,
    padded_len: u64,
}

impl SealPlan {
    /// Plans to seal an archive of exactly `archive_len` bytes.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLarge`] when the padded length would exceed 2^53 − 1 bytes.
    pub fn new(recipients: Recipients, archive_len: u64, floor: Floor) -> Result<Self, SealError> {
        let padded_len = padding::padded_len(archive_len, floor.bytes()).map_err(|_| SealError::TooLarge)?;
        Ok(Self { recipients, archive_len, padded_len })
    }

    /// Returns B, the length of plaintext and grease in bytes, which a drop's limits count.
    pub fn padded_len(&self) -> u64 {
        self.padded_len
    }

    /// Returns the length of the sealed object in bytes, which is `Upload-Length`.
    pub fn sealed_len(&self) -> u64 {
        self.recipients.header_len() + sealed::payload_len(self.padded_len)
    }

    /// Seals the archive under a new file key, to a writer, in constant memory.
    ///
    /// To start again, call it again: a file key never seals other bytes.
    ///
    /// # Errors
    ///
    /// [`SealError::Changed`] unless the archive has exactly the planned length, [`SealError::Read`], [`SealError::Write`],
    /// [`SealError::NoRandomness`], or [`SealError::Internal`].
    pub fn seal(&self, mut archive: impl Read, writer: impl Write) -> Result<Sealed, SealError> {
        let written = Cell::new(0);
        let output = Output { writer, digest: Sha256::new(), written: &written };
        let recipients = self.recipients.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| match error {
            age::EncryptError::Io(_) => SealError::NoRandomness,
            _ => SealError::Internal,
        })?;
        let mut stream = encryptor.wrap_output(output).map_err(SealError::Write)?;

        // What grease took from the header is taken from the zeros. The archive is at least that much shorter than B.
        let grease = written.get().checked_sub(self.recipients.header_len() + sealed::NONCE_LEN);
        let grease = grease.filter(|grease| *grease < GREASE_LIMIT).ok_or(SealError::Internal)?;
        let zeros = self.padded_len - grease - self.archive_len;

        copy_exactly(&mut archive, self.archive_len, &mut stream)?;
        io::copy(&mut io::repeat(0).take(zeros), &mut stream).map_err(SealError::Write)?;
        let mut output = stream.finish().map_err(SealError::Write)?;
        output.flush().map_err(SealError::Write)?;

        let sealed =
            Sealed { id: ObjectId::from_bytes(output.digest.finalize().into()), size: written.get() };
        if sealed.size == self.sealed_len() { Ok(sealed) } else { Err(SealError::Internal) }
    }
}

/// Copies a reader that must end after `len` bytes and not before. The buffer is wiped.
fn copy_exactly(from: &mut impl Read, len: u64, to: &mut impl Write) -> Result<(), SealError> {
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    let mut left = len;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(SealError::Read(error)),
        };
        left = left.checked_sub(read as u64).ok_or(SealError::Changed)?;
        to.write_all(&buffer[..read]).map_err(SealError::Write)?;
    }
    if left == 0 { Ok(()) } else { Err(SealError::Changed) }
}

/// What was sealed: its name and its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    id: ObjectId,
    size: u64,
}

impl Sealed {
    /// Returns the id: the SHA-256 of the sealed bytes.
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// Returns the size in bytes, as the plan said.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// The writer, and what has to be known of the bytes that went through.
struct Output<'a, W> {
    writer: W,
    digest: Sha256,
    written: &'a Cell<u64>,
}

impl<W: Write> Write for Output<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.writer.write(bytes)?;
        self.digest.update(&bytes[..len]);
        self.written.set(self.written.get() + len as u64);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
