//! `kua seal`: a sealed report as a file, to be carried or sent by somebody else.

use std::io::BufWriter;

use kua_clock::Clock;
use kua_sealing::Codename;
use serde_json::json;

use crate::cli::Seal;
use crate::drop::Drop;
use crate::error::Error;
use crate::prepare::{self, Prepared};
use crate::words::Words;
use crate::{codename, files, progress};

/// Seals into a file, which appears whole or not at all.
///
/// # Errors
///
/// Whatever keeps it from being sealed or written.
pub async fn run(options: Seal, clock: &Clock, words: &Words) -> Result<(), Error> {
    let draft = prepare::read_draft(&options.report)?;
    let attached = prepare::read_files(&options.content.attach, options.content.hidden.choice(), words)?;
    let drop = Drop::open(&options.link.parse()?, options.network.proxy.as_deref(), clock).await?;
    let codename = Codename::generate()?;
    let prepared = Prepared::new(&drop, &codename, true, draft, attached, &options.content.to).await?;
    codename::hand_over(&codename, words, options.json)?;
    let waiting = progress::spinner(&words.say("seal-sealing"));
    let sealed = files::fill(&options.out, files::Place::New, |file| prepared.seal_to(BufWriter::new(file)))?;
    waiting.finish_and_clear();
    if options.json {
        let line = json!({
            "report_id": sealed.id(),
            "codename": &*codename.reveal(),
            "mailbox": prepared.mailbox(),
            "size": sealed.size(),
        });
        outln!("{line}");
    } else {
        let path = options.out.display().to_string();
        outln!(
            "{}",
            words.say_with("seal-done", &[("path", path.into()), ("id", sealed.id().short().into())])
        );
    }
    Ok(())
}
