//! Names of attachments: safe to write on every system, and never two for one file.
//!
//! Source: protocol, "Bytes, once and for all", *Tar*.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use caseless::Caseless as _;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::Error;
use crate::text::text_form;

/// The name of a file in an archive: NFC, 1 to 200 bytes of UTF-8, no slash of either kind, no control character, no
/// leading dot.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AttachmentName(String);

/// The most bytes of UTF-8 that a name may have.
const MAX_BYTES: usize = 200;
/// The most bytes that an extension may have, dot included, to be kept when a name is cut.
const MAX_EXTENSION: usize = 20;

impl FromStr for AttachmentName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let rule = if name.is_empty() {
            "it is empty"
        } else if name.len() > MAX_BYTES {
            "it is longer than 200 bytes"
        } else if name.contains(['/', '\\']) {
            "it holds a slash"
        } else if name.chars().any(char::is_control) {
            "it holds a control character"
        } else if name.starts_with('.') {
            "it begins with a dot"
        } else if !is_nfc(name) {
            "it is not in Unicode's form NFC"
        } else {
            return Ok(Self(name.to_owned()));
        };
        Err(Error::Name { name: name.to_owned(), rule })
    }
}

impl AttachmentName {
    /// Makes a name of any text, as close to it as the rules allow; the original belongs into `original_name`.
    ///
    /// Slashes become `_`; control characters go, and so do those that turn the direction of writing, which can make
    /// `exe` look like `jpg`; what is too long is cut between characters and keeps its extension.
    pub fn tidy(original: &str) -> Self {
        let kept: String = original
            .chars()
            .filter(|char| !char.is_control() && !turns_direction(*char))
            .map(|char| if matches!(char, '/' | '\\') { '_' } else { char })
            .nfc()
            .collect();
        let name = kept.trim_start_matches(|char: char| char == '.' || char.is_whitespace()).trim_end();
        let (stem, extension) = split_extension(name);
        // "file" breaks no rule, so that nothing can be so odd as to have no name.
        join(stem, "", extension).parse().unwrap_or_else(|_| Self("file".to_owned()))
    }

    /// Adds " (2)", " (3)" and so on before the extension until the name is none of those taken.
    #[must_use]
    pub fn unique_among(self, taken: &[Self]) -> Self {
        let taken: HashSet<String> = taken.iter().map(Self::folded).collect();
        let (stem, extension) = split_extension(&self.0);
        let mut name = self.clone();
        let mut number = 1;
        while taken.contains(&name.folded()) {
            number += 1;
            name = Self(join(stem, &format!(" ({number})"), extension));
        }
        name
    }

    /// Gives the name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two names are one where case makes no difference (Unicode, section 3.13, D145).
    pub(crate) fn folded(&self) -> String {
        self.0.chars().nfd().default_case_fold().nfd().collect()
    }
}

/// Parts a name before its last dot, where an extension of sensible length follows.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_EXTENSION => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Puts a name together, cutting the stem between characters so that all of it fits.
fn join(stem: &str, number: &str, extension: &str) -> String {
    let room = MAX_BYTES - number.len() - extension.len();
    let stem = &stem[..stem.floor_char_boundary(room)];
    format!("{}{number}{extension}", stem.trim_end())
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9, section 2).
fn turns_direction(char: char) -> bool {
    matches!(char, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Display for AttachmentName {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for AttachmentName {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

text_form!([] AttachmentName, "AttachmentName", schemars::json_schema!({
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_BYTES,
    "pattern": "^[^./\\\\\\u0000-\\u001f\\u007f-\\u009f][^/\\\\\\u0000-\\u001f\\u007f-\\u009f]*$"
}));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_tidied_is_a_name(original in ".{0,300}") {
            let name = AttachmentName::tidy(&original);
            prop_assert_eq!(&name.as_str().parse::<AttachmentName>().unwrap(), &name);
        }

        #[test]
        fn a_good_name_stays(name in "[a-zA-Zа-яё0-9][a-zA-Zа-яё0-9_-]{0,40}\\.(jpg|pdf|tar)") {
            let name: String = name.nfc().collect();
            let tidy = AttachmentName::tidy(&name);
            prop_assert_eq!(tidy.as_str(), name);
        }

        #[test]
        fn names_become_unique(originals in proptest::collection::vec("(?i)(a|б|ß|ss)\\.(jpg|)", 1..12)) {
            let mut taken: Vec<AttachmentName> = Vec::new();
            for original in originals {
                let name = AttachmentName::tidy(&original).unique_among(&taken);
                prop_assert!(name.as_str().parse::<AttachmentName>().is_ok());
                prop_assert!(taken.iter().all(|other| other.folded() != name.folded()));
                taken.push(name);
            }
        }
    }
}
