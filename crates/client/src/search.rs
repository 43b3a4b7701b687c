//! Text as it is searched: one form for everything that people write in several ways.
//!
//! NFKC and Unicode's full case folding do most of it, with the crates that fold attachments' names already. Beyond them,
//! a search passes over what is often left out or typed otherwise: accents on Latin and Greek letters, ё beside е, the
//! vowel signs and the lengthening stroke of Arabic, its alefs and yehs, the dots of the Turkish i. Letters that make
//! other words stay apart: й from и, and the Kazakh letters from the Russian ones.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;

/// Normalises a text for searching. Whoever changes what this does changes [`crate::cache::REPORTS_FORM`], too.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().default_case_fold().nfkc().filter_map(letter).collect()
}

/// Splits a question into words, each as it is searched.
pub(crate) fn words(question: &str) -> Vec<String> {
    normalise(question).split_whitespace().map(str::to_owned).collect()
}

/// A letter as it is searched; none for marks that a search passes over.
fn letter(letter: char) -> Option<char> {
    Some(match letter {
        'ё' | 'ѐ' => 'е',
        'ѝ' => 'и',
        // In Turkish two letters, and nobody can know in which language a word was typed.
        'ı' => 'i',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        '\u{660}'..='\u{669}' => digit(letter, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(letter, '\u{6f0}'),
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => without_accents(letter),
        mark if is_passed_over(mark) => return None,
        other => other,
    })
}

fn digit(letter: char, zero: char) -> char {
    char::from_digit(u32::from(letter) - u32::from(zero), 10).unwrap_or(letter)
}

fn without_accents(letter: char) -> char {
    let mut first = None;
    decompose_canonical(letter, |part| {
        first.get_or_insert(part);
    });
    first.unwrap_or(letter)
}

/// Accents that stand alone, vowel signs of Arabic and Hebrew, and what cannot be seen.
fn is_passed_over(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{61c}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_type_in_several_ways_is_one() {
        for (one, other) in [
            // Kazakh, Russian, and a letter in two parts.
            ("ӘҒҚҢӨҰҮҺІ", "әғқңөұүһі"),
            ("ЁЛКА, елка", "елка, ёлка"),
            ("Йод", "и\u{306}од"),
            ("моско\u{301}вский", "МОСКОВСКИЙ"),
            // Arabic: vowel signs, lengthening, alefs, yehs, presentation forms, digits.
            ("مُحَمَّد", "محمد"),
            ("الحـــرية", "الحرية"),
            ("أحمد إلى آخر", "احمد الي اخر"),
            ("ﻣﺪﻳﻨﺔ", "مدينه"),
            ("٢٠٢٦", "2026"),
            ("کتاب فارسی", "كتاب فارسي"),
            // Turkish, and Latin letters elsewhere.
            ("İSTANBUL IŞIK", "istanbul ışık"),
            ("Evicción DÉTENU ﬁn Straße", "eviccion detenu fin STRASSE"),
            ("soft\u{ad}hyphen\u{200b}", "softhyphen"),
        ] {
            assert_eq!(normalise(one), normalise(other), "{one} / {other}");
        }
    }

    #[test]
    fn letters_of_other_words_stay_apart() {
        for (one, other) in
            [("мой", "мои"), ("қала", "кала"), ("ұл", "ул"), ("ін", "in"), ("رب", "زب"), ("їжа", "іжа")]
        {
            assert_ne!(normalise(one), normalise(other), "{one} / {other}");
        }
    }

    proptest! {
        #[test]
        fn every_word_of_a_text_is_found_in_it(text in "\\PC{0,40}( \\PC{0,12}){0,4}") {
            let folded = normalise(&text);
            for word in text.split_whitespace().flat_map(words) {
                prop_assert!(folded.contains(&word), "{word:?} in {folded:?}");
            }
        }

        #[test]
        fn letters_of_either_case_are_one(text in "[а-яёәғқңөұүһіa-zéñçğşα-ω ]{0,40}") {
            prop_assert_eq!(normalise(&text.to_uppercase()), normalise(&text));
            prop_assert_eq!(normalise(&normalise(&text)), normalise(&text));
        }
    }
}
