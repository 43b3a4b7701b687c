//! `kua fetch`: sealed reports as they are, for a colleague, an archive, or a machine without a network.

use crate::cli::Fetch;
use crate::error::Error;
use crate::files::{self, Place};
use crate::progress;
use crate::session::Session;
use crate::words::Words;

/// Saves each report as `ID.age`. One that is there already with the right bytes stays.
///
/// # Errors
///
/// When a report cannot be had or written; those before it are saved.
pub async fn run(options: Fetch, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let rows = session.find(&options.ids).await?;
    std::fs::create_dir_all(&options.out).map_err(Error::file(&options.out))?;
    let bar = progress::bar(rows.len() as u64, &words.say("fetch-fetching"));
    for row in &rows {
        let path = options.out.join(format!("{}.age", row.report_id));
        let sealed = session.fetch(row).await?;
        files::write(&path, &sealed, Place::Replace)?;
        bar.suspend(|| outln!("{}", path.display()));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
