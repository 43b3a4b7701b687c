//! Report.json: what comes back, what is refused.

use kua_report::{Draft, Error, Report};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample;

fn sealed() -> Value {
    serde_json::from_slice(&sample::report(&[("a.jpg", b"abc")]).to_json().unwrap()).unwrap()
}

#[test]
fn unknown_fields_come_back_at_every_depth() {
    let mut value = sealed();
    value["later"] = json!({"x": [1, 0.1, null, "й"]});
    for pointer in ["/occurred", "/place", "/reply", "/attachments/0"] {
        value.pointer_mut(pointer).unwrap()["later"] = json!(pointer);
    }
    value["victims"] = json!([{"kind": "group", "later": true}]);
    let report = Report::parse(&serde_json::to_vec(&value).unwrap()).unwrap();
    let written: Value = serde_json::from_slice(&report.to_json().unwrap()).unwrap();
    assert_eq!(written, value);
}

#[test]
fn a_draft_keeps_what_it_does_not_know() {
    let mut value = sample::draft();
    value["weather"] = json!("snow");
    let report = Report::new(Draft::from_value(value).unwrap(), sample::routing(), Vec::new()).unwrap();
    let written: Value = serde_json::from_slice(&report.to_json().unwrap()).unwrap();
    assert_eq!(written["weather"], "snow");
}

#[test]
fn writing_is_stable() {
    let once = sample::report(&[("a.jpg", b"abc")]).to_json().unwrap();
    assert_eq!(Report::parse(&once).unwrap().to_json().unwrap(), once);
}

#[test]
fn routing_is_checked() {
    for (field, wrong) in [
        ("to", json!([])),
        (
            "to",
            json!([
                "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
                "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
            ]),
        ),
        ("number", json!("01")),
        ("drop", json!("0202020202020202020202020202020A")),
        ("reply", json!({"recipient": "age1abc", "sign": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"})),
        ("thread", json!({"first": "00", "signature": ""})),
        ("format", json!("kua-report/2")),
        ("attachments", json!([{"name": "../x"}])),
        ("title", json!("")),
    ] {
        let mut value = sealed();
        value[field] = wrong;
        assert!(Report::parse(&serde_json::to_vec(&value).unwrap()).is_err(), "{field}");
    }
    for field in ["format", "number", "drop", "to", "reply", "title", "description"] {
        let mut value = sealed();
        value.as_object_mut().unwrap().remove(field);
        assert!(Report::parse(&serde_json::to_vec(&value).unwrap()).is_err(), "{field}");
    }
}

#[test]
fn names_that_differ_in_case_alone_are_refused() {
    let mut value = sealed();
    let mut second = value["attachments"][0].clone();
    second["name"] = json!("A.JPG");
    value["attachments"].as_array_mut().unwrap().push(second);
    let error = Report::parse(&serde_json::to_vec(&value).unwrap()).unwrap_err();
    assert!(matches!(error, Error::NameTwice(name) if name == "A.JPG"));
}

#[test]
fn report_json_has_a_limit() {
    assert!(matches!(
        Report::parse(&vec![b' '; kua_report::REPORT_JSON_LIMIT + 1]),
        Err(Error::ReportTooLarge)
    ));
}

proptest! {
    #[test]
    fn any_bytes_parse_or_fail(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = (Report::parse(&bytes), Draft::parse(&bytes));
    }

    #[test]
    fn one_changed_byte_parses_or_fails(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = sample::report(&[("a.jpg", b"abc")]).to_json().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(report) = Report::parse(&bytes) {
            let written = report.to_json().unwrap();
            prop_assert_eq!(Report::parse(&written).unwrap(), report);
        }
    }
}
