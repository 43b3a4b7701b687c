//! `kua seal`: a sealed report as a file, to be carried or sent by somebody else.

use std::io::BufWriter;
use std::sync::Arc;

use kua_client::drop::DropClient;
use kua_client::files::{self, Place};
use kua_client::submit::{Prepared, attach, check_files, most, read_draft};
use kua_client::views::SealedView;
use kua_clock::Clock;
use kua_sealing::Codename;

use crate::args::Seal;
use crate::error::Error;
use crate::terminal::{Terminal, codename, print};

/// Seals into a file, which appears whole or not at all.
///
/// # Errors
///
/// Whatever keeps it from being sealed or written.
pub async fn run(options: Seal, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let (words, content) = (terminal.words(), &options.content);
    let draft = read_draft(&options.report)?;
    check_files(&content.attach)?;
    let drop = DropClient::open(&options.link.parse()?, options.network.proxy.as_deref(), clock).await?;
    let attached = attach(&content.attach, most(&drop), content.hidden.choice(), &**terminal)?;
    let codename = Codename::generate()?;
    let prepared = Prepared::new(&drop, &codename, true, draft, attached, &content.to).await?;
    codename::hand_over(&codename, words, options.json)?;
    let waiting = terminal.spinner("seal-sealing");
    let sealed = files::fill(&options.out, Place::New, |file| prepared.seal_to(BufWriter::new(file)))?;
    std::mem::drop(waiting);
    if options.json {
        return print::json(&SealedView {
            report_id: sealed.id(),
            codename: &codename.reveal(),
            mailbox: prepared.mailbox(),
            size: sealed.size(),
        });
    }
    let path = options.out.display().to_string();
    outln!("{}", words.say_with("seal-done", &[("path", path.into()), ("id", sealed.id().short().into())]));
    Ok(())
}
