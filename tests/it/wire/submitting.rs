//! Sending a report: once, twice, half, and after it was deleted.

use kua_protocol::api::{Accepted, RECEIPT, path};
use kua_protocol::problem::Kind;
use kua_protocol::receipt::{self, Receipt};

use super::{Answer, Wire, id_of, submission, submitter, tiny};

/// What the drop says of a report that it took in, in its body and in its signed receipt.
fn accepted(wire: &Wire, answer: &Answer) -> (Accepted, Receipt) {
    let accepted: Accepted = serde_json::from_slice(&answer.body).unwrap();
    let envelope = receipt::from_header(answer.field(RECEIPT).unwrap()).unwrap();
    let receipt = Receipt::verify(&envelope, &wire.roster()).unwrap();
    (accepted, receipt)
}

#[test]
fn a_receipt_holds_under_the_roster_and_names_no_mailbox() {
    let wire = Wire::new();
    let (before, sealed) = (crate::today(), wire.seal(5000));
    let answer = wire.submit(&submitter(), &sealed);
    assert_eq!(answer.status, 201);
    let (said, receipt) = accepted(&wire, &answer);
    assert_eq!(said.report_id, id_of(&sealed));
    assert_eq!(said.size, sealed.len() as u64);
    assert!((before..=crate::today()).contains(&said.day));
    let signed = Receipt { drop: wire.id, report: said.report_id, size: said.size, day: said.day };
    assert_eq!(receipt, signed);
    let payload = serde_json::to_value(&receipt).unwrap();
    let mut fields: Vec<_> = payload.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["day", "drop", "report", "size"]);
}

#[test]
fn the_same_bytes_twice_are_one_report() {
    let wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(100));
    let (first, second) = (wire.submit(&me, &sealed), wire.submit(&me, &sealed));
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(accepted(&wire, &first), accepted(&wire, &second));
    // Who copied the bytes from the wire can send them again, and does not become their sender.
    let copied = wire.submit(&submitter(), &sealed);
    assert_eq!(copied.status, 200);
    assert_eq!(wire.objects(), 1);
    let listed = wire.ask(&wire.signed(&me, super::Request::new("GET", super::reading::sent_by(&me))));
    assert_eq!(listed.json()["reports"][0]["report_id"], id_of(&sealed).to_string());
}

#[test]
fn a_request_may_be_repeated_within_its_time() {
    let wire = Wire::new();
    let request = wire.signed(&submitter(), submission(&tiny(1)));
    let mut connection = wire.connect();
    assert_eq!(connection.ask(&request).status, 201);
    assert_eq!(connection.ask(&request).status, 200);
    assert_eq!(wire.objects(), 1);
}

#[test]
fn a_body_cut_in_the_middle_leaves_nothing() {
    let wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(100_000));
    let request = wire.signed(&me, submission(&sealed).field("expect", "100-continue"));
    for sent in [0, 1, sealed.len() / 2, sealed.len() - 1] {
        let mut connection = wire.connect();
        connection.send(&request.head());
        // The drop says so when it begins to read the body.
        assert_eq!(connection.answer().status, 100);
        connection.send(&sealed[..sent]);
        drop(connection);
    }
    assert_eq!(wire.objects(), 0);
    let answer = wire.submit(&me, &sealed);
    assert_eq!(answer.status, 201, "the bytes were not known");
    assert_eq!(wire.objects(), 1);
}

#[test]
fn what_was_deleted_is_not_taken_in_again() {
    let wire = Wire::with(&["Aigul"]);
    let (me, sealed) = (submitter(), wire.seal(100));
    assert_eq!(wire.submit(&me, &sealed).status, 201);
    assert_eq!(wire.coordinator(0, "DELETE", path::report(id_of(&sealed))).status, 200);
    for sender in [&me, &submitter()] {
        assert_eq!(wire.submit(sender, &sealed).problem(), Kind::Gone);
    }
    assert_eq!(wire.objects(), 0);
}
