//! The codename: a submitter's only secret, as eight words that she can write down or learn by heart.

use std::fmt;
use std::str::FromStr;

use bip39::Language;
use kua_protocol::id::DropId;
use kua_protocol::secret::{Locked, Seed};
use sha2::{Digest as _, Sha256};
use strsim::osa_distance;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::{Argon2Cost, OutOfMemory};

const ENTROPY_LEN: usize = 10;
const WORD_COUNT: usize = 8;
const WORD_BITS: usize = 11;
/// Letters that suffice to tell any two words of the list apart.
const PREFIX_LEN: usize = 4;

/// Why a text is not a codename. What was typed is repeated only where the person has to correct it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodenameError {
    /// There are more or fewer words than eight: ask for the missing ones.
    #[error("a codename has {WORD_COUNT} words, and this has {found}")]
    WordCount {
        /// How many words were typed.
        found: usize,
    },
    /// A word is not on the list: show which one, and what it may have been.
    #[error("word {position} is not a word of any codename: {typed}{}", suggest(suggestions))]
    UnknownWord {
        /// Which word it is, from 1.
        position: usize,
        /// What was typed there, in lower case.
        typed: String,
        /// Up to three words of the list that look most like it, best first; perhaps none.
        suggestions: Vec<&'static str>,
    },
    /// All the words exist, but not together: one of them is another's, or two changed places.
    #[error("these words do not belong together: one of them is wrong, or two have changed places")]
    Checksum,
    /// The operating system gave no random bytes for a new codename.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

fn suggest(suggestions: &[&str]) -> String {
    if suggestions.is_empty() { String::new() } else { format!(" (perhaps {}?)", suggestions.join(", ")) }
}

/// A submitter's secret: 80 random bits, written as eight words with a checksum (protocol, "Codename").
///
/// It is never displayed by accident; showing it to the person is [`Codename::reveal`].
pub struct Codename(Locked<Zeroizing<[u8; ENTROPY_LEN]>>);

impl Codename {
    /// Makes a new codename.
    ///
    /// # Errors
    ///
    /// [`CodenameError::NoRandomness`].
    pub fn generate() -> Result<Self, CodenameError> {
        let mut entropy = Zeroizing::new([0; ENTROPY_LEN]);
        getrandom::fill(entropy.as_mut_slice()).map_err(|_| CodenameError::NoRandomness)?;
        Ok(Self(Locked::new(entropy)))
    }

    /// Returns the eight words, for a form that shows or asks for them one by one.
    pub fn words(&self) -> [&'static str; WORD_COUNT] {
        let mut bytes = Zeroizing::new([0; 16]);
        bytes[5..15].copy_from_slice(self.0.as_slice());
        bytes[15] = check_byte(&self.0);
        let bits = Zeroizing::new(u128::from_be_bytes(*bytes));
        let list = Language::English.word_list();
        std::array::from_fn(|n| {
            let shift = WORD_BITS * (WORD_COUNT - 1 - n);
            // Eleven bits are below the list's 2048 words.
            list[usize::try_from((*bits >> shift) & 0x7ff).unwrap_or_default()]
        })
    }

    /// Returns the codename as text with spaces, for the one moment when the person is to see it.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(self.words().join(" "))
    }

    #[cfg(test)]
    pub(crate) fn entropy_hex(&self) -> String {
        crate::vault::hex(self.0.as_slice())
    }

    /// Derives the root of this submitter's keys at one drop: Argon2id over the ten bytes, salted with the drop's id.
    pub(crate) fn root(&self, drop: DropId) -> Result<Seed, OutOfMemory> {
        let salt = Sha256::new().chain_update("kua/v1/codename").chain_update(drop.as_bytes()).finalize();
        let mut root = Argon2Cost::CODENAME.derive(self.0.as_slice(), &salt[..16])?;
        Ok(Seed::take(&mut root))
    }
}

impl FromStr for Codename {
    type Err = CodenameError;

