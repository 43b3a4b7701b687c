//! The drop as the network sees it: requests made by hand, well-formed and not.

mod cases;
mod casework;
mod clock;
mod deleting;
mod durable;
mod forms;
mod messages;
mod pages;
mod reading;
mod refusing;
mod rosters;
mod submitting;
mod uploading;

use std::fs;

use acceptance::processes::{Member, Run as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kua_protocol::api::{DropInfo, NONCE, path};
use kua_protocol::dsse::Envelope;
use kua_protocol::id::{DropId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::link::RootFingerprint;
use kua_protocol::roster::{Roster, VerifiedRoster};
use kua_protocol::secret::{Purpose, Seed};
use kua_sealing::{CoordinatorKeys, Floor, Recipients, RootKey, SealPlan, Vault};
use serde_json::Value;

use crate::http::{Answer, Connection, Request};
use crate::stage::Stage;

/// A served drop, and the keys of those around it at hand.
struct Wire {
    stage: Stage,
    id: DropId,
    root: RootKey,
    coordinators: Vec<CoordinatorKeys>,
}

impl Wire {
    /// A drop with the coordinators Aigul and Marat.
    fn new() -> Self {
        Self::with(&["Aigul", "Marat"])
    }

    /// A drop with coordinators of these names.
    fn with(names: &[&str]) -> Self {
        Self::of(Stage::with(names))
    }

    /// A drop with the coordinator Aigul and a configuration of its own, in this folder.
    fn on(data: &std::path::Path, config: &str) -> Self {
        Self::of(Stage::on(data, config))
    }

    fn of(stage: Stage) -> Self {
        let coordinator = |member| CoordinatorKeys::from_seed(unlock(member).seed());
        Self {
            id: info(&stage).drop,
            root: RootKey::from_seed(unlock(&stage.team.root).seed()),
            coordinators: stage.team.coordinators.iter().map(coordinator).collect(),
            stage,
        }
    }

    /// Sends a request on a connection of its own.
    fn ask(&self, request: &Request) -> Answer {
        self.connect().ask(request)
    }

    fn connect(&self) -> Connection {
        Connection::tcp(self.stage.drop.address())
    }

    /// A fresh nonce of the drop.
    fn nonce(&self) -> String {
        self.ask(&Request::new("GET", path::DROP)).field(NONCE).unwrap().to_owned()
    }

    /// A request signed as it should be.
    fn signed(&self, key: &SigningKey, request: Request) -> Request {
        request.signed(key, self.id, &self.nonce())
    }

    /// Sends a sealed report as it should be sent.
    fn submit(&self, key: &SigningKey, sealed: &[u8]) -> Answer {
        self.ask(&self.signed(key, submission(sealed)))
    }

    /// Asks as one of the coordinators.
    fn coordinator(&self, number: usize, method: &str, target: impl Into<String>) -> Answer {
        self.ask(&self.signed(self.coordinators[number].signing(), Request::new(method, target)))
    }

    /// The roster that the drop shows.
    fn roster(&self) -> VerifiedRoster {
        let root = RootFingerprint::of(&self.root.signing().public());
        VerifiedRoster::verify(&info(&self.stage).roster.unwrap(), &root).unwrap()
    }

    /// The drop's roster with a change, signed again.
    fn signed_roster(&self, change: impl FnOnce(&mut Roster)) -> Envelope {
        let mut roster = self.roster().roster().clone();
        change(&mut roster);
        Envelope::sign(&roster, self.root.signing()).unwrap()
    }

    /// Seals so many bytes to the coordinators.
    fn seal(&self, archive_len: u64) -> Vec<u8> {
        let roster = self.roster();
        let keys = roster.sealing_keys(crate::today());
        let recipients = Recipients::new(keys.iter().map(|(_, keys)| (keys.recipient.as_str(), true)));
        let plan = SealPlan::new(recipients.unwrap(), archive_len, Floor::Report).unwrap();
        let mut sealed = Vec::new();
        plan.seal(&*vec![b'k'; usize::try_from(archive_len).unwrap()], &mut sealed).unwrap();
        sealed
    }

    /// How many objects the operator sees.
    fn objects(&self) -> u64 {
        let status = self.stage.drop.folder().command(&["status", "--json"]).json().unwrap();
        status["objects"].as_u64().unwrap()
    }

    /// The drop's own seed, which the operator holds.
    fn seed(&self) -> Seed {
        let file = fs::read(self.stage.drop.folder().path().join("drop.seed")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(file["seed"].as_str().unwrap()).unwrap();
        Seed::take(&mut bytes.try_into().unwrap())
    }
}

/// A fresh nonce of the drop at this address.
fn nonce_at(address: &str) -> String {
    let answer = Connection::tcp(address).ask(&Request::new("GET", path::DROP));
    answer.field(NONCE).unwrap().to_owned()
}

/// What everybody may know of the drop.
fn info(stage: &Stage) -> DropInfo {
    let answer = Connection::tcp(stage.drop.address()).ask(&Request::new("GET", path::DROP));
    serde_json::from_slice(&answer.body).unwrap()
}

fn unlock(member: &Member) -> Vault {
    let passphrase = fs::read_to_string(&member.passphrase_file).unwrap();
    Vault::open(&fs::read(&member.vault).unwrap(), passphrase.trim_end()).unwrap()
}

/// The key of a new mailbox.
fn submitter() -> SigningKey {
    SigningKey::derive(&Seed::generate().unwrap(), Purpose::SubmitterSign)
}

fn submission(sealed: &[u8]) -> Request {
    Request::new("POST", path::REPORTS).body(sealed)
}

fn id_of(sealed: &[u8]) -> ObjectId {
    ObjectId::of(sealed)
}

/// The least that a drop takes for sealed: who cannot open it cannot tell that there is nothing inside.
fn tiny(number: u64) -> Vec<u8> {
    with_header("-> nobody\n\n", &[&[0; 24][..], &number.to_be_bytes(), b"k"].concat())
}

/// A file with these stanzas and this payload.
fn with_header(stanzas: &str, payload: &[u8]) -> Vec<u8> {
    let header = format!("age-encryption.org/v1\n{stanzas}--- {}\n", "A".repeat(43));
    [header.as_bytes(), payload].concat()
}

/// Seconds since 1970.
fn now() -> u64 {
    kua_clock::Clock::system().now()
}
