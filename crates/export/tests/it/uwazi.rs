//! The archives read again by Uwazi's rules, with Uwazi's own packages, in a program that knows nothing of us.
//!
//! Needs Node.js and a built `tests/interop`; without them it says so and passes, unless `KUA_REQUIRE_INTEROP=1`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use kua_export::{Format, Words as _};
use kua_report::Occurred;
use serde_json::{Value, json};

use crate::stage::{Exported, Locale, Told, case, export, export_in, incidents, made, nasty, told};

/// The entities that Uwazi would have, by type; none when the reader is not built.
fn read(exported: &Exported, languages: &[&str]) -> Option<Value> {
    let program: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/build/uwazi.js");
    if !program.exists() {
        let missing = "tests/interop is not built (npm ci && npm run build in that folder)";
        assert!(std::env::var_os("KUA_REQUIRE_INTEROP").is_none_or(|value| value != "1"), "{missing}");
        eprintln!("skipped: {missing}");
        return None;
    }
    let read = Command::new("node").arg(program).arg(exported.path()).args(languages).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(serde_json::from_slice(&read.stdout).unwrap())
}

/// A list's term by its code, as the reader gives it.
fn terms<'a>(property: &'a Value, say: &'a str) -> impl Iterator<Item = String> + 'a {
    let words = Locale::new("en");
    let keys: Vec<(String, String)> = words.keys(say);
    property.as_array().into_iter().flatten().map(move |term| {
        let word = term.as_array().unwrap().last().unwrap().as_str().unwrap();
        let word = word.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start();
        let key = keys.iter().find(|(_, text)| text == word);
        key.unwrap_or_else(|| panic!("{word} is none of {say}")).0[say.len()..].to_owned()
    })
}

/// Sets a field to what there is, if there is anything.
fn set(of: &mut Value, field: &str, value: &Value) {
    if !value.is_null() && *value != json!([]) && *value != json!({}) {
        of[field] = value.clone();
    }
}

/// The event as it was, from what Uwazi has.
fn event(entity: &Value) -> Value {
    let properties = &entity["properties"];
    let one = |property: &str, say: &str| Value::from(terms(&properties[property], say).next());
    let mut event = json!({ "title": entity["title"], "description": properties["description"] });
    set(&mut event, "language", &properties["language"]);
    let mut occurred = json!({});
    if let Some(reported) = properties["date_as_reported"].as_str() {
        let (from, to) = reported.split_once('/').map_or((reported, None), |(from, to)| (from, Some(to)));
        occurred["from"] = from.into();
        set(&mut occurred, "to", &to.into());
        set(&mut occurred, "precision", &one("date_precision", "precision-"));
        set(&mut occurred, "part_of_day", &one("part_of_day", "part-of-day-"));
        let days = serde_json::from_value::<Occurred>(occurred.clone()).unwrap();
        let last = days.to.unwrap_or(days.from).days().1;
        assert_eq!(properties["date"], json!({"from": days.from.days().0, "to": last}));
    }
    set(&mut event, "occurred", &occurred);
    let mut place = json!({});
    for (field, value) in [
        ("name", &properties["place"]),
        ("country", &properties["country"]),
        ("lat", &properties["location_geolocation"]["lat"]),
        ("lon", &properties["location_geolocation"]["lon"]),
    ] {
        set(&mut place, field, value);
    }
    set(&mut event, "place", &place);
    set(&mut event, "acts", &terms(&properties["acts"], "act-").collect());
    for (list, kind, say) in [("victims", "kind", "victim-"), ("perpetrators", "type", "perpetrator-")] {
        let people = properties[list].as_array().into_iter().flatten().map(|person| {
            let person = &person["properties"];
            let mut found = json!({ kind: terms(&person["kind"], say).next().unwrap() });
            for (field, property) in [
                ("name", "name"),
                ("role", "role"),
                ("age", "age"),
                ("count", "people"),
                ("description", "description"),
            ] {
                set(&mut found, field, &person[property]);
            }
            found
        });
        set(&mut event, list, &people.collect());
    }
    let sources = properties["sources"].as_array().into_iter().flatten().map(|source| {
        let mut found = json!({ "connection": source["properties"]["connection"] });
        let reliability = terms(&source["properties"]["reliability"], "reliability-").next();
        set(&mut found, "reliability", &reliability.into());
        found
    });
    set(&mut event, "sources", &sources.collect());
    let interventions = properties["interventions"].as_array().into_iter().flatten().map(|intervention| {
        let mut found = json!({ "by": intervention["properties"]["by"] });
        set(&mut found, "result", &intervention["properties"]["result"]);
        found
    });
    set(&mut event, "interventions", &interventions.collect());
    set(&mut event, "severity", &one("severity", "severity-"));
    event
}

