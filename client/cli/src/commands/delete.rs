//! `kua delete`: asking the drop to delete, or keeping what a colleague wanted deleted.

use futures_util::StreamExt as _;
use kua_clock::Clock;
use kua_protocol::api::{Deletion, ReportRow};
use serde_json::json;

use crate::ask;
use crate::case::Cases;
use crate::cli::Delete;
use crate::error::Error;
use crate::looking::choose;
use crate::out::JsonList;
use crate::session::Session;
use crate::several::Several;
use crate::words::Words;

/// How many reports are asked for at a time.
const AT_ONCE: usize = 8;

/// Asks for each report and says what came of it. What a filter chose is confirmed first.
///
/// # Errors
///
/// When an id fits no report, or the drop refuses for one; it is asked for the others all the same.
pub async fn run(options: Delete, clock: &Clock, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.at, clock, words).await?;
    let (named, filter) = (&options.chosen.ids, options.chosen.filter.as_ref());
    let (rows, _) = choose(&session, &Cases::of(&session)?, named, filter, words).await?;
    let question = if options.keep { "delete-keep-them" } else { "delete-them" };
    if !ask::sure(words, question, rows.len(), filter.is_none() || options.yes)? {
        return Ok(());
    }
    let mut several = Several::counted(rows.len(), "delete-asking", words);
    let asking = |row: ReportRow| {
        let (session, keep) = (&session, options.keep);
        async move {
            let (id, key) = (row.report_id, session.keys.signing());
            let asked =
                if keep { session.drop.keep(id, key).await } else { session.drop.delete(id, key).await };
            (id, asked)
        }
    };
    let mut outcomes = futures_util::stream::iter(rows).map(asking).buffered(AT_ONCE);
    let mut list = JsonList::new(false);
    while let Some((id, outcome)) = outcomes.next().await {
        several.bar().inc(1);
        let Some(deletion) = several.take(id, outcome) else { continue };
        several.show(|| {
            if options.json {
                let mut outcome = json!(deletion);
                outcome["report_id"] = json!(id);
                list.push(&outcome);
            } else {
                outln!("{}", in_words(&id.short(), deletion, words));
            }
        });
    }
    let outcome = several.end();
    if options.json {
        list.end();
    }
    outcome
}

fn in_words(id: &str, deletion: Deletion, words: &Words) -> String {
    let id = id.to_owned().into();
    match deletion {
        Deletion::Deleted => words.say_with("delete-done", &[("id", id)]),
        Deletion::Asked { left } => {
            words.say_with("delete-asked", &[("id", id), ("hours", left.at_least_hours().into())])
        }
        Deletion::Kept => words.say_with("delete-kept", &[("id", id)]),
    }
}
