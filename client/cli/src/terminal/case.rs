//! Case logs in words, safe to print.

use kua_caselog::custody::{Chain, Step};
use kua_caselog::{Field, Reason, Standing, State};
use kua_client::case::Cases;
pub use kua_client::views::short;
use kua_protocol::entry::{Change, Relation, Status};
use kua_protocol::id::Digest;
use kua_protocol::keys::PublicKey;
use kua_protocol::reply;

use super::event;
use super::i18n::Words;
use super::sanitise::{self, one_line};

/// Columns for what this version does not know.
const UNKNOWN_WIDTH: usize = 200;

/// Gives the name that goes with a key for people to read, or the beginning of the key.
pub fn who(cases: &Cases, key: &PublicKey) -> String {
    let name = cases.name(key).map(|name| one_line(&name));
    name.unwrap_or_else(|| format!("{}…", key.to_string().chars().take(8).collect::<String>()))
}

/// Says a status in the person's language.
pub fn status(status: Status, words: &Words) -> String {
    words.say(&format!("status-{}", status.code()))
}

/// Says the state of a case, a line for each thing that was said.
pub fn state(state: &State, cases: &Cases, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    let nobody = || words.say("case-nobody");
    let name = |key: &Option<_>| key.as_ref().map_or_else(nobody, |key| who(cases, key));
    field(&mut lines, "case-status", &state.status, |value| status(*value, words), words);
    if state.severity.entry.is_some() {
        let label = |value: &Option<kua_report::vocabulary::Severity>| match value {
            Some(severity) => words.say(&severity.fluent_key()),
            None => words.say("case-severity-open"),
        };
        field(&mut lines, "open-severity", &state.severity, label, words);
    }
    if state.assignee.entry.is_some() {
        field(&mut lines, "case-assignee", &state.assignee, name, words);
    }
    let labels: Vec<String> = state.labels().map(one_line).collect();
    if !labels.is_empty() {
        lines.push(event::row(words, "case-labels", &labels.join("; ")));
    }
    for (id, kind) in state.links() {
        lines.push(event::row(words, "case-linked", &format!("{} {}", relation(kind, words), id.short())));
    }
    let readers: std::collections::BTreeSet<String> =
        state.readers.iter().map(|key| who(cases, key)).collect();
    lines.push(event::row(words, "case-readers", &readers.into_iter().collect::<Vec<_>>().join(", ")));
    lines
}

/// Says a value that was set, and beside it what others set at the same time.
fn field<T>(
    lines: &mut Vec<String>,
    label: &str,
    field: &Field<T>,
    value: impl Fn(&T) -> String,
    words: &Words,
) {
    lines.push(event::row(words, label, &value(&field.value)));
    for (other, entry) in &field.concurrent {
        let args = [("value", value(other).into()), ("entry", short(entry).into())];
        lines.push(event::row(words, "case-beside", &words.say_with("case-concurrent", &args)));
    }
}

fn relation(relation: Relation, words: &Words) -> String {
    words.say(&format!("relation-{}", relation.code()))
}

/// Says the entries of a log, a line for each change and for what is odd.
pub fn log(chain: &Chain, cases: &Cases, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    for step in &chain.steps {
        let who = sanitise::pad(&who(cases, &step.author), 12);
        lines.push(format!("{}  {}  {who}", short(&step.entry), step.stored));
        lines.extend(
            step.changes.iter().flat_map(|made| change(made, cases, words)).map(|text| indent(&text)),
        );
        lines.extend(oddities(step, words).into_iter().map(|text| indent(&format!("! {text}"))));
        if cases.waits(&step.entry) {
            lines.push(indent(&format!("! {}", words.say("log-unsent"))));
        }
    }
    lines
}

fn indent(text: &str) -> String {
    format!("          {text}")
}

