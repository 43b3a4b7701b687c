//! `kua open`: one report, shown or written to a folder. Nothing is written unless all of it was verified.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use kua_protocol::day::Day;
use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::Report;
use kua_sealing::CoordinatorKeys;
use serde_json::{Map, Value, json};

use crate::cli::Open;
use crate::error::Error;
use crate::interrupt::Unfinished;
use crate::session::{self, Session};
use crate::words::Words;
use crate::{files, progress, sheet, show};

/// A report's sealed bytes and what is known about them besides.
struct Found {
    id: ObjectId,
    sealed: File,
    day: Option<Day>,
    place: Option<(DropId, Option<MailboxId>)>,
    keys: CoordinatorKeys,
    opened_by: String,
}

/// Shows or writes a report.
///
/// # Errors
///
/// When it cannot be had, does not open, or is damaged anywhere; then nothing was written.
pub async fn run(options: Open, words: &Words) -> Result<(), Error> {
    if let Some(out) = options.out.as_deref().filter(|out| out.exists()) {
        return Err(Error::Occupied(out.to_owned()));
    }
    let found = find(&options, words).await?;
    let what = found.id.short();
    let (report, json) = match &options.out {
        Some(out) => write(&found, &what, out)?,
        None => {
            let archive = session::open_report(&what, &found.sealed, &found.keys)?;
            let json = archive.report_json().to_vec();
            (archive.finish().map_err(|error| session::damage(&what, error))?, json)
        }
    };
    if options.json {
        outln!("{}", with_custody(&json, &found)?);
    } else {
        print(&report, &found, words);
        if let Some(out) = &options.out {
            let path = out.display().to_string();
            outln!("{}", words.say_with("open-written", &[("path", path.into())]));
        }
    }
    if let Some((drop, mailbox)) = found.place {
        for disagreement in session::disagreements(&report, drop, mailbox) {
            eprintln!("{}", words.say(disagreement));
        }
    }
    Ok(())
}

async fn find(options: &Open, words: &Words) -> Result<Found, Error> {
    if let Some(path) = &options.sealed {
        let keys = session::keys(&options.vault, words)?;
        let (id, sealed) = session::read_sealed(path)?;
        let opened_by = keys.signing().public().to_string();
        return Ok(Found { id, sealed, day: None, place: None, keys, opened_by });
    }
    let (Some(link), Some(id)) = (&options.link, &options.id) else {
        return Err(Error::Refused("name the link and the id of a report".into()));
    };
    let session = Session::open(link, &options.vault, &options.network, words).await?;
    let rows = session.find(std::slice::from_ref(id)).await?;
    let Some(row) = rows.first() else {
        return Err(Error::NoSuchReport(id.to_string()));
    };
    let bar = progress::bytes(row.size, &words.say("open-fetching"));
    let sealed = session.fetch(row, |bytes| bar.inc(bytes)).await?;
    bar.finish_and_clear();
    let place = Some((session.drop_id(), row.mailbox));
    Ok(Found {
        id: row.report_id,
        sealed,
        day: Some(row.day),
        place,
        keys: session.keys,
        opened_by: session.name,
    })
}

/// Writes report.json and the attachments into a new folder, which appears when all of it was verified.
fn write(found: &Found, what: &str, out: &Path) -> Result<(Report, Vec<u8>), Error> {
    let mut archive = session::open_report(what, &found.sealed, &found.keys)?;
    let json = archive.report_json().to_vec();
    let names: Vec<String> =
        archive.report().attachments().iter().map(|file| file.name.to_string()).collect();
    let parent = files::folder_of(out);
    let staged =
        tempfile::Builder::new().prefix(".kua-open-").tempdir_in(&parent).map_err(Error::file(&parent))?;
    let unfinished = Unfinished::folder(staged.path());
    write_file(&staged.path().join("report.json"), &mut json.as_slice())?;
    let folder = staged.path().join("attachments");
    if !names.is_empty() {
        DirBuilder::new().mode(0o700).create(&folder).map_err(Error::file(&folder))?;
    }
    for name in names {
        let attachment = archive.next_attachment().map_err(|error| session::damage(what, error))?;
        if let Some(mut attachment) = attachment {
            write_file(&folder.join(name), &mut attachment).map_err(|error| told_by_the_seal(what, error))?;
        }
    }
    let report = archive.finish().map_err(|error| session::damage(what, error))?;
    fs::rename(staged.path(), out).map_err(Error::file(out))?;
    drop(unfinished);
    let _ = staged.keep();
    File::open(&parent).and_then(|parent| parent.sync_all()).map_err(Error::file(&parent))?;
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
fn with_custody(json: &[u8], found: &Found) -> Result<Value, Error> {
    let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(json);
    let mut report = parsed.map_err(|error| Error::System(error.to_string()))?;
    let custody = json!({ "report_id": found.id, "day": found.day, "opened_by": found.opened_by });
    report.insert("custody".to_owned(), custody);
    Ok(Value::Object(report))
}

fn print(report: &Report, found: &Found, words: &Words) {
    let event = report.event();
    outln!("{}\n", show::one_line(&event.title));
    outln!("{}", sheet::row(words, "open-id", &found.id.to_string()));
    if let Some(day) = found.day {
        outln!("{}", sheet::row(words, "open-day", &day.to_string()));
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
}
