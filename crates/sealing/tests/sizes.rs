//! What a sealed object's size and header tell, which is as little as can be.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy's own exemption for tests stops at their functions"
)]

use std::io::{self, Read};

use age_hybrid::Identity;
use kua_protocol::id::ObjectId;
use kua_protocol::sealed::SealedShape;
use kua_sealing::{Floor, OpenError, Recipients, SealError, SealPlan, Sealed, open};

fn identities(n: usize) -> Vec<Identity> {
    (0..n).map(|_| Identity::generate().unwrap()).collect()
}

/// The recipients of a roster, of whom those are chosen whose bit is set.
fn recipients(roster: &[Identity], chosen: u32) -> Recipients {
    let names: Vec<_> = roster.iter().map(|identity| identity.to_public().to_string()).collect();
    let bits = (0..).map(|n| chosen >> n & 1 == 1);
    Recipients::new(names.iter().map(String::as_str).zip(bits)).unwrap()
}

fn seal(plan: &SealPlan, archive: impl Read) -> Result<(Sealed, Vec<u8>), SealError> {
    let mut bytes = Vec::new();
    plan.seal(archive, &mut bytes).map(|sealed| (sealed, bytes))
}

/// Everything of a header but its random letters: each stanza's type, and the lengths of its lines.
///
/// Grease comes last and takes the MAC's line along.
fn form(sealed: &[u8]) -> Vec<(String, Vec<usize>)> {
    let shape = SealedShape::of(sealed, sealed.len() as u64).unwrap();
    let header = std::str::from_utf8(&sealed[..shape.header_len]).unwrap();
    let mut stanzas: Vec<(String, Vec<usize>)> = Vec::new();
    for line in header.lines() {
        if let Some(words) = line.strip_prefix("-> ") {
            let tag = words.split(' ').next().unwrap();
            stanzas.push((tag.to_owned(), vec![line.len()]));
        } else if let Some((_, lines)) = stanzas.last_mut() {
            lines.push(line.len());
        }
    }
    stanzas.retain(|(tag, _)| !tag.ends_with("-grease"));
    stanzas
}

#[test]
fn a_thousand_seals_do_not_tell_who_was_chosen() {
    let roster = identities(4);
    let stanza = ("mlkem768x25519".to_owned(), vec![18 + 1494, 43]);
    let mut headers = std::collections::BTreeSet::new();
    for n in 0..1000u32 {
        let plan = SealPlan::new(recipients(&roster, 1 + n % 15), u64::from(n), Floor::Report).unwrap();
        let (sealed, bytes) = seal(&plan, io::repeat(b'x').take(n.into())).unwrap();
        assert_eq!(sealed.size(), 70 + 4 * 1557 + 16 + 16_384 + 16);
        assert_eq!((bytes.len() as u64, plan.sealed_len()), (sealed.size(), sealed.size()));
        assert_eq!(sealed.id(), ObjectId::of(&bytes));
        assert_eq!(form(&bytes), vec![stanza.clone(); 4]);
        headers.insert(SealedShape::of(&bytes, sealed.size()).unwrap().header_len);
    }
    assert!(headers.len() > 50, "grease varied the header by {} lengths only", headers.len());
}

#[test]
fn the_chosen_open_it_and_no_one_else() {
    let roster = identities(3);
    for chosen in 1..8 {
        let plan = SealPlan::new(recipients(&roster, chosen), 4, Floor::Reply).unwrap();
        let (_, bytes) = seal(&plan, &b"text"[..]).unwrap();
        for (n, identity) in roster.iter().enumerate() {
            match open(bytes.as_slice(), identity) {
                Ok(mut opened) => {
                    let mut text = Vec::new();
                    opened.read_to_end(&mut text).unwrap();
                    assert!(chosen >> n & 1 == 1 && text.starts_with(b"text\0"));
                }
                Err(error) => assert!(chosen >> n & 1 == 0 && matches!(error, OpenError::NotForYou)),
            }
        }
    }
}

