//! `kua open`: reports, shown or written to folders. Nothing of one is written unless all of it was verified.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_protocol::day::Day;
use kua_protocol::grant::FileKey;
use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::Report;
use kua_sealing::CoordinatorKeys;
use serde_json::{Map, Value, json};

use crate::cache::Cache;
use crate::case::{Cases, remembered_key};
use crate::cli::{self, Open};
use crate::error::Error;
use crate::followup::{self, Membership};
use crate::looking::{choose, learn, look};
use crate::memory::Memory;
use crate::out::JsonList;
use crate::sealed;
use crate::session::{self, Session};
use crate::several::Several;
use crate::summary::{Learnt, Summary};
use crate::words::Words;
use crate::{progress, sheet, show};

mod folder;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// A report's sealed bytes, agreed with its id, and what is known about them besides.
struct Found {
    id: ObjectId,
    sealed: File,
    day: Option<Day>,
    mailbox: Option<MailboxId>,
}

impl Found {
    fn of(row: &ReportRow, sealed: File) -> Self {
        Self { id: row.report_id, sealed, day: Some(row.day), mailbox: row.mailbox }
    }
}

/// A report that was read to its end.
struct Opened {
    found: Found,
    report: Report,
    json: Vec<u8>,
    out: Option<PathBuf>,
    /// Whether a grant opened it, and not the coordinator's own key.
    granted: bool,
}

/// Shows or writes reports.
///
/// # Errors
///
/// When one cannot be had, does not open, or is damaged anywhere; then nothing of it was written. Others are.
pub async fn run(options: Open, clock: &Clock, words: &Words) -> Result<(), Error> {
    match &options.sealed {
        Some(path) => {
            let keys = session::keys(&options.vault, words)?;
            let (id, mut sealed) = sealed::read(path)?;
            let granted = remembered_key(id, &mut sealed, &keys)?;
            let found = Found { id, sealed, day: None, mailbox: None };
            let opened = open(found, &keys, granted.as_ref(), free(options.out.as_deref())?)?;
            let by = keys.signing().public().to_string();
            // Which drop it lies at only the report itself can say here.
            let drop = DropId::from_bytes(*opened.report.routing().drop.as_bytes());
            let (summary, _) = Summary::with_text(&opened.report, drop, None, true);
            let thread = Membership::of(&summary, &Memory::open(Cache::of(drop, &keys))?);
            if options.json {
                outln!("{}", with_custody(&opened, thread, &by)?);
            } else {
                print(&opened, thread, words);
            }
            warn(&summary, thread, words);
            Ok(())
        }
        None => of_drop(options, clock, words).await,
    }
}

async fn of_drop(options: Open, clock: &Clock, words: &Words) -> Result<(), Error> {
    let Open { link, vault, network, ids, filter, out, json, .. } = options;
    let at = cli::At { link: link.unwrap_or_default(), vault, network };
    let (single, out) = (ids.len() == 1, out.as_deref());
    if single {
        free(out)?;
    }
    let session = Session::open(&at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let (chosen, mut memory) = choose(&session, &cases, &ids, filter.as_ref(), words).await?;
    let mut wanted = Vec::new();
    for row in chosen {
        let folder = out.map(|out| if single { out.to_owned() } else { out.join(row.report_id.to_string()) });
        wanted.push((free(folder.as_deref())?, row));
    }
    if let Some(out) = out.filter(|_| !single) {
        DirBuilder::new().recursive(true).mode(0o700).create(out).map_err(Error::file(out))?;
    }
    let bar = progress::bytes(wanted.iter().map(|(_, row)| row.size).sum(), &words.say("open-fetching"));
    let mut several = Several::shown_by(bar.clone(), wanted.len(), words);
    let (fetching, counting) = (&session, &bar);
    let fetches = futures_util::stream::iter(wanted).map(|(out, row)| async move {
        let sealed = fetching.fetch(&row, |bytes| counting.inc(bytes)).await;
        (out, row, sealed)
    });
    let mut fetches = fetches.buffered(AT_ONCE);
    let (mut list, mut firsts) = (JsonList::new(single), BTreeSet::new());
    while let Some((out, row, sealed)) = fetches.next().await {
        let opened = match sealed {
            Ok(sealed) => open_or_granted(Found::of(&row, sealed), &cases, out).await,
            Err(error) => Err(error),
        };
        let Some(opened) = several.take(row.report_id, opened) else { continue };
        let (summary, text) =
            Summary::with_text(&opened.report, session.drop_id(), opened.found.mailbox, true);
        if let Some(first) = summary.thread.filter(|first| firsts.insert(*first)) {
            know(&session, &cases, &mut memory, first).await?;
        }
        let thread = Membership::of(&summary, &memory);
        several.show(|| {
            if json {
                let shown = with_custody(&opened, thread, &session.name)?;
                list.push(&shown);
            } else {
                print(&opened, thread, words);
            }
            warn(&summary, thread, words);
            learn(&mut memory, opened.found.id, Learnt::open((summary, text)), opened.granted, words)
        })?;
    }
    let outcome = several.end();
    if json {
        list.end();
    }
    memory.save()?;
    cases.save()?;
    outcome
}

/// Looks at the first report of a thread, if it can be and was not yet. Without it nothing is proven, and the follow-up is
/// worth reading all the same.
async fn know(
    session: &Session,
    cases: &Cases<'_>,
    memory: &mut Memory<'_>,
    first: ObjectId,
) -> Result<(), Error> {
    if memory.seen(&first).is_none() {
        let listed = session.drop.reports(None, session.keys.signing()).await?;
        let first: Vec<_> = listed.iter().filter(|row| row.report_id == first).collect();
        look(cases, &first, memory, &ProgressBar::hidden()).await?;
    }
    Ok(())
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

/// Opens a report of the drop, with a grant where the coordinator's own key does not fit.
async fn open_or_granted(mut found: Found, cases: &Cases<'_>, out: Option<PathBuf>) -> Result<Opened, Error> {
    let granted = cases.key_for(found.id, &mut found.sealed).await?;
    let opened = open(found, cases.keys(), granted.as_ref(), out)?;
    cases.learn(opened.found.id, &opened.report, true)?;
    Ok(opened)
}

fn open(
    found: Found,
    keys: &CoordinatorKeys,
    granted: Option<&FileKey>,
    out: Option<PathBuf>,
) -> Result<Opened, Error> {
    let what = found.id.short();
    let (report, json) = match &out {
        Some(out) => {
            let archive = sealed::open_report(&what, &found.sealed, keys, granted)?;
            folder::write(archive, &what, out)?
        }
        None => {
            let archive = sealed::open_report(&what, &found.sealed, keys, granted)?;
            let json = archive.report_json().to_vec();
            (archive.finish().map_err(|error| sealed::damage(&what, error))?, json)
        }
    };
    Ok(Opened { found, report, json, out, granted: granted.is_some() })
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
