//! `kua reply`: answers submitters, each of whom alone can open the answer.

use std::collections::BTreeMap;
use std::fs;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::OptionFuture;
use futures_util::lock::Mutex;
use kua_clock::Clock;
use kua_protocol::api::{MessageRow, ReportRow};
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::reply::{Attachment, Kind, MAX_ATTACHMENT_LEN, MAX_TEXT_LEN, Reply};
use kua_protocol::sealed::SealedBytes;
use kua_report::{AttachmentName, Report};
use kua_sealing::{Floor, Recipients, SealPlan};
use serde_json::json;

use crate::ask;
use crate::case::Cases;
use crate::cli;
use crate::error::Error;
use crate::hidden::{self, Choice};
use crate::looking::choose;
use crate::out::JsonList;
use crate::session::Session;
use crate::several::Several;
use crate::thread::Letter;
use crate::words::Words;

/// How many reports are answered at a time.
const AT_ONCE: usize = 4;

/// What is to be said.
struct Answer {
    /// None for an acknowledgement, whose text is in the language of each report.
    text: Option<String>,
    file: Option<(Attachment, Vec<u8>)>,
}

/// A reply that lies in the mailbox.
struct Left {
    mailbox: MailboxId,
    number: u64,
    message: MessageRow,
    /// It is on its way, whatever came of this.
    noted: Result<(), Error>,
}

/// Seals a reply to the submitter of each report and leaves it in the mailbox. What a filter chose is confirmed first.
///
/// # Errors
///
/// When a report cannot be had, came without a mailbox or names another one, or the drop does not take the reply; others
/// are answered all the same.
pub async fn run(options: cli::Reply, clock: &Clock, words: &Words) -> Result<(), Error> {
    let text = options.text.as_deref();
    let text = text.map(|text| ask::text(text, &options.at.vault.passphrase, MAX_TEXT_LEN)).transpose()?;
    if text.as_ref().is_some_and(|text| text.len() > MAX_TEXT_LEN) {
        return Err(Error::Refused(format!("a reply has at most {MAX_TEXT_LEN} bytes of text: shorten it")));
    }
    let file =
        options.attach.as_deref().map(|path| attached(path, options.hidden.choice(), words)).transpose()?;
    let answer = Answer { text, file };
    let session = Session::open(&options.at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let (rows, _) = choose(&session, &cases, &options.ids, filter.as_ref(), words).await?;
    if !ask::sure(words, "reply-them", rows.len(), filter.is_none() || options.yes)? {
        return Ok(());
    }
    let mut several = Several::counted(rows.len(), "reply-replying", words);
    let mut list = JsonList::new(filter.is_none() && rows.len() == 1);
    // Replies to one mailbox are numbered, so that they go there one after another.
    let turns: BTreeMap<_, _> = rows.iter().map(|row| (row.mailbox, Mutex::new(()))).collect();
    let (session, cases, answer, turns) = (&session, &cases, &answer, &turns);
    let replies = rows.iter().map(|row| async move {
        let _turn = OptionFuture::from(turns.get(&row.mailbox).map(Mutex::lock)).await;
        (row, reply(session, cases, row, answer).await)
    });
    let mut replies = futures_util::stream::iter(replies).buffered(AT_ONCE);
    while let Some((row, replied)) = replies.next().await {
        several.bar().inc(1);
        let Some(Left { mailbox, number, message, noted }) = several.take(row.report_id, replied) else {
            continue;
        };
        several.show(|| {
            let id = row.report_id.short();
            if options.json {
                list.push(&json!({
                    "report_id": row.report_id, "message_id": message.message_id, "mailbox": mailbox,
                    "number": number, "day": message.day,
                }));
            } else {
                let args = [("id", id.clone().into()), ("number", number.to_string().into())];
                outln!("{}", words.say_with("reply-left", &args));
            }
            if let Err(error) = noted {
                let args = [("id", id.into()), ("why", error.in_words(words).into())];
                eprintln!("{}", words.say_with("reply-not-noted", &args));
            }
        });
    }
    let outcome = several.end();
    if options.json {
        list.end();
    }
    cases.finish(words)?;
    outcome
}

/// Reads a report to its end, answers its author, and notes that in the case log.
async fn reply(
    session: &Session,
    cases: &Cases<'_>,
    row: &ReportRow,
    answer: &Answer,
) -> Result<Left, Error> {
    let report = cases.read_whole(row, session.fetch(row, |_| {}).await?).await?;
    cases.learn(row.report_id, &report, true)?;
    let mailbox = mailbox(&report, row)?;
    let language = report.event().language.clone().unwrap_or_else(|| "en".to_owned());
    let (kind, text) = match &answer.text {
        Some(text) => (Kind::Text, text.clone()),
        None => (Kind::Acknowledgement, Words::of_locale(&language).say("acknowledgement")),
    };
    let key = session.keys.signing();
    let number = session.drop.messages(mailbox, key).await?.len() as u64 + 1;
    let (stated, attachment) = answer.file.clone().unzip();
    let statement = Reply {
        drop: session.drop_id(),
        mailbox,
        number,
        report: row.report_id,
        day: session.drop.today(),
        kind,
        text,
        language,
        attachment: stated,
    };
    let envelope = Envelope::sign(&statement, key).map_err(|error| Error::System(error.to_string()))?;
    let sealed = seal(&report, &Letter { envelope, attachment })?;
    let message = session.drop.post_message(mailbox, &sealed, key).await?;
    let noted = note(cases, row, statement, message.message_id).await;
    Ok(Left { mailbox, number, message, noted })
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

/// Notes in the case log what was answered.
async fn note(cases: &Cases<'_>, row: &ReportRow, reply: Reply, message: ObjectId) -> Result<(), Error> {
    let Reply { number, kind, text, language, attachment, .. } = reply;
    let change = Change::Reply { message, number, kind, text, language, attachment };
    cases.append(&mut cases.case(row).await?, vec![change], &[]).await.map(|_| ())
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
