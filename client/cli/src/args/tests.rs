//! What holds for every command, taken from clap's own list of them.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// Every command with its words: `kua`, `kua roster`, `kua roster add`.
fn commands() -> Vec<(String, Command)> {
    fn gather(words: &str, command: &Command, all: &mut Vec<(String, Command)>) {
        all.push((words.to_owned(), command.clone()));
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            gather(&format!("{words} {}", inner.get_name()), inner, all);
        }
    }
    let mut all = Vec::new();
    gather("kua", &Cli::command(), &mut all);
    all
}

/// The examples of a command, a line each.
fn examples(command: &Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let whole = help.split("\\\n").map(str::trim).collect::<Vec<_>>().join(" ");
    let lines = whole.lines().map(str::trim).filter(|line| line.starts_with("kua "));
    lines.map(str::to_owned).collect()
}

/// The words of a command as a shell takes them apart; what stands behind several blanks says what it does.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut blanks) = (Vec::new(), String::new(), false, 0);
    for letter in line.split(" > ").next().unwrap_or_default().chars() {
        blanks = if letter == ' ' && !quoted { blanks + 1 } else { 0 };
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted && blanks > 2 => break,
            ' ' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(letter),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[test]
fn every_command_says_what_it_does_and_shows_how() {
    let all = commands();
    assert!(all.len() > 30, "clap's list has {} commands", all.len());
    for (name, command) in &all {
        assert!(command.get_about().is_some(), "{name} does not say what it does");
        let examples = examples(command);
        assert!(
            examples.iter().any(|line| line.starts_with(name.as_str())),
            "{name} has no example of itself"
        );
    }
}

#[test]
fn every_option_says_what_it_is_for() {
    for (name, command) in commands() {
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let (id, help) = (argument.get_id(), argument.get_help().map(ToString::to_string));
            assert!(help.is_some_and(|help| !help.is_empty()), "{name}: {id} has no help");
        }
    }
}

#[test]
fn every_example_is_a_command_that_can_be_given() {
    for (name, command) in commands() {
        for line in examples(&command) {
            // An id is shown cut short, as people see it.
            let words: Vec<String> = words(&line).iter().map(|word| word.replace('…', "")).collect();
            let parsed = Cli::command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{name}: `{line}`: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn the_options_of_all_commands_agree_with_each_other() {
    Cli::command().debug_assert();
}
