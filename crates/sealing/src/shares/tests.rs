use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::vault::hex;

fn vault(kind: VaultKind, byte: u8) -> Vault {
    Vault::new(kind, "Root", Seed::take(&mut [byte; 32])).unwrap()
}

fn split(shares: u8, threshold: u8) -> Vec<Share> {
    Share::split(&vault(VaultKind::Root, 7), shares, threshold).unwrap()
}

fn again(share: &Share) -> Share {
    share.reveal().parse().unwrap()
}

fn combined(shares: &[Share]) -> Result<(VaultKind, [u8; 32]), ShareError> {
    Share::combine(shares).map(|(kind, seed)| (kind, *seed.expose()))
}

/// The same share with another value: what somebody can make who wants the others to fail.
fn bent(share: &Share) -> Share {
    let mut value = Zeroizing::new([0; SEED_LEN]);
    value.copy_from_slice(share.value.as_slice());
    value[31] ^= 1;
    Share { split: share.split, index: share.index, value: Locked::new(value) }
}

#[derive(Deserialize)]
struct Vectors {
    splits: Vec<Vector>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Vector {
    kind: VaultKind,
    seed: String,
    set: String,
    threshold: u8,
    shares: Vec<String>,
}

#[derive(Deserialize)]
struct Refused {
    text: String,
    why: String,
}

#[test]
fn shares_of_the_past_restore_for_ever() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/shares.json");
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert!(vectors.splits.len() > 2 && vectors.refused.len() > 5);
    for vector in vectors.splits {
        let shares: Vec<Share> = vector.shares.iter().map(|text| text.parse().unwrap()).collect();
        for (share, index) in shares.iter().zip(1..) {
            assert_eq!((share.kind(), share.index()), (vector.kind, index));
            assert_eq!((share.threshold(), share.set()), (vector.threshold, vector.set.clone()));
        }
        let need = usize::from(vector.threshold);
        for few in shares.windows(need).chain([shares.as_slice()]) {
            let (kind, seed) = combined(few).unwrap();
            assert_eq!((kind, hex(&seed)), (vector.kind, vector.seed.clone()));
        }
    }
    for Refused { text, why } in vectors.refused {
        let expected = match why.as_str() {
            "none" => ShareError::NotAShare,
            "damaged" => ShareError::Damaged,
            "newer" => ShareError::Newer,
            other => panic!("{other}"),
        };
        assert_eq!(text.parse::<Share>().unwrap_err(), expected, "{text}");
    }
}

#[test]
fn only_sensible_numbers_are_split_into() {
    for (shares, threshold) in [(1, 1), (5, 1), (5, 0), (3, 4), (17, 3), (0, 0), (255, 255)] {
        let refused = Share::split(&vault(VaultKind::Root, 7), shares, threshold);
        assert!(matches!(refused, Err(ShareError::Numbers)), "{threshold} of {shares}");
    }
    let most = split(16, 16);
    assert_eq!(combined(&most), Ok((VaultKind::Root, [7; 32])));
}

#[test]
fn every_split_has_a_name_of_its_own() {
    let (one, other) = (split(3, 2), split(3, 2));
    assert_eq!(one[0].set(), one[2].set());
    assert_ne!(one[0].set(), other[0].set());
    assert_ne!(*one[0].reveal(), *other[0].reveal());
}

#[test]
fn a_share_that_does_not_belong_is_named() {
    let (mut shares, other) = (split(5, 3), split(5, 3));
    shares[1] = again(&other[1]);
    assert_eq!(combined(&shares), Err(ShareError::Foreign(vec![1])));
    // Also one of another key that was split alike.
    let marat = Share::split(&vault(VaultKind::Coordinator, 9), 5, 3).unwrap();
    shares[1] = again(&marat[1]);
    assert_eq!(combined(&shares), Err(ShareError::Foreign(vec![1])));
    let one_each = [again(&shares[0]), again(&other[1]), again(&marat[2])];
    assert_eq!(combined(&one_each), Err(ShareError::Foreign(vec![1, 2])));
}

#[test]
fn a_share_counts_once() {
    let shares = split(5, 3);
    let twice = [again(&shares[0]), again(&shares[4]), again(&shares[0])];
    assert_eq!(combined(&twice), Err(ShareError::Twice(0, 2)));
    let contradicting = [again(&shares[0]), again(&shares[4]), bent(&shares[4])];
    assert_eq!(combined(&contradicting), Err(ShareError::Contradict(1, 2)));
    assert_eq!(combined(&shares[..2]), Err(ShareError::TooFew { have: 2, need: 3 }));
    assert_eq!(combined(&[]), Err(ShareError::TooFew { have: 0, need: 2 }));
}

#[test]
fn a_false_share_is_found_where_enough_true_ones_are_there() {
    let shares = split(5, 3);
    let with = |bad: &[usize], of: usize| -> Vec<Share> {
        (0..of).map(|at| if bad.contains(&at) { bent(&shares[at]) } else { again(&shares[at]) }).collect()
    };
    assert_eq!(combined(&with(&[1], 5)), Err(ShareError::DoNotFit(vec![1])));
    assert_eq!(combined(&with(&[0, 4], 5)), Err(ShareError::DoNotFit(vec![0, 4])));
    // Among three of which three are needed nobody can tell.
    assert_eq!(combined(&with(&[1], 3)), Err(ShareError::DoNotFit(vec![])));
}

