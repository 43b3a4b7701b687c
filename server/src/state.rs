//! What all requests share: the drop's keys, its roster and its store.

use std::sync::{Arc, PoisonError, RwLock};

use kua_clock::Clock;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::DropId;
use kua_protocol::keys::{PublicKey, SigningKey};
use kua_protocol::limits::Limits;
use kua_protocol::link::RootFingerprint;
use kua_protocol::nonce::NonceKey;
use kua_protocol::problem::Kind;
use kua_protocol::receipt::Receipt;
use kua_protocol::roster::VerifiedRoster;
use kua_store::{Document, ObjectRow, StoreError, Upkeep};
use tokio::sync::watch;

use crate::config::{Config, FormBounds};
use crate::error::ApiError;
use crate::folder::DropSecret;
use crate::http::body::BodyBudget;
use crate::http::limits::HttpLimits;
use crate::time::Timekeeper;

/// A roster with the envelope that proves it.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The signed bytes, as they are handed on.
    pub envelope: Envelope,
    /// What they say.
    pub roster: VerifiedRoster,
}

/// The drop, as its handlers see it.
pub struct App {
    /// The drop's id.
    pub drop: DropId,
    /// What it takes.
    pub limits: Limits,
    /// What time it is, and what time may delete.
    pub time: Timekeeper,
    /// Where sealed objects are.
    pub store: Arc<dyn Upkeep>,
    /// What bodies may take of the memory.
    pub memory: BodyBudget,
    /// The limits of what is read over connections.
    pub http: HttpLimits,
    /// Hours of serving that an unfinished upload is kept.
    pub upload_hours: u64,
    /// What the form for sealed files takes.
    pub form: FormBounds,
    /// Changes when the drop was told to stop.
    pub stopping: watch::Receiver<()>,
    nonces: NonceKey,
    receipts: SigningKey,
    roster: RwLock<Option<Arc<Installed>>>,
}

