//! Asking at a terminal, and reading secrets from files: never from an argument or the environment.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use kua_client::Error as ClientError;
use zeroize::Zeroizing;

use super::i18n::Words;
use super::interrupt;
use crate::error::Error;

/// The byte order mark that some editors put before a text.
const MARK: char = '\u{feff}';

/// Says whether a person sits at standard input and standard error.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for one line. Questions go to standard error, so that standard output is for answers to programs.
///
/// # Errors
///
/// [`ClientError::Ended`] at the end of input.
pub fn line(question: &str) -> Result<String, Error> {
    eprint!("{question} ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => Err(ClientError::Ended.into()),
        Ok(_) => Ok(line.trim().to_owned()),
    }
}

/// Asks for one line of numbers. Digits and commas of an Arabic or Persian keyboard count as the others do.
///
/// # Errors
///
/// [`ClientError::Ended`] at the end of input.
pub fn numbers(question: &str) -> Result<String, Error> {
    Ok(line(question)?.chars().map(western).collect())
}

fn western(letter: char) -> char {
    let digit =
        |zero: char| u32::from(letter).checked_sub(u32::from(zero)).and_then(|n| char::from_digit(n, 10));
    match letter {
        '\u{660}'..='\u{669}' => digit('\u{660}').unwrap_or(letter),
        '\u{6f0}'..='\u{6f9}' => digit('\u{6f0}').unwrap_or(letter),
        '،' => ',',
        other => other,
    }
}

/// Asks for several lines; an empty line ends them.
///
/// # Errors
///
/// [`ClientError::Ended`] at the end of input before anything was typed.
pub fn lines(question: &str) -> Result<String, Error> {
    eprintln!("{question}");
    let mut text = String::new();
    loop {
        match line(">") {
            Ok(line) if line.is_empty() => return Ok(text.trim_end().to_owned()),
            Ok(line) => text = text + &line + "\n",
            Err(_) if !text.is_empty() => return Ok(text.trim_end().to_owned()),
            Err(error) => return Err(error),
        }
    }
}

/// Asks for yes or no, in the person's language.
///
/// # Errors
///
/// [`ClientError::Ended`] at the end of input.
pub fn yes(words: &Words, question: &str) -> Result<bool, Error> {
    let (yes, no) = (words.say("answer-yes"), words.say("answer-no"));
    loop {
        let answer = line(&format!("{question} [{yes}/{no}]"))?.to_lowercase();
        match answer.chars().next() {
            // Whoever has typed a command has the Latin letters at hand, perhaps only these.
            Some(first) if yes.starts_with(first) || first == 'y' => return Ok(true),
            Some(first) if no.starts_with(first) || first == 'n' => return Ok(false),
            _ => {}
        }
    }
}

/// Asks whether a command is to go on with so many reports. It is asked for those that a filter chose, unless it was `said`.
///
/// # Errors
///
/// [`Error::NoTerminal`] where nobody can be asked, or [`ClientError::Ended`].
pub fn sure(words: &Words, question: &str, reports: usize, said: bool) -> Result<bool, Error> {
    if said || reports == 0 {
        return Ok(true);
    }
    let question = words.say_with(question, &[("count", reports.into())]);
    if is_interactive() { yes(words, &question) } else { Err(Error::NoTerminal("error-no-terminal-for-yes")) }
}

/// Asks for a secret without showing it.
///
/// # Errors
///
/// When there is no terminal, or the person ends it.
pub fn secret(question: &str) -> Result<Zeroizing<String>, Error> {
    if !is_interactive() {
        return Err(Error::NoTerminal("error-no-terminal-for-secret"));
    }
    match rpassword::prompt_password(format!("{question} ")) {
        Ok(secret) => Ok(Zeroizing::new(secret)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => interrupt::end_as_by_sigint(),
        Err(_) => Err(ClientError::Ended.into()),
    }
}

/// Gives a text as it was given, or standard input for `-`: what stands in an argument is seen by all who use the machine, and has
/// an end where the system says so. The passphrase must come from elsewhere then.
///
/// # Errors
///
/// When standard input cannot be read, has over `most` bytes, is not UTF-8, or is to be the passphrase, too.
pub fn text(given: &str, passphrase_file: Option<&Path>, most: usize) -> Result<String, Error> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    if passphrase_file == Some(Path::new("-")) {
        return Err(Error::refused("standard input is the text or the passphrase, not both"));
    }
    let mut text = String::new();
    let read = io::stdin().lock().take(most as u64 + 1).read_to_string(&mut text);
    read.map_err(Error::file(Path::new("-")))?;
    if text.len() > most {
        return Err(Error::refused(format!("the text has more than {most} bytes: shorten it")));
    }
    Ok(text.trim_start_matches(MARK).trim_end().to_owned())
}

/// Reads a secret from a file, or from standard input for `-`. A byte order mark before it and a line end after it are not part of it.
///
/// # Errors
///
/// When the file cannot be read, is over 4 KiB, or not UTF-8.
pub fn secret_from_file(path: &Path) -> Result<Zeroizing<String>, Error> {
    const MOST: u64 = 4096;
    let read = |reader: &mut dyn io::Read| {
        let mut text = Zeroizing::new(String::with_capacity(4096));
        io::Read::take(reader, MOST).read_to_string(&mut text).map(|_| text)
    };
    let text = if path == Path::new("-") {
        read(&mut io::stdin().lock())
    } else {
        fs::File::open(path).and_then(|mut file| read(&mut file))
    };
    let text = text.map_err(Error::file(path))?;
    Ok(Zeroizing::new(text.trim_start_matches(MARK).trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_keyboards_count() {
        assert_eq!("٢٠٢٦-٠٣-٢١، ۱۲ 3".chars().map(western).collect::<String>(), "2026-03-21, 12 3");
    }
}
