//! The filter beside a plain reading of what it promises.

use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};
use kua_report::vocabulary::Severity;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const WORDS: [&str; 6] = ["Алматы", "ёлка", "ӘДІЛЕТ", "محمد", "KZ", "Škoda"];

fn text() -> impl Strategy<Value = String> {
    vec(select(&WORDS[..]), 1..4).prop_map(|words| words.join(" "))
}

fn day() -> impl Strategy<Value = Day> {
    (14_600..14_640_u32).prop_map(Day::from_number)
}

fn date() -> impl Strategy<Value = PartialDate> {
    // Days around two turns of a year, known to the day, the month or the year.
    let days = prop_oneof![14_590..14_625_u32, 14_960..14_990_u32];
    (days, select(&[4_usize, 7, 10][..]))
        .prop_map(|(day, length)| Day::from_number(day).to_string()[..length].parse().unwrap())
}

fn summaries() -> impl Strategy<Value = Summary> {
    let occurred = of((date(), date())).prop_filter_map("in order", |dates| match dates {
        Some((from, to)) if from.days().0 > to.days().1 => None,
        dates => Some(dates.map(|(from, to)| (from.days().0, to.days().1))),
    });
    let severity = of(select(Severity::ALL));
    (vec(select(&Act::ALL[..4]), 0..3), of(text()), severity, occurred, 0..2_usize).prop_map(
        |(acts, place, severity, occurred, attachments)| Summary {
            title: "title".into(),
            acts: acts.iter().map(|act| act.code().to_owned()).collect(),
            place,
            severity,
            language: None,
            sender: None,
            thread: None,
            occurred,
            attachments,
            text: Digest::of(b""),
            disagreements: Vec::new(),
            verified: true,
        },
    )
}

fn filters() -> impl Strategy<Value = Filter> {
    let of_rows = (of(day()), of(day()), prop::bool::weighted(0.2));
    let place = of(text().prop_map(|text| text.to_lowercase().parse::<Terms>().unwrap()));
    let severities = vec(select(Severity::ALL), 0..3);
    let content =
        (vec(select(&Act::ALL[..4]), 0..3), place, severities, of(date()), of(date()), any::<bool>());
    let labels = vec(select(&["Ask again", "ЁЛКА"][..]).prop_map(str::to_owned), 0..2);
    let assignee = of(select(&["key 1", "KEY 2", "none"][..]).prop_map(str::to_owned));
    let of_case = (vec(select(Status::ALL), 0..3), labels, assignee);
    (of_rows, content, of_case).prop_map(|(of_rows, content, (status, label, assignee))| {
        let (since, until, delete_asked) = of_rows;
        let (act, place, severity, from, to, with_files) = content;
        Filter {
            search: None,
            act,
            place,
            since,
            until,
            from,
            to,
            severity,
            status,
            label,
            assignee,
            with_files,
            delete_asked,
        }
    })
}

fn progresses() -> impl Strategy<Value = CaseProgress> {
    let labels = vec(select(&["ask again", "ёлка", "other"][..]).prop_map(str::to_owned), 0..3);
    let severity = of(select(Severity::ALL));
    (select(Status::ALL), severity, of(select(vec![key(1), key(2)])), labels).prop_map(
        |(status, severity, assignee, labels)| CaseProgress {
            status,
            severity,
            assignee,
            labels,
            disputed: false,
        },
    )
}

fn key(n: u8) -> PublicKey {
    SigningKey::derive(&Seed::take(&mut [n; 32]), Purpose::CoordinatorSign).public()
}

fn name(of: &PublicKey) -> String {
    format!("Key {}", if *of == key(1) { 1 } else { 2 })
}

fn rows() -> impl Strategy<Value = ReportRow> {
    (day(), any::<bool>()).prop_map(|(day, asked)| {
        let mut row = serde_json::json!({
            "report_id": ObjectId::of(b"1"), "day": day, "size": 1, "mailbox": null, "entries": 0,
        });
        if asked {
            row["delete_asked"] =
                serde_json::json!({ "by": key(1), "day": day, "left": { "days": 3, "hours": 72 } });
        }
        serde_json::from_value(row).unwrap()
    })
}

/// Goes through all days, one after another, and compares texts.
fn happened_within(summary: &Summary, from: Option<PartialDate>, to: Option<PartialDate>) -> bool {
    let Some((first, last)) = summary.occurred else { return false };
    (14_000..16_000).map(|day| Day::from_number(day).to_string()).any(|day| {
        day >= first.to_string()
            && day <= last.to_string()
            && from.is_none_or(|from| day >= from.to_string())
            && to.is_none_or(|to| day <= to.to_string() || day.starts_with(&to.to_string()))
    })
}

proptest! {
    #[test]
    fn a_filter_does_what_it_says(
        filter in filters(), row in rows(), summary in summaries(), progress in progresses(),
    ) {
        let mut expected = true;
        if !filter.act.is_empty() {
            expected &= summary.acts.iter().any(|code| filter.act.contains(&code.parse().unwrap()));
        }
        if let Some(place) = &filter.place {
            let there = summary.place.clone().unwrap_or_default().to_lowercase().replace('ё', "е").replace('š', "s");
            expected &= place.words().iter().all(|word| there.contains(word));
        }
        if filter.from.is_some() || filter.to.is_some() {
            expected &= happened_within(&summary, filter.from, filter.to);
        }
        if !filter.severity.is_empty() {
            expected &= filter.severity.iter().any(|severity| progress.severity.or(summary.severity) == Some(*severity));
        }
        if filter.with_files {
            expected &= summary.attachments > 0;
        }
        if !filter.status.is_empty() {
            expected &= filter.status.contains(&progress.status);
        }
        for label in &filter.label {
            expected &= progress.labels.iter().any(|on| on.to_lowercase() == label.to_lowercase());
        }
        expected &= match (filter.assignee.as_deref(), progress.assignee) {
            (None, _) | (Some("none"), None) => true,
            (Some("key 1"), Some(assignee)) => assignee == key(1),
            (Some("KEY 2"), Some(assignee)) => assignee == key(2),
            _ => false,
        };
        let seen = ReportView::Open(Box::new(summary));
        prop_assert_eq!(filter.takes(Some(&seen), Some(&progress), name), expected);
        if !filter.status.is_empty() || !filter.label.is_empty() || filter.assignee.is_some() {
            prop_assert!(!filter.takes(Some(&seen), None, name));
        }

        let days = filter.since.unwrap_or(row.day)..=filter.until.unwrap_or(row.day);
        let asked = row.delete_asked.is_some() || !filter.delete_asked;
        prop_assert_eq!(filter.takes_row(&row), days.contains(&row.day) && asked);
    }

    #[test]
    fn nothing_is_said_of_what_did_not_open(filter in filters()) {
        let asks = !filter.act.is_empty() || filter.place.is_some() || filter.from.is_some() || filter.to.is_some()
            || !filter.severity.is_empty() || filter.with_files || !filter.status.is_empty()
            || !filter.label.is_empty() || filter.assignee.is_some();
        prop_assert_eq!(filter.asks_for_content(), asks);
        for seen in [None, Some(&ReportView::NotForYou { verified: true })] {
            prop_assert_eq!(filter.takes(seen, None, name), !asks);
        }
    }
}

#[test]
fn a_search_needs_a_word() {
    assert_eq!(" \u{640} ".parse::<Terms>(), Err(TermsError::NoWord));
    assert_eq!(" Ёлка  KZ".parse::<Terms>().unwrap().words(), ["елка", "kz"]);
    assert_eq!("a ".repeat(65).parse::<Terms>(), Err(TermsError::TooMany));
}
