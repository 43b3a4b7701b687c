//! `kua reply`: answers submitters, each of whom alone can open the answer.

use std::sync::Arc;

use futures_util::StreamExt as _;
use kua_client::case::Cases;
use kua_client::inbox::choose;
use kua_client::session::Reach;
use kua_client::thread::{Answer, PostedReply, reply_each};
use kua_client::views::ReplyPosted;
use kua_clock::Clock;
use kua_protocol::id::ObjectId;
use kua_protocol::reply::MAX_TEXT_LEN;

use crate::args::Reply;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::errors::InWords as _;
use crate::terminal::i18n::Words;
use crate::terminal::print::JsonList;
use crate::terminal::{Terminal, ask};

/// Seals a reply to the submitter of each report and posts it to the mailbox. What a filter chose is confirmed first.
///
/// # Errors
///
/// When a report cannot be had, came without a mailbox or names another one, or the drop does not take the reply; others
/// are answered all the same.
pub async fn run(options: Reply, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let answer = answer(&options, terminal)?;
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.chosen.filter()?;
    let rows = choose(&cases, &options.ids, filter.as_ref()).await?;
    if !ask::sure(terminal.words(), "reply-them", rows.len(), filter.is_none() || options.yes)? {
        return Ok(());
    }
    let mut batch = Batch::counted(rows.len(), "reply-replying", terminal);
    let mut list = JsonList::new(filter.is_none() && rows.len() == 1);
    let mut replies = std::pin::pin!(reply_each(&cases, &rows, &answer));
    while let Some((row, replied)) = replies.next().await {
        batch.advance();
        let Some(posted) = batch.take(row.report_id, replied) else { continue };
        terminal.show(|| {
            let list = options.json.then_some(&mut list);
            tell(row.report_id, posted, list, terminal.words())
        })?;
    }
    let outcome = batch.end();
    list.end(options.json);
    cases.finish()?;
    outcome
}

fn answer(options: &Reply, terminal: &Terminal) -> Result<Answer, Error> {
    let passphrase = options.at.vault.passphrase.file();
    let text = options.text.as_deref().map(|text| ask::text(text, passphrase, MAX_TEXT_LEN)).transpose()?;
    if text.as_ref().is_some_and(|text| text.len() > MAX_TEXT_LEN) {
        return Err(Error::refused(format!("a reply has at most {MAX_TEXT_LEN} bytes of text: shorten it")));
    }
    let answer = match text {
        Some(text) => Answer::text(text),
        None => Answer::acknowledgement(|language| Words::of_locale(language).say("acknowledgement")),
    };
    match &options.attach {
        Some(path) => Ok(answer.attach(path, options.hidden.choice(), terminal)?),
        None => Ok(answer),
    }
}

fn tell(
    report_id: ObjectId,
    posted: PostedReply,
    list: Option<&mut JsonList>,
    words: &Words,
) -> Result<(), Error> {
    let PostedReply { mailbox, number, message, noted } = posted;
    let id = report_id.short();
    match list {
        Some(list) => {
            let (message_id, day) = (message.message_id, message.day);
            list.push(&ReplyPosted { report_id, message_id, mailbox, number, day })?;
        }
        None => {
            let args = [("id", id.clone().into()), ("number", number.to_string().into())];
            outln!("{}", words.say_with("reply-left", &args));
        }
    }
    if let Err(error) = noted {
        let args = [("id", id.into()), ("why", error.in_words(words).into())];
        eprintln!("{}", words.say_with("reply-not-noted", &args));
    }
    Ok(())
}
