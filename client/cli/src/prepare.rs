//! From a draft and some files to a report that is ready to be sealed, for `submit` and `seal` alike.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kua_protocol::dsse::Envelope;
use kua_protocol::followup::Followup;
use kua_protocol::id::{DropId, MailboxId};
use kua_protocol::keys::SigningKey;
use kua_protocol::sealed::SealedBytes;
use kua_report::{
    AgeRecipient, Archive, Attachment, AttachmentName, Base64Url, Draft, Hex, Reply, Report, Routing, Thread,
};
use kua_sealing::{Codename, Floor, Recipients, SealError, SealPlan, Sealed, SubmitterKeys};

use crate::drop::Drop;
use crate::error::Error;
use crate::hidden::{self, Choice, Content};
use crate::show;
use crate::words::Words;

/// A file to go with the report, read once for its size and digest.
#[derive(Debug)]
pub struct AttachedFile {
    content: Content,
    attachment: Attachment,
}

/// A report that is ready to be sealed, with everything checked that can be.
pub struct Prepared {
    keys: SubmitterKeys,
    archive: Archive,
    files: Vec<Content>,
    plan: SealPlan,
}

/// Reads the draft of a report.
///
/// # Errors
///
/// When the file cannot be read, or is not a draft; the message names field and limit.
pub fn read_draft(path: &Path) -> Result<Draft, Error> {
    // More than a draft may have, so that the draft's own error names the limit.
    let bytes = std::fs::read(path).map_err(Error::file(path))?;
    Draft::parse(&bytes).map_err(|error| Error::Report { what: path.display().to_string(), error })
}

/// Reads the files to go with a report, and finds a name for each that is safe everywhere and stands once.
///
/// # Errors
///
/// When one of them cannot be read or is a folder, or is to be cleaned of what is hidden in it and cannot be.
pub fn read_files(paths: &[PathBuf], choice: Choice, words: &Words) -> Result<Vec<AttachedFile>, Error> {
    let mut files = Vec::new();
    for path in paths {
        let file = read_file(path, &files, choice, words)?;
        files.push(file);
    }
    Ok(files)
}

/// Reads one file to go with a report beside those that go already.
///
/// # Errors
///
/// As [`read_files`].
pub fn read_file(
    path: &Path,
    others: &[AttachedFile],
    choice: Choice,
    words: &Words,
) -> Result<AttachedFile, Error> {
    if !std::fs::metadata(path).map_err(Error::file(path))?.is_file() {
        let error = std::io::Error::other("only files can be attached; pack a folder into a ZIP file first");
        return Err(Error::File { path: path.to_owned(), error });
    }
    let original = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let taken: Vec<AttachmentName> = others.iter().map(|file| file.attachment.name.clone()).collect();
    let name = AttachmentName::tidy(&original).unique_among(&taken);
    let renamed = name.as_str() != original;
    let media_type = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
    let (content, metadata) = hidden::settle(path, choice, words)?;
    let measured = content.open().and_then(|bytes| Attachment::measure(name, media_type, metadata, bytes));
    let mut attachment = measured.map_err(Error::file(path))?;
    attachment.original_name = renamed.then_some(original);
    Ok(AttachedFile { content, attachment })
}

impl AttachedFile {
    /// Name and size, for the person.
    pub fn describe(&self) -> String {
        format!("{}  ({})", self.attachment.name, show::size(self.attachment.size))
    }
}

/// The coordinators who may read, by name; all of them when none is named.
///
/// # Errors
///
/// [`Error::NoSuchCoordinator`].
pub fn choose<'a>(drop: &'a Drop, names: &[String]) -> Result<Vec<&'a str>, Error> {
    let roster = drop.roster();
    let known: Vec<&str> = roster
        .sealing_keys(drop.today())
        .into_iter()
        .map(|(coordinator, _)| coordinator.name.as_str())
        .collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::NoSuchCoordinator { name: name.clone(), known: known.join(", ") });
    }
    Ok(known.into_iter().filter(|known| names.is_empty() || names.iter().any(|name| name == known)).collect())
}

