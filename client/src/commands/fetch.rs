//! `kua fetch`: sealed reports as they are, for a colleague, an archive, or a machine without a network.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use futures_util::{StreamExt as _, TryStreamExt as _};
use indicatif::ProgressBar;
use kua_protocol::api::ReportRow;
use serde_json::{Value, json};

use crate::cli::Fetch;
use crate::error::Error;
use crate::progress;
use crate::session::{self, Session};
use crate::words::Words;

/// How many reports are fetched at a time.
const AT_ONCE: usize = 4;

/// Saves each report as `ID.age`. One that is there already with the right bytes stays; one that was begun goes on from
/// `ID.age.part`.
///
/// # Errors
///
/// When a report cannot be had or written; those that are whole are saved.
pub async fn run(options: Fetch, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.find(&options.ids).await?;
    fs::create_dir_all(&options.out).map_err(Error::file(&options.out))?;
    let total = rows.iter().map(|row| row.size).sum();
    let bar = progress::bytes(total, &words.say("fetch-fetching"));
    let (session, folder, bar) = (&session, &options.out, &bar);
    let fetches = futures_util::stream::iter(&rows).map(|row| async move {
        let path = fetch(session, row, folder, bar).await?;
        if !options.json {
            bar.suspend(|| outln!("{}", path.display()));
        }
        Ok::<_, Error>(json!({ "report_id": row.report_id, "size": row.size, "path": path }))
    });
    let saved: Vec<Value> = fetches.buffered(AT_ONCE).try_collect().await?;
    bar.finish_and_clear();
    if options.json {
        outln!("{}", Value::from(saved));
    }
    Ok(())
}

async fn fetch(
    session: &Session,
    row: &ReportRow,
    folder: &Path,
    bar: &ProgressBar,
) -> Result<PathBuf, Error> {
    let path = folder.join(format!("{}.age", row.report_id));
    if path.exists() && session::read_sealed(&path)?.0 == row.report_id {
        bar.inc(row.size);
        return Ok(path);
    }
    session.check_size(row)?;
    // Sealed bytes: who finds them can do as little with them as with the whole.
    let part = folder.join(format!("{}.age.part", row.report_id));
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&part);
    let mut file = opened.map_err(Error::file(&part))?;
    let key = session.keys.signing();
    match session.drop.download(row, &mut file, key, |bytes| bar.inc(bytes)).await {
        // Bytes that are not the report's are no beginning of it either.
        Err(error @ Error::Dishonest(_)) => {
            fs::remove_file(&part).map_err(Error::file(&part))?;
            return Err(error);
        }
        other => other?,
    }
    let settle = || -> io::Result<()> {
        file.sync_all()?;
        fs::rename(&part, &path)?;
        File::open(folder)?.sync_all()
    };
    settle().map_err(Error::file(&path))?;
    Ok(path)
}
