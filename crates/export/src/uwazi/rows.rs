//! The rows of each type of entity. The first cell is the title, by which other entities name this one.

use std::slice;

use kua_report::vocabulary::{Act, Severity};

use super::cells::{markdown, range, value, values};
use super::languages::Languages;
use crate::told::Told;
use crate::{Note, Words};

/// The cells of one entity.
type Row = Vec<String>;

/// The most letters of a name within a title.
const TITLE: usize = 120;

pub(super) fn person_columns(languages: &Languages) -> Vec<String> {
    columns(
        &[&["title"], &["name", "role", "age", "people", "description", "report_id"]],
        &[languages.columns("kind")],
    )
}

pub(super) fn source_columns(languages: &Languages) -> Vec<String> {
    columns(&[&["title"], &["connection", "report_id"]], &[languages.columns("reliability")])
}

pub(super) fn intervention_columns() -> Vec<String> {
    columns(&[&["title", "by", "result", "report_id"]], &[])
}

pub(super) fn event_columns(languages: &Languages) -> Vec<String> {
    let plain = [
        "title",
        "description",
        "date",
        "date_as_reported",
        "place",
        "country",
        "location_geolocation",
        "victims",
        "perpetrators",
        "sources",
        "interventions",
        "language",
        "labels",
        "assignee",
        "linked_reports",
        "notes",
        "answers",
        "custody",
        "digests",
        "report_id",
        "received",
        "mailbox",
        "attachments",
    ];
    let words = ["acts", "severity", "date_precision", "part_of_day", "status", "case_severity"];
    columns(&[&plain], &words.map(|property| languages.columns(property)))
}

fn columns(plain: &[&[&str]], words: &[Vec<String>]) -> Vec<String> {
    let plain = plain.concat().into_iter().map(str::to_owned);
    plain.chain(words.concat()).collect()
}

pub(super) fn victims(told: &Told, languages: &Languages) -> Vec<Row> {
    let victims = told.event.victims.iter().zip(1..);
    victims
        .map(|(victim, number)| {
            let kind = |words: &dyn Words| words.say(&victim.kind.fluent_key());
            let name = victim.name.clone().or_else(|| victim.role.clone());
            let plain = vec![
                title(&name.unwrap_or_else(|| languages.first(kind)), told, 'v', number),
                victim.name.clone().unwrap_or_default(),
                victim.role.clone().unwrap_or_default(),
                victim.age.map(|age| age.to_string()).unwrap_or_default(),
                victim.count.map(|count| count.to_string()).unwrap_or_default(),
                markdown(victim.description.as_deref().unwrap_or_default()),
                told.report_id.to_string(),
            ];
            let kinds = languages.cells(|words| {
                term(&words.say("export-victims"), &numbered(victim.kind.number(), &kind(words)))
            });
            [plain, kinds].concat()
        })
        .collect()
}

pub(super) fn perpetrators(told: &Told, languages: &Languages) -> Vec<Row> {
    let perpetrators = told.event.perpetrators.iter().zip(1..);
    perpetrators
        .map(|(perpetrator, number)| {
            let kind = |words: &dyn Words| words.say(&perpetrator.kind.fluent_key());
            let name = perpetrator.name.clone().or_else(|| perpetrator.description.clone());
            let plain = vec![
                title(&name.unwrap_or_else(|| languages.first(kind)), told, 'p', number),
                perpetrator.name.clone().unwrap_or_default(),
                String::new(),
                String::new(),
                perpetrator.count.map(|count| count.to_string()).unwrap_or_default(),
                markdown(perpetrator.description.as_deref().unwrap_or_default()),
                told.report_id.to_string(),
            ];
            let kinds = languages.cells(|words| {
                term(&words.say("export-perpetrators"), &numbered(perpetrator.kind.number(), &kind(words)))
            });
            [plain, kinds].concat()
        })
        .collect()
}

pub(super) fn sources(told: &Told, languages: &Languages) -> Vec<Row> {
    let sources = told.event.sources.iter().zip(1..);
    sources
        .map(|(source, number)| {
            let name = match source.connection.as_str() {
                "" => languages.first(|words| words.say("export-source")),
                connection => connection.to_owned(),
            };
            let plain = vec![
                title(&name, told, 's', number),
                markdown(&source.connection),
                told.report_id.to_string(),
            ];
            let reliability = languages.cells(|words| {
                let say = |reliability: kua_report::vocabulary::Reliability| {
                    value(&numbered(reliability.number(), &words.say(&reliability.fluent_key())))
                };
                source.reliability.map(say).unwrap_or_default()
            });
            [plain, reliability].concat()
        })
        .collect()
}

