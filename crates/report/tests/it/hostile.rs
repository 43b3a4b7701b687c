//! Archives made to harm: every one is refused, and none of them panics.

use kua_report::ArchiveReader;
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};

use crate::sample;

const FILES: &[(&str, &[u8])] = &[("a.jpg", b"aaaa"), ("b.jpg", b"bbbb")];

/// The bytes of a good archive up to the end of report.json, and those of its two attachments' entries.
fn parts() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut head = sample::write(&sample::report(FILES), FILES).unwrap();
    head.truncate(head.len() - 1024);
    let b = head.split_off(head.len() - 1024);
    let a = head.split_off(head.len() - 1024);
    (head, a, b)
}

/// The good report with these entries behind it, and a good end.
fn refused(what: &str, entries: &[&[u8]]) {
    let (head, ..) = parts();
    let bytes = [&[&head[..]], entries, &[&[0; 1024]]].concat().concat();
    assert!(sample::read(&bytes).is_err(), "{what}");
    assert!(ArchiveReader::new(&bytes[..]).unwrap().finish().is_err(), "{what}");
}

/// One entry as the tar crate writes it, changed.
fn entry(path: &str, change: impl Fn(&mut Header)) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_entry_type(EntryType::Regular);
    header.set_size(4);
    change(&mut header);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(b"aaaa");
    bytes.resize(1024, 0);
    bytes
}

#[test]
fn the_unharmed_archive_is_taken() {
    let (head, a, b) = parts();
    assert_eq!(a, entry("attachments/a.jpg", |_| {}));
    assert!(sample::read(&[&head[..], &a, &b, &[0; 1024]].concat()).is_ok());
}

#[test]
fn only_plain_files_are_taken() {
    let (_, _, b) = parts();
    for kind in [
        EntryType::Link,
        EntryType::Symlink,
        EntryType::Char,
        EntryType::Block,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Continuous,
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::GNUSparse,
        EntryType::XGlobalHeader,
        EntryType::XHeader,
    ] {
        let link = entry("attachments/a.jpg", |header| {
            header.set_entry_type(kind);
            header.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
        });
        refused(&format!("{kind:?}"), &[&link, &b]);
        refused(
            &format!("{kind:?}"),
            &[&entry("attachments/a.jpg", |header| header.set_entry_type(kind)), &b],
        );
    }
}

#[test]
fn only_the_announced_names_are_taken_in_their_order() {
    let (_, a, b) = parts();
    for path in [
        "../a.jpg",
        "/attachments/a.jpg",
        "attachments/../a.jpg",
        "attachments//a.jpg",
        "./attachments/a.jpg",
        "a.jpg",
        "report.json",
        "attachments/A.jpg",
    ] {
        refused(path, &[&entry(path, |_| {}), &b]);
    }
    refused(
        "a prefix",
        &[
            &entry("attachments/a.jpg", |header| {
                header.as_ustar_mut().unwrap().prefix[0] = b'x';
            }),
            &b,
        ],
    );
    refused("wrong order", &[&b, &a]);
    refused("one twice", &[&a, &a, &b]);
    refused("one missing", &[&a]);
    refused("one too many", &[&a, &b, &entry("attachments/c.jpg", |_| {})]);
    refused("none", &[]);
}

#[test]
fn sizes_contents_and_marks_are_the_announced_ones() {
    let (_, a, b) = parts();
    for size in [0, 3, 5, 1 << 33, u64::MAX] {
        refused("size", &[&entry("attachments/a.jpg", |header| header.set_size(size)), &b]);
    }
    refused(
        "an older tar's mark",
        &[&entry("attachments/a.jpg", |header| header.as_old_mut().linkflag = [0]), &b],
    );
    refused("mode", &[&entry("attachments/a.jpg", |header| header.set_mode(0o4755)), &b]);
    refused("owner", &[&entry("attachments/a.jpg", |header| header.set_uid(1)), &b]);
    refused(
        "owner's name",
        &[&entry("attachments/a.jpg", |header| header.set_username("root").unwrap()), &b],
    );
    refused("time", &[&entry("attachments/a.jpg", |header| header.set_mtime(1)), &b]);
    for (at, what) in [(148, "checksum"), (512, "content"), (1023, "filling")] {
        let mut changed = a.clone();
        changed[at] ^= 1;
        refused(what, &[&changed, &b]);
    }
}

#[test]
fn pax_headers_come_only_where_they_are_needed() {
    let (_, a, b) = parts();
    for records in [
        "18 path=../a.jpg\n",
        "26 path=attachments/a.jpg\n",
        "10 size=0\n",
        "30 linkpath=attachments/x.jpg\n",
        "999999999 path=a\n",
        "\0",
    ] {
        let mut pax = entry("pax/1", |header| {
            header.set_entry_type(EntryType::XHeader);
            header.set_size(records.len() as u64);
        });
        pax.truncate(512);
        pax.extend(records.as_bytes());
        pax.resize(1024, 0);
        refused(records, &[&pax, &a, &b]);
    }
}

#[test]
fn gnu_archives_are_not_ours() {
    let mut builder = Builder::new(Vec::new());
    let json = sample::report(&[]).to_json().unwrap();
    let mut header = Header::new_gnu();
    header.set_size(json.len() as u64);
    header.set_mode(0o600);
    builder.append_data(&mut header, "report.json", &json[..]).unwrap();
    assert!(ArchiveReader::new(&builder.into_inner().unwrap()[..]).is_err());
}

#[test]
fn nothing_but_zeros_follows() {
    let bytes = sample::write(&sample::report(FILES), FILES).unwrap();
    for length in [1, 511, 512, 200_000] {
        let mut junk = bytes.clone();
        junk.resize(bytes.len() + length, 0);
        assert!(sample::read(&junk).is_ok());
        *junk.last_mut().unwrap() = 1;
        assert!(sample::read(&junk).is_err(), "{length}");
    }
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let bytes = sample::write(&sample::report(FILES), FILES).unwrap();
    for length in (0..bytes.len()).step_by(97).chain([bytes.len() - 1, bytes.len() - 512, bytes.len() - 1024])
    {
        assert!(sample::read(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_report_too_large_is_refused_before_it_is_read() {
    let claim = entry("report.json", |header| header.set_size(1 << 30));
    assert!(ArchiveReader::new(&claim[..]).unwrap_err().to_string().contains("1048576"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        prop_assert!(sample::read(&bytes).is_err());
    }

    #[test]
    fn a_flipped_bit_behind_the_report_is_always_noticed(bit in any::<prop::sample::Index>()) {
        let (head, a, b) = parts();
        let mut bytes = [&head[..], &a, &b, &[0; 1024]].concat();
        let bit = bit.index((bytes.len() - head.len()) * 8) + head.len() * 8;
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(sample::read(&bytes).is_err());
    }

    #[test]
    fn a_flipped_bit_anywhere_is_no_panic(bit in any::<prop::sample::Index>()) {
        let mut bytes = sample::write(&sample::report(FILES), FILES).unwrap();
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let _ = sample::read(&bytes);
    }
}
