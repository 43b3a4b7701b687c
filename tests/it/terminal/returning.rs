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

#[test]
fn a_drop_that_goes_away_leaves_no_thread_on_the_screen() {
    let mut stage = Stage::with(&["Aigul"]);
    let sent = stage.submitted(&samples::incidents()[0]);
    let mut terminal = returning(&stage, "en");
    terminal.answer("the eight words:", sent["codename"].as_str().unwrap());
    terminal.expect("1 write");
    stage.drop.stop().unwrap();
    terminal.line("3");
    assert_eq!(terminal.end().code(), Some(1));
    let screen = terminal.screen();
    let (_, left) = screen.rsplit_once("\u{1b}[3J").expect("the screen is cleared");
    assert_says(left, &["kua: ", "cannot be reached"]);
    assert_eq!(left.trim().lines().count(), 1, "{left}");
}

#[test]
fn words_that_were_mistyped_do_not_stay_on_the_screen() {
    let stage = Stage::with(&["Aigul"]);
    let mut terminal = returning(&stage, "en");
    terminal.answer("the eight words:", "zzyzx math mimic master filter design carbon chimney");
    terminal.expect("zzyzx");
    terminal.expect("the eight words:");
    terminal.wait_for_silence();
    terminal.keys("\u{3}");
    assert_eq!(terminal.end().code(), Some(130));
    let screen = terminal.screen();
    let (_, left) = screen.rsplit_once("\u{1b}[3J").expect("the screen is cleared");
    assert_eq!(left.trim(), "");
}

#[test]
fn an_answer_goes_to_those_alone_whom_the_person_chooses() {
    let stage = Stage::new();
    let mut submit = stage.submit(&stage.draft(&samples::incidents()[0]));
    let sent = submit.args(["--to", "Aigul"]).json().unwrap();
    let mut terminal = returning(&stage, "en");
    terminal.answer("the eight words:", sent["codename"].as_str().unwrap());
    terminal.expect("1 write");
    terminal.line("1");
    // The drop cannot say to whom the first report went, and nothing on the device remembers it.
    terminal.choose("Who may read it?", "Numbers, with spaces between", &["Aigul"]);
    terminal.answer("What do you want to add?", "Not for Marat.");
    terminal.line("");
    terminal.answer("A file to go with it", "");
    let review = terminal.expect("Seal and send it?");
    assert_says(&review, &["Aigul"]);
    assert!(!review.contains("Marat"), "{review}");
    terminal.line("yes");
    terminal.expect("The drop has your report");
    terminal.expect("1 write");
    terminal.line("4");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(stage.inbox(0).iter().filter(|row| row["title"] == "Not for Marat.").count(), 1);
    let marats = stage.inbox(1);
    assert_eq!(marats.len(), 2);
    assert!(marats.iter().all(|row| row["error"] == "not-for-you"), "{marats:?}");
}
