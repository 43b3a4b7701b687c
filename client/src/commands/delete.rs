//! `kua delete`: asking the drop to delete, or keeping what a colleague wanted deleted.

use kua_protocol::api::Deletion;
use serde_json::{Value, json};

use crate::cli::Delete;
use crate::error::Error;
use crate::session::Session;
use crate::words::Words;

/// Asks for each report in turn and says what came of it.
///
/// # Errors
///
/// When an id fits no report, or the drop refuses.
pub async fn run(options: Delete, words: &Words) -> Result<(), Error> {
    let session = Session::open(&options.link, &options.vault, &options.network, words).await?;
    let mut outcomes = Vec::new();
    for row in session.find(&options.ids).await? {
        let key = session.keys.signing();
        let deletion = if options.keep {
            session.drop.keep(row.report_id, key).await?
        } else {
            session.drop.delete(row.report_id, key).await?
        };
        if options.json {
            let mut outcome = json!(deletion);
            outcome["report_id"] = json!(row.report_id);
            outcomes.push(outcome);
        } else {
            outln!("{}", in_words(&row.report_id.short(), deletion, words));
        }
    }
    if options.json {
        outln!("{}", Value::from(outcomes));
    }
    Ok(())
}

fn in_words(id: &str, deletion: Deletion, words: &Words) -> String {
    let id = id.to_owned().into();
    match deletion {
        Deletion::Deleted => words.say_with("delete-done", &[("id", id)]),
        Deletion::Asked { until } => {
            words.say_with("delete-asked", &[("id", id), ("day", until.to_string().into())])
        }
        Deletion::Kept => words.say_with("delete-kept", &[("id", id)]),
    }
}
