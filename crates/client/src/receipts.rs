//! Receipts: what one proves without the drop, and whether the drop still keeps its word.

use std::path::Path;

use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, MAX_ENVELOPE_LEN};
use kua_protocol::link::DropLink;
use kua_protocol::problem::Kind;
use kua_protocol::receipt::Receipt;
use kua_protocol::roster::{RosterError, VerifiedRoster};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ceremony;
use crate::drop::DropClient;
use crate::error::Error;
use crate::events::Work;
use crate::files;
use crate::inbox::id_of;
use crate::session::Session;
use crate::thread::Thread;

/// Most bytes of a receipt's file.
const MOST: u64 = 256 * 1024;

/// A receipt that was verified under a roster.
pub struct VerifiedReceipt {
    /// The drop's word.
    pub receipt: Receipt,
    /// The roster.
    pub roster: VerifiedRoster,
    /// The last day of the roster, where that is over.
    pub ended: Option<Day>,
}

/// Verifies a receipt with nothing but files: neither the drop nor a roster that is still in force.
///
/// # Errors
///
/// When a file is not what it should be, the roster is another drop's than the link's, or the sealed report is another.
pub fn verify(
    path: &Path,
    roster: &Path,
    link: Option<&DropLink>,
    sealed: Option<&Path>,
    today: Day,
) -> Result<VerifiedReceipt, Error> {
    let (_, roster) = ceremony::read(roster)?;
    if link.is_some_and(|link| !link.root().is_of(&roster.root())) {
        return Err(RosterError::OtherRoot.into());
    }
    let ended = match roster.check_date(today) {
        Ok(()) => None,
        Err(RosterError::Expired(day)) => Some(day),
        Err(error) => return Err(error.into()),
    };
    let receipt = read(path, &roster)?;
    if let Some(path) = sealed {
        let (id, file) = id_of(path)?;
        let size = file.metadata().map_err(Error::file(path))?.len();
        if (id, size) != (receipt.report, receipt.size) {
            return Err(Error::OtherSealed(path.to_owned()));
        }
    }
    Ok(VerifiedReceipt { receipt, roster, ended })
}

/// Reads a receipt that this roster's drop gave.
///
/// # Errors
///
/// [`Error::Receipt`]; when it cannot be read.
pub fn read(path: &Path, roster: &VerifiedRoster) -> Result<Receipt, Error> {
    let bytes = files::read_text(path, MAX_ENVELOPE_LEN as u64)?;
    let verified = Envelope::parse(&bytes).map_err(Into::into);
    let verified = verified.and_then(|envelope| Receipt::verify(&envelope, roster));
    verified.map_err(|error| Error::Receipt { path: path.to_owned(), error })
}

/// What became of a report for which there is a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The drop serves it, all of it.
    Served,
    /// The drop says that it was deleted.
    Gone,
    /// The drop knows nothing of it: it broke its word.
    Unknown,
}

/// Asks the drop for the report, all of it: a drop that only says that it has one proves nothing.
///
/// # Errors
///
/// [`Error::Dishonest`] when it tells two stories of it; when it cannot be reached.
pub async fn check(session: &Session, receipt: &Receipt) -> Result<Fate, Error> {
    let id = receipt.report;
    let rows = session.client().reports(None, session.keys().signing()).await?;
    let listed = rows.into_iter().find(|row| row.report_id == id);
    if listed.as_ref().is_some_and(|row| (row.day, row.size) != (receipt.day, receipt.size)) {
        let id = id.short();
        return Err(Error::Dishonest(format!("its list and its receipt tell two stories of {id}")));
    }
    let is_listed = listed.is_some();
    let row = listed.unwrap_or(ReportRow {
        report_id: id,
        day: receipt.day,
        size: receipt.size,
        mailbox: None,
        entries: 0,
        delete_asked: None,
        expired: None,
    });
    let progress = session.observer().begin(Work::Opening, row.size);
    match session.fetch(&row, &*progress).await {
        Ok(_) if is_listed => Ok(Fate::Served),
        Ok(_) => {
            let id = id.short();
            Err(Error::Dishonest(format!("it has {id} and leaves it out of its list")))
        }
        Err(Error::Problem(problem)) if problem.kind == Kind::Gone => Ok(Fate::Gone),
        Err(Error::Problem(problem)) if problem.kind == Kind::NotFound => Ok(Fate::Unknown),
        Err(error) => Err(error),
    }
}

/// Reads a submitter's receipt, which is verified when the drop's roster is there.
///
/// # Errors
///
/// [`Error::Refused`] when it is none; when it cannot be read.
pub fn read_unverified(path: &Path) -> Result<Envelope, Error> {
    let bytes = files::read_text(path, MOST)?;
    let what = path.display();
    Envelope::parse(&bytes).map_err(|error| Error::Refused(format!("{what} is no receipt: {error}")))
}

/// Checks that the drop still shows a submitter the report for which it gave this receipt.
///
/// # Errors
///
/// [`Error::Refused`] when the receipt does not hold, [`Error::Dishonest`] when the report is not shown.
pub fn check_shown(receipt: &Envelope, drop: &DropClient, thread: &Thread) -> Result<(), Error> {
    let said = Receipt::verify(receipt, drop.roster())
        .map_err(|error| Error::Refused(format!("the receipt does not hold: {error}")))?;
    if thread.sent.iter().any(|sent| sent.report_id == said.report) {
        return Ok(());
    }
    let (id, day) = (said.report.short(), said.day);
    Err(Error::Dishonest(format!(
        "it gave a receipt for {id} on {day} and does not show it any more: it was deleted, or withheld"
    )))
}
