//! Everything that can go wrong in a client. How it is said to a person is the front end's part.

use std::io;
use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::link::LinkError;
use kua_protocol::problem::Problem;
use kua_protocol::receipt::ReceiptError;
use kua_protocol::roster::RosterError;
use kua_sealing::{CodenameError, OpenError, SealError, ShareError, VaultError};

/// A reason why a client's work was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The link is not a drop's.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The drop's roster is refused.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// A file is no signed roster.
    #[error("{}: {error}", path.display())]
    NotARoster {
        /// The file.
        path: PathBuf,
        /// Why.
        error: RosterError,
    },
    /// The drop has no roster yet.
    #[error("the drop is not open yet")]
    NotOpen,
    /// The drop answered with a problem.
    #[error("{}", .0.title)]
    Problem(Box<Problem>),
    /// The drop cannot be reached.
    #[error("{host} cannot be reached: {why}")]
    Unreachable {
        /// The drop's host.
        host: String,
        /// What the network said.
        why: String,
    },
    /// The host has no certificate that proves it to be the drop's: it is not asked, and this is not being offline.
    #[error("{host} has no certificate that proves who it is: {why}")]
    Certificate {
        /// The drop's host.
        host: String,
        /// What is wrong with the certificate.
        why: String,
    },
    /// The drop is not to be asked, and this cannot be done without it.
    #[error("this cannot be done without the drop")]
    NotAsked,
    /// The system names no folder of this user, and nobody named one for what is remembered.
    #[error("HOME is not set, and KUA_CACHE names no folder")]
    NoFolder,
    /// An onion service without a proxy.
    #[error("an .onion address is reached through Tor alone")]
    NoTor,
    /// The drop answered with something that the protocol does not have.
    #[error("the drop's answer makes no sense: {0}")]
    BadAnswer(String),
    /// Something between this device and the drop answered in its place: a proxy, a captive portal.
    #[error("the drop's answer makes no sense: {answer}; is there a Kuä drop at {origin}?")]
    Interposed {
        /// The HTTP status.
        status: u16,
        /// The status as it is written.
        answer: String,
        /// The address that was asked.
        origin: String,
    },
    /// The drop does something that it must not: its word cannot be relied on.
    #[error("do not trust this drop: {0}")]
    Dishonest(String),
    /// A report, an attachment or an archive is not right.
    #[error("{what}: {error}")]
    Report {
        /// The file or object.
        what: String,
        /// What is wrong.
        error: kua_report::Error,
    },
    /// A file is to be cleaned of what is hidden in it, and cannot be.
    #[error("{}: {error}", path.display())]
    NotCleaned {
        /// The file.
        path: PathBuf,
        /// Why.
        error: kua_metadata::NotCleaned,
    },
    /// The report is larger than the drop takes.
    #[error("too large: {size} bytes, and this drop takes {limit}")]
    TooLarge {
        /// The padded size in bytes.
        size: u64,
        /// The drop's limit in bytes.
        limit: u64,
    },
    /// The drop's roster does not name the coordinator's key: ask the holder of the root to add it.
    #[error("the roster of this drop does not name this key: ask the holder of the root to add it")]
    NotOnTheRoster,
    /// A roster is of a drop that a key is not for.
    #[error("{} is the roster of a drop that the key of {name} is not for", path.display())]
    OtherDropsRoster {
        /// The roster's file.
        path: PathBuf,
        /// The name of the key.
        name: String,
    },
    /// A card is of another person than the one whose keys are exchanged.
    #[error(
        "the card is of {bears}, and not of {name}: take the card of the new key, which bears the same name"
    )]
    OtherPersonsCard {
        /// The name on the card.
        bears: String,
        /// The person.
        name: String,
    },
    /// A coordinator's name is not in the roster.
    #[error("{name} is not a coordinator of this drop; it has {known}")]
    NoSuchCoordinator {
        /// What was typed.
        name: String,
        /// The names of the roster.
        known: String,
    },
    /// The codename is mistyped.
    #[error(transparent)]
    Codename(#[from] CodenameError),
    /// The vault does not open.
    #[error("{}: {error}", path.display())]
    Vault {
        /// The vault's file.
        path: PathBuf,
        /// Why.
        error: VaultError,
    },
    /// A recovery share is none, or does not belong to the others. Names the files; empty when they were typed.
    #[error("{what}: {error}")]
    Share {
        /// The files concerned.
        what: String,
        /// Why.
        error: ShareError,
    },
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A sealed object does not open.
    #[error("{what}: {error}")]
    Open {
        /// The object's id or file.
        what: String,
        /// Why.
        error: OpenError,
    },
    /// No report has an id that begins so.
    #[error("no report of this drop has an id that begins with {0}")]
    NoSuchReport(String),
    /// Several reports have ids that begin so.
    #[error("several reports have ids that begin with {prefix}: {}", ids.join(" "))]
    Ambiguous {
        /// What was typed.
        prefix: String,
        /// The ids.
        ids: Vec<String>,
    },
    /// A receipt proves nothing.
    #[error("{}: {error}", path.display())]
    Receipt {
        /// The receipt's file.
        path: PathBuf,
        /// Why.
        error: ReceiptError,
    },
    /// A sealed file is another one than the receipt is for.
    #[error("{} is not the report that the receipt is for", .0.display())]
    OtherSealed(PathBuf),
    /// The drop gave a receipt for a report, does not have it, and knows nothing of its being deleted.
    #[error("the drop took in {id} on {day}, and does not have it")]
    Dropped {
        /// The report's id.
        id: ObjectId,
        /// The receipt's day.
        day: Day,
    },
    /// The drop serves another page than this program knows.
    #[error("the drop serves another page")]
    OtherSite {
        /// The digest of its own list of sums, where that agrees with all that it serves: perhaps it is another version.
        sums: Option<Digest>,
    },
    /// What a drop serves cannot be compared, since this program was built wrong.
    #[error(transparent)]
    Site(#[from] kua_site::SiteError),
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file of this program's own, sealed to the person, does not open.
    #[error("{} is damaged or was tampered with: find out why, then remove it", .0.display())]
    Damaged(PathBuf),
    /// The file to be written is there already.
    #[error("{} is there already", .0.display())]
    Occupied(PathBuf),
    /// The passphrase is too easy to guess.
    #[error("this passphrase is too easy to guess")]
    WeakPassphrase,
    /// Nothing was handed out, since a case log could not be told of it.
    #[error("the case log of {} could not be told: {why}", report.short())]
    NotHandedOut {
        /// The report.
        report: ObjectId,
        /// What went wrong.
        why: Box<Error>,
        /// How many other logs say already that it was handed out.
        noted: usize,
    },
    /// The person ended it when she was asked.
    #[error("ended; nothing was sent")]
    Ended,
    /// What was asked for is not possible, for the reason given.
    #[error("{0}")]
    Refused(String),
    /// An export came to nothing.
    #[error(transparent)]
    Export(#[from] kua_export::Error),
    /// The machine is out of memory or randomness.
    #[error("{0}")]
    System(String),
}

impl Error {
    /// Makes a function that turns an error of this file into ours.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::File { path, error }
    }
}