#[test]
fn a_share_is_found_on_its_page_however_it_was_typed() {
    let share = &split(3, 2)[0];
    let text = share.reveal();
    assert_eq!(text.len(), 89);
    let groups: Vec<&str> =
        text.as_bytes().chunks(6).map(|group| std::str::from_utf8(group).unwrap()).collect();
    for typed in [
        text.to_uppercase(),
        groups.join(" "),
        groups.join("-"),
        groups.join("\r\n"),
        format!("Share 1 of 3 of “Дозор”\n\n  {}\n\nKeep it.", groups.join(" ")),
    ] {
        assert_eq!(*typed.parse::<Share>().unwrap().reveal(), **text, "{typed}");
    }
    for (typed, why) in [
        ("", ShareError::NotAShare),
        ("Share 1 of 3", ShareError::NotAShare),
        (&text[..88], ShareError::Damaged),
        ("share1 of the drop", ShareError::Damaged),
    ] {
        assert_eq!(typed.parse::<Share>().unwrap_err(), why, "{typed}");
    }
}

#[test]
fn what_is_missing_of_a_share_is_known_while_it_is_typed() {
    let text = split(3, 2)[0].reveal();
    for typed in 6..89 {
        assert_eq!(Share::missing(&text[..typed]), 89 - typed);
        assert_eq!(Share::missing(&format!("  {} -\n", text[..typed].to_uppercase())), 89 - typed);
    }
    for nothing in ["", "share", "qpzry", &format!("{}qq", *text)] {
        assert_eq!(Share::missing(nothing), 0, "{nothing}");
    }
}

#[test]
fn every_single_wrong_character_is_found() {
    let text = split(3, 2)[0].reveal();
    for at in "share1".len()..text.len() {
        for other in "qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio".chars() {
            let mut bent = text.to_string();
            bent.replace_range(at..=at, &other.to_string());
            assert!(bent == *text || bent.parse::<Share>().is_err(), "{bent}");
        }
    }
}

#[test]
fn debug_output_shows_nothing_secret() {
    insta::assert_snapshot!(format!("{:?}", split(3, 2)[1]), @"Share { index: 2, .. }");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_of_the_shares_restore_as_soon_as_they_are_enough(
        mut seed in any::<[u8; 32]>(),
        (shares, threshold) in (2u8..=9).prop_flat_map(|n| (Just(n), 2..=n)),
        order in any::<proptest::sample::Index>(),
    ) {
        let expected = seed;
        let vault = Vault::new(VaultKind::Coordinator, "Aigul", Seed::take(&mut seed)).unwrap();
        let mut made = Share::split(&vault, shares, threshold).unwrap();
        let at = order.index(made.len());
        made.rotate_left(at);
        let need = usize::from(threshold);
        for some in [&made[..need], &made[..]] {
            prop_assert_eq!(combined(some), Ok((VaultKind::Coordinator, expected)));
        }
        prop_assert_eq!(combined(&made[..need - 1]), Err(ShareError::TooFew { have: need - 1, need }));
    }

    /// Whatever seed somebody guesses, there is a last share with which his shares give just that one: so they tell him nothing.
    #[test]
    fn one_share_less_agrees_with_every_seed(
        guess in any::<[u8; 32]>(),
        threshold in 2u8..=6,
    ) {
        let shares = split(threshold, threshold);
        let (missing, held) = shares.split_last().unwrap();
        let (x, sharks) = (missing.index, blahaj::Sharks(threshold));
        let point = |x: u8, y: &[u8]| blahaj::Share::try_from([&[x], y].concat().as_slice()).unwrap();
        // The crate gives the value at 0; in this field x ⊕ x = 0, so that everything is moved by x.
        let moved: Vec<_> =
            held.iter().map(|share| point(share.index ^ x, share.value.as_slice())).chain([point(x, &guess)]).collect();
        let last = sharks.recover(&moved).unwrap();
        let all: Vec<_> =
            held.iter().map(|share| point(share.index, share.value.as_slice())).chain([point(x, &last)]).collect();
        prop_assert_eq!(sharks.recover(&all).unwrap(), guess.to_vec());
    }

    #[test]
    fn up_to_four_wrong_characters_are_found(
        places in proptest::collection::vec((6usize..89, 0usize..32), 1..=4),
    ) {
        let text = split(2, 2)[0].reveal();
        let mut typed = text.to_string();
        for (at, other) in places {
            typed.replace_range(at..=at, &"qpzry9x8gf2tvdw0s3jn54khce6mua7l"[other..=other]);
        }
        prop_assert!(typed == **text || typed.parse::<Share>().is_err());
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(text in "(share1)?\\PC{0,120}") {
        let _ = (text.parse::<Share>(), Share::missing(&text));
    }
}
