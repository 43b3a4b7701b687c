//! `kua fetch`: sealed reports as they are, for a colleague, an archive, or a machine without a network.

use std::cell::Cell;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use serde_json::json;

use crate::case::Cases;
use crate::cli::Fetch;
use crate::error::Error;
use crate::looking::{choose, learn};
use crate::out::JsonList;
use crate::progress;
use crate::sealed;
use crate::session::Session;
use crate::several::Several;
use crate::summary::Learnt;
use crate::words::Words;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// Saves each report as `ID.age`. One that is there already with the right bytes stays; one that was begun goes on from
/// `ID.age.part`.
///
/// # Errors
///
/// When a report cannot be had or written; those that are whole are saved.
pub async fn run(options: Fetch, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let (named, filter) = (&options.chosen.ids, options.chosen.filter.as_ref());
    let (rows, mut memory) = choose(&session, &cases, named, filter, words).await?;
    fs::create_dir_all(&options.out).map_err(Error::file(&options.out))?;
    let total = rows.iter().map(|row| row.size).sum();
    let bar = progress::bytes(total, &words.say("fetch-fetching"));
    let mut several = Several::shown_by(bar.clone(), rows.len(), words);
    let (session, cases, folder, bar) = (&session, &cases, &options.out, &bar);
    let fetches = futures_util::stream::iter(&rows).map(|row| async move {
        let fetched = fetch(session, row, folder, bar).await;
        if let (Ok(path), false) = (&fetched, options.json) {
            bar.suspend(|| outln!("{}", path.display()));
        }
        (row, fetched)
    });
    let mut fetches = fetches.buffered(AT_ONCE);
    let mut saved = JsonList::new(false);
    while let Some((row, fetched)) = fetches.next().await {
        let Some(path) = several.take(row.report_id, fetched) else { continue };
        // What no report is in can be saved, and there is nothing to remember of it.
        if let Ok((learnt, granted)) = look(cases, row, &path).await {
            several.show(|| learn(&mut memory, row.report_id, learnt, granted, words))?;
        }
        if options.json {
            let (id, size) = (row.report_id, row.size);
            several.show(|| saved.push(&json!({ "report_id": id, "size": size, "path": path })));
        }
    }
    let outcome = several.end();
    if options.json {
        saved.end();
    }
    memory.save()?;
    // A grant that was found opens what was saved, without a network.
    cases.save()?;
    outcome
}

/// What a saved report is, by its beginning, and whether a grant opened it; all of it agreed with its id.
async fn look(cases: &Cases<'_>, row: &ReportRow, path: &Path) -> Result<(Learnt, bool), Error> {
    let mut file = File::open(path).map_err(Error::file(path))?;
    let granted = cases.key_for(row.report_id, &mut file).await?;
    let what = row.report_id.short();
    let opened = sealed::open_report(&what, file, cases.keys(), granted.as_ref());
    let report = opened.map(|archive| archive.report().clone());
    Ok((Learnt::of(report, cases.drop_id(), row.mailbox, true)?, granted.is_some()))
}

async fn fetch(
    session: &Session,
    row: &ReportRow,
    folder: &Path,
    bar: &ProgressBar,
) -> Result<PathBuf, Error> {
    let path = folder.join(format!("{}.age", row.report_id));
    if path.exists() && sealed::read(&path)?.0 == row.report_id {
        bar.inc(row.size);
        return Ok(path);
    }
    session.check_size(row)?;
    let part = folder.join(format!("{}.age.part", row.report_id));
    let mut file = begin(&part)?;
    let begun = file.metadata().map_err(Error::file(&part))?.len() > 0;
    let (key, read) = (session.keys.signing(), Cell::new(0));
    let progress = |bytes| {
        read.set(read.get() + bytes);
        bar.inc(bytes);
    };
    let mut outcome = session.drop.download(row, &mut file, key, progress).await;
    if begun && matches!(outcome, Err(Error::Dishonest(_))) {
        // Perhaps what was begun was no beginning of it: that would not be the drop's fault.
        bar.dec(read.get());
        file.set_len(0).map_err(Error::file(&part))?;
        outcome = session.drop.download(row, &mut file, key, |bytes| bar.inc(bytes)).await;
    }
    if matches!(outcome, Err(Error::Dishonest(_))) {
        fs::remove_file(&part).map_err(Error::file(&part))?;
    }
    outcome?;
    let settle = || -> io::Result<()> {
        file.sync_all()?;
        fs::rename(&part, &path)?;
        File::open(folder)?.sync_all()
    };
    settle().map_err(Error::file(&path))?;
    Ok(path)
}

/// Opens what was begun of a report, or begins it, for this process alone. It is sealed bytes: who finds them can do as
/// little with them as with the whole.
fn begin(part: &Path) -> Result<File, Error> {
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(part);
    let file = opened.map_err(Error::file(part))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Refused(format!("another kua is just writing {}", part.display())))
        }
        Err(TryLockError::Error(error)) => Err(Error::File { path: part.to_owned(), error }),
    }
}