    /// Reads what a person typed: in any case and form of Unicode, with whatever is no letter between the words, numbered or
    /// not, each whole or as its first four letters, on a keyboard that was left on Cyrillic, too.
    ///
    /// # Errors
    ///
    /// [`CodenameError::WordCount`], then [`CodenameError::UnknownWord`], then [`CodenameError::Checksum`].
    fn from_str(text: &str) -> Result<Self, CodenameError> {
        // Room beforehand: a string that grows leaves copies of itself behind.
        let mut normal = Zeroizing::new(String::with_capacity(4 * text.len()));
        normal.extend(text.nfkc().flat_map(char::to_lowercase));
        let words = || {
            let parts = normal.split(|c: char| !c.is_alphanumeric());
            parts.map(|part| part.trim_start_matches(char::is_numeric)).filter(|word| !word.is_empty())
        };

        let found = words().count();
        if found != WORD_COUNT {
            return Err(CodenameError::WordCount { found });
        }
        let mut bits = Zeroizing::new(0u128);
        for (n, word) in words().enumerate() {
            let index = find_word(word).or_else(|| find_word(&latin(word)?)).ok_or_else(|| {
                CodenameError::UnknownWord {
                    position: n + 1,
                    typed: word.to_owned(),
                    suggestions: nearest_words(word),
                }
            })?;
            *bits = *bits << WORD_BITS | u128::from(index);
        }
        let bytes = Zeroizing::new(bits.to_be_bytes());
        let mut entropy = Zeroizing::new([0; ENTROPY_LEN]);
        entropy.copy_from_slice(&bytes[5..15]);
        if bytes[15] != check_byte(&entropy) {
            return Err(CodenameError::Checksum);
        }
        Ok(Self(Locked::new(entropy)))
    }
}

impl fmt::Debug for Codename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codename([redacted])")
    }
}

/// The checksum: the first byte of SHA-256("kua/v1/check" ‖ the ten bytes).
fn check_byte(entropy: &[u8; ENTROPY_LEN]) -> u8 {
    Sha256::new().chain_update("kua/v1/check").chain_update(entropy).finalize()[0]
}

/// The keys of the letters a to z on a keyboard that is set to Russian; the Ukrainian і lies where ы does.
const CYRILLIC: &str = "фисвуапршолдьтщзйкыегмцчня";

/// What the same keys write on a keyboard that is set to Latin letters; nothing for a word that has other letters.
fn latin(word: &str) -> Option<Zeroizing<String>> {
    let letter = |c: char| {
        let c = if c == 'і' { 'ы' } else { c };
        CYRILLIC.chars().zip('a'..='z').find_map(|(cyrillic, latin)| (cyrillic == c).then_some(latin))
    };
    let mut written = Zeroizing::new(String::with_capacity(word.len()));
    for c in word.chars() {
        written.push(letter(c)?);
    }
    Some(written)
}

/// A word's place in the list, by the whole word or by exactly its first four letters.
fn find_word(typed: &str) -> Option<u16> {
    if let Some(index) = Language::English.find_word(typed) {
        return Some(index);
    }
    let word = Language::English.words_by_prefix_iter(typed).next().filter(|_| typed.len() == PREFIX_LEN)?;
    Language::English.find_word(word)
}

