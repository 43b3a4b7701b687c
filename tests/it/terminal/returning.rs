//! A person who comes back: types the codename, reads, writes again, deletes, and leaves nothing on the screen.

use acceptance::processes::Run as _;
use acceptance::samples;

use super::screen::Terminal;
use crate::refusals::assert_says;
use crate::stage::Stage;

fn returning(stage: &Stage, language: &str) -> Terminal {
    let mut command = stage.kua.command();
    command.args(["return", &stage.link]).env("LANG", language);
    Terminal::run(command)
}

#[test]
fn a_submitter_returns_reads_answers_and_leaves_nothing() {
    let stage = Stage::with(&["Aigul"]);
    let sent = stage.submitted(&samples::incidents()[0]);
    let id = sent["report_id"].as_str().unwrap();
    stage.reader("reply", 0).args([id, "--acknowledge"]).succeed().unwrap();
    stage.reader("reply", 0).args([id, "--text", "Who else was there?"]).succeed().unwrap();
    let codename = sent["codename"].as_str().unwrap();

    let mut terminal = returning(&stage, "en_GB.UTF-8");
    let wrong = codename.replacen(codename.split(' ').next().unwrap(), "zzyzx", 1);
    terminal.answer("the eight words:", &wrong);
    let named = terminal.expect("the eight words:");
    assert_says(&named, &["zzyzx"]);
    // Capitals, hyphens and four letters are as good.
    let short: Vec<String> = codename.split(' ').map(|word| word.chars().take(4).collect()).collect();
    terminal.line(&short.join("-").to_uppercase());
    let shown = terminal.expect("1 write");
    assert_says(&shown, &["A coordinator has opened it", "Reply 2 from Aigul", "Who else was there?"]);
    assert!(!shown.contains(codename), "the codename is not shown");

    terminal.line("1");
    terminal.answer("What do you want to add?", "My sister and a neighbour.");
    terminal.line("");
    terminal.answer("A file to go with it", "");
    terminal.answer("Seal and send it?", "yes");
    terminal.expect("The drop has your report");
    terminal.expect("1 write");
    terminal.line("2");
    let after = terminal.expect("1 write");
    assert!(!after.contains("Who else was there?"), "{after}");
    terminal.line("4");
    assert_eq!(terminal.end().code(), Some(0));
    let screen = terminal.screen();
    let (_, left) = screen.rsplit_once("\u{1b}[3J").expect("the screen is cleared");
    assert_eq!(left.trim(), "");

    let rows = stage.inbox(0);
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().any(|row| row["title"] == "My sister and a neighbour." && row["thread"] == id));
}

#[test]
fn control_c_clears_the_screen_too() {
    let stage = Stage::with(&["Aigul"]);
    let sent = stage.submitted(&samples::incidents()[0]);
    let mut terminal = returning(&stage, "ru_RU.UTF-8");
    terminal.answer("восемь слов:", sent["codename"].as_str().unwrap());
    terminal.expect("1 написать");
    terminal.keys("\u{3}");
    assert_eq!(terminal.end().code(), Some(130));
    let screen = terminal.screen();
    let (_, left) = screen.rsplit_once("\u{1b}[3J").expect("the screen is cleared");
    assert_eq!(left.trim(), "");
}
