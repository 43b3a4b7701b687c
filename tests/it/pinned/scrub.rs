//! Placeholders for what is random or of a day, so that two runs of a story give the same text.
//!
//! A value has one placeholder in a transcript, and no two values have the same: numbers go by first appearance.

use kua_protocol::day::Day;
use kua_sealing::Codename;

/// Digits of an id that people type and read.
const SHORT: usize = 8;

/// Characters of a public key, of a mailbox's or of 32 other bytes in unpadded base64url.
const KEY: usize = 43;

/// Hexadecimal digits of a drop's id, of a mailbox's id and of a report's own number.
const NUMBER: usize = 32;

/// Ids that were made up: in an example, and in a story for a report that nobody has.
const MADE_UP: [&str; 2] = ["3fa91c07", "00000000"];

/// Fewest characters of base64 that are a signature or a signed text.
const BASE64: usize = 80;

/// What was replaced so far.
#[derive(Clone)]
pub struct Scrub {
    /// The day from which days are counted; none where they are examples. A story that is told over midnight (UTC) fails.
    today: Option<Day>,
    /// Texts of this run, such as its link, with their placeholders.
    known: Vec<(String, String)>,
    ids: Vec<String>,
    numbers: Vec<String>,
    keys: Vec<String>,
    recipients: Vec<String>,
    fingerprints: Vec<String>,
    digits: Vec<String>,
    codenames: Vec<String>,
}

impl Scrub {
    /// Nothing was replaced yet.
    pub fn new(today: Option<Day>) -> Self {
        Self {
            today,
            known: Vec::new(),
            ids: Vec::new(),
            numbers: Vec::new(),
            keys: Vec::new(),
            recipients: Vec::new(),
            fingerprints: Vec::new(),
            digits: Vec::new(),
            codenames: Vec::new(),
        }
    }

    /// Replaces this text from now on. A text that begins with another one has to be named before that.
    pub fn know(&mut self, text: &str, placeholder: &str) {
        self.known.push((text.to_owned(), placeholder.to_owned()));
    }

    /// The number of the first id in a text that was seen before.
    pub fn first_id(&self, text: &str) -> Option<usize> {
        words(text).find_map(|word| self.ids.iter().position(|id| is_id(word) && word.starts_with(id)))
    }

    /// Puts placeholders into a text.
    pub fn scrub(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (known, placeholder) in &self.known {
            text = text.replace(known, placeholder);
        }
        // A passphrase that was made up for the person: six words of the list of codenames, alone in their line.
        let lines = text.split_inclusive('\n');
        text = lines.map(|line| if is_passphrase(line) { "    [passphrase]\n" } else { line }).collect();
        let mut scrubbed = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let (length, placeholder) = self.beginning(rest).unwrap_or_else(|| {
                let length = word(rest).len().max(first.len_utf8());
                (length, rest[..length].to_owned())
            });
            scrubbed.push_str(&placeholder);
            rest = &rest[length..];
        }
        scrubbed
    }

    /// How much at the beginning of a text is replaced, and by what.
    fn beginning(&mut self, text: &str) -> Option<(usize, String)> {
        let word = word(text);
        let numbered = |kind: &str, number: usize| format!("[{kind}-{number}]");
        if let Some(digits) = fingerprint_digits(text) {
            return Some((digits.len(), numbered("digits", number(&mut self.digits, digits))));
        }
        if let Some(codename) = codename(text) {
            return Some((codename.len(), numbered("codename", number(&mut self.codenames, codename))));
        }
        // First of all: pieces of it between the signs may look like something else.
        let long = &text[..text.find(|c: char| !is_base64(c)).unwrap_or(text.len())];
        if long.len() >= BASE64 && has_both_cases(long) {
            return Some((long.len(), "[base64]".to_owned()));
        }
        let placeholder = if is_id(word) {
            let kind = if word.len() == SHORT { "short" } else { "id" };
            numbered(kind, number(&mut self.ids, &word[..SHORT]))
        } else if word.len() == NUMBER && is_hex(word) {
            numbered("number", number(&mut self.numbers, word))
        } else if let Some(day) = self.today.and_then(|today| day(word, today)) {
            day
        } else if word.starts_with("age1pq1") && word.len() > 100 {
            numbered("recipient", number(&mut self.recipients, word))
        } else if let Some(known) = self.recipient_that_begins_so(word) {
            format!("[recipient-{known}, {} characters]", word.len())
        } else if word.starts_with("AGE-SECRET-KEY-PQ-1") {
            "[secret-key]".to_owned()
        } else if word.starts_with("kua1") && word.len() > 20 {
            numbered("fingerprint", number(&mut self.fingerprints, word))
        } else if word.len() == KEY && has_both_cases(word) {
            numbered("key", number(&mut self.keys, word))
        } else {
            return None;
        };
        Some((word.len(), placeholder))
    }

    /// The number of a recipient of which this is the beginning.
    fn recipient_that_begins_so(&self, word: &str) -> Option<usize> {
        let found = self.recipients.iter().position(|known| known.starts_with(word));
        found.filter(|_| word.starts_with("age1pq1")).map(|at| at + 1)
    }
}

