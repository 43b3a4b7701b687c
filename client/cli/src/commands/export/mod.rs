//! `kua export`: reports for another database, for a spreadsheet or for paper, in a folder that appears when it is whole.

mod noting;
mod telling;

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::rc::Rc;

use futures_util::StreamExt as _;
use kua_clock::Clock;
use kua_export::{Export, Files, Format, Made, Record};
use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;
use kua_protocol::grant::FileKey;
use kua_protocol::id::ObjectId;
use kua_report::ArchiveReader;
use kua_sealing::{CoordinatorKeys, OpenError, Opened};
use serde_json::json;

use crate::case::Cases;
use crate::error::Error;
use crate::files::Staged;
use crate::looking::{choose, learn};
use crate::sealed;
use crate::session::Session;
use crate::several::Several;
use crate::summary::Learnt;
use crate::words::Words;
use crate::{cli, progress, show};

use telling::Said;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// Exports reports.
///
/// # Errors
///
/// When nothing can be exported, or a case log cannot be told to whom it is given. A report that cannot be had or is damaged
/// is left out, and told; so are, without an error, those that are sealed to others.
pub async fn run(options: cli::Export, clock: &Clock, words: &Words) -> Result<(), Error> {
    let languages = languages(&options, words)?;
    let [first, ..] = languages.as_slice() else { return Err(kua_export::Error::NoWords.into()) };
    let said = languages.iter().map(|words| Box::new(Said(words.clone())) as Box<dyn kua_export::Words>);
    let staged = Staged::at(&options.out)?;
    let session = Session::open(&options.at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let filter = options.ids.is_empty().then_some(&options.filter);
    let (rows, mut memory) = choose(&session, &cases, &options.ids, filter, words).await?;
    let bar = progress::bytes(rows.iter().map(|row| row.size).sum(), &words.say("export-fetching"));
    let roster = session.drop.roster().roster();
    let made = Made {
        day: session.drop.today(),
        by: session.name.clone(),
        drop: session.drop_id(),
        drop_name: first.own(&roster.name).to_owned(),
        redacted: options.redact,
        attachments: !options.no_attachments,
    };
    let mut several = Several::shown_by(bar.clone(), rows.len(), words);
    let mut export = Export::begin(options.format, staged.path(), made, said.collect())?;
    let fetches = futures_util::stream::iter(&rows).map(|row| {
        let (session, bar) = (&session, &bar);
        async move { (row, session.fetch(row, |bytes| bar.inc(bytes)).await) }
    });
    let mut fetches = fetches.buffered(AT_ONCE);
    let (mut exported, mut closed) = (Vec::new(), 0_u64);
    while let Some((row, sealed)) = fetches.next().await {
        match add(&mut export, row, sealed, &session, &cases, first).await {
            Err(Error::Open { error: OpenError::NotForYou, .. }) => closed += 1,
            // Half of a report may have been written.
            Err(error @ Error::Export(_)) => return Err(error),
            added => {
                if let Some((learnt, granted)) = several.take(row.report_id, added) {
                    exported.push(row);
                    several.show(|| learn(&mut memory, row.report_id, learnt, granted, words))?;
                }
            }
        }
    }
    let outcome = several.end();
    cases.finish(words)?;
    memory.save()?;
    let written = export.finish()?;
    if closed > 0 {
        eprintln!("{}", words.say_with("export-not-for-you", &[("count", closed.into())]));
    }
    if written.reports == 0 {
        outcome?;
        return Err(Error::Refused(words.say("export-none")));
    }
    if let Some(to) = &options.handed_to {
        let form = options.format.code().to_owned();
        let change = Change::HandedOut { to: to.clone(), form, digest: written.sums };
        let noted = noting::note(&cases, &exported, &change, words).await;
        cases.finish(words)?;
        noted?;
    }
    staged.appear()?;
    let path = options.out.display().to_string();
    if options.json {
        outln!(
            "{}",
            json!({
                "format": options.format.code(), "path": path, "redacted": options.redact,
                "reports": written.reports, "left_out": rows.len() as u64 - written.reports,
                "files": written.files, "bytes": written.bytes, "sums": written.sums,
                "handed_to": options.handed_to,
            })
        );
    } else {
        let args =
            [("reports", written.reports.into()), ("files", written.files.into()), ("path", path.into())];
        outln!("{}", words.say_with("export-done", &args));
        if let Some(to) = &options.handed_to {
            let args = [("to", show::one_line(to).into()), ("digest", written.sums.to_string().into())];
            outln!("{}", words.say_with("export-handed-out", &args));
        }
    }
    outcome
}

/// The languages of the export: those that were asked for, or the person's own.
fn languages(options: &cli::Export, words: &Words) -> Result<Vec<Rc<Words>>, Error> {
    if options.language.len() > 1 && options.format != Format::Uwazi {
        return Err(Error::Refused("only an export for uwazi takes several languages".into()));
    }
    let own = [words.language().to_owned()];
    let languages = if options.language.is_empty() { &own[..] } else { &options.language };
    languages
        .iter()
        .map(|language| Words::of_language(language).map(Rc::new).map_err(Error::Refused))
        .collect()
}

/// Reads a report to its end, so that all of it is certain, and then writes it. Returns what was learnt of it, and whether a
/// grant opened it. The log is told in the words given.
async fn add(
    export: &mut Export,
    row: &ReportRow,
    sealed: Result<File, Error>,
    session: &Session,
    cases: &Cases<'_>,
    words: &Words,
) -> Result<(Learnt, bool), Error> {
    let mut sealed = Sealed { id: row.report_id, file: sealed?, keys: cases.keys(), granted: None };
    sealed.granted = cases.key_for(row.report_id, &mut sealed.file).await?;
    let report = sealed.open()?.finish().map_err(|error| sealed::damage(&row.report_id.short(), error))?;
    cases.learn(row.report_id, &report, true)?;
    let case = cases.case(row).await?;
    let case = telling::case(&case.read(session).state(), &cases.chain(&case), cases, words);
    let granted = sealed.granted.is_some();
    export.add(&mut Record {
        report_id: row.report_id,
        day: row.day,
        size: row.size,
        mailbox: row.mailbox,
        report: &report,
        case,
        files: &mut sealed,
    })?;
    Ok((Learnt::of(Ok(report), cases.drop_id(), row.mailbox, true)?, granted))
}

/// The sealed bytes of a report that agreed with its id.
struct Sealed<'a> {
    id: ObjectId,
    file: File,
    keys: &'a CoordinatorKeys,
    granted: Option<FileKey>,
}

impl Sealed<'_> {
    /// Opens them from their beginning.
    fn open(&mut self) -> Result<ArchiveReader<Opened<&File>>, Error> {
        self.file.rewind().map_err(|error| Error::System(error.to_string()))?;
        sealed::open_report(&self.id.short(), &self.file, self.keys, self.granted.as_ref())
    }
}

impl Files for Sealed<'_> {
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