pub(super) fn interventions(told: &Told) -> Vec<Row> {
    let interventions = told.event.interventions.iter().zip(1..);
    interventions
        .map(|(intervention, number)| {
            vec![
                title(&intervention.by, told, 'i', number),
                intervention.by.clone(),
                markdown(intervention.result.as_deref().unwrap_or_default()),
                told.report_id.to_string(),
            ]
        })
        .collect()
}

/// The event, with the rows of those who take part in it: victims, perpetrators, sources and interventions.
pub(super) fn event(told: &Told, languages: &Languages, related: [&[Row]; 4]) -> Row {
    let (event, case) = (&*told.event, &told.case);
    let place = event.place.as_ref();
    let titles = |rows: &[Row]| values(rows.iter().filter_map(|row| row.first().cloned()));
    let [victims, perpetrators, sources, interventions] = related.map(titles);
    let plain = vec![
        event.title.clone(),
        markdown(&event.description),
        event.occurred.as_ref().map(range).unwrap_or_default(),
        event.occurred.as_ref().map(as_reported).unwrap_or_default(),
        place.and_then(|place| place.name.clone()).unwrap_or_default(),
        place.and_then(|place| place.country.clone()).unwrap_or_default(),
        place.and_then(|place| Some(format!("{}|{}", place.lat?, place.lon?))).unwrap_or_default(),
        victims,
        perpetrators,
        sources,
        interventions,
        event.language.clone().unwrap_or_default(),
        values(case.labels.iter().map(|label| value(label))),
        case.assignee.clone().unwrap_or_default(),
        lines(case.links.iter().map(|link| {
            let relation = languages.first(|words| words.say(&format!("relation-{}", link.relation)));
            format!("{relation} {}", link.to)
        })),
        notes(&case.notes),
        notes(&case.replies),
        lines(case.steps.iter().map(|step| {
            let what = [slice::from_ref(&step.what), &step.remarks].concat().join("; ");
            format!("{} {}: {what} {}", step.day, step.by, step.digest)
        })),
        lines(told.attachments.iter().map(|file| {
            let name = file.name.as_deref().unwrap_or(&file.media_type);
            format!("{} {} {name}", file.sha256, file.size)
        })),
        told.report_id.to_string(),
        told.day.to_string(),
        told.mailbox.map(|mailbox| mailbox.to_string()).unwrap_or_default(),
        values(told.attachments.iter().filter_map(|file| file.path.clone())),
    ];
    let acts = languages.cells(|words| values(event.acts.iter().map(|act| act_term(*act, words))));
    let word = |key: Option<String>, number: Option<u8>| {
        languages.cells(|words| {
            key.as_deref().map(|key| value(&numbered(number, &words.say(key)))).unwrap_or_default()
        })
    };
    let occurred = event.occurred.as_ref();
    let severity = |code: &str| format!("severity-{code}");
    [
        plain,
        acts,
        word(event.severity.map(Severity::fluent_key), event.severity.and_then(Severity::number)),
        word(occurred.map(|occurred| occurred.precision.fluent_key()), None),
        word(occurred.and_then(|occurred| Some(occurred.part_of_day?.fluent_key())), None),
        word(Some(format!("status-{}", case.status)).filter(|_| !case.status.is_empty()), None),
        word(case.severity.as_deref().map(severity), None),
    ]
    .concat()
}

/// The dates as they were given: `2010-10`, or the first and the last.
fn as_reported(occurred: &kua_report::Occurred) -> String {
    match occurred.to {
        Some(to) => format!("{}/{to}", occurred.from),
        None => occurred.from.to_string(),
    }
}

/// A title that no other entity of the export has: a name, the report's number, and the place within the report.
fn title(name: &str, told: &Told, kind: char, number: usize) -> String {
    let name: String = value(name).chars().take(TITLE).collect();
    format!("{} ({} {kind}{number})", name.trim_end(), told.number())
}

/// A term within a group.
fn term(group: &str, term: &str) -> String {
    format!("{}::{}", value(group), value(term))
}

/// An act within the part of the thesaurus that it belongs to.
fn act_term(act: Act, words: &dyn Words) -> String {
    let group = match act.number() {
        Some(..30) => "export-acts-civil",
        Some(..50) => "export-acts-groups",
        _ => "export-acts-social",
    };
    term(&words.say(group), &numbered(act.number(), &words.say(&act.fluent_key())))
}

/// A word of a list behind its number in HURIDOCS' thesauri.
fn numbered(number: Option<u8>, word: &str) -> String {
    number.map_or_else(|| word.to_owned(), |number| format!("{number:02} {word}"))
}

fn notes(notes: &[Note]) -> String {
    markdown(
        &notes
            .iter()
            .map(|note| format!("{} {}: {}", note.day, note.by, note.text))
            .collect::<Vec<_>>()
            .join("\n\n"),
    )
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    markdown(&lines.collect::<Vec<_>>().join("\n"))
}
