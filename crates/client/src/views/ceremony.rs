//! What ceremonies come to.

use std::path::{Path, PathBuf};

use kua_protocol::day::Day;
use kua_protocol::id::DropId;
use kua_protocol::keys::PublicKey;
use kua_protocol::roster::Roster;
use kua_sealing::VaultKind;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ceremony::{Leaving, LeavingHow, names};

/// A roster that was signed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RosterSigned {
    /// Its file.
    file: PathBuf,
    /// Its serial.
    serial: u64,
    /// Its first day.
    #[schemars(with = "String")]
    issued: Day,
    /// Its last day.
    #[schemars(with = "String")]
    expires: Day,
    /// The coordinators' names.
    coordinators: Vec<String>,
    /// The person or keys that leave it.
    leaving: Option<LeavingView>,
    /// The digits of its root.
    digits: String,
}

/// Somebody who was taken out of a roster, or whose keys were exchanged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LeavingView {
    name: String,
    /// `removed`, `rotated` or `leaked`.
    how: LeavingHow,
    /// The first day of reports that could be read until then.
    #[schemars(with = "String")]
    could_read_since: Day,
}

impl RosterSigned {
    /// Gives a signed roster as programs get it.
    pub fn of(roster: &Roster, file: &Path, leaving: Option<&Leaving>, digits: String) -> Self {
        let leaving = leaving.map(|leaving| LeavingView {
            name: leaving.name.clone(),
            how: leaving.how,
            could_read_since: leaving.since,
        });
        Self {
            file: file.to_owned(),
            serial: roster.serial,
            issued: roster.issued,
            expires: roster.expires,
            coordinators: names(roster).into_iter().map(str::to_owned).collect(),
            leaving,
            digits,
        }
    }
}

/// A roster that a drop took.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RosterPublished {
    /// The drop.
    #[schemars(with = "String")]
    pub drop: DropId,
    /// Its serial.
    pub serial: u64,
}

/// A roster that was saved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RosterFetched {
    /// Its file.
    pub file: PathBuf,
    /// The drop.
    #[schemars(with = "String")]
    pub drop: DropId,
    /// Its serial.
    pub serial: u64,
    /// Its last day.
    #[schemars(with = "String")]
    pub expires: Day,
}

/// The public half of a root.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RootCard {
    /// `kua-root-card/1`.
    pub format: &'static str,
    /// Its name.
    pub name: String,
    /// Its key.
    #[schemars(with = "String")]
    pub root: PublicKey,
    /// Its fingerprint, as links have it.
    pub fingerprint: String,
    /// Its digits, as people compare them.
    pub digits: String,
}

/// Recovery shares that were written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SplitView {
    /// The name of the set that they belong to.
    pub set: String,
    /// How many there are.
    pub shares: u8,
    /// How many restore the key.
    pub threshold: u8,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// A vault that was restored.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CombinedView {
    /// Its file.
    pub file: PathBuf,
    /// `coordinator` or `root`.
    #[schemars(with = "String")]
    pub kind: VaultKind,
    /// Its name.
    pub name: String,
    /// The public key, or the digits of a root.
    pub public: String,
}
