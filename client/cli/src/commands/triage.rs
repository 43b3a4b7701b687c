//! `kua triage`: what a coordinator notes about reports; without anything to note, what was noted so far.

use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::{Cases, Noted, Wishes};
use kua_client::inbox::choose;
use kua_client::inspect::CaseDigest;
use kua_client::session::{Reach, Session};
use kua_client::views::CaseView;
use kua_clock::Clock;
use kua_protocol::entry::MAX_TEXT_LEN;
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;

use crate::args::Triage;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::i18n::Words;
use crate::terminal::print::JsonList;
use crate::terminal::{Terminal, ask, case};

/// The word that is typed for nobody, and for no severity.
const NONE: &str = "none";

/// Appends one entry to the case log of each report, and shows what the log comes to.
///
/// # Errors
///
/// When an id fits no report, a report cannot be read, or the drop does not take an entry; others are done all the same.
pub async fn run(options: Triage, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let words = terminal.words();
    let reach = if options.offline { Reach::Offline } else { Reach::IfPossible };
    let session = super::session(&options.at, reach, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let rows = choose(&cases, &options.ids, filter.as_ref()).await?;
    let single = filter.is_none() && rows.len() == 1;
    if !single && (options.undo.is_some() || !options.build_on.is_empty()) {
        return Err(Error::refused("an entry belongs to one report: name that report alone"));
    }
    let wishes = wishes(&options, &session).await?;
    let mut batch = Batch::counted(rows.len(), "triage-noting", terminal);
    let mut list = JsonList::new(single);
    let mut appended = std::pin::pin!(cases.notes(&rows, &wishes)?);
    while let Some((row, outcome)) = appended.next().await {
        batch.advance();
        let Some(noted) = batch.take(row.report_id, outcome) else { continue };
        if noted.entry.is_some() {
            let digest = CaseDigest::of(&noted.case.read(&session).state());
            let (entries, roster) = (cases.entries(row.report_id)?, session.client().roster().digest());
            session.cache().reports()?.set_case(row.report_id, entries, roster, Some(digest));
        }
        terminal.show(|| {
            if options.json {
                return list.push(&CaseView::of(&noted, &cases));
            }
            print(&noted, &cases, words);
            Ok(())
        })?;
    }
    let outcome = batch.end();
    list.end(options.json);
    cases.finish()?;
    session.cache().reports()?.save()?;
    outcome
}

/// Gives what the options want noted.
async fn wishes(options: &Triage, session: &Session) -> Result<Wishes, Error> {
    let severity = |code: &String| match code.as_str() {
        NONE => Ok(None),
        code => code.parse::<Severity>().map(Some).map_err(|error| Error::refused(error.to_string())),
    };
    let coordinator = |name: &String| match name.as_str() {
        NONE => Ok::<Option<PublicKey>, Error>(None),
        name => Ok(Some(session.coordinator(name)?)),
    };
    let severity = options.severity.as_ref().map(severity).transpose()?;
    let assignee = options.assign.as_ref().map(coordinator).transpose()?;
    let link = if options.link_to.is_empty() { Vec::new() } else { session.find(&options.link_to).await? };
    let passphrase = options.at.vault.passphrase.file();
    let note = options.note.as_ref().map(|text| ask::text(text, passphrase, MAX_TEXT_LEN)).transpose()?;
    Ok(Wishes {
        status: options.status,
        severity,
        assignee,
        label: options.label.clone(),
        unlabel: options.unlabel.clone(),
        link: link.into_iter().map(|row| row.report_id).collect(),
        unlink: options.unlink.clone(),
        relation: options.relation,
        note,
        undo: options.undo.clone(),
        build_on: options.build_on.clone(),
    })
}

fn print(Noted { case: noted, entry }: &Noted, cases: &Cases, words: &Words) {
    let id = noted.row.report_id.short();
    match entry {
        Some(entry) => {
            let args = [("id", id.into()), ("entry", case::short(entry).into())];
            outln!("{}", words.say_with("triage-noted", &args));
        }
        None => outln!("{id}"),
    }
    let mut lines = case::state(&noted.read(cases.session()).state(), cases, words);
    if entry.is_none() {
        lines.extend(case::log(&cases.chain(noted), cases, words));
    }
    for line in lines {
        outln!("{line}");
    }
}
