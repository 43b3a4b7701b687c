//! `kua custody`: who did what with a report, when, in a chain that shows gaps.

use crate::case::{Case, Cases, telling};
use crate::cli::Custody;
use crate::error::Error;
use crate::looking::choose;
use crate::out::JsonList;
use crate::session::Session;
use crate::words::Words;

/// Shows the chain of custody of each report. All of the report is fetched and compared with its id.
///
/// # Errors
///
/// When an id fits no report, or a report or its log cannot be had or read.
pub async fn run(options: Custody, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let cases = Cases::of(&session)?;
    let (named, filter) = (&options.chosen.ids, options.chosen.filter.as_ref());
    let (rows, _) = choose(&session, &cases, named, filter, words).await?;
    let mut list = JsonList::new(filter.is_none() && rows.len() == 1);
    for row in rows {
        let sealed = session.fetch(&row, |_| {}).await?;
        let report = cases.read_whole(&row, sealed).await?;
        cases.learn(row.report_id, &report, true)?;
        let case: Case = cases.case(&row).await?;
        let chain = cases.chain(&case);
        if options.json {
            list.push(&chain.to_json());
        } else {
            for line in telling::custody(&chain, &cases, words) {
                outln!("{line}");
            }
        }
    }
    if options.json {
        list.end();
    }
    cases.save()
}
