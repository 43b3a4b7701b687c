//! Archives as they are meant: they come back equal, stock tar takes them, and a file that changes is noticed.

use std::fs;
use std::io::{self, Cursor, Read};
use std::process::Command;

use kua_report::{Archive, ArchiveReader, Error};
use proptest::prelude::*;

use crate::sample;

const FILES: &[(&str, &[u8])] = &[
    ("photo.jpg", b"\xff\xd8 not really"),
    ("протокол допроса.pdf", b""),
    (
        "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long.bin",
        &[7; 1024],
    ),
];

#[test]
fn stock_tar_takes_it_apart() {
    let report = sample::report(FILES);
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = sample::write(&report, FILES).unwrap();
    bytes.resize(16 * 1024, 0);
    fs::write(folder.path().join("r.tar"), bytes).unwrap();
    let tar = |arguments: &[&str]| {
        let output = Command::new("tar")
            .args(arguments)
            .current_dir(&folder)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let listed =
        tar(&["--list", "--verbose", "--numeric-owner", "--utc", "--quoting-style=literal", "--file=r.tar"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 4, "{listed}");
    for (line, path) in lines.iter().zip(std::iter::once("report.json".to_owned()).chain(paths())) {
        assert!(
            line.starts_with("-rw------- 0/0 ") && line.ends_with(&format!(" 1970-01-01 00:00 {path}")),
            "{line}"
        );
    }
    tar(&["--extract", "--file=r.tar"]);
    assert_eq!(fs::read(folder.path().join("report.json")).unwrap(), report.to_json().unwrap());
    for (path, (_, content)) in paths().zip(FILES) {
        assert_eq!(fs::read(folder.path().join(path)).unwrap(), *content);
    }
}

fn paths() -> impl Iterator<Item = String> {
    FILES.iter().map(|(name, _)| format!("attachments/{name}"))
}

#[test]
fn attachments_may_be_left_unread_and_are_verified_all_the_same() {
    let bytes = sample::write(&sample::report(FILES), FILES).unwrap();
    assert!(ArchiveReader::new(&bytes[..]).unwrap().finish().is_ok());
    let mut wrong = bytes.clone();
    let at = wrong.windows(4).position(|window| window == [7; 4]).unwrap();
    wrong[at] ^= 1;
    let error = ArchiveReader::new(&wrong[..]).unwrap().finish().unwrap_err();
    assert!(matches!(error, Error::Changed { name, .. } if name.as_str() == FILES[2].0));
}

#[test]
fn the_verdict_comes_at_the_end_of_the_attachment() {
    let files: &[(&str, &[u8])] = &[("a.bin", b"abcdef")];
    let mut bytes = sample::write(&sample::report(files), files).unwrap();
    let at = bytes.windows(6).position(|window| window == b"abcdef").unwrap();
    bytes[at] = b'x';
    let mut reader = ArchiveReader::new(&bytes[..]).unwrap();
    let mut content = Vec::new();
    let error = reader.next_attachment().unwrap().unwrap().read_to_end(&mut content).unwrap_err();
    assert_eq!(content, b"xbcdef");
    assert!(error.to_string().contains("a.bin"), "{error}");
}

#[test]
fn an_archive_without_attachments_is_the_report_alone() {
    let report = sample::report(&[]);
    let bytes = sample::write(&report, &[]).unwrap();
    assert_eq!(sample::read(&bytes).unwrap(), (report, Vec::new()));
}

/// What writing says when the file gives these bytes though `abc` was announced.
fn refusal(content: io::Result<&'static [u8]>) -> String {
    let report = sample::report(&[("a.bin", b"abc")]);
    let archive = Archive::new(&report).unwrap();
    let mut content = Some(content);
    let mut source = archive.source(|_, _| content.take().unwrap().map(Cursor::new));
    io::copy(&mut source, &mut io::sink()).unwrap_err().to_string()
}

#[test]
fn a_file_that_changed_in_between_ends_the_writing() {
    assert!(refusal(Ok(b"ab")).contains("\"a.bin\"") && refusal(Ok(b"ab")).contains("fewer"));
    assert!(refusal(Ok(b"abcd")).contains("\"a.bin\"") && refusal(Ok(b"abcd")).contains("more"));
    assert!(refusal(Ok(b"abd")).contains("\"a.bin\"") && refusal(Ok(b"abd")).contains("SHA-256"));
    let gone = refusal(Err(io::ErrorKind::NotFound.into()));
    assert!(gone.contains("\"a.bin\" cannot be read"), "{gone}");
}

#[test]
fn nothing_is_opened_before_its_turn() {
    let report = sample::report(FILES);
    let archive = Archive::new(&report).unwrap();
    let mut opened = 0;
    let mut source = archive.source(|index, _| {
        opened = index + 1;
        Ok(FILES[index].1)
    });
    source.read_exact(&mut vec![0; 512 + report.to_json().unwrap().len()]).unwrap();
    drop(source);
    assert_eq!(opened, 0);
}

/// Gives one byte at a time, and interrupts before each.
struct Dribble<'a>(&'a [u8], bool);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}

#[test]
fn slow_and_interrupted_streams_make_no_difference() {
    let report = sample::report(FILES);
    let bytes = sample::write(&report, FILES).unwrap();
    let mut again = Vec::new();
    let archive = Archive::new(&report).unwrap();
    archive.source(|index, _| Ok(Dribble(FILES[index].1, false))).read_to_end(&mut again).unwrap();
    assert!(again == bytes);
    assert_eq!(ArchiveReader::new(Dribble(&bytes, false)).unwrap().finish().unwrap(), report);
}

proptest! {
    #[test]
    fn archives_come_back(contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..1200), 0..4), zeros in 0..5000usize) {
        let names = ["a.jpg", "б.jpg", "c", "d d.pdf"];
        let files: Vec<(&str, &[u8])> = names.into_iter().zip(contents.iter().map(Vec::as_slice)).collect();
        let report = sample::report(&files);
        let mut bytes = sample::write(&report, &files).unwrap();
        bytes.resize(bytes.len() + zeros, 0);
        let (back, read) = sample::read(&bytes).unwrap();
        prop_assert_eq!(back, report);
        prop_assert_eq!(read.len(), files.len());
        for ((name, content), (expected_name, expected)) in read.iter().zip(&files) {
            prop_assert_eq!(name, expected_name);
            prop_assert_eq!(&content[..], *expected);
        }
    }
}
