//! A case as an export tells it: names for keys, and a chain of custody in words.

use std::rc::Rc;

use kua_caselog::custody::{Chain, Step};
use kua_caselog::{Field, State};
use kua_client::case::Cases;
use kua_protocol::day::Day;
use kua_protocol::entry::Change;
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;

use super::case as telling;
use super::i18n::Words;

/// Messages of the client, for an export.
pub struct Said(pub Rc<Words>);

impl kua_export::Words for Said {
    fn language(&self) -> &str {
        self.0.language()
    }

    fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, (*value).to_owned().into())).collect();
        self.0.say_with(key, &args)
    }
}

/// Tells the case of a report.
pub fn case(state: &State, chain: &Chain, cases: &Cases, words: &Words) -> kua_export::Case {
    let note = |author: &PublicKey, day: Day, text: &str| kua_export::Note {
        by: telling::who(cases, author),
        day: day.to_string(),
        text: text.to_owned(),
    };
    let links =
        state.links().map(|(to, relation)| kua_export::Link { to, relation: relation.code().to_owned() });
    kua_export::Case {
        status: state.status.value.code().to_owned(),
        severity: state.severity.value.map(Severity::code).map(str::to_owned),
        assignee: state.assignee.value.as_ref().map(|key| telling::who(cases, key)),
        labels: state.labels().map(str::to_owned).collect(),
        disputed: disputed(state),
        links: links.collect(),
        notes: state.notes.iter().map(|one| note(&one.author, one.day, &one.text)).collect(),
        replies: state.replies.iter().map(|one| note(&one.author, one.day, &one.text)).collect(),
        steps: chain.steps.iter().map(|made| step(made, cases, words)).collect(),
        remarks: telling::remarks(chain, words),
        custody: match chain.to_json() {
            serde_json::Value::Object(fields) => fields,
            _ => serde_json::Map::new(),
        },
    }
}

/// What two coordinators set differently without knowing of each other.
fn disputed(state: &State) -> Vec<String> {
    let fields = [
        ("status", Field::is_disputed(&state.status)),
        ("severity", state.severity.is_disputed()),
        ("assignee", state.assignee.is_disputed()),
    ];
    fields.into_iter().filter(|(_, disputed)| *disputed).map(|(name, _)| name.to_owned()).collect()
}

fn step(step: &Step, cases: &Cases, words: &Words) -> kua_export::Step {
    let made: Vec<String> = step.changes.iter().map(|change| what(change, cases, words)).collect();
    kua_export::Step {
        day: step.day.to_string(),
        stored: Some(step.stored.to_string()),
        by: telling::who(cases, &step.author),
        what: made.join("; "),
        digest: step.entry,
        remarks: telling::oddities(step, words),
    }
}

/// What was done, without what was written: notes and answers stand elsewhere, or nowhere.
fn what(change: &Change, cases: &Cases, words: &Words) -> String {
    match change {
        Change::Other(_) => words.say_with("log-unknown", &[("json", "…".into())]),
        known => {
            let first = telling::change(known, cases, words).into_iter().next().unwrap_or_default();
            first.trim_end_matches(':').to_owned()
        }
    }
}
