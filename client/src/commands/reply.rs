//! `kua reply`: answers a submitter, who alone can open the answer.

use std::fs;

use bytes::Bytes;
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::reply::{Attachment, Kind, MAX_ATTACHMENT_LEN, MAX_TEXT_LEN, Reply};
use kua_protocol::sealed::SealedBytes;
use kua_report::{AttachmentName, Report};
use kua_sealing::{Floor, Recipients, SealPlan};
use serde_json::json;

use crate::case::Cases;
use crate::cli;
use crate::error::Error;
use crate::hidden::{self, Choice};
use crate::session::Session;
use crate::thread::Letter;
use crate::words::Words;

/// Seals a reply to the submitter of a report and leaves it in the mailbox.
///
/// # Errors
///
/// When the report cannot be had, came without a mailbox or names another one, or the drop does not take the reply.
pub async fn run(options: cli::Reply, words: &Words) -> Result<(), Error> {
    let file =
        options.attach.as_deref().map(|path| attached(path, options.hidden.choice(), words)).transpose()?;
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.find(std::slice::from_ref(&options.id)).await?;
    let row = rows.first().ok_or_else(|| Error::NoSuchReport(options.id.to_string()))?;
    let cases = Cases::of(&session)?;
    let report = cases.read_whole(row, session.fetch(row, |_| {}).await?).await?;
    cases.learn(row.report_id, &report, true)?;
    let mailbox = mailbox(&report, row)?;
    let language = report.event().language.clone().unwrap_or_else(|| "en".to_owned());
    let (kind, text) = match &options.text {
        Some(text) => (Kind::Text, text.clone()),
        None => (Kind::Acknowledgement, Words::of_locale(&language).say("acknowledgement")),
    };
    if text.len() > MAX_TEXT_LEN {
        return Err(Error::Refused(format!("a reply has at most {MAX_TEXT_LEN} bytes of text: shorten it")));
    }
    let key = session.keys.signing();
    let number = session.drop.messages(mailbox, key).await?.len() as u64 + 1;
    let (stated, attachment) = file.unzip();
    let statement = Reply {
        drop: session.drop_id(),
        mailbox,
        number,
        report: row.report_id,
        day: Day::today(),
        kind,
        text,
        language,
        attachment: stated,
    };
    let envelope = Envelope::sign(&statement, key).map_err(|error| Error::System(error.to_string()))?;
    let sealed = seal(&report, &Letter { envelope, attachment })?;
    let taken = session.drop.post_message(mailbox, &sealed, key).await?;
    if options.json {
        let (id, mailbox) = (taken.message_id, mailbox);
        outln!("{}", json!({ "message_id": id, "mailbox": mailbox, "number": number, "day": taken.day }));
    } else {
        let (id, number) = (row.report_id.short(), number.to_string());
        outln!("{}", words.say_with("reply-left", &[("id", id.into()), ("number", number.into())]));
    }
    if let Err(error) = log(&cases, row, statement, taken.message_id).await {
        eprintln!("{}", words.say_with("reply-not-noted", &[("why", error.in_words(words).into())]));
    }
    Ok(())
}

/// The file to go with a reply, with or without what is hidden in it.
fn attached(path: &std::path::Path, choice: Choice, words: &Words) -> Result<(Attachment, Vec<u8>), Error> {
    let size = fs::metadata(path).map_err(Error::file(path))?.len();
    if size > MAX_ATTACHMENT_LEN {
        return Err(Error::TooLarge { size, limit: MAX_ATTACHMENT_LEN });
    }
    let (content, _) = hidden::settle(path, choice, words)?;
    let mut bytes = Vec::new();
    content
        .open()
        .and_then(|mut file| std::io::Read::read_to_end(&mut file, &mut bytes))
        .map_err(Error::file(path))?;
    let name = AttachmentName::tidy(&path.file_name().unwrap_or_default().to_string_lossy()).to_string();
    Ok((Attachment { name, size: bytes.len() as u64, sha256: Digest::of(&bytes) }, bytes))
}

/// Notes in the case log what was answered. The answer itself is on its way by then, whatever comes of this.
async fn log(cases: &Cases<'_>, row: &ReportRow, reply: Reply, message: ObjectId) -> Result<(), Error> {
    let Reply { number, kind, text, language, attachment, .. } = reply;
    let change = Change::Reply { message, number, kind, text, language, attachment };
    cases.append(&mut cases.case(row).await?, vec![change], &[]).await?;
    cases.save()
}

/// The mailbox of the person who wrote the report.
fn mailbox(report: &Report, row: &ReportRow) -> Result<MailboxId, Error> {
    let sender = PublicKey::from_bytes(report.routing().reply.sign.as_bytes());
    let sender = sender.ok().map(|key| MailboxId::of(&key));
    match (row.mailbox, sender) {
        (Some(mailbox), Some(sender)) if mailbox == sender => Ok(mailbox),
        (None, _) => Err(Error::Refused("this report came without a mailbox: nobody would read an answer".into())),
        _ => Err(Error::Refused(
            "the report names another mailbox than the one that sent it: an answer would not reach its author".into(),
        )),
    }
}

fn seal(report: &Report, letter: &Letter) -> Result<SealedBytes, Error> {
    let system = |error: std::io::Error| Error::System(error.to_string());
    let archive = letter.pack().map_err(system)?;
    let recipient = report.routing().reply.recipient.to_string();
    let recipients = Recipients::new([(recipient.as_str(), true)])?;
    let mut sealed = Vec::new();
    SealPlan::new(recipients, archive.len() as u64, Floor::Reply)?.seal(archive.as_slice(), &mut sealed)?;
    SealedBytes::try_from(Bytes::from(sealed)).map_err(|error| Error::System(error.to_string()))
}
