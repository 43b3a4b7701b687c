//! Coordinators at a terminal: a link to be photographed, and shares that are typed from paper.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use acceptance::processes::{Run as _, passphrase};

use super::screen::Terminal;
use crate::qr;
use crate::refusals::assert_says;
use crate::shares::pages;
use crate::stage::Stage;

/// `kua roster show` with a link, in a terminal.
fn show(stage: &Stage) -> Command {
    let mut show = stage.kua.command();
    show.args(["roster", "show"]).arg(&stage.roster).args(["--host", "drop.example"]);
    show.env("TERM", "xterm-256color");
    show
}

/// The lines of the screen from the link on that are wide enough for a picture, without the link.
fn picture(screen: &str) -> (String, Vec<String>) {
    let (_, rest) = screen.split_once("link     ").unwrap();
    let (link, rest) = rest.split_once('\n').unwrap();
    (link.to_owned(), rest.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[test]
fn the_link_can_be_photographed_from_a_terminal_of_any_colour() {
    let stage = Stage::with(&["Aigul"]);
    let mut coloured = show(&stage);
    coloured.env_remove("NO_COLOR");
    let mut terminal = Terminal::run(coloured);
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.screen());
    let (link, lines) = picture(&terminal.screen());
    // Black and white of the palette of 256, whatever the terminal's own colours are.
    let (black, on_white) = ("\u{1b}[38;5;16m", "\u{1b}[48;5;231m");
    let blocks: Vec<&str> = lines
        .iter()
        .map(|line| {
            let inner = line.strip_prefix(black).and_then(|line| line.strip_prefix(on_white));
            inner.and_then(|line| line.strip_suffix("\u{1b}[0m")).unwrap_or_else(|| panic!("{line:?}"))
        })
        .collect();
    assert_eq!(qr::read_blocks(&blocks.join("\n"), true), link);

    let mut terminal = Terminal::run(show(&stage));
    assert_eq!(terminal.end().code(), Some(0));
    let (link, lines) = picture(&terminal.screen());
    assert!(!terminal.screen().contains('\u{1b}'));
    assert_eq!(qr::read_blocks(&lines.join("\n"), false), link, "light on a dark terminal");
}

/// The lines of a share as they are printed on its page.
fn rows(page: &PathBuf) -> Vec<String> {
    let page = fs::read_to_string(page).unwrap();
    let rows = page.lines().skip_while(|line| !line.contains("share1")).take_while(|line| !line.is_empty());
    rows.map(|row| row.trim().to_owned()).collect()
}

/// A share as somebody types it from its page: one line, with the spaces.
fn typed(page: &PathBuf) -> String {
    rows(page).join(" ").to_uppercase()
}

#[test]
fn shares_are_typed_from_paper_without_being_shown() {
    let stage = Stage::new();
    let marat = &stage.team.coordinators[1];
    let (files, other) = (pages(&stage, marat, "shares"), pages(&stage, marat, "again"));
    let restored = stage.path("restored.kua");
    let mut combine = stage.kua.command();
    combine.args(["key", "combine", "--name", "Marat", "--out"]).arg(&restored);
    let passphrase = stage.write("new.passphrase", passphrase().unwrap());
    combine.arg("--passphrase-file").arg(&passphrase);
    let mut terminal = Terminal::run(combine);
    let type_unseen = |terminal: &mut Terminal, question: &str, text: &str| {
        terminal.expect(question);
        terminal.wait_for_silence();
        terminal.line(text);
    };
    type_unseen(&mut terminal, "Share 1, from share1 on:", &typed(&files[3]));
    terminal.expect("1 of 3. One more:");
    type_unseen(&mut terminal, "Share 2, from share1 on:", &typed(&files[0]).replace('Q', "P"));
    terminal.expect("has a typing error");
    type_unseen(&mut terminal, "Share 2, from share1 on:", &typed(&other[0]));
    terminal.expect("does not belong to the other shares");
    type_unseen(&mut terminal, "Share 2, from share1 on:", &typed(&files[3]));
    terminal.expect("one share twice");
    // Or line by line, as it stands on the page; an empty line ends what is not all of it.
    let lines = rows(&files[0]);
    assert!(lines.len() > 1, "{lines:?}");
    type_unseen(&mut terminal, "Share 2, from share1 on:", &lines[0]);
    type_unseen(&mut terminal, "Next line (characters to come: ", "");
    terminal.expect("is not all of a share");
    type_unseen(&mut terminal, "Share 2, from share1 on:", &lines[0]);
    for line in &lines[1..] {
        type_unseen(&mut terminal, "Next line (characters to come: ", line);
    }
    terminal.expect("2 of 3. One more:");
    type_unseen(&mut terminal, "Share 3, from share1 on:", &typed(&files[4]));
    terminal.expect("the key of Marat");
    assert_eq!(terminal.end().code(), Some(0));
    assert!(terminal.echoes());
    let value = &typed(&files[0])[30..60];
    assert!(!terminal.screen().contains(value), "a share stands on the screen");

    let mut show = stage.kua.command();
    show.args(["key", "show", "--json"]).arg(&restored).arg("--passphrase-file").arg(&passphrase);
    let card = fs::read(marat.card(&stage.kua).unwrap()).unwrap();
    let card: serde_json::Value = serde_json::from_slice(&card).unwrap();
    assert_eq!(show.json().unwrap(), card);
    assert_says(&terminal.screen(), &[card["sign"].as_str().unwrap()]);
}