/// Up to three words that are at most two letters away.
fn nearest_words(typed: &str) -> Vec<&'static str> {
    const FARTHEST: usize = 2;
    const LONGEST: usize = 8;
    let end = typed.char_indices().nth(LONGEST + FARTHEST + 1).map_or(typed.len(), |(at, _)| at);
    let mut near: Vec<_> = Language::English
        .word_list()
        .iter()
        .map(|word| (osa_distance(&typed[..end], word), *word))
        .filter(|(distance, _)| *distance <= FARTHEST)
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codename(entropy: [u8; ENTROPY_LEN]) -> Codename {
        Codename(Locked::new(Zeroizing::new(entropy)))
    }

    fn words() -> String {
        codename([0xa5; ENTROPY_LEN]).reveal().to_string()
    }

    fn parse(text: &str) -> Result<[u8; ENTROPY_LEN], CodenameError> {
        text.parse::<Codename>().map(|codename| **codename.0)
    }

    #[test]
    fn a_codename_reads_however_it_is_typed() {
        let words = words();
        let fullwidth = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_lowercase());
        for typed in [
            words.to_uppercase(),
            words.replace(' ', "-"),
            words.replace(' ', ", "),
            words.replace(' ', "\r\n"),
            words.replace(' ', "\u{3000}\u{2010}\u{ff0c}\u{a0}"),
            format!("\n\t {words} ,"),
            words.split(' ').map(|w| &w[..w.len().min(4)]).collect::<Vec<_>>().join(" "),
            words.chars().map(|c| fullwidth(c).unwrap_or(c)).collect(),
        ] {
            assert_eq!(parse(&typed), Ok([0xa5; ENTROPY_LEN]), "{typed}");
        }
    }

    #[test]
    fn errors_say_which_word_and_what_it_may_have_been() {
        let mut typed: Vec<_> = words().split(' ').map(str::to_owned).collect();
        "abandno".clone_into(&mut typed[2]);
        let error = parse(&typed.join(" ")).unwrap_err();
        assert_eq!(error.to_string(), "word 3 is not a word of any codename: abandno (perhaps abandon?)");
        "қазақстан".clone_into(&mut typed[2]);
        let error = parse(&typed.join(" ")).unwrap_err();
        assert_eq!(error.to_string(), "word 3 is not a word of any codename: қазақстан");
        // Three letters are not enough, and five that are no word are too many.
        for almost in ["aba", "aband"] {
            almost.clone_into(&mut typed[2]);
            assert!(matches!(parse(&typed.join(" ")), Err(CodenameError::UnknownWord { position: 3, .. })));
        }
        assert_eq!(parse(&typed[1..].join(" ")), Err(CodenameError::WordCount { found: 7 }));
        assert_eq!(parse(""), Err(CodenameError::WordCount { found: 0 }));
    }

    #[test]
    fn a_wrong_word_is_noticed_255_times_in_256() {
        let words = words();
        let right: Vec<_> = words.split(' ').collect();
        let mut passed = 0;
        for other in Language::English.word_list().iter().filter(|word| **word != right[0]) {
            let mut typed = right.clone();
            typed[0] = other;
            match parse(&typed.join(" ")) {
                Ok(_) => passed += 1,
                Err(error) => assert_eq!(error, CodenameError::Checksum),
            }
        }
        assert!((1..=20).contains(&passed), "{passed} of 2047, about 8 expected");
    }

    #[test]
    fn no_two_words_share_their_first_four_letters() {
        let list = Language::English.word_list();
        let prefixes: std::collections::HashSet<_> =
            list.iter().map(|w| &w[..w.len().min(PREFIX_LEN)]).collect();
        assert_eq!(prefixes.len(), list.len());
    }

    #[test]
    fn debug_output_shows_nothing() {
        insta::assert_snapshot!(format!("{:?}", codename([7; 10])), @"Codename([redacted])");
        assert_ne!(Codename::generate().unwrap().words(), Codename::generate().unwrap().words());
    }

    proptest! {
        #[test]
        fn every_codename_reads_back(entropy in any::<[u8; ENTROPY_LEN]>()) {
            prop_assert_eq!(parse(&codename(entropy).reveal()), Ok(entropy));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn eight_words_of_anything_get_a_precise_answer(
            typed in proptest::collection::vec("[a-zа-яәқңө]{1,14}", 8)
        ) {
            match parse(&typed.join(" ")) {
                Err(CodenameError::UnknownWord { position, typed: word, .. }) => {
                    prop_assert_eq!(&word, &typed[position - 1]);
                }
                other => prop_assert!(matches!(other, Ok(_) | Err(CodenameError::Checksum))),
            }
        }
    }
}
