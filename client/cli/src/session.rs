//! A coordinator at a drop: an opened vault, a verified roster that names its key, and no way back behind it.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use kua_clock::Clock;
use kua_protocol::api::{Overdue, ReportRow};
use kua_protocol::day::Day;
use kua_protocol::id::{DropId, IdPrefix};
use kua_protocol::keys::PublicKey;
use kua_protocol::link::DropLink;
use kua_sealing::{CoordinatorKeys, VaultKind};

use crate::cache::{Cache, Pin};
use crate::cli;
use crate::drop::Drop;
use crate::error::Error;
use crate::memory::{Listed, Memory};
use crate::show;
use crate::vault;
use crate::words::Words;

/// Days before a roster's end from which its coordinators are reminded.
const REMIND_DAYS: i64 = 30;
/// What a sealed report may have beyond its padded plaintext: header, nonce and tags, generously.
const SEALED_EXTRA: u64 = 1 << 20;

/// A coordinator at a drop.
pub struct Session {
    /// The drop.
    pub drop: Drop,
    /// The coordinator's keys.
    pub keys: CoordinatorKeys,
    /// The coordinator's name in the roster.
    pub name: String,
    /// The reports that the drop listed last, where it is not asked now.
    recalled: Option<Vec<ReportRow>>,
}

impl Session {
    /// Opens the vault, checks the drop's roster against the link and against what was seen before.
    ///
    /// # Errors
    ///
    /// When the vault does not open, the roster is refused, is older than one seen before, or does not name
    /// this key.
    pub async fn open(
        cli::At { link, vault, network }: &cli::At,
        clock: &Clock,
        words: &Words,
    ) -> Result<Self, Error> {
        let link: DropLink = link.parse()?;
        let keys = keys(vault, words)?;
        let drop = Drop::open(&link, network.proxy.as_deref(), clock).await?;
        Self::at(drop, keys, None, vault, words)
    }

    /// The same for work that can be done without the drop: with what it said last where it cannot be reached, or where
    /// it is not to be asked.
    ///
    /// # Errors
    ///
    /// As [`Session::open`]; that the drop cannot be reached is one when it was never asked from here.
    pub async fn open_or_recall(
        cli::At { link, vault, network }: &cli::At,
        offline: bool,
        clock: &Clock,
        words: &Words,
    ) -> Result<Self, Error> {
        let link: DropLink = link.parse()?;
        let keys = keys(vault, words)?;
        let asked = if offline {
            Err(Error::NotAsked)
        } else {
            Drop::open(&link, network.proxy.as_deref(), clock).await
        };
        let error = match asked {
            Ok(drop) => return Self::at(drop, keys, None, vault, words),
            Err(error @ (Error::NotAsked | Error::Unreachable { .. })) => error,
            Err(other) => return Err(other),
        };
        let Some(Listed { day, roster, limits, rows }) = Listed::of(&link, &keys)? else { return Err(error) };
        if !offline {
            error.tell(words);
        }
        eprintln!("{}", words.say_with("offline-as-of", &[("day", day.to_string().into())]));
        Self::at(Drop::recalled(&link, roster, limits, clock)?, keys, Some(rows), vault, words)
    }

    fn at(
        drop: Drop,
        keys: CoordinatorKeys,
        recalled: Option<Vec<ReportRow>>,
        vault: &cli::Vault,
        words: &Words,
    ) -> Result<Self, Error> {
        let roster = drop.roster();
        let cache = Cache::of(roster.roster().drop, &keys);
        let pin = cache.pin()?;
        if let Some(pin) = pin {
            roster.check_follows(pin.serial, pin.digest)?;
        }
        let seen = Pin { serial: roster.roster().serial, digest: roster.digest() };
        if pin != Some(seen) {
            cache.set_pin(seen)?;
        }
        let Some(coordinator) = roster.coordinator(&keys.signing().public()) else {
            let file = vault.key.display();
            return Err(Error::Refused(format!(
                "the roster of this drop does not name the key in {file}: ask the holder of the root to add it"
            )));
        };
        let name = coordinator.name.clone();
        let drop = drop.telling_day();
        let roster = drop.roster();
        let own = keys.signing().public();
        if !roster.sealing_keys(drop.today()).iter().any(|(_, keys)| keys.sign == own) {
            eprintln!("{}", words.say_with("key-exchanged", &[("name", show::one_line(&name).into())]));
        }
        let days = roster.roster().expires.days_since(drop.today());
        if days <= REMIND_DAYS {
            eprintln!("{}", words.say_with("roster-ends-soon", &[("days", days.into())]));
        }
        Ok(Self { drop, keys, name, recalled })
    }

    /// Whether the drop is not asked.
    pub fn is_offline(&self) -> bool {
        self.recalled.is_some()
    }

