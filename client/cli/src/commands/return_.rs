//! `kua return`: a submitter comes back with the codename, reads the thread, and answers. Nothing stays on the device.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kua_clock::Clock;
use kua_protocol::dsse::Envelope;
use kua_protocol::link::DropLink;
use kua_protocol::receipt::Receipt;
use kua_protocol::reply::Kind;
use kua_report::Draft;
use kua_sealing::{Codename, SubmitterKeys};
use serde_json::{Value, json};

use crate::cli::Return;
use crate::drop::Drop;
use crate::error::Error;
use crate::files::{self, Place};
use crate::hidden::Choice;
use crate::prepare::Prepared;
use crate::progress::{self, Sending};
use crate::thread::{Received, Thread};
use crate::words::Words;
use crate::{ask, interrupt, interview, send, sheet, show};

/// Most bytes of a receipt's file.
const MAX_RECEIPT: u64 = 256 * 1024;

/// Shows the thread, and at a terminal lets the person go on with it.
///
/// # Errors
///
/// When the codename is mistyped, or the drop cannot be reached or is not to be trusted.
pub async fn run(options: Return, clock: &Clock, words: &Words) -> Result<(), Error> {
    let link: DropLink = options.link.parse()?;
    let receipt = options.receipt.as_deref().map(read_receipt).transpose()?;
    let from_file = options.codename_file.as_deref();
    let talks = from_file.is_none() && !options.json;
    // Neither a mistyped word nor what a person was shown may stay on a borrowed screen, however this ends.
    if talks && ask::is_interactive() {
        interrupt::clear_screen_at_end();
    }
    let codename = match from_file {
        Some(path) => ask::secret_from_file(path)?.parse::<Codename>()?,
        None => ask_codename(words)?,
    };
    let waiting = progress::spinner(&words.say("return-looking"));
    let drop = Drop::open(&link, options.network.proxy.as_deref(), clock).await?;
    let keys = SubmitterKeys::derive(&codename, drop.roster().roster().drop)
        .map_err(|error| Error::System(error.to_string()))?;
    let mut thread = Thread::read(&drop, &keys).await?;
    waiting.finish_and_clear();

    if options.json {
        outln!("{}", as_json(&thread, &keys));
    } else {
        show_thread(&thread, words);
    }
    if let Some(folder) = &options.out {
        save(&thread, folder, words)?;
    }
    let kept = receipt.map(|receipt| check_receipt(&receipt, &drop, &thread));
    if options.delete {
        delete(&drop, &keys, &thread).await?;
    }
    if talks {
        while let Some(next) = choose(words)? {
            match next {
                Next::Answer => answer(&drop, &codename, &options, words).await?,
                Next::Delete => delete(&drop, &keys, &thread).await?,
                Next::Again => {}
            }
            thread = Thread::read(&drop, &keys).await?;
            show_thread(&thread, words);
        }
    }
    kept.unwrap_or(Ok(()))
}

/// Asks for the codename until it is one: a typing error is named here and nothing is sent.
fn ask_codename(words: &Words) -> Result<Codename, Error> {
    loop {
        match ask::secret(&words.say("return-codename"))?.parse::<Codename>() {
            Ok(codename) => return Ok(codename),
            Err(error) => eprintln!("{}", Error::from(error).in_words(words)),
        }
    }
}

fn show_thread(thread: &Thread, words: &Words) {
    if thread.sent.is_empty() && thread.replies.is_empty() {
        outln!("{}", words.say("return-nothing"));
    }
    let opened = thread.acknowledged();
    for sent in &thread.sent {
        let args = [("id", sent.report_id.short().into()), ("day", sent.day.to_string().into())];
        outln!("{}", words.say_with("return-sent", &args));
        let state = if opened.contains(&sent.report_id) { "return-opened" } else { "return-not-opened" };
        outln!("          {}", words.say(state));
    }
    for Received { verified, .. } in &thread.replies {
        let reply = &verified.reply;
        let args = [
            ("number", reply.number.to_string().into()),
            ("name", show::one_line(&verified.name).into()),
            ("day", reply.day.to_string().into()),
        ];
        outln!("\n{}", words.say_with("return-reply", &args));
        outln!("{}", show::lines(&reply.text));
        if let Some(file) = &reply.attachment {
            let args = [("name", show::one_line(&file.name).into()), ("size", show::size(file.size).into())];
            outln!("{}", words.say_with("return-file", &args));
        }
    }
    let (gaps, doubles) = thread.gaps_and_doubles();
    for (key, numbers) in [("return-gap", gaps), ("return-double", doubles)] {
        for number in numbers {
            outln!("{}", words.say_with(key, &[("number", number.to_string().into())]));
        }
    }
    for refused in &thread.refused {
        let args = [("id", refused.row.message_id.short().into()), ("why", words.say(refused.why).into())];
        outln!("{}", words.say_with("return-refused", &args));
    }
}

