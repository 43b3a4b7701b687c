//! Ten thousand reports, in memory that does not grow with them. A program of its own, since the memory is the
//! program's.

#![allow(unreachable_pub, dead_code, reason = "the stage has more than is needed here")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends where it fails")]

#[path = "it/stage.rs"]
mod stage;

use std::fs;
use std::time::Instant;

use kua_export::{Export, Format, Words};
use kua_protocol::id::ObjectId;

use stage::{Contents, Locale, incidents, made, record};

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn ten_thousand_reports_are_exported_in_little_memory() {
    let samples = incidents();
    for format in Format::ALL {
        let (begun, before) = (Instant::now(), peak());
        let folder = tempfile::tempdir().unwrap();
        let words: Vec<Box<dyn Words>> = vec![Box::new(Locale::new("en"))];
        let mut export = Export::begin(*format, folder.path(), made(), words).unwrap();
        for number in 0..10_000_usize {
            let mut told = samples[number % samples.len()].clone();
            told.id = ObjectId::of(&number.to_be_bytes());
            export.add(&mut record(&told, &mut Contents(&[]))).unwrap();
        }
        let written = export.finish().unwrap();
        assert_eq!(written.reports, 10_000);
        let (took, grown) = (begun.elapsed(), peak() - before);
        println!("{format}: {} KiB in {took:?}, {grown} KiB of memory more", written.bytes / 1024);
        assert!(grown < 48 * 1024, "{format} needs {grown} KiB more");
    }
}
