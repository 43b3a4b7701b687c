//! A coordinator at a drop: a verified roster that names her key, and no way back behind it.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use kua_clock::Clock;
use kua_protocol::api::{Overdue, ReportRow};
use kua_protocol::day::Day;
use kua_protocol::id::{DropId, IdPrefix};
use kua_protocol::keys::PublicKey;
use kua_protocol::link::DropLink;
use kua_sealing::CoordinatorKeys;

use crate::cache::{Cache, Listed};
use crate::drop::DropClient;
use crate::error::Error;
use crate::events::{Observer, Progress, SharedObserver, Warning};
use crate::patience::patiently;

/// Days before a roster's end from which its coordinators are reminded.
const REMIND_DAYS: i64 = 30;
/// Bytes that a sealed report may have beyond its padded plaintext: header, nonce and tags, generously.
const SEALED_EXTRA: u64 = 1 << 20;

/// A coordinator at a drop, with everything that her device remembers of it. Shared by what works for her at a time.
pub struct Session {
    drop: DropClient,
    keys: Arc<CoordinatorKeys>,
    name: String,
    cache: Cache,
    observer: SharedObserver,
    /// The reports that the drop listed last, where it is not asked now.
    recalled: Option<Vec<ReportRow>>,
}

/// A choice of whether the drop is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It has to be.
    Needed,
    /// It is, and where it cannot be reached, what it said last is worked on.
    IfPossible,
    /// It is not.
    Offline,
}

impl Session {
    /// Reaches the drop of a link, and checks its roster against the link and against what was seen before.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached and was never asked from here, or has to be; when the roster is refused, is older than
    /// one seen before, or does not name these keys.
    pub async fn open(
        link: &DropLink,
        keys: CoordinatorKeys,
        proxy: Option<&str>,
        reach: Reach,
        clock: &Clock,
        observer: SharedObserver,
    ) -> Result<Arc<Self>, Error> {
        let keys = Arc::new(keys);
        let asked = if reach == Reach::Offline {
            Err(Error::NotAsked)
        } else {
            let host = link.origin().host_str().unwrap_or_default();
            let offline_works = reach == Reach::IfPossible;
            patiently(DropClient::open(link, proxy, clock), host, offline_works, &*observer).await
        };
        let error = match asked {
            Ok(drop) => return Self::at(drop, keys, None, observer),
            Err(error @ (Error::NotAsked | Error::Unreachable { .. })) if reach != Reach::Needed => error,
            Err(other) => return Err(other),
        };
        let Some(Listed { day, roster, limits, rows }) = Listed::of(link, &keys)? else { return Err(error) };
        if reach == Reach::IfPossible {
            observer.warn(&Warning::Unreachable(&error));
        }
        observer.warn(&Warning::AsOf(day));
        Self::at(DropClient::recalled(link, roster, limits, clock)?, keys, Some(rows), observer)
    }

    fn at(
        drop: DropClient,
        keys: Arc<CoordinatorKeys>,
        recalled: Option<Vec<ReportRow>>,
        observer: SharedObserver,
    ) -> Result<Arc<Self>, Error> {
        let roster = drop.roster();
        let cache = Cache::of(roster.roster().drop, &keys)?;
        cache.follow(roster)?;
        let own = keys.signing().public();
        let name = roster.coordinator(&own).ok_or(Error::NotOnTheRoster)?.name.clone();
        let drop = drop.telling_day();
        let roster = drop.roster();
        if !roster.sealing_keys(drop.today()).iter().any(|(_, keys)| keys.sign == own) {
            observer.warn(&Warning::KeyExchanged { name: &name });
        }
        let days = roster.roster().expires.days_since(drop.today());
        if days <= REMIND_DAYS {
            observer.warn(&Warning::RosterEndsSoon { days });
        }
        Ok(Arc::new(Self { drop, keys, name, cache, observer, recalled }))
    }

    /// Gives the drop, to be asked.
    pub fn client(&self) -> &DropClient {
        &self.drop
    }

    /// Gives the coordinator's keys.
    pub fn keys(&self) -> &CoordinatorKeys {
        &self.keys
    }

    /// Gives the coordinator's name in the roster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives everything that the device remembers of the drop.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Gives the front end.
    pub fn observer(&self) -> &dyn Observer {
        &*self.observer
    }

    /// Gives the front end to somebody who keeps it.
    pub fn shared_observer(&self) -> SharedObserver {
        Arc::clone(&self.observer)
    }

    /// Says whether the drop is not asked.
    pub fn is_offline(&self) -> bool {
        self.recalled.is_some()
    }

    /// Lists the drop's reports from a day on, as it lists them, or listed them last.
    ///
    /// # Errors
    ///
    /// When the list cannot be had.
    pub async fn reports(&self, since: Option<Day>) -> Result<Vec<ReportRow>, Error> {
        Ok(self.reports_and_overdue(since).await?.0)
    }

    /// Lists the same, and tells what the drop should have deleted before; that is not known without asking it.
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

    /// Says whether the drop dates something on a day that this device is more than a day short of: one of the two clocks is wrong.
    pub fn is_false_day(&self, day: Day) -> bool {
        day > self.drop.today().plus(1)
    }

    /// Gives the drop's id.
    pub fn drop_id(&self) -> DropId {
        self.drop.roster().roster().drop
    }

    /// Finds the rows whose ids begin as typed, in the order of typing.
    ///
    /// # Errors
    ///
    /// When one of them fits no report, or several.
    pub async fn find(&self, prefixes: &[IdPrefix]) -> Result<Vec<ReportRow>, Error> {
        find_among(&self.reports(None).await?, prefixes)
    }

    /// Fetches the sealed bytes of a report, checked against its id, into a file that has no name and goes with its last user.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, refuses, or serves other bytes.
    pub async fn fetch(&self, row: &ReportRow, progress: &dyn Progress) -> Result<File, Error> {
        let mut file = self.cache.folder().passing_file()?;
        self.check_size(row)?;
        self.drop.download(row, &mut file, self.keys.signing(), |bytes| progress.advance(bytes)).await?;
        file.seek(SeekFrom::Start(0)).map_err(|error| Error::System(error.to_string()))?;
        Ok(file)
    }

    /// Checks that the drop announces no more than it takes: else it does not tell the truth.
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

    /// Gives the signing key, in force today, of the coordinator of this name.
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
}

/// Finds those of these rows whose ids begin as typed, in the order of typing.
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
