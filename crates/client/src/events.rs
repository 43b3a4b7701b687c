//! Events: how the library tells a front end what goes on, and asks it what only a person can decide.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kua_metadata::{Finding, NotCleaned};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;

use crate::error::Error;

/// A front end, as the library sees it.
pub trait Observer: Send + Sync {
    /// Shows that work of a known amount begins. The amount is a number of things, or of bytes where the work says so.
    fn begin(&self, work: Work, amount: u64) -> Box<dyn Progress>;

    /// Shows that something is as the person may not expect. The work goes on.
    fn warn(&self, warning: &Warning<'_>);

    /// Asks yes or no; gives none where there is nobody to ask.
    ///
    /// # Errors
    ///
    /// [`Error::Ended`] when the person ends it.
    fn ask(&self, question: &Question<'_>) -> Result<Option<bool>, Error>;

    /// Says whether somebody sits before it, who can end what takes too long.
    fn is_attended(&self) -> bool;
}

/// Progress of one piece of work. Dropping it ends it.
pub trait Progress: Send + Sync {
    /// Counts so much as done.
    fn advance(&self, by: u64);

    /// Takes back so much, which has to be done again.
    fn take_back(&self, by: u64);

    /// Adds so much that is still to be done.
    fn extend(&self, by: u64);
}

/// Work that takes a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Reads the beginnings of reports that were never looked at; counted in reports.
    ReadingReports,
    /// Reads case logs that have changed; counted in logs.
    ReadingLogs,
    /// Sends the entries of the outbox; counted in entries.
    FlushingOutbox,
    /// Notes in case logs to whom an export is given; counted in logs.
    NotingExport,
    /// Fetches reports to be opened, in bytes.
    Opening,
    /// Fetches reports to be saved as they are, in bytes.
    Fetching,
    /// Fetches reports to be exported, in bytes.
    Exporting,
    /// Fetches reports to be compared with their ids, in bytes.
    Checking,
}

/// Something that the person may not expect.
#[derive(Debug)]
pub enum Warning<'a> {
    /// The drop cannot be reached, and work goes on with what it said last.
    Unreachable(&'a Error),
    /// The drop has not answered for a while.
    NoAnswerYet {
        /// Whether what was asked for works without it.
        offline_works: bool,
    },
    /// The line is broken: what is to be sent waits until it is back.
    Waiting,
    /// What is shown is of this day.
    AsOf(Day),
    /// The roster has another key for this coordinator now.
    KeyExchanged {
        /// The coordinator's name.
        name: &'a str,
    },
    /// The roster ends in so many days.
    RosterEndsSoon {
        /// Days from today; negative once it has ended.
        days: i64,
    },
    /// A filter asks for the content of reports that could not be read.
    NotJudged {
        /// How many reports.
        count: usize,
    },
    /// Case logs could not be read as far as the drop counts them.
    LogsUnread {
        /// How many logs.
        count: usize,
    },
    /// An entry of the outbox is for a report that is gone.
    OutboxGone(ObjectId),
    /// Entries of the outbox were sent.
    OutboxSent {
        /// How many entries.
        count: usize,
    },
    /// Entries stay in the outbox, for a reason.
    OutboxStays {
        /// How many entries.
        count: usize,
        /// Why the last of them was not sent.
        why: &'a Error,
    },
    /// Entries wait in the outbox.
    OutboxWaits {
        /// How many entries.
        count: usize,
    },
    /// The drop had shown something else of this report in its list.
    ShownOtherwise(ObjectId),
    /// A file to be sent is of a kind of which metadata is not known.
    MetadataUnknown {
        /// The file.
        file: &'a Path,
    },
    /// A file to be sent has metadata.
    MetadataFound {
        /// The file.
        file: &'a Path,
        /// What is in it.
        findings: &'a [Finding],
    },
    /// The metadata of a file stays in it, since nobody could be asked.
    MetadataKept {
        /// The file.
        file: &'a Path,
    },
    /// The metadata of a file is taken out.
    MetadataRemoved {
        /// The file.
        file: &'a Path,
    },
}

/// Something that only a person can decide.
#[derive(Debug)]
pub enum Question<'a> {
    /// Asks whether an image goes as it is that cannot be cleaned.
    SendUnclean {
        /// The file.
        file: &'a Path,
        /// Why it cannot be cleaned.
        error: &'a NotCleaned,
    },
    /// Asks whether what is hidden in a file, which was told before, is taken out.
    StripMetadata {
        /// The file.
        file: &'a Path,
    },
}

/// An observer that shows nothing and answers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn begin(&self, _: Work, _: u64) -> Box<dyn Progress> {
        Box::new(Self)
    }

    fn warn(&self, _: &Warning<'_>) {}

    fn ask(&self, _: &Question<'_>) -> Result<Option<bool>, Error> {
        Ok(None)
    }

    fn is_attended(&self) -> bool {
        false
    }
}

impl Progress for Unobserved {
    fn advance(&self, _: u64) {}

    fn take_back(&self, _: u64) {}

    fn extend(&self, _: u64) {}
}

/// Follows how far a report has got on its way to the drop.
pub trait Watch: Send + Sync {
    /// Tells how many bytes are on their way or there.
    fn sent(&self, bytes: u64);

    /// Tells that the line broke: nothing is sent until it is back.
    fn waiting(&self);

    /// Tells that the drop has forgotten what was sent: all of it is sealed and sent anew.
    fn starts_over(&self);
}

/// An observer that several owners share.
pub type SharedObserver = Arc<dyn Observer>;

/// Follows what is sent without a bar of its own: a front end is told once that it waits, until something is sent again.
pub(crate) struct Patient {
    observer: SharedObserver,
    waits: AtomicBool,
}

impl Patient {
    /// Tells this front end.
    pub(crate) fn new(observer: SharedObserver) -> Self {
        Self { observer, waits: AtomicBool::new(false) }
    }
}

impl Watch for Patient {
    fn sent(&self, _: u64) {
        self.waits.store(false, Ordering::Relaxed);
    }

    fn waiting(&self) {
        if !self.waits.swap(true, Ordering::Relaxed) {
            self.observer.warn(&Warning::Waiting);
        }
    }

    fn starts_over(&self) {}
}
