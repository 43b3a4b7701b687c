//! `kua receipt`: what a drop's receipt proves, without the drop, and whether the drop still keeps its word.

use std::path::Path;

use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, MAX_ENVELOPE_LEN};
use kua_protocol::link::{DropLink, RootFingerprint};
use kua_protocol::problem::Kind;
use kua_protocol::receipt::Receipt;
use kua_protocol::roster::{RosterError, VerifiedRoster};
use serde_json::json;

use crate::cli::{self, CheckReceipt, VerifyReceipt};
use crate::commands::roster;
use crate::error::Error;
use crate::sealed;
use crate::session::Session;
use crate::words::Words;
use crate::{files, progress};

/// Checks a receipt.
///
/// # Errors
///
/// When the receipt proves nothing, or the drop broke its word.
pub async fn run(command: cli::Receipt, clock: &Clock, words: &Words) -> Result<(), Error> {
    match command {
        cli::Receipt::Verify(options) => verify(&options, clock.today(), words),
        cli::Receipt::Check(options) => check(options, clock, words).await,
    }
}

/// Needs nothing but files: neither the drop nor a roster that is still in force.
fn verify(options: &VerifyReceipt, today: Day, words: &Words) -> Result<(), Error> {
    let link = options.link.as_deref().map(str::parse::<DropLink>).transpose()?;
    let (_, roster) = roster::read(&options.roster)?;
    if link.as_ref().is_some_and(|link| !link.root().is_of(&roster.root())) {
        return Err(RosterError::OtherRoot.into());
    }
    let ended = match roster.check_date(today) {
        Ok(()) => None,
        Err(RosterError::Expired(day)) => Some(day),
        Err(error) => return Err(error.into()),
    };
    let receipt = read(&options.file, &roster)?;
    if let Some(path) = &options.sealed {
        let (id, file) = sealed::read(path)?;
        let size = file.metadata().map_err(Error::file(path))?.len();
        if (id, size) != (receipt.report, receipt.size) {
            return Err(Error::OtherSealed(path.clone()));
        }
    }
    let digits = RootFingerprint::of(&roster.root()).digits();
    if options.json {
        let (expires, serial) = (roster.roster().expires, roster.roster().serial);
        outln!(
            "{}",
            json!({
                "report_id": receipt.report, "day": receipt.day, "size": receipt.size, "drop": receipt.drop,
                "roster": { "serial": serial, "expires": expires, "ended": ended.is_some() },
                "digits": digits, "link_checked": link.is_some(), "sealed_checked": options.sealed.is_some(),
            })
        );
        return Ok(());
    }
    let (id, day, size) = (receipt.report.to_string(), receipt.day.to_string(), receipt.size.to_string());
    let args = [("id", id.into()), ("day", day.into()), ("size", size.into())];
    outln!("{}", words.say_with("receipt-holds", &args));
    if let Some(path) = &options.sealed {
        outln!("{}", words.say_with("receipt-file-agrees", &[("path", path.display().to_string().into())]));
    }
    if let Some(day) = ended {
        outln!("{}", words.say_with("receipt-roster-ended", &[("day", day.to_string().into())]));
    }
    if link.is_some() {
        outln!("{}", words.say("receipt-link-agrees"));
    } else {
        // The roster proves itself by a key that it names itself: only a person can say whose that is.
        outln!("{}\n  {digits}", words.say("receipt-digits"));
    }
    Ok(())
}

/// Reads a receipt that this roster's drop gave.
fn read(path: &Path, roster: &VerifiedRoster) -> Result<Receipt, Error> {
    let bytes = files::read(path, MAX_ENVELOPE_LEN as u64)?;
    let verified = Envelope::parse(&bytes).map_err(Into::into);
    let verified = verified.and_then(|envelope| Receipt::verify(&envelope, roster));
    verified.map_err(|error| Error::Receipt { path: path.to_owned(), error })
}

/// Asks the drop for the report, all of it: a drop that only says that it has one proves nothing.
async fn check(options: CheckReceipt, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.at, clock, words).await?;
    let receipt = read(&options.file, session.drop.roster())?;
    let id = receipt.report;
    let rows = session.drop.reports(None, session.keys.signing()).await?;
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
    let bar = progress::bytes(row.size, &words.say("open-fetching"));
    let fetched = session.fetch(&row, |bytes| bar.inc(bytes)).await;
    bar.finish_and_clear();
    let state = match fetched {
        Ok(_) if is_listed => "served",
        Ok(_) => {
            let id = id.short();
            return Err(Error::Dishonest(format!("it has {id} and leaves it out of its list")));
        }
        Err(Error::Problem(problem)) if problem.kind == Kind::Gone => "gone",
        Err(Error::Problem(problem)) if problem.kind == Kind::NotFound => "unknown",
        Err(error) => return Err(error),
    };
    if options.json {
        let (day, size) = (receipt.day, receipt.size);
        outln!("{}", json!({ "report_id": id, "day": day, "size": size, "state": state }));
    }
    let args = [("id", id.to_string().into()), ("day", receipt.day.to_string().into())];
    match state {
        "unknown" => return Err(Error::Dropped { id, day: receipt.day }),
        _ if options.json => {}
        "gone" => outln!("{}", words.say_with("receipt-gone", &args)),
        _ => outln!("{}", words.say_with("receipt-served", &args)),
    }
    Ok(())
}
