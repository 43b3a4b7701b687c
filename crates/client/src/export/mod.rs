//! Exporting reports for another database, for a spreadsheet or for paper, into a folder that appears when it is whole.

mod noting;

use std::fs::File;
use std::io::{self, Read, Seek as _};

use futures_util::StreamExt as _;
use kua_caselog::State;
use kua_caselog::custody::Chain;
use kua_export::{Export, Files, Format, Made, Record, Words};
use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, ObjectId};
use kua_report::ArchiveReader;
use kua_sealing::{OpenError, Opened};

use crate::case::{Cases, ReportKey, damage};
use crate::error::Error;
use crate::events::{Warning, Work};
use crate::files::Staged;
use crate::inbox::correct;
use crate::inspect::Inspected;

/// Reports that are fetched at a time.
const AT_ONCE: usize = 4;

/// The form of an export, and its words.
pub struct Plan<'a> {
    /// The format.
    pub format: Format,
    /// The name of the drop in the first language.
    pub drop_name: String,
    /// Whether names and contacts of victims and sources, attachments, and what coordinators wrote are left out.
    pub redacted: bool,
    /// Whether attachments are written.
    pub attachments: bool,
    /// The languages, the first of which is the export's own.
    pub words: Vec<Box<dyn Words>>,
    /// Tells a case in the first language.
    pub tell: &'a dyn Fn(&State, &Chain, &Cases) -> kua_export::Case,
}

/// An export that is written and has not appeared yet.
pub struct Written {
    /// The reports that are in it.
    pub reports: Vec<ReportRow>,
    /// How many were left out since they are sealed to others.
    pub closed: u64,
    /// How many files there are.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The SHA-256 of its list of sums.
    pub sums: Digest,
}

/// Writes reports into a folder in the making. One that cannot be had or is damaged is left out, and `failed` is told why; so
/// are, without a word, those that are sealed to others.
///
/// # Errors
///
/// When the export cannot be written, or what was learnt not be saved.
pub async fn write(
    cases: &Cases,
    rows: &[ReportRow],
    plan: Plan<'_>,
    staged: &Staged,
    mut failed: impl FnMut(ObjectId, Error),
) -> Result<Written, Error> {
    let session = cases.session();
    let made = Made {
        day: session.client().today(),
        by: session.name().to_owned(),
        drop: session.drop_id(),
        drop_name: plan.drop_name,
        redacted: plan.redacted,
        attachments: plan.attachments,
    };
    let mut export = Export::begin(plan.format, staged.path(), made, plan.words)?;
    let progress = session.observer().begin(Work::Exporting, rows.iter().map(|row| row.size).sum());
    let counting = &*progress;
    let fetches =
        futures_util::stream::iter(rows).map(|row| async move { (row, session.fetch(row, counting).await) });
    let mut fetches = fetches.buffered(AT_ONCE);
    let (mut reports, mut closed) = (Vec::new(), 0);
    while let Some((row, sealed)) = fetches.next().await {
        match add(&mut export, row, sealed, cases, plan.tell).await {
            Ok(()) => reports.push(row.clone()),
            Err(Error::Open { error: OpenError::NotForYou, .. }) => closed += 1,
            // Half of a report may have been written.
            Err(error @ Error::Export(_)) => return Err(error),
            Err(error) => failed(row.report_id, error),
        }
    }
    drop(fetches);
    drop(progress);
    cases.finish()?;
    session.cache().reports()?.save()?;
    let kua_export::Written { files, bytes, sums, .. } = export.finish()?;
    Ok(Written { reports, closed, files, bytes, sums })
}

/// Notes in the log of each report that was exported to whom it is given.
///
/// # Errors
///
/// [`Error::NotHandedOut`]; when what was learnt cannot be saved.
pub async fn note_handed_out(
    cases: &Cases,
    written: &Written,
    format: Format,
    to: &str,
) -> Result<(), Error> {
    let form = format.code().to_owned();
    let change = Change::HandedOut { to: to.to_owned(), form, digest: written.sums };
    let noted = noting::note(cases, &written.reports, &change).await;
    cases.finish()?;
    noted
}

/// Reads a report to its end, so that all of it is certain, and then writes it.
async fn add(
    export: &mut Export,
    row: &ReportRow,
    sealed: Result<File, Error>,
    cases: &Cases,
    tell: &dyn Fn(&State, &Chain, &Cases) -> kua_export::Case,
) -> Result<(), Error> {
    let (session, id, mut file) = (cases.session(), row.report_id, sealed?);
    let key = cases.key_for(id, &mut file).await?;
    let mut sealed = Sealed { id, file, key };
    let report = sealed.open()?.finish().map_err(|error| damage(&id.short(), error))?;
    cases.learn(id, &report, true)?;
    let case = cases.case(row).await?;
    let case = tell(&case.read(session).state(), &cases.chain(&case), cases);
    export.add(&mut Record {
        report_id: id,
        day: row.day,
        size: row.size,
        mailbox: row.mailbox,
        report: &report,
        case,
        files: &mut sealed,
    })?;
    let inspected = Inspected::of(Ok(report), cases.drop_id(), row.mailbox, true)?;
    if correct(session, id, inspected, sealed.key.is_granted())? {
        session.observer().warn(&Warning::ShownOtherwise(id));
    }
    Ok(())
}

/// The sealed bytes of a report that agreed with its id.
struct Sealed {
    id: ObjectId,
    file: File,
    key: ReportKey,
}

impl Sealed {
    /// Opens them from their beginning.
    fn open(&mut self) -> Result<ArchiveReader<Opened<&File>>, Error> {
        self.file.rewind().map_err(|error| Error::System(error.to_string()))?;
        self.key.open_report(&self.id.short(), &self.file)
    }
}

impl Files for Sealed {
    fn each(
        &mut self,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), kua_export::Error>,
    ) -> Result<(), kua_export::Error> {
        let name = self.id.short();
        let unread = |error: String| kua_export::Error::Attachment {
            name: name.clone(),
            error: io::Error::other(error),
        };
        let mut archive = self.open().map_err(|error| unread(error.to_string()))?;
        while let Some(mut attachment) =
            archive.next_attachment().map_err(|error| unread(error.to_string()))?
        {
            take(&mut attachment)?;
        }
        Ok(())
    }
}
