//! `kua open`: reports, shown or written to folders. Nothing of one is written unless all of it was verified.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_protocol::day::Day;
use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::Report;
use kua_sealing::CoordinatorKeys;
use serde_json::{Map, Value, json};

use crate::cache::Cache;
use crate::cli::Open;
use crate::error::Error;
use crate::followup::{self, Membership};
use crate::looking::look;
use crate::session::{self, Session};
use crate::summary::{Remembered, Seen, Summary};
use crate::words::Words;
use crate::{files, progress, sheet, show};

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// A report's sealed bytes, agreed with its id, and what is known about them besides.
struct Found {
    id: ObjectId,
    sealed: File,
    day: Option<Day>,
    mailbox: Option<MailboxId>,
}

/// A report that was read to its end.
struct Opened {
    found: Found,
    report: Report,
    json: Vec<u8>,
    out: Option<PathBuf>,
}

/// Shows or writes reports.
///
/// # Errors
///
/// When one cannot be had, does not open, or is damaged anywhere; then nothing of it was written. Others are.
pub async fn run(options: Open, words: &Words) -> Result<(), Error> {
    match &options.sealed {
        Some(path) => {
            let keys = session::keys(&options.vault, words)?;
            let (id, sealed) = session::read_sealed(path)?;
            let found = Found { id, sealed, day: None, mailbox: None };
            let opened = open(found, &keys, free(options.out.as_deref())?)?;
            let by = keys.signing().public().to_string();
            // Which drop it lies at only the report itself can say here.
            let drop = DropId::from_bytes(*opened.report.routing().drop.as_bytes());
            let summary = Summary::of(&opened.report, drop, None, true);
            let thread = Membership::of(&summary, &Cache::of(drop, &keys).reports()?);
            if options.json {
                outln!("{}", with_custody(&opened, thread, &by)?);
            } else {
                print(&opened, thread, words);
            }
            warn(&summary, thread, words);
            Ok(())
        }
        None => of_drop(&options, words).await,
    }
}

async fn of_drop(options: &Open, words: &Words) -> Result<(), Error> {
    let link = options.link.as_deref().unwrap_or_default();
    let single = options.ids.len() == 1;
    let out = options.out.as_deref();
    if single {
        free(out)?;
    }
    let session = Session::open(link, &options.vault, &options.network, words).await?;
    let mut wanted = Vec::new();
    for row in session.find(&options.ids).await? {
        let folder = out.map(|out| if single { out.to_owned() } else { out.join(row.report_id.to_string()) });
        wanted.push((free(folder.as_deref())?, row));
    }
    if let Some(out) = out.filter(|_| !single) {
        DirBuilder::new().recursive(true).mode(0o700).create(out).map_err(Error::file(out))?;
    }
    let bar = progress::bytes(wanted.iter().map(|(_, row)| row.size).sum(), &words.say("open-fetching"));
    let (fetching, counting) = (&session, &bar);
    let fetches = futures_util::stream::iter(wanted).map(|(out, row)| async move {
        let sealed = fetching.fetch(&row, |bytes| counting.inc(bytes)).await?;
        Ok((out, Found { id: row.report_id, sealed, day: Some(row.day), mailbox: row.mailbox }))
    });
    let mut fetches = fetches.buffered(AT_ONCE);
    let (mut listed, mut seen, mut failure) = (Vec::new(), Vec::new(), None);
    while let Some(fetched) = fetches.next().await {
        let opened = match fetched.and_then(|(out, found)| open(found, &session.keys, out)) {
            Ok(opened) => opened,
            Err(error) => {
                bar.suspend(|| Error::keep_in(error, &mut failure, words));
                continue;
            }
        };
        let summary = Summary::of(&opened.report, session.drop_id(), opened.found.mailbox, true);
        let thread = match summary.thread {
            Some(first) => {
                // Perhaps the first report of the thread was opened a moment ago.
                bar.suspend(|| session.learn(seen.drain(..), words))?;
                Membership::of(&summary, &knowing(&session, first).await?)
            }
            None => None,
        };
        if options.json {
            listed.push(with_custody(&opened, thread, &session.name)?);
        } else {
            bar.suspend(|| print(&opened, thread, words));
        }
        bar.suspend(|| warn(&summary, thread, words));
        seen.push((opened.found.id, Seen::Open(Box::new(summary))));
    }
    bar.finish_and_clear();
    if options.json {
        match listed.as_slice() {
            [only] if single => outln!("{only}"),
            [] if single => {}
            _ => outln!("{}", Value::from(listed)),
        }
    }
    session.learn(seen, words)?;
    failure.map_or(Ok(()), Err)
}

