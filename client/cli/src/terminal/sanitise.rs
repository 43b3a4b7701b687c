//! Other people's text on a terminal: no control characters, no turning of the writing direction.

/// Makes one line of a stranger's text, safe to print.
pub fn one_line(text: &str) -> String {
    text.split_whitespace()
        .map(|word| word.chars().map(harmless).collect())
        .collect::<Vec<String>>()
        .join(" ")
}

/// Makes lines of a stranger's text safe to print; line ends stay.
pub fn lines(text: &str) -> String {
    text.lines().map(|line| line.chars().map(harmless).collect()).collect::<Vec<String>>().join("\n")
}

/// Control characters can move the cursor, change colours or answer for the person; marks that turn the direction of
/// writing can make one text look like another.
fn harmless(char: char) -> char {
    let turns = matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    if char == '\t' {
        ' '
    } else if char.is_control() || turns {
        char::REPLACEMENT_CHARACTER
    } else {
        char
    }
}

/// At most `width` columns of a text, with an ellipsis where it was cut.
pub fn fit(text: &str, width: usize) -> String {
    console::truncate_str(text, width, "…").into_owned()
}

/// Fills a text with spaces up to `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    console::pad_str(text, width, console::Alignment::Left, None).into_owned()
}

/// A number of bytes as people read it.
pub fn size(bytes: u64) -> String {
    indicatif::BinaryBytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_moves_no_cursor() {
        assert_eq!(one_line("a\x1b[2Jb\u{9b}31mc\n d\u{202e}e"), "a\u{fffd}[2Jb\u{fffd}31mc d\u{fffd}e");
        assert_eq!(lines("Ә\tғ\r\nқ\x07"), "Ә ғ\nқ\u{fffd}");
    }
}
