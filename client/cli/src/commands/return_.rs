//! `kua return`: a submitter comes back with the codename, reads the thread, and answers. Nothing stays on the device.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kua_client::drop::DropClient;
use kua_client::files::{self, Place};
use kua_client::receipts;
use kua_client::submit::{Choice, Prepared, most, send};
use kua_client::thread::{Received, Thread};
use kua_client::views::ThreadView;
use kua_clock::Clock;
use kua_protocol::link::DropLink;
use kua_protocol::reply::Kind;
use kua_report::Draft;
use kua_sealing::{Codename, SubmitterKeys};
use serde_json::json;

use crate::args::Return;
use crate::error::Error;
use crate::terminal::errors::InWords as _;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, ask, event, interrupt, interview, print, sanitise, thread};

/// Shows the thread, and at a terminal lets the person go on with it.
///
/// # Errors
///
/// When the codename is mistyped, or the drop cannot be reached or is not to be trusted.
pub async fn run(options: Return, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let words = terminal.words();
    let link: DropLink = options.link.parse()?;
    let receipt = options.receipt.as_deref().map(receipts::read_unverified).transpose()?;
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
    let waiting = terminal.spinner("return-looking");
    let drop = DropClient::open(&link, options.network.proxy.as_deref(), clock).await?;
    let keys = SubmitterKeys::derive(&codename, drop.roster().roster().drop).map_err(Error::system)?;
    let mut found = Thread::read(&drop, &keys).await?;
    std::mem::drop(waiting);

    if options.json {
        print::json(&ThreadView::of(&found, &keys))?;
    } else {
        thread::print(&found, words);
    }
    if let Some(folder) = &options.out {
        save(&found, folder, words)?;
    }
    let kept = receipt.map(|receipt| receipts::check_shown(&receipt, &drop, &found));
    if options.delete {
        delete(&drop, &keys, &found).await?;
    }
    if talks {
        while let Some(next) = ask_next(words)? {
            match next {
                Next::Answer => answer(&drop, &codename, &options.to, terminal).await?,
                Next::Delete => delete(&drop, &keys, &found).await?,
                Next::Again => {}
            }
            found = Thread::read(&drop, &keys).await?;
            thread::print(&found, words);
        }
    }
    Ok(kept.unwrap_or(Ok(()))?)
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
async fn delete(drop: &DropClient, keys: &SubmitterKeys, thread: &Thread) -> Result<(), Error> {
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
fn ask_next(words: &Words) -> Result<Option<Next>, Error> {
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
async fn answer(
    drop: &DropClient,
    codename: &Codename,
    to: &[String],
    terminal: &Terminal,
) -> Result<(), Error> {
    let words = terminal.words();
    // Whom the thread began with, nobody here knows: what was sealed to some must not go on to all without a word.
    let to = if to.is_empty() { interview::recipients(drop, words)? } else { to.to_vec() };
    let text = ask::lines(&words.say("return-what"))?;
    if text.trim().is_empty() {
        return Ok(());
    }
    let mut attached = Vec::new();
    interview::files(terminal, &mut attached, most(drop), Choice::Ask)?;
    let keys = drop.roster().sealing_keys(drop.today());
    let names = keys.iter().map(|(coordinator, _)| &coordinator.name);
    let readers: Vec<_> = names
        .filter(|name| to.is_empty() || to.contains(name))
        .map(|name| sanitise::one_line(name))
        .collect();
    eprintln!("{}", event::row(words, "interview-to", &readers.join(", ")));
    if !ask::yes(words, &words.say("interview-send"))? {
        return Ok(());
    }
    let title: String = text.lines().next().unwrap_or_default().chars().take(80).collect();
    let value = json!({ "title": title, "description": text, "language": words.language() });
    let draft = Draft::from_value(value)
        .map_err(|error| kua_client::Error::Report { what: "report.json".into(), error })?;
    let prepared = Arc::new(Prepared::new(drop, codename, false, draft, attached, &to).await?);
    let receipt = send(drop, &prepared, terminal.sending(prepared.sealed_len(), false)).await?;
    let (id, day) = (receipt.accepted.report_id.short(), receipt.accepted.day.to_string());
    eprintln!("{}", words.say_with("submit-accepted", &[("id", id.into()), ("day", day.into())]));
    Ok(())
}