#[derive(serde::Deserialize)]
struct Vector {
    recipients: usize,
    floor: String,
    archive_len: u64,
    padded_len: u64,
    sealed_len: u64,
}

#[test]
fn sizes_are_these_at_every_edge() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../tests/vectors/sealed-size.json")).unwrap();
    assert!(vectors.len() > 30);
    for vector in vectors {
        let floor = match vector.floor.as_str() {
            "report" => Floor::Report,
            "reply" => Floor::Reply,
            _ => Floor::Entry,
        };
        let roster = identities(vector.recipients);
        let plan = SealPlan::new(recipients(&roster, 1), vector.archive_len, floor).unwrap();
        assert_eq!(plan.padded_len(), vector.padded_len, "L = {}", vector.archive_len);
        assert_eq!(plan.sealed_len(), vector.sealed_len, "L = {}", vector.archive_len);
        // Sealing gigabytes proves nothing that megabytes do not.
        if vector.archive_len <= 4 << 20 {
            let (sealed, _) = seal(&plan, io::repeat(1).take(vector.archive_len)).unwrap();
            assert_eq!(sealed.size(), vector.sealed_len, "L = {}", vector.archive_len);
        }
    }
}

#[test]
fn an_archive_of_another_length_is_refused() {
    let roster = identities(1);
    for planned in [1, 1000, 70_000] {
        let plan = SealPlan::new(recipients(&roster, 1), planned, Floor::Report).unwrap();
        for actual in [0, planned - 1, planned + 1, planned + 100_000] {
            let error = seal(&plan, io::repeat(1).take(actual)).unwrap_err();
            assert!(matches!(error, SealError::Changed), "{planned} {actual} {error:?}");
        }
    }
}

#[test]
fn a_source_or_a_target_that_fails_is_named() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::NotFound.into())
        }
    }
    let plan = SealPlan::new(recipients(&identities(1), 1), 10, Floor::Report).unwrap();
    assert!(matches!(seal(&plan, Failing), Err(SealError::Read(_))));
    let mut small = [0; 5_000];
    assert!(matches!(plan.seal(io::repeat(1).take(10), small.as_mut_slice()), Err(SealError::Write(_))));
}

#[test]
fn each_seal_has_its_own_file_key() {
    let plan = SealPlan::new(recipients(&identities(1), 1), 4, Floor::Report).unwrap();
    let (first, second) = (seal(&plan, &b"text"[..]).unwrap(), seal(&plan, &b"text"[..]).unwrap());
    assert_ne!(first.0.id(), second.0.id());
    assert_eq!(first.0.size(), second.0.size());
}

#[test]
fn recipients_are_some_and_valid_and_not_too_many() {
    let key = Identity::generate().unwrap().to_public().to_string();
    let with = |n: usize, chosen| Recipients::new((0..n).map(|_| (key.as_str(), chosen)));
    assert!(matches!(with(0, true), Err(SealError::NobodyChosen)));
    assert!(matches!(with(3, false), Err(SealError::NobodyChosen)));
    assert!(matches!(with(17, true), Err(SealError::TooManyRecipients)));
    assert_eq!(format!("{:?}", with(16, true).unwrap()), "Recipients(16)");
    let bad = Recipients::new([(key.as_str(), true), ("age1pq1", false)]);
    assert!(matches!(bad, Err(SealError::Recipient { position: 2, .. })));
    let plan = SealPlan::new(with(1, true).unwrap(), 1 << 53, Floor::Report);
    assert!(matches!(plan, Err(SealError::TooLarge)));
}

#[test]
fn the_longest_entry_is_what_a_drop_takes() {
    let longest = kua_protocol::dsse::MAX_ENTRY_ENVELOPE_LEN as u64;
    let padded = kua_protocol::padding::padded_len(longest, Floor::Entry.bytes()).unwrap();
    assert_eq!(padded, kua_protocol::limits::MAX_ENTRY);
}
