//! `cargo xtask`: the project's own tasks. Everything that they print is for people.

mod bench;
mod cargo;
mod demo;
mod layers;
mod setup;
mod stock;
mod test;
mod unused;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::test::Length;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [--data DIR] [--once]   a drop on this machine, from its keys to an opened report
  test [--long]                everything that has to pass: what CI runs; or the same with more of everything
  layers                       who may import whom
  unused                       dependencies that nothing uses
  bench submit [--data DIR]    submissions per second, beside a bare file loop on the same disk
  bench inbox [--data DIR]     a coordinator's inbox of thousands of reports, and of those that are new
  bench desk [--data DIR]      searches and filters over ten thousand reports
  bench mailboxes [--data DIR] how alike unknown and foreign mailboxes are answered
  bench upload [--data DIR]    large attachments end to end, beside sealing alone and a bare write
  bench web [--data DIR]       sealing in the submitter's page, in Chromium, beside `kua`

demo serves until Ctrl-C, unless --once. Without --data it works in a temporary folder, which it removes.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo", options @ ..] => match Options::parse(options) {
            Some(options) => demo::run(options.data.as_deref(), options.once),
            None => return wrong_usage(),
        },
        ["bench", "submit"] => bench::submit(None),
        ["bench", "submit", "--data", folder] => bench::submit(Some(folder.into())),
        ["bench", "inbox"] => bench::inbox(None),
        ["bench", "inbox", "--data", folder] => bench::inbox(Some(folder.into())),
        ["bench", "desk"] => bench::desk(None),
        ["bench", "desk", "--data", folder] => bench::desk(Some(folder.into())),
        ["bench", "mailboxes"] => bench::mailboxes(None),
        ["bench", "mailboxes", "--data", folder] => bench::mailboxes(Some(folder.into())),
        ["bench", "upload"] => bench::upload(None),
        ["bench", "upload", "--data", folder] => bench::upload(Some(folder.into())),
        ["bench", "web"] => bench::web(None),
        ["bench", "web", "--data", folder] => bench::web(Some(folder.into())),
        ["test"] => test::run(Length::Daily),
        ["test", "--long"] => test::run(Length::Long),
        ["layers"] => layers::run(),
        ["unused"] => unused::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => return wrong_usage(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn wrong_usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

/// The options of `demo`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    data: Option<PathBuf>,
    once: bool,
}

impl Options {
    fn parse(words: &[&str]) -> Option<Self> {
        let mut options = Self::default();
        let mut rest = words;
        loop {
            rest = match rest {
                [] => return Some(options),
                ["--once", rest @ ..] => {
                    options.once = true;
                    rest
                }
                ["--data", folder, rest @ ..] => {
                    options.data = Some(folder.into());
                    rest
                }
                _ => return None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_in_any_order_and_unknown_ones_are_refused() {
        let expected = Options { data: Some("here".into()), once: true };
        assert_eq!(Options::parse(&["--once", "--data", "here"]).as_ref(), Some(&expected));
        assert_eq!(Options::parse(&["--data", "here", "--once"]).as_ref(), Some(&expected));
        assert_eq!(Options::parse(&["--data"]), None);
        assert_eq!(Options::parse(&["--twice"]), None);
    }
}
