//! How the drop is, in numbers, and what looking after it came to.

use std::fmt::Write as _;

use kua_protocol::api::Overdue;
use kua_protocol::day::Day;
use kua_protocol::id::DropId;
use kua_store::{Checked, State as StoreState, Status as StoreStatus};
use serde::{Deserialize, Serialize};

use crate::state::{App, Installed};
use crate::time::{ClockStatus, Swept, Timekeeper};

/// How the drop is, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropStatus {
    /// The drop's id.
    pub drop: DropId,
    /// Whether a process serves it.
    pub serving: bool,
    /// Whether it takes in reports: the roster holds and the disk has room.
    pub open: bool,
    /// Why it does not, as far as roster and clock are concerned.
    pub closed: Option<String>,
    /// Sealed objects.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects that are damaged, as far as reading or checking has shown since the start.
    pub damaged: u64,
    /// Unfinished uploads.
    pub uploads: u64,
    /// Hours of serving until the oldest of them is given up.
    pub oldest_upload_hours_left: Option<u64>,
    /// Bytes that are free on the disk.
    pub free_bytes: u64,
    /// `writable`, `full`, or `read-only` with the reason.
    pub store: String,
    /// The installed roster.
    pub roster: Option<RosterStatus>,
    /// The clock, and whether it is proven.
    pub clock: ClockStatus,
    /// What should have been deleted before.
    pub overdue: Option<Overdue>,
    /// Days of a retention that is configured and waits for the operator's word.
    pub shorter_retention: Option<u32>,
}

/// The installed roster, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterStatus {
    /// Its serial.
    pub serial: u64,
    /// The last UTC day on which it holds.
    pub expires: Day,
    /// Days until then; negative when it is over.
    pub days_left: i64,
    /// How many coordinators it names.
    pub coordinators: usize,
}

impl RosterStatus {
    fn of(installed: &Installed, today: Day) -> Self {
        let roster = installed.roster.roster();
        Self {
            serial: roster.serial,
            expires: roster.expires,
            days_left: roster.expires.days_since(today),
            coordinators: roster.coordinators.len(),
        }
    }
}

impl DropStatus {
    /// The status of a drop, whether this process serves it or not.
    pub fn of(app: &App, serving: bool) -> Self {
        let (store, time): (StoreStatus, &Timekeeper) = (app.store.status(), &app.time);
        let closed = app.closed();
        let (today, roster) = (time.today(), app.roster());
        Self {
            drop: app.drop,
            serving,
            open: closed.is_none() && store.state == StoreState::Writable,
            closed,
            objects: store.objects,
            bytes: store.bytes,
            damaged: store.damaged,
            uploads: store.uploads,
            oldest_upload_hours_left: store
                .oldest_upload_until
                .map(|until| until.saturating_sub(time.steady()).div_ceil(3600)),
            free_bytes: store.free_bytes,
            store: match &store.state {
                StoreState::Writable => "writable".to_owned(),
                StoreState::Full => "full".to_owned(),
                StoreState::ReadOnly(why) => format!("read-only: {why}"),
            },
            roster: roster.map(|installed| RosterStatus::of(&installed, today)),
            clock: time.status(),
            overdue: time.overdue(),
            shorter_retention: time.shorter(),
        }
    }

    /// In the text format of Prometheus, version 0.0.4.
    pub fn metrics(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, value: i128| {
            // Writing to a string cannot fail.
            let _ = write!(text, "# HELP kua_{name} {help}\n# TYPE kua_{name} gauge\nkua_{name} {value}\n");
        };
        gauge("open", "Whether the drop takes in reports.", self.open.into());
        gauge("objects", "Sealed objects in the store.", self.objects.into());
        gauge("stored_bytes", "Bytes of the sealed objects.", self.bytes.into());
        gauge("damaged_objects", "Objects that are damaged, as far as known.", self.damaged.into());
        gauge("unfinished_uploads", "Uploads that are unfinished.", self.uploads.into());
        gauge("free_bytes", "Bytes that are free on the disk.", self.free_bytes.into());
        gauge("clock_proven", "Whether the clock is proven.", self.clock.proof.is_proven().into());
        let overdue = self.overdue.map_or(0, |overdue| overdue.objects);
        gauge("overdue_objects", "Objects that should have been deleted before.", overdue.into());
        let days = self.overdue.map_or(0, |overdue| overdue.days);
        gauge("overdue_days", "Days since the first of them should have been.", days.into());
        gauge("store_writable", "Whether the store takes in objects.", (self.store == "writable").into());
        if let Some(roster) = &self.roster {
            gauge("roster_serial", "Serial of the installed roster.", roster.serial.into());
            gauge("roster_days_left", "Days until the roster's time is over.", roster.days_left.into());
        }
        text
    }
}

/// What a check found, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// Objects that are whole.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// All that is not as it should be, a line each.
    pub faults: Vec<String>,
}

impl From<Checked> for Checkup {
    fn from(checked: Checked) -> Self {
        let faults = checked.faults.iter().map(ToString::to_string).collect();
        Self { objects: checked.objects, bytes: checked.bytes, faults }
    }
}

/// What purging did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purged {
    /// Reports that coordinators had wanted deleted.
    pub deleted: u64,
    /// Objects that were past their time.
    pub expired: u64,
    /// Unfinished uploads that were given up.
    pub uploads: u64,
    /// Days that were closed.
    pub closed: Vec<Day>,
    /// What should have been deleted and was not.
    pub overdue: Option<Overdue>,
    /// Whether the clock lets anything be deleted by time.
    pub proven: bool,
}

impl Purged {
    /// What a sweep did, and how the clock stands after it.
    pub fn of(swept: Swept, time: &Timekeeper) -> Self {
        let Swept { tidied, uploads } = swept;
        let (overdue, proven) = (time.overdue(), time.status().proof.is_proven());
        Self {
            deleted: tidied.deleted,
            expired: tidied.expired,
            uploads,
            closed: tidied.closed,
            overdue,
            proven,
        }
    }
}
