//! `kua export`: reports for another database, for a spreadsheet or for paper, in a folder that appears when it is whole.

mod telling;

use std::fs::File;
use std::io::{self, Read, Seek as _};

use futures_util::StreamExt as _;
use kua_export::{Export, Files, Format, Made, Record};
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_sealing::OpenError;
use serde_json::json;

use crate::case::Cases;
use crate::error::Error;
use crate::files::Staged;
use crate::session::Session;
use crate::words::Words;
use crate::{cli, progress};

use telling::Said;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// Exports reports.
///
/// # Errors
///
/// When nothing can be exported. A report that cannot be had or is damaged is left out, and told; so are, without an error,
/// those that are sealed to others.
pub async fn run(options: cli::Export, words: &Words) -> Result<(), Error> {
    let said = said(&options, words)?;
    let staged = Staged::at(&options.out)?;
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let cases = Cases::of(&session)?;
    let listed = session.drop.reports(None, session.keys.signing()).await?;
    let rows = if options.ids.is_empty() { listed.clone() } else { session.find(&options.ids).await? };
    let bar = progress::bytes(rows.iter().map(|row| row.size).sum(), &words.say("export-fetching"));
    let news = cases.refresh(&listed, &indicatif::ProgressBar::hidden()).await?;
    let mut failure = None;
    for error in news.failed {
        bar.suspend(|| error.keep_in(&mut failure, words));
    }
    let roster = session.drop.roster().roster();
    let made = Made {
        day: Day::today(),
        by: session.name.clone(),
        drop: session.drop_id(),
        drop_name: words.own(&roster.name).to_owned(),
        redacted: options.redact,
        attachments: !options.no_attachments,
    };
    let mut export = Export::begin(options.format, staged.path(), made, said)?;
    let fetches = futures_util::stream::iter(&rows).map(|row| {
        let (session, bar) = (&session, &bar);
        async move { (row, session.fetch(row, |bytes| bar.inc(bytes)).await) }
    });
    let (mut fetches, mut closed) = (fetches.buffered(AT_ONCE), 0_u64);
    while let Some((row, sealed)) = fetches.next().await {
        match add(&mut export, row, sealed, &session, &cases, words).await {
            Ok(()) => {}
            Err(Error::Open { error: OpenError::NotForYou, .. }) => closed += 1,
            // Half of a report may have been written.
            Err(error @ Error::Export(_)) => return Err(error),
            Err(error) => bar.suspend(|| error.keep_in(&mut failure, words)),
        }
    }
    bar.finish_and_clear();
    cases.save()?;
    let written = export.finish()?;
    if closed > 0 {
        eprintln!("{}", words.say_with("export-not-for-you", &[("count", closed.into())]));
    }
    if written.reports == 0 {
        return Err(failure.unwrap_or_else(|| Error::Refused(words.say("export-none"))));
    }
    staged.appear()?;
    let path = options.out.display().to_string();
    if options.json {
        outln!(
            "{}",
            json!({
                "format": options.format.code(), "path": path, "redacted": options.redact,
                "reports": written.reports, "left_out": rows.len() as u64 - written.reports,
                "files": written.files, "bytes": written.bytes,
            })
        );
    } else {
        let args =
            [("reports", written.reports.into()), ("files", written.files.into()), ("path", path.into())];
        outln!("{}", words.say_with("export-done", &args));
    }
    failure.map_or(Ok(()), Err)
}

/// The words of the export: the languages that were asked for, or the person's own.
fn said(options: &cli::Export, words: &Words) -> Result<Vec<Box<dyn kua_export::Words>>, Error> {
    if options.language.len() > 1 && options.format != Format::Uwazi {
        return Err(Error::Refused("only an export for uwazi takes several languages".into()));
    }
    let own = [words.language().to_owned()];
    let languages = if options.language.is_empty() { &own[..] } else { &options.language };
    let said = languages.iter().map(|language| {
        let words = Words::of_language(language).map_err(Error::Refused)?;
        Ok(Box::new(Said(words)) as Box<dyn kua_export::Words>)
    });
    said.collect()
}

/// Reads a report to its end, so that all of it is certain, and then writes it.
async fn add(
    export: &mut Export,
    row: &ReportRow,
    sealed: Result<File, Error>,
    session: &Session,
    cases: &Cases<'_>,
    words: &Words,
) -> Result<(), Error> {
    let sealed = sealed?;
    let again = sealed.try_clone().map_err(|error| Error::System(error.to_string()))?;
    let report = cases.read_whole(row, again).await?;
    cases.learn(row.report_id, &report, true)?;
    let case = cases.known(row).await?;
    let mut record = Record {
        report_id: row.report_id,
        day: row.day,
        size: row.size,
        mailbox: row.mailbox,
        report: &report,
        case: telling::case(&case.read(session).state(), &cases.chain(&case), cases, words),
        files: &mut Sealed { cases, id: row.report_id, file: sealed },
    };
    Ok(export.add(&mut record)?)
}

/// The attachments of a sealed report that was read to its end once.
struct Sealed<'a, 's> {
    cases: &'a Cases<'s>,
    id: ObjectId,
    file: File,
}

impl Files for Sealed<'_, '_> {
    fn each(
        &mut self,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), kua_export::Error>,
    ) -> Result<(), kua_export::Error> {
        let unread = |error: io::Error| kua_export::Error::Attachment { name: self.id.short(), error };
        self.file.rewind().map_err(unread)?;
        let archive = self.cases.open_report(self.id, &self.file);
        let mut archive = archive.map_err(|error| unread(io::Error::other(error.to_string())))?;
        loop {
            match archive.next_attachment() {
                Ok(Some(mut attachment)) => take(&mut attachment)?,
                Ok(None) => return Ok(()),
                Err(error) => return Err(unread(io::Error::other(error.to_string()))),
            }
        }
    }
}