/// Why a roster is not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The roster is refused; the text says why.
    #[error("{0}")]
    Refused(String),
    /// The roster is good and cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// The drop with this secret, over a store. It blocks.
    ///
    /// # Errors
    ///
    /// When the installed roster cannot be read.
    pub fn new(
        secret: &DropSecret,
        store: Arc<dyn Upkeep>,
        config: &Config,
        clock: Clock,
        stopping: watch::Receiver<()>,
    ) -> Result<Self, InstallError> {
        // Not its dates: a clock that is wrong keeps no drop from serving, only from being open.
        let installed = store.document(Document::Roster)?;
        let installed = installed.map(|bytes| check(secret.drop, &bytes, None)).transpose()?;
        let roster = installed.as_ref().map(|installed| installed.roster.roster());
        let time = Timekeeper::open(clock, store.clone(), secret.from, roster, config.retention())?;
        let http = HttpLimits::of(config);
        Ok(Self {
            drop: secret.drop,
            time,
            limits: config.limits(),
            store,
            memory: BodyBudget::new(http.bodies),
            http,
            upload_hours: config.upload_hours,
            form: config.form_bounds(),
            stopping,
            nonces: NonceKey::derive(&secret.seed, secret.drop),
            receipts: secret.receipt_key(),
            roster: RwLock::new(installed.map(Arc::new)),
        })
    }

    /// The installed roster, whether it is in date or not.
    pub fn roster(&self) -> Option<Arc<Installed>> {
        self.roster.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The installed roster, when it holds today: only then are reports taken in.
    ///
    /// # Errors
    ///
    /// [`Kind::NotOpen`].
    pub fn open_roster(&self) -> Result<Arc<Installed>, ApiError> {
        match (self.roster(), self.closed()) {
            (Some(installed), None) => Ok(installed),
            (_, Some(why)) => Err(ApiError::detailed(Kind::NotOpen, why)),
            (None, None) => Err(Kind::NotOpen.into()),
        }
    }

    /// Why no reports are taken in, as far as roster and clock are concerned.
    pub fn closed(&self) -> Option<String> {
        let Some(installed) = self.roster() else { return Some("no roster is installed".to_owned()) };
        if let Some(why) = self.time.impossible() {
            return Some(format!("is the drop's clock right? {why}"));
        }
        installed.roster.check_date(self.time.today()).err().map(|error| error.to_string())
    }

    /// Sets a first or a newer roster, durably.
    ///
    /// # Errors
    ///
    /// When the roster is not one of this drop, not of the same root, not newer, or cannot be written.
    pub fn install(&self, bytes: &[u8]) -> Result<Arc<Installed>, InstallError> {
        // Held until the file is written, so that two rosters cannot overtake each other.
        let mut current = self.roster.write().unwrap_or_else(PoisonError::into_inner);
        let installed = check(self.drop, bytes, current.as_deref())?;
        self.check_dates(&installed.roster)?;
        if current.as_ref().is_some_and(|known| known.roster.digest() == installed.roster.digest()) {
            return current.clone().ok_or_else(|| InstallError::Refused("no roster".into()));
        }
        self.store.set_document(Document::Roster, &installed.envelope.to_json())?;
        self.time.set_roster(Some(installed.roster.roster()));
        let installed = Arc::new(installed);
        *current = Some(installed.clone());
        Ok(installed)
    }

    /// Whether a new roster holds on the day that it is, and names the key that signs receipts on it.
    fn check_dates(&self, roster: &VerifiedRoster) -> Result<(), InstallError> {
        let today = self.time.today();
        roster.check_date(today).map_err(|error| InstallError::Refused(error.to_string()))?;
        let ours = self.receipts.public();
        if roster.roster().drop_key.iter().any(|key| key.key == ours && key.in_force(today)) {
            Ok(())
        } else {
            let why =
                "it does not name this drop's present receipt key: make it with this drop's drop-card.json";
            Err(InstallError::Refused(why.to_owned()))
        }
    }

    /// A fresh nonce.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn issue_nonce(&self) -> Result<String, ApiError> {
        self.nonces.issue(self.time.steady()).map_err(|_| Kind::Internal.into())
    }

    /// Whether a nonce is this drop's and not too old.
    ///
    /// # Errors
    ///
    /// [`Kind::Unauthorised`].
    pub fn check_nonce(&self, nonce: &str) -> Result<(), ApiError> {
        Ok(self.nonces.check(nonce, self.time.steady())?)
    }

    /// The drop's signed word that it holds this report.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn receipt(&self, row: &ObjectRow) -> Result<Envelope, ApiError> {
        let receipt = Receipt { drop: self.drop, report: row.id, size: row.size, day: row.day };
        receipt.sign(&self.receipts).map_err(|_| Kind::Internal.into())
    }

    /// The name of the coordinator of the installed roster to whom the key belongs.
    pub fn coordinator(&self, key: &PublicKey) -> Option<String> {
        self.roster()?.roster.coordinator(key).map(|coordinator| coordinator.name.clone())
    }
}

/// Checks that a roster is this drop's and follows the known one. Its dates are another question.
fn check(drop: DropId, bytes: &[u8], known: Option<&Installed>) -> Result<Installed, InstallError> {
    let refused = |error: &dyn std::fmt::Display| InstallError::Refused(error.to_string());
    let envelope = Envelope::parse(bytes).map_err(|error| refused(&error))?;
    let root = known.map_or_else(|| envelope.claimed_signer(), |known| known.roster.root());
    let verified = VerifiedRoster::verify(&envelope, &RootFingerprint::of(&root));
    let roster = verified.map_err(|error| refused(&error))?;
    if roster.roster().drop != drop {
        return Err(refused(&kua_protocol::roster::RosterError::OtherDrop));
    }
    if let Some(known) = known {
        let follows = roster.check_follows(known.roster.roster().serial, known.roster.digest());
        follows.map_err(|error| refused(&error))?;
    }
    Ok(Installed { envelope, roster })
}