impl Prepared {
    /// Puts the report together for a drop: who can read it, how to answer, what thread it belongs to.
    ///
    /// # Errors
    ///
    /// When a name is not in the roster, the report is too large for the drop, or the drop cannot be asked for
    /// the thread.
    pub async fn new(
        drop: &Drop,
        codename: &Codename,
        is_new: bool,
        draft: Draft,
        files: Vec<AttachedFile>,
        names: &[String],
    ) -> Result<Self, Error> {
        let keys = SubmitterKeys::derive(codename, drop.roster().roster().drop)
            .map_err(|error| Error::System(error.to_string()))?;
        let chosen = choose(drop, names)?;
        let sealing_keys = drop.roster().sealing_keys(drop.today());
        let is_chosen = |name: &String| chosen.contains(&name.as_str());
        let recipients = Recipients::new(
            sealing_keys.iter().map(|(person, keys)| (keys.recipient.as_str(), is_chosen(&person.name))),
        )?;
        let to = sealing_keys.iter().filter(|(person, _)| is_chosen(&person.name));
        let to = to.map(|(_, keys)| Base64Url::new(*keys.sign.as_bytes())).collect();

        let drop_id = drop.roster().roster().drop;
        let mut number = [0; 16];
        getrandom::fill(&mut number).map_err(|error| Error::System(error.to_string()))?;
        let number = Hex::new(number);
        let thread = if is_new { None } else { thread(drop, &keys, drop_id, &number).await? };
        let reply = Reply::new(
            keys.recipient()
                .to_string()
                .parse::<AgeRecipient>()
                .map_err(|error| Error::System(error.to_string()))?,
            Base64Url::new(*keys.signing().public().as_bytes()),
        );
        let routing = Routing { number, drop: Hex::new(*drop_id.as_bytes()), to, reply, thread };
        let (files, attachments) = files.into_iter().map(|file| (file.content, file.attachment)).unzip();
        let bad_report = |error| Error::Report { what: "report.json".into(), error };
        let report = Report::new(draft, routing, attachments).map_err(bad_report)?;
        let archive = Archive::new(&report).map_err(bad_report)?;
        let plan = SealPlan::new(recipients, archive.total_len(), Floor::Report)?;
        let limit = drop.limits().report.max(drop.limits().whole_report);
        if plan.padded_len() > limit {
            return Err(Error::TooLarge { size: plan.padded_len(), limit });
        }
        Ok(Self { keys, archive, files, plan })
    }

    /// B, the length of the padded plaintext in bytes, which a drop's limits count.
    pub fn padded_len(&self) -> u64 {
        self.plan.padded_len()
    }

    /// The length of the sealed report in bytes.
    pub fn sealed_len(&self) -> u64 {
        self.plan.sealed_len()
    }

    /// The submitter's mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.keys.mailbox()
    }

    /// The mailbox's key.
    pub fn key(&self) -> &SigningKey {
        self.keys.signing()
    }

    /// Seals to a writer.
    ///
    /// # Errors
    ///
    /// When a file vanished or changed since it was read first; the message names it.
    pub fn seal_to(&self, writer: impl Write) -> Result<Sealed, Error> {
        let source = self.archive.source(|index, _| self.files[index].open());
        self.plan.seal(source, writer).map_err(|error| match error {
            // The archive's own error says which file it was.
            SealError::Read(inner) => Error::Refused(inner.to_string()),
            other => other.into(),
        })
    }

    /// Seals into memory.
    ///
    /// # Errors
    ///
    /// As [`Prepared::seal_to`].
    pub fn seal(&self) -> Result<SealedBytes, Error> {
        let length = usize::try_from(self.plan.sealed_len()).unwrap_or_default();
        let mut sealed = Vec::with_capacity(length);
        self.seal_to(&mut sealed)?;
        SealedBytes::try_from(Bytes::from(sealed)).map_err(|error| Error::System(error.to_string()))
    }
}

/// The thread of a codename that was used before; none when the drop knows nothing of it.
async fn thread(
    drop: &Drop,
    keys: &SubmitterKeys,
    drop_id: DropId,
    number: &Hex<16>,
) -> Result<Option<Thread>, Error> {
    let sent = drop.sent(keys.mailbox(), keys.signing()).await?;
    let Some(first) = sent.first() else {
        return Ok(None);
    };
    let statement = Followup { drop: drop_id, first: first.report_id, number: number.to_string() };
    let proof =
        Envelope::sign(&statement, keys.signing()).map_err(|error| Error::System(error.to_string()))?;
    let proof =
        serde_json::to_value(&proof).ok().and_then(|proof| proof.as_object().cloned()).unwrap_or_default();
    Ok(Some(Thread::new(Hex::new(*first.report_id.as_bytes()), proof)))
}
