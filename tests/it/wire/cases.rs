//! Case logs: who may add to them and read them, and what becomes of them.

use kua_protocol::api::{EntryPage, EntryRow, ReportPage, path};
use kua_protocol::id::ObjectId;
use kua_protocol::limits::MAX_ENTRY;
use kua_protocol::problem::Kind;

use super::{Answer, Request, Wire, id_of, submitter, tiny};

impl Wire {
    fn note(&self, coordinator: usize, report: ObjectId, sealed: &[u8]) -> Answer {
        let request = Request::new("POST", path::entries(report)).body(sealed);
        self.ask(&self.signed(self.coordinators[coordinator].signing(), request))
    }
}

fn rows(answer: &Answer) -> Vec<EntryRow> {
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_slice::<EntryPage>(&answer.body).unwrap().entries
}

#[test]
fn entries_are_added_and_read_by_coordinators_and_lie_in_one_case() {
    let wire = Wire::new();
    let me = submitter();
    let (report, other) = (tiny(1), tiny(2));
    wire.submit(&me, &report);
    wire.submit(&me, &other);
    let (report, other) = (id_of(&report), id_of(&other));
    let sealed = wire.seal(3000);
    let added = wire.note(0, report, &sealed);
    assert_eq!(added.status, 201, "{added:?}");
    let row: EntryRow = serde_json::from_slice(&added.body).unwrap();
    let expected = EntryRow {
        entry_id: id_of(&sealed),
        report_id: report,
        day: crate::today(),
        size: sealed.len() as u64,
    };
    assert_eq!(row, expected);
    assert_eq!(wire.note(1, report, &sealed).status, 200, "the same bytes are one entry");
    assert_eq!(wire.note(0, other, &sealed).problem(), Kind::Malformed, "and lie in one case");
    assert_eq!(wire.note(0, ObjectId::of(b"nothing"), &tiny(3)).problem(), Kind::NotFound);
    assert_eq!(wire.note(0, row.entry_id, &tiny(3)).problem(), Kind::NotFound, "an entry has no case");
    assert_eq!(wire.note(0, report, b"plain text").problem(), Kind::NotSealed);
    let by_submitter = Request::new("POST", path::entries(report)).body(tiny(3));
    assert_eq!(wire.ask(&wire.signed(&me, by_submitter)).problem(), Kind::Unauthorised);
    // What is a report already is no entry, and an entry is no report.
    assert_eq!(wire.note(0, report, &tiny(2)).problem(), Kind::Malformed);
    assert_eq!(wire.submit(&me, &sealed).problem(), Kind::Malformed);

    wire.note(1, other, &tiny(4));
    assert_eq!(rows(&wire.coordinator(1, "GET", path::entries(report))), [row]);
    let all = rows(&wire.coordinator(1, "GET", path::ENTRIES));
    assert_eq!(all.len(), 2);
    assert!(all.is_sorted_by_key(|row| (row.day, row.entry_id)));
    let tomorrow = crate::today().plus(1);
    assert!(rows(&wire.coordinator(1, "GET", format!("{}?since={tomorrow}", path::ENTRIES))).is_empty());
    let after = format!("{}?after={}.{}", path::ENTRIES, all[0].day, all[0].entry_id);
    assert_eq!(rows(&wire.coordinator(1, "GET", after)), all[1..]);
    let malformed = wire.coordinator(1, "GET", format!("{}?since=yesterday", path::ENTRIES));
    assert_eq!(malformed.problem(), Kind::Malformed);

    assert_eq!(wire.coordinator(1, "GET", path::entry(report, row.entry_id)).body, sealed);
    let elsewhere =
        [path::entry(other, row.entry_id), path::entry(report, report), path::report(row.entry_id)];
    for target in elsewhere {
        assert_eq!(wire.coordinator(1, "GET", target.clone()).problem(), Kind::NotFound, "{target}");
    }
    for target in [path::ENTRIES.to_owned(), path::entries(report), path::entry(report, row.entry_id)] {
        let request = wire.signed(&me, Request::new("GET", target.clone()));
        assert_eq!(wire.ask(&request).problem(), Kind::Unauthorised, "{target}");
        assert_eq!(wire.ask(&Request::new("GET", target)).problem(), Kind::Unauthorised);
    }
    let listed = wire.coordinator(0, "GET", path::REPORTS);
    let page: ReportPage = serde_json::from_slice(&listed.body).unwrap();
    assert!(page.reports.iter().all(|row| row.entries == 1), "{:?}", page.reports);
}

#[test]
fn a_long_note_is_taken_in_and_a_longer_one_is_not() {
    let wire = Wire::new();
    wire.submit(&submitter(), &tiny(1));
    let report = id_of(&tiny(1));
    // The longest envelope: 3 MiB, which padding makes `MAX_ENTRY`.
    let longest = wire.seal(3 << 20);
    assert_eq!(wire.note(0, report, &longest).status, 201);
    assert_eq!(wire.coordinator(1, "GET", path::entry(report, id_of(&longest))).body, longest);
    assert_eq!(wire.note(0, report, &wire.seal(MAX_ENTRY)).problem(), Kind::TooLarge);
}

#[test]
fn a_case_goes_with_its_report() {
    let wire = Wire::new();
    wire.submit(&submitter(), &tiny(1));
    let (report, sealed) = (id_of(&tiny(1)), wire.seal(3000));
    wire.note(0, report, &sealed);
    assert_eq!(wire.coordinator(0, "DELETE", path::report(report)).status, 200);
    assert_eq!(wire.coordinator(1, "DELETE", path::report(report)).json()["state"], "deleted");
    let gone = [path::entries(report), path::entry(report, id_of(&sealed))];
    for target in gone {
        assert_eq!(wire.coordinator(0, "GET", target).problem(), Kind::Gone);
    }
    assert_eq!(wire.note(0, report, &sealed).problem(), Kind::Gone);
    assert!(rows(&wire.coordinator(0, "GET", path::ENTRIES)).is_empty());
    assert_eq!(wire.objects(), 0);
}

#[test]
fn a_full_case_hurts_no_other() {
    let wire = Wire::new();
    let me = submitter();
    wire.submit(&me, &tiny(1));
    wire.submit(&me, &tiny(2));
    let (report, other) = (id_of(&tiny(1)), id_of(&tiny(2)));
    let (nonce, key) = (wire.nonce(), wire.coordinators[0].signing());
    let mut connection = wire.connect();
    for number in 0..1000 {
        let request = Request::new("POST", path::entries(report)).body(tiny(100 + number));
        assert_eq!(connection.ask(&request.signed(key, wire.id, &nonce)).status, 201);
    }
    assert_eq!(wire.note(1, report, &tiny(9)).problem(), Kind::CaseFull);
    assert_eq!(wire.note(1, report, &tiny(100)).status, 200, "what is there already can be sent again");
    assert_eq!(wire.note(1, other, &tiny(9)).status, 201);
    assert_eq!(rows(&wire.coordinator(0, "GET", path::entries(report))).len(), 1000);
}
