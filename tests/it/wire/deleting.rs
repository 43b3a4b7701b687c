//! Deleting: two words, or one where there is one coordinator; and then it is gone.

use std::fs;
use std::path::Path;

use kua_protocol::api::{Deletion, ReportPage, ReportRow, TimeLeft, path};
use kua_protocol::problem::Kind;

use super::{Answer, Wire, id_of, submitter, tiny};

fn outcome(answer: &Answer) -> Deletion {
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn rows(wire: &Wire) -> Vec<ReportRow> {
    let page: ReportPage = serde_json::from_slice(&wire.coordinator(0, "GET", path::REPORTS).body).unwrap();
    page.reports
}

/// Whether some file below this folder holds the bytes.
fn lies_in(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            lies_in(&path, bytes)
        } else {
            path.is_file() && fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes)
        }
    })
}

#[test]
fn one_word_hides_and_a_second_deletes() {
    let wire = Wire::new();
    let sealed = wire.seal(100);
    wire.submit(&submitter(), &sealed);
    let report = path::report(id_of(&sealed));

    // Asking twice does not make two of one person.
    for _ in 0..2 {
        let Deletion::Asked { left } = outcome(&wire.coordinator(0, "DELETE", &report)) else {
            panic!("one word is not enough");
        };
        assert_eq!(left, TimeLeft { days: 3, hours: 72 }, "what is left is said, and no date");
    }
    let asked = rows(&wire)[0].delete_asked.unwrap();
    assert_eq!(asked.by, wire.coordinators[0].signing().public());
    assert_eq!(asked.left, TimeLeft { days: 3, hours: 72 });
    assert_eq!(wire.coordinator(1, "GET", &report).body, sealed, "until then it can be read");

    assert_eq!(outcome(&wire.coordinator(1, "DELETE", &report)), Deletion::Deleted);
    assert!(rows(&wire).is_empty());
    let keep = path::keep(id_of(&sealed));
    for (method, target) in [("GET", &report), ("DELETE", &report), ("POST", &keep)] {
        assert_eq!(wire.coordinator(1, method, target).problem(), Kind::Gone, "{method} {target}");
    }
}

#[test]
fn a_word_to_keep_takes_the_wish_back() {
    let wire = Wire::new();
    let sealed = wire.seal(100);
    wire.submit(&submitter(), &sealed);
    let (report, keep) = (path::report(id_of(&sealed)), path::keep(id_of(&sealed)));
    wire.coordinator(0, "DELETE", &report);
    assert_eq!(outcome(&wire.coordinator(1, "POST", &keep)), Deletion::Kept);
    assert_eq!(rows(&wire)[0].delete_asked, None);
    // The first word was taken back, so that this one is a first word again.
    assert!(matches!(outcome(&wire.coordinator(1, "DELETE", &report)), Deletion::Asked { .. }));
    assert_eq!(rows(&wire)[0].delete_asked.unwrap().by, wire.coordinators[1].signing().public());
    assert_eq!(outcome(&wire.coordinator(0, "DELETE", &report)), Deletion::Deleted);
}

#[test]
fn where_there_is_one_coordinator_one_word_is_enough() {
    let wire = Wire::with(&["Aigul"]);
    let sealed = wire.seal(100);
    wire.submit(&submitter(), &sealed);
    let report = path::report(id_of(&sealed));
    assert_eq!(outcome(&wire.coordinator(0, "DELETE", &report)), Deletion::Deleted);
    assert_eq!(wire.coordinator(0, "GET", &report).problem(), Kind::Gone);
}

#[test]
fn what_is_deleted_lies_nowhere_in_the_folder() {
    let mut wire = Wire::with(&["Aigul"]);
    let (gone, kept) = (wire.seal(200_000), wire.seal(200_000));
    for sealed in [&gone, &kept] {
        wire.submit(&submitter(), sealed);
    }
    let data = wire.stage.drop.folder().path().to_owned();
    // Any 32 bytes of a ciphertext are found, wherever in the middle they were taken.
    let pieces = |sealed: &[u8]| -> Vec<Vec<u8>> {
        (0..sealed.len() - 32).step_by(20_011).map(|at| sealed[at..at + 32].to_owned()).collect()
    };
    assert!(pieces(&gone).iter().skip(1).all(|piece| lies_in(&data, piece)));
    assert_eq!(outcome(&wire.coordinator(0, "DELETE", path::report(id_of(&gone)))), Deletion::Deleted);
    assert!(!pieces(&gone).iter().skip(1).any(|piece| lies_in(&data, piece)));
    assert!(pieces(&kept).iter().skip(1).all(|piece| lies_in(&data, piece)));

    wire.stage.drop.kill().unwrap();
    wire.stage.drop.restart().unwrap();
    assert_eq!(wire.coordinator(0, "GET", path::report(id_of(&gone))).problem(), Kind::Gone);
    assert_eq!(wire.coordinator(0, "GET", path::report(id_of(&kept))).body, kept);
    assert_eq!(wire.submit(&submitter(), &tiny(1)).status, 201);
}
