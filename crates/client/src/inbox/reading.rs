//! Reading reports to their end: shown, or written to folders. Nothing of one is given away unless all of it was verified.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::lock::Mutex;
use futures_util::{Stream, StreamExt as _};
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_report::{ArchiveReader, Report};
use kua_sealing::{CoordinatorKeys, Opened};

use super::membership::Membership;
use super::refresh::{correct, inspect_each};
use super::saving::id_of;
use crate::cache::{ReportCache, SealedFolder};
use crate::case::{Cases, ReportKey, damage, key_offline};
use crate::error::Error;
use crate::events::{Progress, Unobserved, Work};
use crate::files::{self, private};
use crate::inspect::{Inspected, Summary};

/// Reports that are fetched at a time.
const AT_ONCE: usize = 4;

/// A report that is to be opened.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The report, as the drop lists it.
    pub row: ReportRow,
    /// The new folder that it is written to; none where it is only shown.
    pub out: Option<PathBuf>,
}

/// A report that was read to its end, and agreed with its id.
pub struct OpenedReport {
    /// Its id.
    pub id: ObjectId,
    /// The UTC day on which the drop took it in, where a drop was asked.
    pub day: Option<Day>,
    /// The report.
    pub report: Report,
    /// Its report.json, byte for byte.
    pub json: Vec<u8>,
    /// A few words of it, with what it says of itself that does not agree with where it was found.
    pub summary: Summary,
    /// The thread that it belongs to.
    pub thread: Option<Membership>,
    /// Whether the drop had shown something else of it in its list.
    pub shown_otherwise: bool,
    /// The folder that it was written to.
    pub out: Option<PathBuf>,
}

/// Fetches each report and opens it, with a grant where the coordinator's own key does not fit.
pub fn open_each(
    cases: &Cases,
    wanted: Vec<Wanted>,
) -> impl Stream<Item = (ReportRow, Result<OpenedReport, Error>)> {
    let amount = wanted.iter().map(|wanted| wanted.row.size).sum();
    let progress: Arc<dyn Progress> = cases.session().observer().begin(Work::Opening, amount).into();
    let fetches = futures_util::stream::iter(wanted).map(move |Wanted { row, out }| {
        let progress = Arc::clone(&progress);
        async move {
            let sealed = cases.session().fetch(&row, &*progress).await;
            (row, out, sealed)
        }
    });
    let firsts = Arc::new(Mutex::new(BTreeSet::new()));
    fetches.buffered(AT_ONCE).then(move |(row, out, sealed)| {
        let firsts = Arc::clone(&firsts);
        async move {
            let opened = match sealed {
                Ok(sealed) => open(cases, &row, sealed, out, &mut *firsts.lock().await).await,
                Err(error) => Err(error),
            };
            (row, opened)
        }
    })
}

async fn open(
    cases: &Cases,
    row: &ReportRow,
    mut sealed: File,
    out: Option<PathBuf>,
    firsts: &mut BTreeSet<ObjectId>,
) -> Result<OpenedReport, Error> {
    let (id, session) = (row.report_id, cases.session());
    let key = cases.key_for(id, &mut sealed).await?;
    let (report, json) = read(id, &sealed, &key, out.as_deref())?;
    cases.learn(id, &report, true)?;
    let (summary, text) = Summary::with_text(&report, session.drop_id(), row.mailbox, true);
    if let Some(first) = summary.thread.filter(|first| firsts.insert(*first)) {
        know(cases, first).await?;
    }
    let thread = Membership::of(&summary, &*session.cache().reports()?);
    let inspected = Inspected::open((summary.clone(), text));
    let shown_otherwise = correct(session, id, inspected, key.is_granted())?;
    Ok(OpenedReport { id, day: Some(row.day), report, json, summary, thread, shown_otherwise, out })
}

/// Inspects the first report of a thread, if it can be and was not yet. Without it nothing is proven, and the follow-up is
/// worth reading all the same.
async fn know(cases: &Cases, first: ObjectId) -> Result<(), Error> {
    let session = cases.session();
    let is_known = session.cache().reports()?.view(&first).is_some();
    if !is_known {
        let listed = session.client().reports(None, session.keys().signing()).await?;
        let first: Vec<_> = listed.iter().filter(|row| row.report_id == first).collect();
        inspect_each(cases, &first, &Unobserved).await?;
    }
    Ok(())
}

/// Opens a sealed file that lies on this device, with the coordinator's own key or a grant that was seen. No drop is asked.
///
/// # Errors
///
/// When it cannot be read, was sealed to others, is damaged, or holds no report.
pub fn open_sealed(
    path: &Path,
    keys: &Arc<CoordinatorKeys>,
    out: Option<PathBuf>,
) -> Result<OpenedReport, Error> {
    let (id, mut sealed) = id_of(path)?;
    let key = key_offline(id, &mut sealed, keys)?;
    if let Some(out) = out.as_deref().filter(|out| out.exists()) {
        return Err(Error::Occupied(out.to_owned()));
    }
    let (report, json) = read(id, &sealed, &key, out.as_deref())?;
    // Which drop it lies at only the report itself can say here.
    let drop = report.routing().drop;
    let (summary, _) = Summary::with_text(&report, drop, None, true);
    let known = ReportCache::open(SealedFolder::of(drop, keys)?)?;
    let thread = Membership::of(&summary, &known);
    Ok(OpenedReport { id, day: None, report, json, summary, thread, shown_otherwise: false, out })
}

/// Reads a report to its end, and writes it to a new folder where one is named.
fn read(
    id: ObjectId,
    sealed: &File,
    key: &ReportKey,
    out: Option<&Path>,
) -> Result<(Report, Vec<u8>), Error> {
    let what = id.short();
    let archive = key.open_report(&what, sealed)?;
    let json = archive.report_json().to_vec();
    let report = match out {
        Some(out) => write(archive, &json, &what, out)?,
        None => archive.finish().map_err(|error| damage(&what, error))?,
    };
    Ok((report, json))
}

/// Writes report.json and the attachments into a new folder, which appears when all of it was verified.
fn write(
    mut archive: ArchiveReader<Opened<&File>>,
    mut json: &[u8],
    what: &str,
    out: &Path,
) -> Result<Report, Error> {
    let names: Vec<String> =
        archive.report().attachments().iter().map(|file| file.name.to_string()).collect();
    files::fill_folder(out, |staged| {
        write_file(&staged.join("report.json"), &mut json)?;
        let folder = staged.join("attachments");
        if !names.is_empty() {
            private::create_folder(&folder).map_err(Error::file(&folder))?;
        }
        for name in names {
            let attachment = archive.next_attachment().map_err(|error| damage(what, error))?;
            if let Some(mut attachment) = attachment {
                write_file(&folder.join(name), &mut attachment)
                    .map_err(|error| told_by_the_seal(what, error))?;
            }
        }
        archive.finish().map_err(|error| damage(what, error))
    })
}

/// Writes one new file, which is durable when this returns.
fn write_file(path: &Path, content: &mut impl Read) -> Result<(), Error> {
    let mut write = || {
        let mut file = private::create(path)?;
        io::copy(content, &mut file)?;
        file.sync_all()
    };
    write().map_err(Error::file(path))
}

/// Tells a copy that failed since the seal is broken from a file that could not be written.
fn told_by_the_seal(what: &str, error: Error) -> Error {
    match error {
        Error::File { error, .. } if error.kind() == io::ErrorKind::InvalidData => {
            damage(what, kua_report::Error::Io(error))
        }
        other => other,
    }
}
