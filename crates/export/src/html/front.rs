//! What stands before the reports: what this is, a summary, and a timeline.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kua_report::vocabulary::{Act, Severity};
use kua_report::{Occurred, PartialDate};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::{harmless, line, style};
use crate::told::Told;
use crate::{Made, Words};

/// The most letters of a title in the timeline.
const TITLE: usize = 160;
/// Where the articles go.
const ARTICLES: &str = "<!--articles-->";

/// What is counted while reports go by.
#[derive(Default)]
pub(super) struct Front {
    events: Vec<Event>,
    statuses: BTreeMap<String, u64>,
    acts: BTreeMap<Act, u64>,
    severities: BTreeMap<Severity, u64>,
    attachments: u64,
}

/// A line of the timeline.
struct Event {
    /// When it happened, and else when it was reported: what the line is ordered by.
    from: Option<PartialDate>,
    when: String,
    title: String,
    place: String,
    number: String,
}

impl Front {
    pub(super) fn count(&mut self, told: &Told) {
        let event = &*told.event;
        let cut = |text: &str| text.chars().take(TITLE).collect();
        self.events.push(Event {
            from: event.occurred.as_ref().map(|occurred| occurred.from),
            when: event.occurred.as_ref().map(when).unwrap_or_default(),
            title: cut(&event.title),
            place: event.place.as_ref().and_then(|place| place.name.as_deref()).map(cut).unwrap_or_default(),
            number: told.number(),
        });
        if !told.case.status.is_empty() {
            *self.statuses.entry(told.case.status.clone()).or_default() += 1;
        }
        event.acts.iter().for_each(|act| *self.acts.entry(*act).or_default() += 1);
        event.severity.iter().for_each(|severity| *self.severities.entry(*severity).or_default() += 1);
        self.attachments += told.attachments.len() as u64;
    }
}

/// When something happened: a date, or the first and the last.
pub(super) fn when(occurred: &Occurred) -> String {
    let until = occurred.to.map(|to| format!(" – {to}")).unwrap_or_default();
    format!("{}{until}", occurred.from)
}

/// The page as it stands before and after its articles.
pub(super) fn page(made: &Made, front: &Front, words: &dyn Words) -> (String, String) {
    let PreEscaped(css) = style();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'none'; base-uri 'none'",
        STANDARD.encode(Sha256::digest(css))
    );
    let direction = if words.language() == "ar" { "rtl" } else { "ltr" };
    let title = words.say_with("export-title", &[("drop", &harmless(&made.drop_name))]);
    let page = html! {
        (DOCTYPE)
        html lang=(words.language()) dir=(direction) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="referrer" content="no-referrer";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (style()) }
            }
            body {
                header {
                    h1 { (line(&title)) }
                    (preface(made, words))
                }
                main {
                    section { h2 { (words.say("export-summary")) } (summary(front, words)) }
                    section { h2 { (words.say("export-timeline")) } (timeline(front, words)) }
                    (PreEscaped(ARTICLES))
                }
            }
        }
    };
    let page = page.into_string();
    // The words above cannot hold the mark: they are escaped.
    let (begin, end) = page.split_once(ARTICLES).unwrap_or((&page, ""));
    (begin.to_owned(), end.to_owned())
}

fn preface(made: &Made, words: &dyn Words) -> Markup {
    let day = made.day.to_string();
    html! {
        p.soft { (line(&words.say_with("export-made", &[("by", &harmless(&made.by)), ("day", &day)]))) }
        p.soft.digest { (words.say("export-drop")) " " (made.drop) }
        p.soft { (words.say("export-check")) }
        @if made.redacted { p.careful { (words.say("export-redacted")) } }
    }
}

fn summary(front: &Front, words: &dyn Words) -> Markup {
    let mut facts = vec![
        (words.say("export-reports"), front.events.len().to_string()),
        (words.say("export-attachments"), front.attachments.to_string()),
    ];
    let counted = |key: String, count: &u64| format!("{}: {count}", words.say(&key));
    let list = |items: Vec<String>| items.join("; ");
    let statuses = front.statuses.iter().map(|(status, count)| counted(format!("status-{status}"), count));
    facts.push((words.say("export-status"), list(statuses.collect())));
    let severities = front.severities.iter().map(|(severity, count)| counted(severity.fluent_key(), count));
    facts.push((words.say("open-severity"), list(severities.collect())));
    let acts = front.acts.iter().map(|(act, count)| counted(act.fluent_key(), count));
    facts.push((words.say("open-acts"), list(acts.collect())));
    html! {
        table.facts {
            @for (label, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
                tr { th scope="row" { (label) } td { (fact) } }
            }
        }
    }
}

fn timeline(front: &Front, words: &dyn Words) -> Markup {
    let mut events: Vec<&Event> = front.events.iter().collect();
    // Those without a date come last.
    events.sort_by_key(|event| (event.from.is_none(), event.from));
    html! {
        table {
            thead {
                tr {
                    @for label in ["open-occurred", "export-event", "open-place"] { th scope="col" { (words.say(label)) } }
                }
            }
            tbody {
                @for event in events {
                    tr {
                        td.when { (event.when) }
                        td { a href={ "#r" (event.number) } { (line(&event.title)) } }
                        td { (line(&event.place)) }
                    }
                }
            }
        }
    }
}
