//! `kua receipt`: what a drop's receipt proves, without the drop, and whether the drop still keeps its word.

use std::sync::Arc;

use kua_client::receipts::{self, Fate};
use kua_client::session::Reach;
use kua_client::views::{ReceiptChecked, ReceiptVerified};
use kua_clock::Clock;
use kua_protocol::day::Day;
use kua_protocol::link::{DropLink, RootFingerprint};

use crate::args::{CheckReceipt, Receipt, VerifyReceipt};
use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, print};

/// Checks a receipt.
///
/// # Errors
///
/// When the receipt proves nothing, or the drop broke its word.
pub async fn run(command: Receipt, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    match command {
        Receipt::Verify(options) => verify(&options, clock.today(), terminal.words()),
        Receipt::Check(options) => check(options, clock, terminal).await,
    }
}

/// Needs nothing but files: neither the drop nor a roster that is still in force.
fn verify(options: &VerifyReceipt, today: Day, words: &Words) -> Result<(), Error> {
    let link = options.link.as_deref().map(str::parse::<DropLink>).transpose()?;
    let sealed = options.sealed.as_deref();
    let verified = receipts::verify(&options.file, &options.roster, link.as_ref(), sealed, today)?;
    if options.json {
        return print::json(&ReceiptVerified::of(&verified, link.is_some(), sealed.is_some()));
    }
    let receipt = &verified.receipt;
    let (id, day, size) = (receipt.report.to_string(), receipt.day.to_string(), receipt.size.to_string());
    let args = [("id", id.into()), ("day", day.into()), ("size", size.into())];
    outln!("{}", words.say_with("receipt-holds", &args));
    if let Some(path) = sealed {
        outln!("{}", words.say_with("receipt-file-agrees", &[("path", path.display().to_string().into())]));
    }
    if let Some(day) = verified.ended {
        outln!("{}", words.say_with("receipt-roster-ended", &[("day", day.to_string().into())]));
    }
    if link.is_some() {
        outln!("{}", words.say("receipt-link-agrees"));
    } else {
        // The roster proves itself by a key that it names itself: only a person can say whose that is.
        let digits = RootFingerprint::of(&verified.roster.root()).digits();
        outln!("{}\n  {digits}", words.say("receipt-digits"));
    }
    Ok(())
}

/// Asks the drop for the report.
async fn check(options: CheckReceipt, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let receipt = receipts::read(&options.file, session.client().roster())?;
    let (report_id, day, size) = (receipt.report, receipt.day, receipt.size);
    let state = receipts::check(&session, &receipt).await?;
    if options.json {
        print::json(&ReceiptChecked { report_id, day, size, state })?;
    }
    let message = match state {
        Fate::Unknown => return Err(kua_client::Error::Dropped { id: report_id, day }.into()),
        Fate::Gone => "receipt-gone",
        Fate::Served => "receipt-served",
    };
    if !options.json {
        let args = [("id", report_id.to_string().into()), ("day", day.to_string().into())];
        outln!("{}", terminal.words().say_with(message, &args));
    }
    Ok(())
}
