//! `kua triage`: what a coordinator notes about reports; without anything to note, what was noted so far.

use std::collections::BTreeSet;

use futures_util::StreamExt as _;
use kua_caselog::State;
use kua_clock::Clock;
use kua_protocol::api::ReportRow;
use kua_protocol::entry::Change;
use kua_protocol::id::{Digest, IdPrefix, ObjectId};
use kua_protocol::keys::PublicKey;
use serde_json::{Value, json};

use crate::case::{Case, Cases, telling};
use crate::cli::Triage;
use crate::error::Error;
use crate::looking::choose;
use crate::out::JsonList;
use crate::session::Session;
use crate::several::Several;
use crate::summary::Told;
use crate::words::Words;

mod changes;

/// How many reports are worked on at a time.
const AT_ONCE: usize = 8;

/// Appends one entry to the case log of each report, and shows what the log comes to.
///
/// # Errors
///
/// When an id fits no report, a report cannot be read, or the drop does not take an entry; others are done all the same.
pub async fn run(options: Triage, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open_or_recall(&options.at, options.offline, clock, words).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let (rows, mut memory) = choose(&session, &cases, &options.ids, filter.as_ref(), words).await?;
    let single = filter.is_none() && rows.len() == 1;
    if !single && (options.undo.is_some() || !options.build_on.is_empty()) {
        return Err(Error::Refused("an entry belongs to one report: name that report alone".into()));
    }
    let changes = changes::of(&options, &session).await?;
    let mut several = Several::counted(rows.len(), "triage-noting", words);
    let (cases, changes, asked, session) = (&cases, &changes, &options, &session);
    let notes =
        rows.iter().map(|row| async move { (row, note(cases, row, changes.clone(), asked, session).await) });
    let mut notes = futures_util::stream::iter(notes).buffered(AT_ONCE);
    let mut list = JsonList::new(single);
    while let Some((row, noted)) = notes.next().await {
        several.bar().inc(1);
        let Some((case, entry)) = several.take(row.report_id, noted) else { continue };
        if entry.is_some() {
            let told = Told::of(&case.read(session).state());
            let entries = cases.entries(row.report_id)?;
            memory.set_case(row.report_id, entries, session.drop.roster().digest(), Some(told));
        }
        several.show(|| {
            if options.json {
                list.push(&as_json(&case, entry, cases, session));
            } else {
                print(&case, entry, cases, session, words);
            }
        });
    }
    let outcome = several.end();
    if options.json {
        list.end();
    }
    cases.finish(words)?;
    memory.save()?;
    outcome
}

/// Reads the log of a report and appends to it, if there is anything to say.
async fn note(
    cases: &Cases<'_>,
    row: &ReportRow,
    mut changes: Vec<Change>,
    options: &Triage,
    session: &Session,
) -> Result<(Case, Option<Digest>), Error> {
    let mut case = cases.case(row).await?;
    if !options.unlink.is_empty() {
        let state = case.read(session).state();
        for prefix in &options.unlink {
            changes.extend(changes::unlinking(row.report_id, &state, prefix, options.relation)?);
        }
    }
    if let Some(prefix) = &options.undo {
        let entry = entry(&case, prefix)?;
        changes::check_undoing(&case, &entry)?;
        changes.push(Change::Undo { entry });
    }
    let adopted = options.build_on.iter().map(|prefix| entry(&case, prefix));
    let adopted = adopted.collect::<Result<Vec<Digest>, Error>>()?;
    if changes.is_empty() {
        return Ok((case, None));
    }
    let itself = |change: &Change| matches!(change, Change::Link { to, .. } if *to == row.report_id);
    if changes.iter().any(itself) {
        return Err(Error::Refused("a report is not linked with itself".into()));
    }
    let entry = cases.append(&mut case, changes, &adopted).await?;
    Ok((case, Some(entry)))
}

/// The entry of a case whose digest begins as typed.
fn entry(case: &Case, prefix: &IdPrefix) -> Result<Digest, Error> {
    let digests = case.graph.entries().map(|kept| kept.entry.digest());
    let fits = |digest: &Digest| prefix.matches(&ObjectId::from_bytes(*digest.as_bytes()));
    match digests.filter(fits).collect::<Vec<_>>().as_slice() {
        [only] => Ok(*only),
        [] => Err(Error::Refused(format!(
            "no entry of {} begins with {prefix}; kua custody lists them",
            case.row.report_id.short()
        ))),
        several => Err(Error::Ambiguous {
            prefix: prefix.to_string(),
            ids: several.iter().map(ToString::to_string).collect(),
        }),
    }
}

fn print(case: &Case, entry: Option<Digest>, cases: &Cases, session: &Session, words: &Words) {
    let reading = case.read(session);
    let id = case.row.report_id.short();
    match entry {
        Some(entry) => {
            let args = [("id", id.into()), ("entry", telling::short(&entry).into())];
            outln!("{}", words.say_with("triage-noted", &args));
        }
        None => outln!("{id}"),
    }
    let mut lines = telling::state(&reading.state(), cases, words);
    if entry.is_none() {
        lines.extend(telling::log(&cases.chain(case), cases, words));
    }
    for line in lines {
        outln!("{line}");
    }
}

fn as_json(case: &Case, entry: Option<Digest>, cases: &Cases, session: &Session) -> Value {
    let state: State = case.read(session).state();
    let name = |key: &PublicKey| cases.name(key).unwrap_or_else(|| key.to_string());
    let links = state.links().map(|(id, relation)| json!({ "report_id": id, "relation": relation }));
    let notes = state.notes.iter().map(
        |note| json!({ "entry": note.entry, "by": name(&note.author), "day": note.day, "text": note.text }),
    );
    let replies = state.replies.iter().map(|reply| {
        json!({ "entry": reply.entry, "by": name(&reply.author), "day": reply.day, "kind": reply.kind,
            "text": reply.text })
    });
    let assignee = |key: &Option<PublicKey>| key.as_ref().map(name);
    let beside = state.assignee.concurrent.iter().map(|(key, entry)| json!([assignee(key), entry]));
    json!({
        "report_id": case.row.report_id,
        "entry": entry,
        "status": state.status.value,
        "severity": state.severity.value,
        "assignee": assignee(&state.assignee.value),
        "labels": state.labels().collect::<Vec<_>>(),
        "links": links.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "replies": replies.collect::<Vec<_>>(),
        "handed_out": state.handed_out,
        "readers": state.readers.iter().map(name).collect::<BTreeSet<_>>(),
        "concurrent": {
            "status": state.status.concurrent,
            "severity": state.severity.concurrent,
            "assignee": beside.collect::<Vec<_>>(),
        },
        "gaps": state.gaps,
        "not_counted": state.not_counted,
        "undone": state.undone,
        "heads": state.heads,
        "unsent": case.graph.entries().map(|kept| kept.entry.digest()).filter(|entry| cases.waits(entry)).collect::<Vec<_>>(),
    })
}