    /// The drop's reports from a day on, as it lists them, or listed them last.
    ///
    /// # Errors
    ///
    /// When the list cannot be had.
    pub async fn reports(&self, since: Option<Day>) -> Result<Vec<ReportRow>, Error> {
        Ok(self.reports_and_overdue(since).await?.0)
    }

    /// The same, and what the drop should have deleted before; that is not known without asking it.
    ///
    /// # Errors
    ///
    /// When the list cannot be had.
    pub async fn reports_and_overdue(
        &self,
        since: Option<Day>,
    ) -> Result<(Vec<ReportRow>, Option<Overdue>), Error> {
        match &self.recalled {
            Some(rows) => Ok((rows.iter().filter(|row| since <= Some(row.day)).cloned().collect(), None)),
            None => self.drop.reports_and_overdue(since, self.keys.signing()).await,
        }
    }

    /// Whether the drop dates something on a day that this device is more than a day short of: one of the two clocks is wrong.
    pub fn is_false_day(&self, day: Day) -> bool {
        day > self.drop.today().plus(1)
    }

    /// The drop's id.
    pub fn drop_id(&self) -> DropId {
        self.drop.roster().roster().drop
    }

    /// The rows whose ids begin as typed, in the order of typing.
    ///
    /// # Errors
    ///
    /// When one of them fits no report, or several.
    pub async fn find(&self, prefixes: &[IdPrefix]) -> Result<Vec<ReportRow>, Error> {
        Self::find_among(&self.reports(None).await?, prefixes)
    }

    /// Those of these rows whose ids begin as typed, in the order of typing.
    ///
    /// # Errors
    ///
    /// When one of them fits no report, or several.
    pub fn find_among(rows: &[ReportRow], prefixes: &[IdPrefix]) -> Result<Vec<ReportRow>, Error> {
        let find = |prefix: &IdPrefix| {
            let found: Vec<&ReportRow> = rows.iter().filter(|row| prefix.matches(&row.report_id)).collect();
            match found.as_slice() {
                [] => Err(Error::NoSuchReport(prefix.to_string())),
                [row] => Ok((*row).clone()),
                several => Err(Error::Ambiguous {
                    prefix: prefix.to_string(),
                    ids: several.iter().map(|row| row.report_id.to_string()).collect(),
                }),
            }
        };
        let mut found: Vec<ReportRow> = Vec::new();
        for prefix in prefixes {
            let row = find(prefix)?;
            // Typed twice is wanted once.
            if !found.contains(&row) {
                found.push(row);
            }
        }
        Ok(found)
    }

    /// The sealed bytes of a report, checked against its id, in a file that has no name and goes with its last user.
    /// `progress` is told of every byte more.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, refuses, or serves other bytes.
    pub async fn fetch(&self, row: &ReportRow, progress: impl Fn(u64)) -> Result<File, Error> {
        let mut file = self.cache().passing_file()?;
        self.check_size(row)?;
        self.drop.download(row, &mut file, self.keys.signing(), progress).await?;
        file.seek(SeekFrom::Start(0)).map_err(|error| Error::System(error.to_string()))?;
        Ok(file)
    }

    /// A drop that announces more than it takes does not tell the truth.
    ///
    /// # Errors
    ///
    /// [`Error::Dishonest`].
    pub fn check_size(&self, row: &ReportRow) -> Result<(), Error> {
        let limits = self.drop.limits();
        if row.size > limits.report.max(limits.whole_report).saturating_add(SEALED_EXTRA) {
            let id = row.report_id.short();
            return Err(Error::Dishonest(format!("{id} is larger than the drop's own limit")));
        }
        Ok(())
    }

    /// What this coordinator's client remembers of the drop's reports.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read.
    pub fn memory(&self) -> Result<Memory<'_>, Error> {
        Memory::open(self.cache())
    }

    /// The signing key, in force today, of the coordinator of this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchCoordinator`].
    pub fn coordinator(&self, name: &str) -> Result<PublicKey, Error> {
        let present = self.drop.roster().sealing_keys(self.drop.today());
        let found = present.iter().find(|(coordinator, _)| coordinator.name == name);
        found.map(|(_, keys)| keys.sign).ok_or_else(|| Error::NoSuchCoordinator {
            name: name.to_owned(),
            known: present
                .iter()
                .map(|(coordinator, _)| coordinator.name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// What this coordinator's client keeps of the drop.
    pub fn cache(&self) -> Cache<'_> {
        Cache::of(self.drop_id(), &self.keys)
    }
}

/// The keys of a coordinator's vault.
///
/// # Errors
///
/// When the vault does not open or is a root's.
pub fn keys(vault: &cli::Vault, words: &Words) -> Result<CoordinatorKeys, Error> {
    let opened = vault::open(&vault.key, &vault.passphrase, VaultKind::Coordinator, words)?;
    Ok(CoordinatorKeys::from_seed(opened.seed()))
}