/// The place of a value in a list, from 1; it is added when it is new.
fn number(list: &mut Vec<String>, value: &str) -> usize {
    let found = list.iter().position(|known| known == value);
    found.unwrap_or_else(|| {
        list.push(value.to_owned());
        list.len() - 1
    }) + 1
}

/// The letters, digits, dashes and underscores at the beginning.
fn word(text: &str) -> &str {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    &text[..text.find(ends).unwrap_or(text.len())]
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_id(word: &str) -> bool {
    [SHORT, 64].contains(&word.len()) && is_hex(word) && !MADE_UP.contains(&word)
}

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_passphrase(line: &str) -> bool {
    let words = line.strip_prefix("    ").unwrap_or_default().trim_end();
    words.split(' ').count() == 6
        && words.split(' ').all(|word| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=_-".contains(c)
}

fn has_both_cases(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_uppercase()) && text.contains(|c: char| c.is_ascii_lowercase())
}

/// A day within a year of this one, as its distance.
fn day(word: &str, today: Day) -> Option<String> {
    let day: Day = word.parse().ok()?;
    match day.days_since(today) {
        0 => Some("[today]".to_owned()),
        days @ -366..=366 => Some(format!("[today{days:+}]")),
        _ => None,
    }
}

/// Ten groups of five digits.
fn fingerprint_digits(text: &str) -> Option<&str> {
    let digits = text.get(..59)?;
    let fits = |(at, c): (usize, char)| if at % 6 == 5 { c == ' ' } else { c.is_ascii_digit() };
    digits.char_indices().all(fits).then_some(digits)
}

/// Eight words that are a codename, by its own checksum.
fn codename(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c == ' ')).unwrap_or(text.len());
    let (at, _) = text[..end].match_indices(' ').nth(7).unwrap_or((end, " "));
    text[..at].parse::<Codename>().is_ok().then(|| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_has_the_same_placeholder_and_another_value_another() {
        let mut scrub = Scrub::new("2026-03-01".parse().ok());
        let (one, other) = ("5be0c1d2".repeat(8), "8810aa2e".repeat(8));
        let text = format!("{one} 8810aa2e {other}.age 5be0c1d2… 00000000 {}", &other[..NUMBER]);
        let scrubbed = scrub.scrub(&text);
        assert_eq!(scrubbed, "[id-1] [short-2] [id-2].age [short-1]… 00000000 [number-1]");
        assert_eq!(scrub.first_id("x 8810aa2e 5be0c1d2"), Some(1));
        let days = scrub.scrub("2026-03-01 2026-02-28 2026-05-29 2010-10-11");
        assert_eq!(days, "[today] [today-1] [today+89] 2010-10-11");
        let codename = Codename::generate().unwrap();
        let shown = format!("\n    {}\n\n{}", &*codename.reveal(), "12345 ".repeat(10));
        assert_eq!(scrub.scrub(&shown), "\n    [codename-1]\n\n[digits-1] ");
        let passphrase = codename.words()[..6].join(" ");
        assert_eq!(scrub.scrub(&format!("    {passphrase}\n")), "    [passphrase]\n");
        let key = "aB3-_".repeat(9)[..KEY].to_owned();
        let keys = format!("{key},\"{key}\" {key}/{key}");
        assert_eq!(scrub.scrub(&keys), "[key-1],\"[key-1]\" [base64]");
        let prose = "A report of 20480 bytes, plain-text.";
        assert_eq!(scrub.scrub(prose), prose);
    }
}
