//! An event as a person reads it: a row for each thing that is known.

use kua_report::{Event, Occurred, Place};

use super::i18n::Words;
use super::sanitise;

/// Columns for the labels.
const LABEL_WIDTH: usize = 14;

/// One row: a label in the person's language and a text.
pub fn row(words: &Words, label: &str, text: &str) -> String {
    format!("{} {text}", sanitise::pad(&words.say(label), LABEL_WIDTH))
}

/// The rows of an event, without title and description, safe to print.
pub fn rows(event: &Event, words: &Words) -> Vec<String> {
    let label = |key: String| words.say(&key);
    let mut rows = Vec::new();
    let mut add = |key: &str, text: String| {
        if !text.is_empty() {
            rows.push(row(words, key, &sanitise::one_line(&text)));
        }
    };
    add("open-occurred", event.occurred.as_ref().map(|occurred| when(occurred, words)).unwrap_or_default());
    add("open-place", event.place.as_ref().map(place).unwrap_or_default());
    let acts: Vec<String> = event.acts.iter().map(|act| label(act.fluent_key())).collect();
    add("open-acts", acts.join("; "));
    add("open-severity", event.severity.map(|severity| label(severity.fluent_key())).unwrap_or_default());
    for victim in &event.victims {
        let kind = Some(label(victim.kind.fluent_key()));
        add(
            "open-victim",
            joined([kind, victim.name.clone(), victim.role.clone(), victim.description.clone()]),
        );
    }
    for perpetrator in &event.perpetrators {
        let kind = Some(label(perpetrator.kind.fluent_key()));
        add("open-perpetrator", joined([kind, perpetrator.name.clone(), perpetrator.description.clone()]));
    }
    for source in &event.sources {
        let reliability = source.reliability.map(|reliability| label(reliability.fluent_key()));
        add("open-source", joined([Some(source.connection.clone()), reliability]));
    }
    for intervention in &event.interventions {
        add("open-intervention", joined([Some(intervention.by.clone()), intervention.result.clone()]));
    }
    rows
}

fn when(occurred: &Occurred, words: &Words) -> String {
    let until = occurred.to.map(|to| format!(" – {to}")).unwrap_or_default();
    let part = occurred.part_of_day.map(|part| words.say(&part.fluent_key()));
    joined([Some(format!("{}{until}", occurred.from)), part])
}

fn place(place: &Place) -> String {
    let position = place.lat.zip(place.lon).map(|(lat, lon)| format!("{lat}, {lon}"));
    joined([place.name.clone(), place.country.clone(), position])
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_leaves_room_for_its_text() {
        let file = include_str!("../../../locales/en/coordinator.ftl").lines();
        let lines = file.chain(include_str!("../../../locales/en/submitter.ftl").lines());
        let keys = lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
        // Messages of a case that are no labels are its values.
        let values =
            ["case-severity-open", "case-concurrent", "case-nobody", "open-fetching", "open-written"];
        let labels = keys.filter(|key| key.starts_with("open-") || key.starts_with("case-"));
        for label in labels.filter(|key| !values.contains(key)) {
            for words in Words::in_every_language() {
                let text = words.say(label);
                assert!(console::measure_text_width(&text) <= LABEL_WIDTH, "{}: {text}", words.language());
            }
        }
    }
}
