//! `kua grant`: letting a coordinator into old reports, or handing one report to somebody outside.

use std::path::Path;

use futures_util::StreamExt as _;
use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;
use kua_protocol::id::Digest;
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::SealedShape;
use kua_sealing::{Floor, OpenError, Recipients, SealPlan};
use serde_json::json;

use crate::case::Cases;
use crate::cli::Grant;
use crate::error::Error;
use crate::looking::choose;
use crate::sealed;
use crate::session::Session;
use crate::several::Several;
use crate::words::Words;
use crate::{ask, files};

/// How many reports are worked on at a time.
const AT_ONCE: usize = 8;

/// Lets a coordinator of the roster in, or seals one report anew for an age recipient.
///
/// # Errors
///
/// When nobody is called so, a report cannot be read, or the drop does not take what is left with it; other reports are
/// done all the same, and what was done is skipped when the command is given again.
pub async fn run(options: Grant, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.at, clock, words).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let rows = if options.all {
        session.drop.reports(None, session.keys.signing()).await?
    } else {
        choose(&session, &cases, &options.ids, filter.as_ref(), words).await?.0
    };
    // What somebody was let into cannot be taken back: only reports that were named are not asked about.
    let are_named = filter.is_none() && !options.all;
    if !ask::sure(words, "grant-them", rows.len(), are_named || options.yes)? {
        return Ok(());
    }
    let outcome = if options.to.starts_with("age1") {
        hand_out(&options, &cases, &session, &rows, words).await
    } else {
        let newcomer = session.coordinator(&options.to)?;
        let_in(&options, &cases, newcomer, &rows, words).await
    };
    cases.finish(words)?;
    outcome
}

/// Lets a coordinator into each report that can be read here.
async fn let_in(
    options: &Grant,
    cases: &Cases<'_>,
    newcomer: PublicKey,
    rows: &[ReportRow],
    words: &Words,
) -> Result<(), Error> {
    let mut several = Several::counted(rows.len(), "grant-granting", words);
    if options.all {
        // One list instead of one for each report.
        let news = cases.refresh(rows, &indicatif::ProgressBar::hidden()).await?;
        if let Some(error) = news.failed.into_iter().next() {
            return Err(error);
        }
    }
    let grant = async |row: &ReportRow| {
        let mut case = if options.all { cases.known(row).await? } else { cases.case(row).await? };
        cases.grant(&mut case, newcomer, !options.all).await
    };
    let grant = &grant;
    let grants = rows.iter().map(|row| async move { (row, grant(row).await) });
    let mut grants = futures_util::stream::iter(grants).buffer_unordered(AT_ONCE);
    let (mut granted, mut already, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((row, outcome)) = grants.next().await {
        several.bar().inc(1);
        if options.all && matches!(outcome, Err(Error::Open { error: OpenError::NotForYou, .. })) {
            // Of all reports some are others' to give.
            closed.push(row.report_id);
            continue;
        }
        match several.take(row.report_id, outcome) {
            Some(true) => granted.push(row.report_id),
            Some(false) => already.push(row.report_id),
            None => {}
        }
    }
    let outcome = several.end();
    if outcome.is_err() && granted.is_empty() {
        // There is nothing to tell but the errors.
    } else if options.json {
        outln!("{}", json!({ "granted": granted, "already": already, "not_for_you": closed }));
    } else {
        let (granted, already, closed) = (granted.len(), already.len(), closed.len());
        let args = [
            ("name", crate::show::one_line(&options.to).into()),
            ("granted", granted.into()),
            ("already", already.into()),
            ("closed", closed.into()),
        ];
        outln!("{}", words.say_with("grant-done", &args));
    }
    outcome
}

/// Seals one report anew for somebody outside, and notes it in the log.
async fn hand_out(
    options: &Grant,
    cases: &Cases<'_>,
    session: &Session,
    rows: &[ReportRow],
    words: &Words,
) -> Result<(), Error> {
    let ([row], Some(out)) = (rows, &options.out) else {
        return Err(Error::Refused(
            "for somebody outside name one report, and a file for it with --out".into(),
        ));
    };
    if !options.to.starts_with("age1pq1") {
        return Err(Error::Refused(
            "a file that leaves the drop is kept for years by whoever sees it: it is sealed to age1pq1… recipients \
             alone, which age makes with `age-keygen -pq`"
                .into(),
        ));
    }
    let mut case = cases.case(row).await?;
    let sealed = session.fetch(row, |_| {}).await?;
    let digest = seal_anew(cases, row, sealed, &options.to, out).await?;
    let change = Change::HandedOut { to: options.to.clone(), form: "age".into(), digest };
    if let Err(error) = cases.append(&mut case, vec![change], &[]).await {
        // What the log does not know of must not be given away.
        std::fs::remove_file(out).map_err(Error::file(out))?;
        return Err(error);
    }
    if options.json {
        outln!("{}", json!({ "report_id": row.report_id, "path": out, "sha256": digest }));
    } else {
        let path = out.display().to_string();
        let args = [("id", row.report_id.short().into()), ("path", path.into())];
        outln!("{}", words.say_with("grant-handed-out", &args));
    }
    Ok(())
}

/// Seals what is in a report to one recipient, as a file. Returns the file's SHA-256.
async fn seal_anew(
    cases: &Cases<'_>,
    row: &ReportRow,
    mut sealed: std::fs::File,
    recipient: &str,
    out: &Path,
) -> Result<Digest, Error> {
    let what = row.report_id.short();
    let recipients = Recipients::new([(recipient, true)])?;
    let length = plaintext_len(&mut sealed, row)?;
    let key = cases.key_for(row.report_id, &mut sealed).await?;
    let opened = sealed::open(&what, sealed, cases.keys(), key.as_ref())?;
    let plan = SealPlan::new(recipients, length, Floor::Report)?;
    let done = files::fill(out, files::Place::New, |file| Ok(plan.seal(opened, file)?))?;
    Ok(Digest::from_bytes(*done.id().as_bytes()))
}

/// The length of what is sealed: the archive and the zeros after it.
fn plaintext_len(sealed: &mut std::fs::File, row: &ReportRow) -> Result<u64, Error> {
    use std::io::{Read as _, Seek as _};
    let mut beginning = Vec::new();
    let header = kua_protocol::sealed::MAX_HEADER_LEN as u64;
    let read = sealed.by_ref().take(header).read_to_end(&mut beginning).and_then(|_| sealed.rewind());
    read.map_err(|error| Error::System(error.to_string()))?;
    let shape = SealedShape::of(&beginning, row.size);
    shape.map(|shape| shape.plaintext_len).map_err(|error| Error::Refused(error.to_string()))
}