/// What is remembered of the drop's reports, with the first report of a thread looked at if it can be.
async fn knowing(session: &Session, first: ObjectId) -> Result<Remembered, Error> {
    let mut known = session.cache().reports()?;
    if !known.reports.contains_key(&first) {
        let listed = session.drop.reports(None, session.keys.signing()).await?;
        let first: Vec<_> = listed.iter().filter(|row| row.report_id == first).collect();
        // Without the first one nothing is proven, and the follow-up is worth reading all the same.
        look(session, &first, &mut known, &ProgressBar::hidden()).await?;
    }
    Ok(known)
}

/// Says on standard error what a report says of itself that does not agree with where it was found.
fn warn(summary: &Summary, thread: Option<Membership>, words: &Words) {
    for disagreement in followup::disagreements(summary, thread.as_ref()) {
        eprintln!("{}", words.say(disagreement));
    }
}

/// A folder to be made, which nothing may be in the place of.
fn free(out: Option<&Path>) -> Result<Option<PathBuf>, Error> {
    match out {
        Some(out) if out.exists() => Err(Error::Occupied(out.to_owned())),
        out => Ok(out.map(Path::to_owned)),
    }
}

fn open(found: Found, keys: &CoordinatorKeys, out: Option<PathBuf>) -> Result<Opened, Error> {
    let what = found.id.short();
    let (report, json) = match &out {
        Some(out) => write(&found, &what, keys, out)?,
        None => {
            let archive = session::open_report(&what, &found.sealed, keys)?;
            let json = archive.report_json().to_vec();
            (archive.finish().map_err(|error| session::damage(&what, error))?, json)
        }
    };
    Ok(Opened { found, report, json, out })
}

/// Writes report.json and the attachments into a new folder, which appears when all of it was verified.
fn write(found: &Found, what: &str, keys: &CoordinatorKeys, out: &Path) -> Result<(Report, Vec<u8>), Error> {
    let mut archive = session::open_report(what, &found.sealed, keys)?;
    let json = archive.report_json().to_vec();
    let names: Vec<String> =
        archive.report().attachments().iter().map(|file| file.name.to_string()).collect();
    let report = files::fill_folder(out, |staged| {
        write_file(&staged.join("report.json"), &mut json.as_slice())?;
        let folder = staged.join("attachments");
        if !names.is_empty() {
            DirBuilder::new().mode(0o700).create(&folder).map_err(Error::file(&folder))?;
        }
        for name in names {
            let attachment = archive.next_attachment().map_err(|error| session::damage(what, error))?;
            if let Some(mut attachment) = attachment {
                write_file(&folder.join(name), &mut attachment)
                    .map_err(|error| told_by_the_seal(what, error))?;
            }
        }
        archive.finish().map_err(|error| session::damage(what, error))
    })?;
    Ok((report, json))
}

/// Writes one new file, which is durable when this returns.
fn write_file(path: &Path, content: &mut impl io::Read) -> Result<(), Error> {
    let mut write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        io::copy(content, &mut file)?;
        file.sync_all()
    };
    write().map_err(Error::file(path))
}

/// A copy that failed since the seal is broken says so, and not that a file could not be written.
fn told_by_the_seal(what: &str, error: Error) -> Error {
    match error {
        Error::File { error, .. } if error.kind() == io::ErrorKind::InvalidData => {
            session::damage(what, kua_report::Error::Io(error))
        }
        other => other,
    }
}

/// The whole of report.json, and where it was found and by whom it was opened.
fn with_custody(opened: &Opened, thread: Option<Membership>, by: &str) -> Result<Value, Error> {
    let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(&opened.json);
    let mut report = parsed.map_err(|error| Error::System(error.to_string()))?;
    let thread = thread.map(|thread| json!({ "first": thread.first, "proven": thread.is_proven() }));
    let custody = json!({
        "report_id": opened.found.id, "day": opened.found.day, "opened_by": by, "thread": thread,
    });
    report.insert("custody".to_owned(), custody);
    Ok(Value::Object(report))
}

fn print(opened: &Opened, thread: Option<Membership>, words: &Words) {
    let Opened { found, report, .. } = opened;
    let event = report.event();
    outln!("{}\n", show::one_line(&event.title));
    outln!("{}", sheet::row(words, "open-id", &found.id.to_string()));
    if let Some(day) = found.day {
        outln!("{}", sheet::row(words, "open-day", &day.to_string()));
    }
    if let Some(thread) = thread {
        outln!("{}", sheet::row(words, "open-thread", &thread.in_words(words)));
    }
    for row in sheet::rows(event, words) {
        outln!("{row}");
    }
    for file in report.attachments() {
        let size = show::size(file.size);
        let text = format!("{}  {}  {size}", show::one_line(file.name.as_str()), file.media_type);
        outln!("{}", sheet::row(words, "open-attachment", &text));
    }
    outln!("\n{}\n", show::lines(&event.description));
    if let Some(out) = &opened.out {
        let path = out.display().to_string();
        outln!("{}", words.say_with("open-written", &[("path", path.into())]));
    }
}