/// Says a change, in lines.
pub fn change(change: &Change, cases: &Cases, words: &Words) -> Vec<String> {
    let say = |key: &str, args: &[(&str, String)]| {
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.clone().into())).collect();
        words.say_with(key, &args)
    };
    let on = |on: bool, key: &str| format!("{key}-{}", if on { "on" } else { "off" });
    let line = match change {
        Change::Status { status: value } => say("log-status", &[("status", status(*value, words))]),
        Change::Severity { severity: None } => words.say("log-severity-open"),
        Change::Severity { severity: Some(code) } => {
            let known = code.parse::<kua_report::vocabulary::Severity>();
            let label = known.map_or_else(|_| one_line(code), |severity| words.say(&severity.fluent_key()));
            say("log-severity", &[("severity", label)])
        }
        Change::Label { label, on: put } => say(&on(*put, "log-label"), &[("label", one_line(label))]),
        Change::Assignee { to: None } => words.say("log-assignee-none"),
        Change::Assignee { to: Some(key) } => say("log-assignee", &[("name", who(cases, key))]),
        Change::Note { text } => return text_lines(words.say("log-note"), text),
        Change::Link { to, relation: kind, on: made } => {
            let args = [("relation", relation(*kind, words)), ("id", to.short())];
            say(&on(*made, "log-link"), &args)
        }
        Change::Reply { kind: reply::Kind::Acknowledgement, .. } => words.say("log-acknowledgement"),
        Change::Reply { number, text, .. } => {
            return text_lines(say("log-reply", &[("number", number.to_string())]), text);
        }
        Change::Undo { entry } => say("log-undo", &[("entry", short(entry))]),
        Change::GrantMade { to } => say("log-grant", &[("name", who(cases, to))]),
        Change::HandedOut { to, form, digest } => {
            let to = sanitise::fit(&one_line(to), 48);
            let args = [("to", to), ("form", one_line(form)), ("digest", digest.to_string())];
            say("log-handed-out", &args)
        }
        Change::Other(fields) => {
            let json = serde_json::to_string(fields).unwrap_or_default();
            say("log-unknown", &[("json", sanitise::fit(&one_line(&json), UNKNOWN_WIDTH))])
        }
    };
    vec![line]
}

fn text_lines(first: String, text: &str) -> Vec<String> {
    let text = sanitise::lines(text);
    std::iter::once(first).chain(text.lines().map(|line| format!("  {line}"))).collect()
}

/// Says what is odd about an entry.
pub fn oddities(step: &Step, words: &Words) -> Vec<String> {
    let mut found = Vec::new();
    if step.undone {
        found.push(words.say("log-undone"));
    }
    if !step.missing.is_empty() {
        let missing: Vec<String> = step.missing.iter().map(short).collect();
        found.push(words.say_with("log-gap", &[("missing", missing.join(", ").into())]));
    }
    if let Standing::NotCounted(reason) = step.standing {
        found.push(words.say(match reason {
            Reason::WrongClock => "log-wrong-clock",
            Reason::NotAReader => "log-not-a-reader",
            Reason::NotOnTheRoster => "log-not-on-the-roster",
        }));
    }
    if step.days_apart.is_some() {
        found.push(words.say_with("log-days-apart", &[("day", step.day.to_string().into())]));
    }
    found
}

/// Says a chain of custody, in lines.
pub fn custody(chain: &Chain, cases: &Cases, words: &Words) -> Vec<String> {
    let say = |key: &str, args: &[(&str, String)]| {
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.clone().into())).collect();
        words.say_with(key, &args)
    };
    let received = &chain.received;
    let mut lines = vec![
        say("custody-title", &[("id", received.report.to_string()), ("drop", chain.drop.to_string())]),
        say("custody-received", &[("day", received.day.to_string()), ("size", received.size.to_string())]),
    ];
    for (number, step) in (1..).zip(&chain.steps) {
        lines.push(String::new());
        let who = who(cases, &step.author);
        lines.push(format!("{number}. {}  {who}  {}", step.stored, step.author));
        lines.push(format!("   {}", say("custody-entry", &[("entry", step.entry.to_string())])));
        for parent in &step.parents {
            lines.push(format!("   {}", say("custody-parent", &[("entry", parent.to_string())])));
        }
        if step.day != step.stored {
            lines.push(format!("   {}", say("custody-claimed", &[("day", step.day.to_string())])));
        }
        for made in &step.changes {
            let begins = std::iter::once("–").chain(std::iter::repeat(" "));
            let texts = change(made, cases, words);
            lines.extend(begins.zip(texts).map(|(begin, text)| format!("   {begin} {text}")));
        }
        lines.extend(oddities(step, words).into_iter().map(|text| format!("   ! {text}")));
    }
    let remarks = remarks(chain, words);
    if !remarks.is_empty() {
        lines.push(String::new());
    }
    lines.extend(remarks);
    lines
}

/// Says what is to be known about a chain as a whole: where it forks, and what is no part of it.
pub fn remarks(chain: &Chain, words: &Words) -> Vec<String> {
    let say = |key: &str, args: &[(&str, String)]| {
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.clone().into())).collect();
        words.say_with(key, &args)
    };
    let shorts = |entries: &[Digest]| entries.iter().map(short).collect::<Vec<_>>().join(", ");
    let mut found = Vec::new();
    for fork in &chain.forks {
        let args = [("branches", shorts(&fork.branches))];
        found.push(match &fork.after {
            Some(after) => say("custody-fork", &[&args[..], &[("after", short(after))]].concat()),
            None => say("custody-fork-start", &args),
        });
    }
    if chain.heads.len() > 1 {
        found.push(say("custody-heads", &[("heads", shorts(&chain.heads))]));
    }
    for refused in &chain.refused {
        let args = [("id", refused.object.to_string()), ("day", refused.stored.to_string())];
        found.push(say("custody-refused", &[&args[..], &[("why", one_line(&refused.why))]].concat()));
    }
    found
}
