//! One report on paper: what it says, what came with it, what was done with it.

use kua_report::{Perpetrator, Place, Source, Victim};
use maud::{Markup, html};

use super::front::when;
use super::{line, text};
use crate::told::Told;
use crate::{Note, Words};

/// A label and what belongs to it.
type Fact = (String, Markup);

pub(super) fn article(told: &Told, redacted: bool, words: &dyn Words) -> Markup {
    let event = &*told.event;
    html! {
        article id={ "r" (told.number()) } {
            h2 dir="auto" { (super::harmless(&event.title)) }
            @if redacted { p.soft { (words.say("export-redacted-short")) } }
            (table(facts(told, words)))
            h3 { (words.say("export-description")) }
            (text(&event.description))
            @if !told.attachments.is_empty() { (attachments(told, words)) }
            (notes("export-notes", &told.case.notes, words))
            (notes("export-replies", &told.case.replies, words))
            h3 { (words.say("export-custody")) }
            (custody(told, words))
        }
    }
}

fn table(facts: Vec<Fact>) -> Markup {
    html! {
        table.facts {
            @for (label, fact) in facts { tr { th scope="row" { (label) } td { (fact) } } }
        }
    }
}

fn facts(told: &Told, words: &dyn Words) -> Vec<Fact> {
    let (event, case) = (&*told.event, &told.case);
    let label = |key: String| words.say(&key);
    let mut facts: Vec<Fact> = Vec::new();
    let mut add = |key: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            facts.push((
                words.say(key),
                html! { @for (at, part) in parts.iter().enumerate() {
                    @if at > 0 { "; " }
                    (line(part))
                } },
            ));
        }
    };
    if let Some(occurred) = &event.occurred {
        let part = occurred.part_of_day.map(|part| label(part.fluent_key()));
        add("open-occurred", [Some(when(occurred)), part].into_iter().flatten().collect());
        add("export-precision", vec![label(occurred.precision.fluent_key())]);
    }
    add("open-place", event.place.as_ref().map(place).unwrap_or_default());
    add("open-acts", event.acts.iter().map(|act| label(act.fluent_key())).collect());
    add("open-severity", event.severity.map(|severity| label(severity.fluent_key())).into_iter().collect());
    event.victims.iter().for_each(|victim| add("open-victim", victim_in_words(victim, words)));
    for perpetrator in &event.perpetrators {
        add("open-perpetrator", perpetrator_in_words(perpetrator, words));
    }
    event.sources.iter().for_each(|source| add("open-source", source_in_words(source, words)));
    for intervention in &event.interventions {
        let parts = [Some(intervention.by.clone()), intervention.result.clone()];
        add("open-intervention", parts.into_iter().flatten().collect());
    }
    add("export-language", event.language.clone().into_iter().collect());
    let status = Some(&case.status).filter(|status| !status.is_empty());
    add("export-status", status.map(|status| label(format!("status-{status}"))).into_iter().collect());
    let severity = case.severity.as_deref();
    add("export-case-severity", severity.map(|code| label(format!("severity-{code}"))).into_iter().collect());
    add("export-assignee", case.assignee.clone().into_iter().collect());
    add("export-labels", case.labels.clone());
    add(
        "export-disputed",
        case.disputed.iter().map(|field| label(format!("export-disputed-{field}"))).collect(),
    );
    let links =
        case.links.iter().map(|link| format!("{} {}", label(format!("relation-{}", link.relation)), link.to));
    add("export-links", links.collect());
    facts
}

fn place(place: &Place) -> Vec<String> {
    let position = place.lat.zip(place.lon).map(|(lat, lon)| format!("{lat}, {lon}"));
    [place.name.clone(), place.country.clone(), position].into_iter().flatten().collect()
}

fn victim_in_words(victim: &Victim, words: &dyn Words) -> Vec<String> {
    let number =
        |key, number: Option<String>| number.map(|number| words.say_with(key, &[("number", &number)]));
    let parts = [
        Some(words.say(&victim.kind.fluent_key())),
        victim.name.clone(),
        victim.role.clone(),
        number("export-age", victim.age.map(|age| age.to_string())),
        number("export-people", victim.count.map(|count| count.to_string())),
        victim.description.clone(),
    ];
    parts.into_iter().flatten().collect()
}

fn perpetrator_in_words(perpetrator: &Perpetrator, words: &dyn Words) -> Vec<String> {
    let people =
        perpetrator.count.map(|count| words.say_with("export-people", &[("number", &count.to_string())]));
    let kind = Some(words.say(&perpetrator.kind.fluent_key()));
    [kind, perpetrator.name.clone(), people, perpetrator.description.clone()].into_iter().flatten().collect()
}

fn source_in_words(source: &Source, words: &dyn Words) -> Vec<String> {
    let connection = Some(source.connection.clone()).filter(|connection| !connection.is_empty());
    let connection = connection.unwrap_or_else(|| words.say("export-left-out"));
    let reliability = source.reliability.map(|reliability| words.say(&reliability.fluent_key()));
    [Some(connection), reliability].into_iter().flatten().collect()
}

fn attachments(told: &Told, words: &dyn Words) -> Markup {
    html! {
        h3 { (words.say("export-attachments")) }
        table {
            thead {
                tr {
                    @for label in ["export-file", "export-kind", "export-bytes"] { th scope="col" { (words.say(label)) } }
                }
            }
            tbody {
                @for file in &told.attachments {
                    tr {
                        td {
                            @match &file.name { Some(name) => (line(name)), None => (words.say("export-left-out")) }
                            @if let Some(name) = &file.original_name { " (" (line(name)) ")" }
                            br;
                            span.digest { "SHA-256 " (file.sha256) }
                            @if let Some(path) = &file.path { br; span.path { (line(path)) } }
                        }
                        td { (line(&file.media_type)) }
                        td { (file.size) }
                    }
                }
            }
        }
    }
}

fn notes(heading: &str, notes: &[Note], words: &dyn Words) -> Markup {
    html! {
        @if !notes.is_empty() {
            h3 { (words.say(heading)) }
            @for note in notes {
                p.soft { (note.day) " " (line(&note.by)) }
                (text(&note.text))
            }
        }
    }
}

fn custody(told: &Told, words: &dyn Words) -> Markup {
    let received = words.say_with("export-received", &[("size", &told.size.to_string())]);
    html! {
        table {
            thead {
                tr {
                    @for label in ["export-day", "export-by", "export-step"] { th scope="col" { (words.say(label)) } }
                }
            }
            tbody {
                tr {
                    td.when { (told.day) }
                    td { (words.say("export-the-drop")) }
                    td {
                        (received)
                        br;
                        span.digest { "SHA-256 " (told.report_id) }
                        @if let Some(mailbox) = &told.mailbox { br; span.digest { (words.say("export-mailbox")) " " (mailbox) } }
                    }
                }
                @for step in &told.case.steps {
                    tr {
                        td.when { (step.day) @if let Some(stored) = &step.stored { br; "(" (stored) ")" } }
                        td { (line(&step.by)) }
                        td {
                            (line(&step.what))
                            @for remark in &step.remarks { br; em { (line(remark)) } }
                            br;
                            span.digest { "SHA-256 " (step.digest) }
                        }
                    }
                }
            }
        }
        @for remark in &told.case.remarks { p { em { (line(remark)) } } }
    }
}
