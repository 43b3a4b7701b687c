//! `kua submit`: from a file, or step by step at a terminal.

use std::io::Write as _;

use fluent_bundle::FluentValue;
use kua_protocol::link::DropLink;
use kua_report::Draft;
use kua_sealing::Codename;
use serde_json::json;

use crate::cli::Submit;
use crate::drop::{Drop, Taken};
use crate::error::Error;
use crate::prepare::{self, AttachedFile, Prepared};
use crate::words::Words;
use crate::{ask, files, interview, progress};

/// Sends a report.
///
/// # Errors
///
/// Whatever keeps it from being sent; then nothing was acknowledged.
pub async fn run(options: Submit, words: &Words) -> Result<(), Error> {
    let interactive = options.report.is_none();
    if interactive && !ask::is_interactive() {
        return Err(Error::NoTerminal(
            "there is no terminal to ask at: give the report with --report report.json",
        ));
    }
    // What is on this device is checked before anything is sent.
    let link: DropLink = options.link.parse()?;
    let draft = options.report.as_deref().map(prepare::read_draft).transpose()?;
    let attached = prepare::read_files(&options.content.attach)?;
    let codename = match &options.codename_file {
        Some(path) => Some(ask::secret_from_file(path)?.parse::<Codename>()?),
        None => None,
    };
    if let Some(path) = options.receipt.as_deref().filter(|path| path.exists()) {
        return Err(Error::Occupied(path.to_owned()));
    }

    let waiting = progress::spinner(&words.say("submit-connecting"));
    let drop = Drop::open(&link, options.network.proxy.as_deref()).await?;
    waiting.finish_and_clear();

    let (draft, attached, names) = match draft {
        Some(draft) => (draft, attached, options.content.to.clone()),
        None => interview::run(&drop, &link, words, attached, &options.content.to)?,
    };
    let (taken, prepared, codename) =
        send(&drop, words, draft, attached, &names, codename, interactive, options.json).await?;
    if let Some(path) = &options.receipt {
        files::write(path, &taken.receipt.to_json(), files::Place::New)?;
    }
    report(&taken, &prepared, &codename, words, options.json);
    Ok(())
}

/// Seals and sends. The codename is shown, and at a terminal its keeping confirmed, before the first byte goes.
#[allow(clippy::too_many_arguments, reason = "what was decided before, each of its own kind")]
async fn send(
    drop: &Drop,
    words: &Words,
    draft: Draft,
    attached: Vec<AttachedFile>,
    names: &[String],
    codename: Option<Codename>,
    interactive: bool,
    json: bool,
) -> Result<(Taken, Prepared, Codename), Error> {
    let is_new = codename.is_none();
    let codename = match codename {
        Some(codename) => codename,
        None => Codename::generate()?,
    };
    let prepared = Prepared::new(drop, &codename, is_new, draft, attached, names).await?;
    if is_new {
        show_codename(&codename, words, json);
        if interactive {
            confirm_codename(&codename, words)?;
        }
    }
    let waiting = progress::spinner(&words.say("submit-sealing"));
    let sealed = prepared.seal()?;
    waiting.set_message(words.say("submit-sending"));
    let taken = drop.submit(&sealed, prepared.key()).await?;
    waiting.finish_and_clear();
    Ok((taken, prepared, codename))
}

/// Shows the eight words once: to the person, never mixed into what a program reads.
pub fn show_codename(codename: &Codename, words: &Words, json: bool) {
    let text = format!(
        "\n{}\n\n    {}\n\n{}\n",
        words.say("codename-this-is"),
        &*codename.reveal(),
        words.say("codename-keep")
    );
    if json {
        eprintln!("{text}");
    } else {
        println!("{text}");
        let _ = std::io::stdout().flush();
    }
}

/// Asks for two of the words, until they are right or the person ends it.
fn confirm_codename(codename: &Codename, words: &Words) -> Result<(), Error> {
    let all = codename.words();
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_err(|error| Error::System(error.to_string()))?;
    let first = usize::from(random[0]) % all.len();
    let second = (first + 1 + usize::from(random[1]) % (all.len() - 1)) % all.len();
    for position in [first.min(second), first.max(second)] {
        let number = FluentValue::from(position + 1);
        let question = words.say_with("codename-ask-word", &[("number", number)]);
        while ask::line(&question)?.to_lowercase() != all[position] {
            eprintln!("{}", words.say("codename-wrong-word"));
        }
    }
    Ok(())
}

fn report(taken: &Taken, prepared: &Prepared, codename: &Codename, words: &Words, json: bool) {
    let accepted = &taken.accepted;
    if json {
        let line = json!({
            "report_id": accepted.report_id,
            "codename": &*codename.reveal(),
            "mailbox": prepared.mailbox(),
            "size": accepted.size,
            "day": accepted.day,
        });
        println!("{line}");
        return;
    }
    let (id, day) = (accepted.report_id.short(), accepted.day.to_string());
    println!("{}", words.say_with("submit-accepted", &[("id", id.into()), ("day", day.into())]));
    println!("{}", words.say("submit-come-back"));
}
