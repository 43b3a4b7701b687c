//! The table of all addresses: every method of each has an answer, and each that does something has a pinned one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use http::StatusCode;
use kua_server::routes;

use crate::harness::{Pin, Request, Stage};

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

#[tokio::test(start_paused = true)]
async fn every_method_of_every_address_is_answered_to_who_signs_nothing() {
    let mut pin = Pin::new("methods");
    let mut stage = Stage::new().await;
    for address in routes::addresses() {
        for method in METHODS {
            // A name in braces is an id that nothing has.
            pin.ask("nothing signed, nothing sent", &mut stage, &Request::new(method, address)).await;
        }
    }
    pin.hold();
}

/// The requests that were answered with a success in some snapshot, as method and path.
fn pinned() -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routes/snapshots");
    let mut pinned = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "snap") {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        for exchange in text.split("\n## ") {
            let mut lines = exchange.lines();
            let Some((method, target)) =
                lines.find_map(|line| line.strip_prefix("> ")).and_then(|line| line.split_once(' '))
            else {
                continue;
            };
            if lines.any(|line| line.starts_with("< 2")) {
                let path = target.split('?').next().unwrap();
                pinned.insert((method.to_owned(), path.to_owned()));
            }
        }
    }
    pinned
}

/// What stands before the name of a snapshot.
const HOLDS: &str = concat!("Pin::", "new(\"");

/// The names of all snapshots that the sources below a folder hold.
fn held(folder: &Path, names: &mut BTreeSet<String>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            held(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let found = text.split(HOLDS).skip(1).filter_map(|rest| rest.split_once('"'));
            names.extend(found.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_snapshot_is_held_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routes");
    let mut names = BTreeSet::new();
    held(&folder, &mut names);
    let files = fs::read_dir(folder.join("snapshots")).unwrap().map(|entry| entry.unwrap().path());
    let snapshots = files.filter(|file| file.extension().is_some_and(|extension| extension == "snap"));
    let written: BTreeSet<_> =
        snapshots.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(written, names);
}

/// Whether a path is one of this address, whose names in braces stand for one segment each.
fn is_at(path: &str, address: &str) -> bool {
    let (mut segments, mut pattern) = (path.split('/'), address.split('/'));
    let all = segments.by_ref().zip(pattern.by_ref()).all(|(segment, pattern)| {
        segment == pattern || (pattern.starts_with('{') && !segment.starts_with('{'))
    });
    all && path.split('/').count() == address.split('/').count()
}

#[tokio::test(start_paused = true)]
async fn every_address_has_pinned_answers() {
    let mut stage = Stage::new().await;
    let pinned = pinned();
    let mut missing = Vec::new();
    for address in routes::addresses() {
        for method in METHODS {
            let answer = stage.ask(&Request::new(method, address)).await;
            if answer.status == StatusCode::METHOD_NOT_ALLOWED {
                continue;
            }
            // What another origin may do is asked of no id.
            let asked = |path: &str| is_at(path, address) || (method == "OPTIONS" && path == address);
            if !pinned.iter().any(|(known, path)| known == method && asked(path)) {
                missing.push(format!("{method} {address}"));
            }
        }
    }
    assert!(missing.is_empty(), "no success is pinned for {missing:?}");
}
