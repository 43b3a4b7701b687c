//! Codenames as people type them, from vectors that the TypeScript code reads too, and what their checksum promises.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's own exemption for tests stops at their functions"
)]

use bip39::Language;
use kua_protocol::id::DropId;
use kua_sealing::{Codename, CodenameError, SubmitterKeys};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    words: String,
    typed: Vec<Typed>,
    refused: Vec<Refused>,
    slips: Vec<Slips>,
}

#[derive(Deserialize)]
struct Typed {
    about: String,
    typed: String,
}

#[derive(Deserialize)]
struct Refused {
    about: String,
    typed: String,
    why: String,
    found: Option<usize>,
    position: Option<usize>,
    word: Option<String>,
}

/// A codename, and for each of its words all others that could stand there unnoticed.
#[derive(Deserialize)]
struct Slips {
    words: String,
    unnoticed: [Vec<String>; 8],
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/vectors/typed.json")).unwrap()
}

fn words_of(typed: &str) -> Result<[&'static str; 8], CodenameError> {
    typed.parse::<Codename>().map(|codename| codename.words())
}

/// All that could be typed in the place of one word, and is not noticed.
fn unnoticed(words: [&'static str; 8], position: usize) -> Vec<&'static str> {
    let passes = |other: &&'static str| {
        let mut typed = words;
        typed[position] = other;
        match words_of(&typed.join(" ")) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error, CodenameError::Checksum);
                false
            }
        }
    };
    let others = Language::English.word_list().iter().copied().filter(|word| *word != words[position]);
    others.filter(passes).collect()
}

#[test]
fn what_people_type_is_read_alike_everywhere() {
    let vectors = vectors();
    let words: Vec<_> = vectors.words.split(' ').collect();
    assert!(!vectors.typed.is_empty());
    for case in vectors.typed {
        assert_eq!(words_of(&case.typed).unwrap().as_slice(), words, "{}", case.about);
    }
}

#[test]
fn what_is_no_codename_is_refused_for_one_reason_everywhere() {
    let vectors = vectors();
    assert!(!vectors.refused.is_empty());
    for case in vectors.refused {
        let about = &case.about;
        match words_of(&case.typed).unwrap_err() {
            CodenameError::WordCount { found } => {
                assert_eq!((case.why.as_str(), case.found), ("word-count", Some(found)), "{about}");
            }
            CodenameError::UnknownWord { position, typed, .. } => {
                assert_eq!((case.why.as_str(), case.position), ("unknown-word", Some(position)), "{about}");
                assert_eq!(case.word, Some(typed), "{about}");
            }
            CodenameError::Checksum => assert_eq!(case.why, "checksum", "{about}"),
            CodenameError::NoRandomness => panic!("{about}"),
        }
    }
}

#[test]
fn the_slips_that_pass_unnoticed_are_these_and_no_others() {
    for slips in vectors().slips {
        let words = words_of(&slips.words).unwrap();
        for (position, expected) in slips.unnoticed.iter().enumerate() {
            assert_eq!(&unnoticed(words, position), expected, "{} at {position}", slips.words);
        }
    }
}

#[test]
fn one_wrong_word_passes_once_in_256_times() {
    let (mut passed, mut tried) = (0, 0);
    for slips in vectors().slips {
        // What passed is a codename like any other: from there on the same is true.
        for words in [slips.words.clone(), replaced(&slips, 0), replaced(&slips, 5)] {
            let words = words_of(&words).unwrap();
            passed += (0..8).map(|position| unnoticed(words, position).len()).sum::<usize>();
            tried += 8 * 2047;
        }
    }
    // 384 are expected; the square root of that is 20.
    let expected = tried / 256;
    assert!(passed.abs_diff(expected) < 80, "{passed} of {tried} passed, {expected} are expected");
}

fn replaced(slips: &Slips, position: usize) -> String {
    let mut words: Vec<_> = slips.words.split(' ').collect();
    words[position] = &slips.unnoticed[position][0];
    words.join(" ")
}

/// Ways to write a word that are the same word.
fn written(word: &str, way: u8) -> String {
    let shifted = |from: u32| -> String {
        word.chars()
            .map(|letter| char::from_u32(u32::from(letter) - u32::from('a') + from).unwrap())
            .collect()
    };
    match way % 6 {
        0 => word.to_owned(),
        1 => word.to_uppercase(),
        2 => word.chars().take(4).collect(),
        3 => word.chars().take(4).collect::<String>().to_uppercase(),
        // Letters of full width, small and capital.
        4 => shifted(0xff41),
        _ => shifted(0xff21),
    }
}

const BETWEEN: [&str; 9] = [" ", "  ", "-", ", ", ",", "\r\n", "\u{a0}", "\u{3000}", "\u{2011}"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn however_it_is_typed_a_codename_gives_the_same_keys(
        ways in any::<[u8; 8]>(), between in proptest::collection::vec(0..BETWEEN.len(), 9),
    ) {
        let codename = Codename::generate().unwrap();
        let mut typed = BETWEEN[between[8]].to_owned();
        for ((word, way), between) in codename.words().iter().zip(ways).zip(between) {
            typed = typed + &written(word, way) + BETWEEN[between];
        }
        let drop = DropId::from_bytes([7; 16]);
        let keys = SubmitterKeys::derive(&codename, drop).unwrap();
        let read = SubmitterKeys::derive(&typed.parse().unwrap(), drop).unwrap();
        prop_assert_eq!(read.signing().public(), keys.signing().public());
        prop_assert_eq!(read.recipient().to_string(), keys.recipient().to_string());
        prop_assert_eq!(read.mailbox(), keys.mailbox());
        let elsewhere = SubmitterKeys::derive(&codename, DropId::from_bytes([8; 16])).unwrap();
        prop_assert_ne!(elsewhere.mailbox(), keys.mailbox());
    }
}
