//! `kua submit`: from a file, or step by step at a terminal.

use std::sync::Arc;

use kua_client::drop::DropClient;
use kua_client::files::{self, Place};
use kua_client::submit::{Prepared, attach, check_files, most, read_draft, send};
use kua_client::views::Submitted;
use kua_clock::Clock;
use kua_protocol::link::DropLink;
use kua_sealing::Codename;

use crate::args::Submit;
use crate::error::Error;
use crate::terminal::{Terminal, ask, codename, interview, print};

/// Sends a report. The codename is handed over before the first byte goes.
///
/// # Errors
///
/// Whatever keeps it from being sent; then nothing was acknowledged.
pub async fn run(options: Submit, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    if options.report.is_none() && !ask::is_interactive() {
        return Err(Error::NoTerminal("error-no-terminal-for-report"));
    }
    let words = terminal.words();
    let (content, choice) = (&options.content, options.content.hidden.choice());
    // What is on this device is checked before anything is sent.
    let link: DropLink = options.link.parse()?;
    let draft = options.report.as_deref().map(read_draft).transpose()?;
    check_files(&content.attach)?;
    let known = match &options.codename_file {
        Some(path) => Some(ask::secret_from_file(path)?.parse::<Codename>()?),
        None => None,
    };
    if let Some(path) = options.receipt.as_deref().filter(|path| path.exists()) {
        return Err(kua_client::Error::Occupied(path.to_owned()).into());
    }
    let waiting = terminal.spinner("submit-connecting");
    let drop = DropClient::open(&link, options.network.proxy.as_deref(), clock).await?;
    std::mem::drop(waiting);
    let attached = attach(&content.attach, most(&drop), choice, &**terminal)?;
    let (draft, attached, names) = match draft {
        Some(draft) => (draft, attached, content.to.clone()),
        None => interview::run(&drop, &link, attached, choice, &content.to, terminal)?,
    };
    let is_new = known.is_none();
    let codename = match known {
        Some(codename) => codename,
        None => Codename::generate()?,
    };
    let prepared = Arc::new(Prepared::new(&drop, &codename, is_new, draft, attached, &names).await?);
    if is_new {
        codename::hand_over(&codename, words, options.json)?;
    }
    let watch = terminal.sending(prepared.sealed_len(), options.progress);
    let receipt = send(&drop, &prepared, watch).await?;
    if let Some(path) = &options.receipt {
        files::write(path, &receipt.receipt.to_json(), Place::New)?;
    }
    let accepted = &receipt.accepted;
    if options.json {
        return print::json(&Submitted {
            report_id: accepted.report_id,
            codename: &codename.reveal(),
            mailbox: prepared.mailbox(),
            size: accepted.size,
            day: accepted.day,
        });
    }
    let (id, day) = (accepted.report_id.short(), accepted.day.to_string());
    outln!("{}", words.say_with("submit-accepted", &[("id", id.into()), ("day", day.into())]));
    outln!("{}", words.say("submit-come-back"));
    if let Some(path) = options.receipt {
        let path = path.display().to_string();
        outln!("{}", words.say_with("submit-receipt-saved", &[("path", path.into())]));
    }
    Ok(())
}
