//! Bad input gets one clear message with the next step in it; nothing is lost, and nothing is sent.

mod attachments;
mod certificates;
mod drops;
mod links;
mod reports;
mod rosters;
pub mod sealed;

use std::process::Command;

use acceptance::processes::{Run as _, line_of};

/// Runs what must be refused: exit code 1, nothing on standard output, one message on standard error. Gives the message.
pub fn refusal(command: &mut Command) -> String {
    let output = command.run().unwrap();
    let line = line_of(command);
    assert_eq!(output.code, Some(1), "{line}\n{}", output.stderr);
    assert_eq!(output.stdout, "", "{line}");
    let message = output.stderr.strip_prefix("kua: ").unwrap_or_else(|| panic!("{line}\n{}", output.stderr));
    assert_eq!(message.lines().count(), 1, "{line}\n{message}");
    message.trim_end().to_owned()
}

/// Checks that a message says all of this.
pub fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "not in the message: {word}\n{message}");
    }
}
