//! Every entry of every list has a label in every language that is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kua_report::vocabulary::{
    Act, DatePrecision, PartOfDay, PerpetratorType, Reliability, Severity, VictimKind,
};

fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    keys.extend(Act::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(VictimKind::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(PerpetratorType::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(Reliability::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(Severity::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(DatePrecision::ALL.iter().map(|entry| entry.fluent_key()));
    keys.extend(PartOfDay::ALL.iter().map(|entry| entry.fluent_key()));
    keys
}

#[test]
fn every_code_has_a_label_and_every_label_a_code() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client/locales");
    let mut languages = 0;
    for language in fs::read_dir(locales).unwrap() {
        let Ok(text) = fs::read_to_string(language.unwrap().path().join("vocabulary.ftl")) else {
            continue;
        };
        languages += 1;
        let labels = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let found: BTreeSet<String> = labels
            .map(|line| {
                let (key, label) = line.split_once(" = ").unwrap_or_else(|| panic!("not a label: {line}"));
                assert!(!label.trim().is_empty(), "{key}");
                key.to_owned()
            })
            .collect();
        assert_eq!(found, keys());
    }
    assert!(languages >= 2, "English and Russian are there from the first day");
}
