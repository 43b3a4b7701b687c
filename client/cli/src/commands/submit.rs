//! `kua submit`: from a file, or step by step at a terminal.

use std::sync::Arc;

use kua_clock::Clock;
use kua_protocol::link::DropLink;
use kua_report::Draft;
use kua_sealing::Codename;
use serde_json::json;

use crate::cli::Submit;
use crate::drop::{Drop, Taken};
use crate::error::Error;
use crate::prepare::{self, AttachedFile, Prepared};
use crate::progress::{self, Sending};
use crate::words::Words;
use crate::{ask, codename, files, interview, send};

/// Sends a report.
///
/// # Errors
///
/// Whatever keeps it from being sent; then nothing was acknowledged.
pub async fn run(options: Submit, clock: &Clock, words: &Words) -> Result<(), Error> {
    if options.report.is_none() && !ask::is_interactive() {
        return Err(Error::NoTerminal("error-no-terminal-for-report"));
    }
    // What is on this device is checked before anything is sent.
    let link: DropLink = options.link.parse()?;
    let draft = options.report.as_deref().map(prepare::read_draft).transpose()?;
    let attached = prepare::read_files(&options.content.attach, options.content.hidden.choice(), words)?;
    let codename = match &options.codename_file {
        Some(path) => Some(ask::secret_from_file(path)?.parse::<Codename>()?),
        None => None,
    };
    if let Some(path) = options.receipt.as_deref().filter(|path| path.exists()) {
        return Err(Error::Occupied(path.to_owned()));
    }

    let waiting = progress::spinner(&words.say("submit-connecting"));
    let drop = Drop::open(&link, options.network.proxy.as_deref(), clock).await?;
    waiting.finish_and_clear();

    let (draft, attached, names) = match draft {
        Some(draft) => (draft, attached, options.content.to.clone()),
        None => interview::run(&drop, &link, words, attached, &options.content)?,
    };
    let (taken, prepared, codename) =
        seal_and_send(&drop, words, draft, attached, &names, codename, (options.json, options.progress))
            .await?;
    if let Some(path) = &options.receipt {
        files::write(path, &taken.receipt.to_json(), files::Place::New)?;
    }
    report(&taken, &prepared, &codename, words, options.json);
    if let Some(path) = options.receipt.filter(|_| !options.json) {
        let path = path.display().to_string();
        outln!("{}", words.say_with("submit-receipt-saved", &[("path", path.into())]));
    }
    Ok(())
}

/// Seals and sends. The codename is handed over before the first byte goes.
async fn seal_and_send(
    drop: &Drop,
    words: &Words,
    draft: Draft,
    attached: Vec<AttachedFile>,
    names: &[String],
    codename: Option<Codename>,
    (json, lines): (bool, bool),
) -> Result<(Taken, Arc<Prepared>, Codename), Error> {
    let is_new = codename.is_none();
    let codename = match codename {
        Some(codename) => codename,
        None => Codename::generate()?,
    };
    let prepared = Prepared::new(drop, &codename, is_new, draft, attached, names).await?;
    if is_new {
        codename::hand_over(&codename, words, json)?;
    }
    let prepared = Arc::new(prepared);
    let progress = Arc::new(Sending::new(prepared.sealed_len(), words, lines));
    let taken = send::send(drop, &prepared, &progress).await?;
    progress.finish();
    Ok((taken, prepared, codename))
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
        outln!("{line}");
        return;
    }
    let (id, day) = (accepted.report_id.short(), accepted.day.to_string());
    outln!("{}", words.say_with("submit-accepted", &[("id", id.into()), ("day", day.into())]));
    outln!("{}", words.say("submit-come-back"));
}
