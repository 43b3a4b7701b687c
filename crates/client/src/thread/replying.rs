//! Replying: a coordinator answers submitters, each of whom alone can open the answer.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::OptionFuture;
use futures_util::lock::Mutex;
use futures_util::{Stream, StreamExt as _};
use kua_protocol::api::{MessageRow, ReportRow};
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::reply::{Attachment, Kind, MAX_ATTACHMENT_LEN, Reply};
use kua_protocol::sealed::SealedBytes;
use kua_report::{AttachmentName, Report};
use kua_sealing::{Floor, Recipients, SealPlan};

use super::letter::Letter;
use crate::case::Cases;
use crate::error::Error;
use crate::events::{Observer, Patient, Unobserved, Watch};
use crate::submit::{Choice, settle};

/// Reports that are answered at a time.
const AT_ONCE: usize = 4;

/// An answer to one or more submitters.
pub struct Answer {
    text: AnswerText,
    file: Option<(Attachment, Vec<u8>)>,
}

enum AnswerText {
    /// The same for all.
    Text(String),
    /// That the report was opened, in the language of each report.
    Acknowledgement(Box<dyn Fn(&str) -> String + Send + Sync>),
}

/// A reply that lies in the mailbox.
pub struct PostedReply {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// The reply's number in it.
    pub number: u64,
    /// Where the drop keeps it.
    pub message: MessageRow,
    /// What came of noting it in the case log. The reply is on its way, whatever that is.
    pub noted: Result<(), Error>,
}

impl Answer {
    /// Answers with a text.
    pub fn text(text: String) -> Self {
        Self { text: AnswerText::Text(text), file: None }
    }

    /// Says that the report was opened, in words for a language given as a BCP 47 tag.
    pub fn acknowledgement(words: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { text: AnswerText::Acknowledgement(Box::new(words)), file: None }
    }

    /// Adds a file, with or without its metadata.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`]; when it cannot be read, or is to be cleaned and cannot be.
    pub fn attach(mut self, path: &Path, choice: Choice, observer: &dyn Observer) -> Result<Self, Error> {
        let size = fs::metadata(path).map_err(Error::file(path))?.len();
        if size > MAX_ATTACHMENT_LEN {
            return Err(Error::TooLarge { size, limit: MAX_ATTACHMENT_LEN });
        }
        let (content, _) = settle(path, choice, observer)?;
        let mut bytes = Vec::new();
        content.open().and_then(|mut file| file.read_to_end(&mut bytes)).map_err(Error::file(path))?;
        let name = AttachmentName::tidy(&path.file_name().unwrap_or_default().to_string_lossy()).to_string();
        let stated = Attachment { name, size: bytes.len() as u64, sha256: Digest::of(&bytes) };
        self.file = Some((stated, bytes));
        Ok(self)
    }
}

/// Seals the answer to the submitter of each report and posts it to the mailbox. All of the report is read before.
pub fn reply_each<'a>(
    cases: &'a Cases,
    rows: &'a [ReportRow],
    answer: &'a Answer,
) -> impl Stream<Item = (&'a ReportRow, Result<PostedReply, Error>)> {
    // Replies to one mailbox are numbered, so that they go there one after another.
    let turns: BTreeMap<_, _> = rows.iter().map(|row| (row.mailbox, Mutex::new(()))).collect();
    let turns = Arc::new(turns);
    let replies = rows.iter().map(move |row| {
        let turns = Arc::clone(&turns);
        async move {
            let _turn = OptionFuture::from(turns.get(&row.mailbox).map(Mutex::lock)).await;
            (row, reply(cases, row, answer).await)
        }
    });
    futures_util::stream::iter(replies).buffered(AT_ONCE)
}

/// Reads a report to its end, answers its author, and notes that in the case log.
async fn reply(cases: &Cases, row: &ReportRow, answer: &Answer) -> Result<PostedReply, Error> {
    let session = cases.session();
    let report = cases.read_whole(row, session.fetch(row, &Unobserved).await?).await?;
    cases.learn(row.report_id, &report, true)?;
    let mailbox = mailbox(&report, row)?;
    let language = report.event().language.clone().unwrap_or_else(|| "en".to_owned());
    let (kind, text) = match &answer.text {
        AnswerText::Text(text) => (Kind::Text, text.clone()),
        AnswerText::Acknowledgement(words) => (Kind::Acknowledgement, words(&language)),
    };
    let key = session.keys().signing();
    let number = session.client().messages(mailbox, key).await?.len() as u64 + 1;
    let (stated, attachment) = answer.file.clone().unzip();
    let statement = Reply {
        drop: session.drop_id(),
        mailbox,
        number,
        report: row.report_id,
        day: session.client().today(),
        kind,
        text,
        language,
        attachment: stated,
    };
    let envelope = Envelope::sign(&statement, key).map_err(|error| Error::System(error.to_string()))?;
    let sealed = seal(&report, &Letter { envelope, attachment })?;
    let watch: Arc<dyn Watch> = Arc::new(Patient::new(session.shared_observer()));
    let message = session.client().post_message(mailbox, &sealed, key, &watch).await?;
    let noted = note(cases, row, statement, message.message_id).await;
    Ok(PostedReply { mailbox, number, message, noted })
}

/// Notes in the case log what was answered.
async fn note(cases: &Cases, row: &ReportRow, reply: Reply, message: ObjectId) -> Result<(), Error> {
    let Reply { number, kind, text, language, attachment, .. } = reply;
    let change = Change::Reply { message, number, kind, text, language, attachment };
    cases.append(&mut cases.case(row).await?, vec![change], &[]).await.map(|_| ())
}

/// Gives the mailbox of the person who wrote the report.
fn mailbox(report: &Report, row: &ReportRow) -> Result<MailboxId, Error> {
    let sender = PublicKey::from_bytes(report.routing().reply.sign.as_bytes());
    let sender = sender.ok().map(|key| MailboxId::of(&key));
    match (row.mailbox, sender) {
        (Some(mailbox), Some(sender)) if mailbox == sender => Ok(mailbox),
        (None, _) => {
            Err(Error::Refused("this report came without a mailbox: nobody would read an answer".into()))
        }
        _ => Err(Error::Refused(
            "the report names another mailbox than the one that sent it: an answer would not reach its author"
                .into(),
        )),
    }
}

fn seal(report: &Report, letter: &Letter) -> Result<SealedBytes, Error> {
    let system = |error: std::io::Error| Error::System(error.to_string());
    let archive = letter.pack().map_err(system)?;
    let recipients = Recipients::new([(report.routing().reply.recipient.as_str(), true)])?;
    let mut sealed = Vec::new();
    SealPlan::new(recipients, archive.len() as u64, Floor::Reply)?.seal(archive.as_slice(), &mut sealed)?;
    SealedBytes::try_from(Bytes::from(sealed)).map_err(|error| Error::System(error.to_string()))
}