fn as_json(thread: &Thread, keys: &SubmitterKeys) -> Value {
    let opened = thread.acknowledged();
    let sent = thread.sent.iter().map(|sent| {
        let id = sent.report_id;
        json!({ "report_id": id, "day": sent.day, "size": sent.size, "opened": opened.contains(&id) })
    });
    let replies = thread.replies.iter().map(|Received { row, verified, .. }| {
        let mut value = json!(verified.reply);
        value["message_id"] = json!(row.message_id);
        value["author"] = json!(verified.name);
        value
    });
    let refused = thread.refused.iter();
    let refused = refused.map(|one| json!({ "message_id": one.row.message_id, "reason": one.why }));
    let (missing, doubled) = thread.gaps_and_doubles();
    json!({
        "mailbox": keys.mailbox(), "sent": sent.collect::<Vec<_>>(), "replies": replies.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(), "missing": missing, "doubled": doubled,
    })
}

/// Saves the files that came with replies: only where the person asked for it.
fn save(thread: &Thread, folder: &Path, words: &Words) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::file(folder))?;
    for Received { verified, attachment, .. } in &thread.replies {
        if let (Some(stated), Some(content)) = (&verified.reply.attachment, attachment) {
            // The name is a stranger's until it is made safe here.
            let name = kua_report::AttachmentName::tidy(&stated.name);
            let path = folder.join(format!("{}-{name}", verified.reply.number));
            files::write(&path, content, Place::New)?;
            eprintln!("{}", words.say_with("return-saved", &[("path", path.display().to_string().into())]));
        }
    }
    Ok(())
}

/// Deletes the replies; an acknowledgement stays, since without it nobody could tell that a report was opened.
async fn delete(drop: &Drop, keys: &SubmitterKeys, thread: &Thread) -> Result<(), Error> {
    let replies = thread.replies.iter().filter(|one| one.verified.reply.kind != Kind::Acknowledgement);
    for row in replies.map(|one| &one.row).chain(thread.refused.iter().map(|one| &one.row)) {
        drop.delete_message(keys.mailbox(), row.message_id, keys.signing()).await?;
    }
    Ok(())
}

/// What the person does next.
enum Next {
    Answer,
    Delete,
    Again,
}

/// Asks what to do next; nothing when the person leaves.
fn choose(words: &Words) -> Result<Option<Next>, Error> {
    loop {
        return Ok(match ask::numbers(&words.say("return-menu"))?.as_str() {
            "1" => Some(Next::Answer),
            "2" => Some(Next::Delete),
            "3" => Some(Next::Again),
            "4" | "" => None,
            _ => continue,
        });
    }
}

/// Writes a follow-up to the thread: text, and files if there are any.
async fn answer(drop: &Drop, codename: &Codename, options: &Return, words: &Words) -> Result<(), Error> {
    // Whom the thread began with, nobody here knows: what was sealed to some must not go on to all without a word.
    let to = if options.to.is_empty() { interview::recipients(drop, words)? } else { options.to.clone() };
    let text = ask::lines(&words.say("return-what"))?;
    if text.trim().is_empty() {
        return Ok(());
    }
    let mut attached = Vec::new();
    interview::files(words, &mut attached, Choice::Ask)?;
    let keys = drop.roster().sealing_keys(drop.today());
    let names = keys.iter().map(|(coordinator, _)| &coordinator.name);
    let readers: Vec<_> =
        names.filter(|name| to.is_empty() || to.contains(name)).map(|name| show::one_line(name)).collect();
    eprintln!("{}", sheet::row(words, "interview-to", &readers.join(", ")));
    if !ask::yes(words, &words.say("interview-send"))? {
        return Ok(());
    }
    let title: String = text.lines().next().unwrap_or_default().chars().take(80).collect();
    let value = json!({ "title": title, "description": text, "language": words.language() });
    let draft =
        Draft::from_value(value).map_err(|error| Error::Report { what: "report.json".into(), error })?;
    let prepared = Arc::new(Prepared::new(drop, codename, false, draft, attached, &to).await?);
    let progress = Arc::new(Sending::new(prepared.sealed_len(), words, false));
    let taken = send::send(drop, &prepared, &progress).await?;
    progress.finish();
    let (id, day) = (taken.accepted.report_id.short(), taken.accepted.day.to_string());
    eprintln!("{}", words.say_with("submit-accepted", &[("id", id.into()), ("day", day.into())]));
    Ok(())
}

fn read_receipt(path: &Path) -> Result<Envelope, Error> {
    let bytes = files::read(path, MAX_RECEIPT)?;
    let what = path.display();
    Envelope::parse(&bytes).map_err(|error| Error::Refused(format!("{what} is no receipt: {error}")))
}

/// Whether the drop still shows the report for which it gave this receipt.
fn check_receipt(receipt: &Envelope, drop: &Drop, thread: &Thread) -> Result<(), Error> {
    let said = Receipt::verify(receipt, drop.roster())
        .map_err(|error| Error::Refused(format!("the receipt does not hold: {error}")))?;
    if thread.sent.iter().any(|sent| sent.report_id == said.report) {
        return Ok(());
    }
    let (id, day) = (said.report.short(), said.day);
    Err(Error::Dishonest(format!(
        "it gave a receipt for {id} on {day} and does not show it any more: it was deleted, or withheld"
    )))
}
