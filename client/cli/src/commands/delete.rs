//! `kua delete`: asking the drop to delete, or keeping what a colleague wanted deleted.

use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::Cases;
use kua_client::inbox::{choose, delete_each};
use kua_client::session::Reach;
use kua_client::views::DeletionView;
use kua_clock::Clock;
use kua_protocol::api::Deletion;

use crate::args::Delete;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::i18n::Words;
use crate::terminal::print::JsonList;
use crate::terminal::{Terminal, ask};

/// Asks for each report and says what came of it. What a filter chose is confirmed first.
///
/// # Errors
///
/// When an id fits no report, or the drop refuses for one; it is asked for the others all the same.
pub async fn run(options: Delete, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let (words, keep) = (terminal.words(), options.keep);
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let filter = options.chosen.filter();
    let rows = choose(&Cases::of(&session)?, &options.chosen.ids, filter.as_ref()).await?;
    let question = if keep { "delete-keep-them" } else { "delete-them" };
    if !ask::sure(words, question, rows.len(), filter.is_none() || options.yes)? {
        return Ok(());
    }
    let mut batch = Batch::counted(rows.len(), "delete-asking", terminal);
    let mut list = JsonList::new(false);
    let mut outcomes = std::pin::pin!(delete_each(&session, &rows, keep));
    while let Some((report_id, outcome)) = outcomes.next().await {
        batch.advance();
        let Some(deletion) = batch.take(report_id, outcome) else { continue };
        terminal.show(|| {
            if options.json {
                return list.push(&DeletionView { deletion, report_id });
            }
            outln!("{}", in_words(&report_id.short(), deletion, words));
            Ok(())
        })?;
    }
    let outcome = batch.end();
    list.end(options.json);
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
