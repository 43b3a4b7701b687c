//! Every command explains itself, with an example, and refuses what it does not know.

use std::process::Command;

use acceptance::processes::{Binaries, Kua, Profile, Run as _};

/// A program to be asked, afresh each time.
type Program<'a> = &'a dyn Fn() -> Command;

/// The subcommands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let commands = help.split_once("Commands:\n").map(|(_, rest)| rest).unwrap_or_default();
    let lines = commands.lines().take_while(|line| line.starts_with("  "));
    // A description that was wrapped is indented further.
    let names =
        lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every command of a program as its words: the program itself, `roster`, `roster add`.
fn commands(program: Program, words: &[String]) -> Vec<Vec<String>> {
    let help = program().args(words).arg("--help").succeed().unwrap();
    let mut all = vec![words.to_vec()];
    for name in listed(&help) {
        all.extend(commands(program, &[words, &[name]].concat()));
    }
    all
}

fn explains_itself(program: Program, expected: &[&str]) {
    let all = commands(program, &[]);
    let lines: Vec<String> = all.iter().map(|words| words.join(" ")).collect();
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "`{line}` is not among {lines:?}");
    }
    for words in &all {
        let help = program().args(words).arg("--help").run().unwrap();
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""), "{words:?}");
        let (_, example) =
            help.stdout.split_once("Example").unwrap_or_else(|| panic!("{words:?}: no example"));
        assert!(example.contains(&words.join(" ")), "{words:?}: the example is of something else\n{example}");

        // A heading holds for all that comes after it.
        if let Some((options, _)) = help.stdout.split_once("\nFilters:") {
            assert!(options.contains("--key") && options.contains("--json"), "{words:?}\n{options}");
        }

        let wrong = program().args(words).arg("--no-such-flag").run().unwrap();
        assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(2), ""), "{words:?}");
        assert!(
            wrong.stderr.contains("--no-such-flag") && wrong.stderr.contains("--help"),
            "{}",
            wrong.stderr
        );
    }
    let version = program().arg("--version").succeed().unwrap();
    assert_eq!(version.split_whitespace().nth(1), Some(env!("CARGO_PKG_VERSION")));
    let alone = program().run().unwrap();
    assert_eq!(alone.code, Some(2), "{}", alone.stdout);
    assert!(alone.stderr.contains("Usage:"), "{}", alone.stderr);
}

#[test]
fn every_command_of_kua_explains_itself() {
    let kua = Kua::new(&Binaries::locate(Profile::Dev).unwrap(), "no-cache");
    let expected = [
        "submit",
        "seal",
        "inbox",
        "open",
        "fetch",
        "delete",
        "receipt verify",
        "receipt check",
        "key new",
        "key show",
        "key export",
        "key passphrase",
        "key split",
        "key combine",
        "roster new",
        "roster add",
        "roster remove",
        "roster rotate",
        "roster renew",
        "roster show",
        "roster publish",
        "roster fetch",
        "verify-site",
    ];
    explains_itself(&|| kua.command(), &expected);
}

#[test]
fn every_command_of_the_server_explains_itself() {
    let binaries = Binaries::locate(Profile::Dev).unwrap();
    let expected = ["init", "serve", "roster install", "roster show", "status"];
    explains_itself(&|| binaries.server_command(), &expected);
}
