//! `kua export`: reports for another database, for a spreadsheet or for paper, in a folder that appears when it is whole.

use std::rc::Rc;
use std::sync::Arc;

use kua_client::case::Cases;
use kua_client::export::{Plan, Written, note_handed_out, write};
use kua_client::files::Staged;
use kua_client::inbox::choose;
use kua_client::session::Reach;
use kua_client::views::ExportedView;
use kua_clock::Clock;
use kua_export::Format;

use crate::args::Export;
use crate::error::Error;
use crate::terminal::batch::Batch;
use crate::terminal::export::{self, Said};
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, print, sanitise};

/// Exports reports.
///
/// # Errors
///
/// When nothing can be exported, or a case log cannot be told to whom it is given. A report that cannot be had or is damaged
/// is left out, and told; so are, without an error, those that are sealed to others.
pub async fn run(options: Export, clock: &Clock, terminal: &Arc<Terminal>) -> Result<(), Error> {
    let words = terminal.words();
    let languages = languages(&options, words)?;
    let [first, ..] = languages.as_slice() else { return Err(kua_export::Error::NoWords.into()) };
    let staged = Staged::at(&options.out)?;
    let session = super::session(&options.at, Reach::Needed, clock, terminal).await?;
    let cases = Cases::of(&session)?;
    let filter = options.ids.is_empty().then(|| options.filter.filter());
    let rows = choose(&cases, &options.ids, filter.as_ref()).await?;
    let said = languages.iter().map(|words| Box::new(Said(words.clone())) as Box<dyn kua_export::Words>);
    let plan = Plan {
        format: options.format,
        drop_name: first.own(&session.client().roster().roster().name).to_owned(),
        redacted: options.redact,
        attachments: !options.no_attachments,
        words: said.collect(),
        tell: &|state, chain, cases| export::case(state, chain, cases, first),
    };
    let mut batch = Batch::new(rows.len(), terminal);
    let failed = |id, error| {
        batch.take::<()>(id, Err(error));
    };
    let written = write(&cases, &rows, plan, &staged, failed).await?;
    let outcome = batch.end();
    if written.closed > 0 {
        eprintln!("{}", words.say_with("export-not-for-you", &[("count", written.closed.into())]));
    }
    if written.reports.is_empty() {
        outcome?;
        return Err(Error::refused(words.say("export-none")));
    }
    if let Some(to) = &options.handed_to {
        note_handed_out(&cases, &written, options.format, to).await?;
    }
    staged.appear()?;
    tell(&options, &written, rows.len(), words)?;
    outcome
}

/// Tells what was written, of so many reports.
fn tell(options: &Export, written: &Written, of: usize, words: &Words) -> Result<(), Error> {
    let path = options.out.display().to_string();
    let Written { files, bytes, sums, .. } = *written;
    let reports = written.reports.len();
    if options.json {
        return print::json(&ExportedView {
            format: options.format.code().to_owned(),
            path,
            redacted: options.redact,
            reports: reports as u64,
            left_out: (of - reports) as u64,
            files,
            bytes,
            sums,
            handed_to: options.handed_to.clone(),
        });
    }
    let args = [("reports", reports.into()), ("files", files.into()), ("path", path.into())];
    outln!("{}", words.say_with("export-done", &args));
    if let Some(to) = &options.handed_to {
        let args = [("to", sanitise::one_line(to).into()), ("digest", sums.to_string().into())];
        outln!("{}", words.say_with("export-handed-out", &args));
    }
    Ok(())
}

/// Gives the languages of the export: those that were asked for, or the person's own.
fn languages(options: &Export, words: &Words) -> Result<Vec<Rc<Words>>, Error> {
    if options.language.len() > 1 && options.format != Format::Uwazi {
        return Err(Error::refused("only an export for uwazi takes several languages"));
    }
    let own = [words.language().to_owned()];
    let languages = if options.language.is_empty() { &own[..] } else { &options.language };
    languages
        .iter()
        .map(|language| Words::of_language(language).map(Rc::new).map_err(Error::refused))
        .collect()
}