fn assert_equal(entities: &Value, all: &[Told]) {
    let events = entities["events"].as_array().unwrap();
    assert_eq!(events.len(), all.len());
    for (entity, told) in events.iter().zip(all) {
        let mut original = serde_json::to_value(told.report.event()).unwrap();
        // What Uwazi itself cuts off at the edges of plain text.
        trim(&mut original);
        let mut found = event(entity);
        trim(&mut found);
        assert_eq!(found, original);
        assert_eq!(entity["properties"]["report_id"], told.id.to_string());
    }
}

/// Trims plain texts, and leaves rich ones as they are.
fn trim(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| {
            if !["description", "result", "connection"].contains(&name.as_str()) {
                trim(value);
            }
        }),
        Value::Array(items) => items.iter_mut().for_each(trim),
        Value::String(text) => *text = text.trim().to_owned(),
        _ => {}
    }
}

#[test]
fn every_incident_comes_back_equal() {
    let mut all = incidents();
    all.push(Told { case: case(), ..told(nasty(), &[("a|b .jpg", b"one"), ("import.csv", b"two")]) });
    let exported = export(Format::Uwazi, made(), &all);
    let Some(entities) = read(&exported, &["en"]) else { return };
    assert_equal(&entities, &all);
    let last = entities["events"].as_array().unwrap().last().unwrap();
    let digests: Vec<&str> =
        last["attachments"].as_array().unwrap().iter().map(|file| file["sha256"].as_str().unwrap()).collect();
    let of = |content: &[u8]| kua_protocol::id::Digest::of(content).to_string();
    assert_eq!(digests, [of(b"one"), of(b"two")]);
    let properties = &last["properties"];
    assert_eq!(properties["status"], json!([["in review"]]));
    assert_eq!(properties["labels"], json!([["mines, Karaganda"], ["a∣b"], ["=1+1"]]));
    assert!(properties["notes"].as_str().unwrap().contains("called her\n- twice"));
}

#[test]
fn words_of_lists_come_in_every_language_of_the_collection() {
    let all = incidents();
    let exported = export_in(&["ru", "en", "kk"], Format::Uwazi, made(), &all);
    let Some(entities) = read(&exported, &["ru", "en", "kk"]) else { return };
    let properties = &entities["events"][0]["properties"];
    assert_eq!(properties["acts"][0].as_array().unwrap().len(), 2, "a group and a term");
    let words = |language| Locale::new(language).say("act-property");
    assert_eq!(properties["acts"][0][1], format!("13 {}", words("ru")));
    assert_eq!(properties["acts__en"][0][1], format!("13 {}", words("en")));
    assert_eq!(properties["acts__kk"][0][1], format!("13 {}", words("kk")));
}

#[test]
fn five_hundred_attachments_and_a_megabyte_of_note_come_back() {
    let contents: Vec<(String, Vec<u8>)> = (0..500_u32)
        .map(|number| (format!("photo {number}.jpg"), number.to_be_bytes().repeat(50_000)))
        .collect();
    let files: Vec<(&str, &[u8])> =
        contents.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let mut many = told(nasty(), &files);
    many.case = case();
    // Few ends of lines: Uwazi's reader of CSV begins a cell anew at each, which takes it hours for many.
    let note = format!("{}\n", "ұзақ *сөз* ".repeat(6_600)).repeat(10);
    assert!(note.len() > 1 << 20);
    many.case.notes[0].text.clone_from(&note);
    let all = [incidents().remove(0), many, incidents().remove(1)];
    let exported = export(Format::Uwazi, made(), &all);
    // 100 MB of files: too much for one upload together with other reports.
    assert!(File::open(exported.path().join("4-events-03.zip")).is_ok());
    let Some(entities) = read(&exported, &["en"]) else { return };
    assert_equal(&entities, &all);
    let event = &entities["events"][1];
    assert!(event["properties"]["notes"].as_str().unwrap().contains(note.trim_end()));
    let found = event["attachments"].as_array().unwrap();
    assert_eq!(found.len(), 500);
    for (file, (name, content)) in found.iter().zip(&contents) {
        assert!(file["name"].as_str().unwrap().ends_with(name));
        assert_eq!(file["size"], content.len());
        assert_eq!(
            file["sha256"].as_str().unwrap(),
            all[1].report.attachments()[name_of(name)].sha256.to_string()
        );
    }
}

/// The place of an attachment called `photo N.jpg`.
fn name_of(name: &str) -> usize {
    name.trim_start_matches("photo ").trim_end_matches(".jpg").parse().unwrap()
}
