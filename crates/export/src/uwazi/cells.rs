//! What a cell has to look like so that Uwazi reads it as it was meant.
//!
//! Uwazi trims each cell, parts several values at `|` and group and term at `::`, and has no way to write these signs
//! otherwise.

use std::fmt::Write as _;

use kua_report::Occurred;

/// What stands for `|` within one of several values.
const BAR: &str = "∣";
/// What stands for `::` within a term.
const COLONS: &str = "∷";

/// A value of a list, or the title of an entity that others name: `|` becomes `∣` (U+2223) and `::` becomes `∷` (U+2237).
pub(super) fn value(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('|', BAR).replace("::", COLONS)
}

/// Several values.
pub(super) fn values(values: impl IntoIterator<Item = String>) -> String {
    values.into_iter().collect::<Vec<_>>().join("|")
}

/// A range of days, `YYYY-MM-DD:YYYY-MM-DD`: all days on which it may have happened.
pub(super) fn range(occurred: &Occurred) -> String {
    let (first, last) = occurred.from.days();
    let last = occurred.to.map_or(last, |to| to.days().1);
    format!("{first}:{last}")
}

/// Plain text as Markdown that shows exactly this text, line by line.
///
/// Signs of Markdown are escaped by a backslash, ends of lines are hard breaks, and spaces that Markdown or Uwazi would drop
/// are written as their numbers (`CommonMark` 0.31, sections 2.4, 2.5 and 6.7).
pub(super) fn markdown(text: &str) -> String {
    let body = text.trim_end_matches('\n');
    let mut written = String::with_capacity(text.len() + text.len() / 16);
    for (at, line) in body.split('\n').enumerate() {
        if at > 0 {
            written.push_str("\\\n");
        }
        markdown_line(line, &mut written);
    }
    // A break at the very end would be trimmed.
    written + &"&#10;".repeat(text.len() - body.len())
}

fn markdown_line(line: &str, written: &mut String) {
    let start = line.len() - line.trim_start().len();
    let end = line.trim_end().len().max(start);
    let begins_a_list = |at: usize| {
        let digits = &line[start..at];
        (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    for (at, char) in line.char_indices() {
        let escaped = match char {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '&' | '~' | '|' => true,
            '#' | '+' | '-' | '=' | ':' => at == start,
            '.' | ')' => begins_a_list(at),
            _ => false,
        };
        if at < start || at >= end || (char.is_control() && char != '\t') || char == '\u{feff}' {
            _ = write!(written, "&#{};", u32::from(char));
        } else {
            if escaped {
                written.push('\\');
            }
            written.push(char);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Markdown without any formatting, read by the rules of `CommonMark`.
    fn shown(markdown: &str) -> String {
        let mut text = String::new();
        let mut chars = markdown.trim().chars();
        while let Some(char) = chars.next() {
            match char {
                '\\' => text.extend(chars.next()),
                '&' => {
                    let number: String = chars.by_ref().take_while(|char| *char != ';').collect();
                    let number = number.strip_prefix('#').unwrap().parse().unwrap();
                    text.push(char::from_u32(number).unwrap());
                }
                char => text.push(char),
            }
        }
        text
    }

    #[test]
    fn markdown_is_shown_as_it_was_written() {
        assert_eq!(
            markdown("1. *a*\n- b\n\n  <c> & {d}"),
            "1\\. \\*a\\*\\\n\\- b\\\n\\\n&#32;&#32;\\<c\\> \\& \\{d\\}"
        );
        assert_eq!(markdown("human-rights, 3.5\n"), "human-rights, 3.5&#10;");
    }

    #[test]
    fn values_keep_apart() {
        assert_eq!(values([value("a|b"), value(" c::d\n e ")]), "a∣b|c∷d e");
    }

    #[test]
    fn a_range_covers_what_is_known() {
        let occurred = |json: &str| serde_json::from_str::<Occurred>(json).unwrap();
        assert_eq!(range(&occurred(r#"{"from": "2010-10", "precision": "month"}"#)), "2010-10-01:2010-10-31");
        assert_eq!(
            range(&occurred(r#"{"from": "2010-10-05", "to": "2010-10-06", "precision": "day"}"#)),
            "2010-10-05:2010-10-06"
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[a1.)\\\\*_#\\-+=:| \t\n&;<>]{0,16}|(?s).*") {
            // Two whitespaces at the edges that JavaScript trims and Rust does not, or the other way round, are no matter.
            let kept = text.replace('\u{85}', "");
            prop_assert_eq!(shown(&markdown(&kept)), kept);
        }
    }
}
