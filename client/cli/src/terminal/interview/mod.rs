//! Writing a report step by step at a terminal. Only the text is needed; an empty answer goes on.

mod questions;

pub use self::questions::{files, recipients};

use kua_client::drop::DropClient;
use kua_client::submit::{AttachedFile, Choice, most};
use kua_protocol::link::DropLink;
use kua_report::{Draft, Event};
use serde_json::json;

use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, ask, event, sanitise};

/// What was written, with whom it is for.
pub type Written = (Draft, Vec<AttachedFile>, Vec<String>);

/// Asks for everything, shows it, and goes on only when the person says so.
///
/// # Errors
///
/// [`kua_client::Error::Ended`] when the person ends it; nothing was sent then.
pub fn run(
    drop: &DropClient,
    link: &DropLink,
    attached: Vec<AttachedFile>,
    choice: Choice,
    to: &[String],
    terminal: &Terminal,
) -> Result<Written, Error> {
    let words = terminal.words();
    introduce(drop, link, words);
    let names = if to.is_empty() { questions::recipients(drop, words)? } else { to.to_vec() };
    let mut attached = attached;
    loop {
        let draft = write_draft(words)?;
        questions::files(terminal, &mut attached, most(drop), choice)?;
        review(words, draft.event(), &attached, &names);
        if ask::yes(words, &words.say("interview-send"))? {
            return Ok((draft, attached, names));
        }
        if !ask::yes(words, &words.say("interview-again"))? {
            return Err(kua_client::Error::Ended.into());
        }
    }
}

/// Who reads this, proven by the link; compared by its digits.
fn introduce(drop: &DropClient, link: &DropLink, words: &Words) {
    let roster = drop.roster().roster();
    eprintln!("\n{}", sanitise::one_line(words.own(&roster.name)));
    let welcome = words.own(&roster.welcome);
    if !welcome.is_empty() {
        eprintln!("{}", sanitise::lines(welcome));
    }
    eprintln!("\n{}", words.say("interview-readers"));
    for (coordinator, _) in drop.roster().sealing_keys(drop.today()) {
        eprintln!("  {}  {}", sanitise::one_line(&coordinator.name), sanitise::one_line(&coordinator.role));
    }
    eprintln!("{}\n  {}\n", words.say("interview-digits"), link.root().digits());
    eprintln!("{}\n", words.say("interview-hint"));
}

/// Asks until there is a draft: a field that is not right is named and everything can be typed again.
fn write_draft(words: &Words) -> Result<Draft, Error> {
    loop {
        let description = questions::needed(words, "interview-what")?;
        let first_line: String = description.lines().next().unwrap_or_default().chars().take(80).collect();
        let title = match ask::line(&words.say("interview-title"))? {
            title if title.is_empty() => first_line,
            title => title,
        };
        let mut value = json!({ "title": title, "description": description, "language": words.language() });
        let parts = [
            ("occurred", questions::when(words)?),
            ("place", questions::place(words)?),
            ("acts", questions::acts(words)?),
            ("victims", questions::victims(words)?),
            ("perpetrators", questions::perpetrators(words)?),
            ("severity", questions::severity(words)?),
        ];
        for (field, part) in parts {
            if let Some(part) = part {
                value[field] = part;
            }
        }
        match Draft::from_value(value) {
            Ok(draft) => return Ok(draft),
            Err(error) => eprintln!("{error}"),
        }
    }
}

/// Gives name and size of a file, for the person.
fn describe(file: &AttachedFile) -> String {
    let attachment = file.attachment();
    format!("{}  ({})", attachment.name, sanitise::size(attachment.size))
}

fn review(words: &Words, event: &Event, attached: &[AttachedFile], names: &[String]) {
    eprintln!("\n{}\n", words.say("interview-review"));
    eprintln!("{}\n", sanitise::one_line(&event.title));
    for row in event::rows(event, words) {
        eprintln!("{row}");
    }
    for file in attached {
        eprintln!("{}", event::row(words, "open-attachment", &sanitise::one_line(&describe(file))));
    }
    let all = names.is_empty().then(|| words.say("interview-to-all"));
    eprintln!("{}", event::row(words, "interview-to", &all.unwrap_or_else(|| names.join(", "))));
    eprintln!("\n{}\n", sanitise::lines(&event.description));
}
