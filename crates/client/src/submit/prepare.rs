//! Preparing: from a draft and some files to a report that is ready to be sealed, for `submit` and `seal` alike.

use std::io::Write;

use bytes::Bytes;
use kua_protocol::dsse::Envelope;
use kua_protocol::followup::Followup;
use kua_protocol::id::{DropId, MailboxId, ReportNumber};
use kua_protocol::keys::SigningKey;
use kua_protocol::roster::RecipientText;
use kua_protocol::sealed::SealedBytes;
use kua_report::{Archive, Base64Url, Draft, Reply, Report, Routing, Thread};
use kua_sealing::{Codename, Floor, Recipients, SealError, SealPlan, Sealed, SubmitterKeys};

use super::attach::AttachedFile;
use super::metadata::Content;
use crate::drop::DropClient;
use crate::error::Error;

/// A report that is ready to be sealed, with everything checked that can be.
pub struct Prepared {
    keys: SubmitterKeys,
    archive: Archive,
    files: Vec<Content>,
    plan: SealPlan,
}

/// Chooses the coordinators who may read, by name; all of them when none is named.
///
/// # Errors
///
/// [`Error::NoSuchCoordinator`].
pub fn choose<'a>(drop: &'a DropClient, names: &[String]) -> Result<Vec<&'a str>, Error> {
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
        drop: &DropClient,
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
        let number = ReportNumber::from_bytes(number);
        let thread = if is_new { None } else { thread(drop, &keys, drop_id, &number).await? };
        let reply = Reply::new(
            RecipientText::try_from(keys.recipient().to_string())
                .map_err(|error| Error::System(error.to_owned()))?,
            Base64Url::new(*keys.signing().public().as_bytes()),
        );
        let routing = Routing { number, drop: drop_id, to, reply, thread };
        let (files, attachments) = files.into_iter().map(AttachedFile::into_parts).unzip();
        let bad_report = |error| Error::Report { what: "report.json".into(), error };
        let report = Report::new(draft, routing, attachments).map_err(bad_report)?;
        let archive = Archive::new(&report).map_err(bad_report)?;
        let plan = SealPlan::new(recipients, archive.total_len(), Floor::Report)?;
        let limit = most(drop);
        if plan.padded_len() > limit {
            return Err(Error::TooLarge { size: plan.padded_len(), limit });
        }
        Ok(Self { keys, archive, files, plan })
    }

    /// Gives B, the length of the padded plaintext in bytes, which a drop's limits count.
    pub fn padded_len(&self) -> u64 {
        self.plan.padded_len()
    }

    /// Gives the length of the sealed report in bytes.
    pub fn sealed_len(&self) -> u64 {
        self.plan.sealed_len()
    }

    /// Gives the submitter's mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.keys.mailbox()
    }

    /// Gives the mailbox's key.
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

/// Gives the most bytes of a report that a drop takes, before sealing.
pub fn most(drop: &DropClient) -> u64 {
    drop.limits().report.max(drop.limits().whole_report)
}

/// Finds the thread of a codename that was used before; none when the drop knows nothing of it.
async fn thread(
    drop: &DropClient,
    keys: &SubmitterKeys,
    drop_id: DropId,
    number: &ReportNumber,
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
    Ok(Some(Thread::new(first.report_id, proof)))
}
