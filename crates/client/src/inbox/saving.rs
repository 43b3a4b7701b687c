//! Saving sealed reports as they are: for a colleague, an archive, or a machine without a network.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{Stream, StreamExt as _};
use kua_protocol::api::ReportRow;
use kua_protocol::id::ObjectId;

use crate::case::Cases;
use crate::error::Error;
use crate::events::{Progress, Warning, Work};
use crate::files::{self, private};
use crate::inbox::correct;
use crate::inspect::Inspected;

/// Reports that are fetched at a time.
const AT_ONCE: usize = 4;

/// Saves each report as `ID.age` in a folder. One that is there already with the right bytes stays; one that was begun goes on
/// from `ID.age.part`. `saved` is told of each file as soon as it is there.
pub fn save_each<'a>(
    cases: &'a Cases,
    rows: &'a [ReportRow],
    folder: &'a Path,
    saved: &'a dyn Fn(&Path),
) -> impl Stream<Item = (&'a ReportRow, Result<PathBuf, Error>)> {
    let amount = rows.iter().map(|row| row.size).sum();
    let progress: Arc<dyn Progress> = cases.session().observer().begin(Work::Fetching, amount).into();
    let fetches = futures_util::stream::iter(rows).map(move |row| {
        let progress = Arc::clone(&progress);
        async move {
            let fetched = save(cases, row, folder, &*progress).await;
            if let Ok(path) = &fetched {
                saved(path);
            }
            (row, fetched)
        }
    });
    fetches.buffered(AT_ONCE).then(async move |(row, fetched)| match fetched {
        Ok(path) => (row, remember(cases, row, &path).await.map(|()| path)),
        failed => (row, failed),
    })
}

/// Remembers what a saved report is.
async fn remember(cases: &Cases, row: &ReportRow, path: &Path) -> Result<(), Error> {
    // What no report is in can be saved, and there is nothing to remember of it.
    match inspect(cases, row, path).await {
        Ok((inspected, granted)) => {
            if correct(cases.session(), row.report_id, inspected, granted)? {
                cases.session().observer().warn(&Warning::ShownOtherwise(row.report_id));
            }
            Ok(())
        }
        Err(_) => Ok(()),
    }
}

/// Inspects a saved report by its beginning, and says whether a grant opened it; all of it agreed with its id.
async fn inspect(cases: &Cases, row: &ReportRow, path: &Path) -> Result<(Inspected, bool), Error> {
    let mut file = File::open(path).map_err(Error::file(path))?;
    let what = row.report_id.short();
    let (opened, granted) = match cases.key_for(row.report_id, &mut file).await {
        Ok(key) => (key.open_report(&what, file), key.is_granted()),
        Err(error) => (Err(error), false),
    };
    let report = opened.map(|archive| archive.report().clone());
    Ok((Inspected::of(report, cases.drop_id(), row.mailbox, true)?, granted))
}

async fn save(
    cases: &Cases,
    row: &ReportRow,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let session = cases.session();
    let path = folder.join(format!("{}.age", row.report_id));
    if path.exists() && id_of(&path)?.0 == row.report_id {
        progress.advance(row.size);
        return Ok(path);
    }
    session.check_size(row)?;
    let part = folder.join(format!("{}.age.part", row.report_id));
    let mut file = begin(&part)?;
    let begun = file.metadata().map_err(Error::file(&part))?.len() > 0;
    let (key, read) = (session.keys().signing(), AtomicU64::new(0));
    let count = |bytes| {
        read.fetch_add(bytes, Ordering::Relaxed);
        progress.advance(bytes);
    };
    let mut outcome = session.client().download(row, &mut file, key, count).await;
    if begun && matches!(outcome, Err(Error::Dishonest(_))) {
        // Perhaps what was begun was no beginning of it: that would not be the drop's fault.
        progress.take_back(read.into_inner());
        file.set_len(0).map_err(Error::file(&part))?;
        outcome = session.client().download(row, &mut file, key, |bytes| progress.advance(bytes)).await;
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
    let file = private::open_or_create(part).map_err(Error::file(part))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Refused(format!("another kua is just writing {}", part.display())))
        }
        Err(TryLockError::Error(error)) => Err(Error::File { path: part.to_owned(), error }),
    }
}

/// Opens a sealed file, and reads it once for its id.
///
/// # Errors
///
/// When it cannot be read.
pub fn id_of(path: &Path) -> Result<(ObjectId, File), Error> {
    let read = || {
        let mut file = File::open(path)?;
        let (digest, _) = files::digest(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok((ObjectId::from_bytes(sha2::Digest::finalize(digest).into()), file))
    };
    read().map_err(Error::file(path))
}
