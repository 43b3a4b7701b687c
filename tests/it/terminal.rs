//! A person at a terminal: asked step by step, in her language, and free to stop.

mod returning;
mod screen;
mod team;

use std::fs;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_sealing::Codename;
use serde_json::{Value, json};

use crate::refusals::{assert_says, refusal};
use crate::stage::Stage;
use screen::Terminal;

/// The interview of `kua submit LINK`, in a language.
fn interview(stage: &Stage, language: &str) -> Terminal {
    let mut submit = stage.kua.command();
    submit.args(["submit", &stage.link]).env("LANG", language);
    Terminal::run(submit)
}

/// Reads the codename from the screen, as it stands between the two texts, and types the words that are asked for.
/// The first answer is a mistake.
fn keep_codename(terminal: &mut Terminal, shown: &str, keep: &str, ask: &str, wrong: &str) {
    terminal.expect(shown);
    let codename = terminal.expect(keep).trim().to_owned();
    let words: Vec<&str> = codename.split(' ').collect();
    assert!(codename.parse::<Codename>().is_ok(), "{codename}");
    let asked = |terminal: &mut Terminal| {
        terminal.expect(ask);
        terminal.expect("?").trim().parse::<usize>().unwrap()
    };
    let first = asked(terminal);
    terminal.line("zzz");
    terminal.expect(wrong);
    assert_eq!(asked(terminal), first);
    // Nobody minds capitals or spaces.
    terminal.line(&format!(" {} ", words[first - 1].to_uppercase()));
    let second = asked(terminal);
    assert!(first < second && second <= words.len());
    terminal.line(words[second - 1]);
}

/// Opens the one report of the inbox, and gives it with the bytes of its only attachment.
fn arrived(stage: &Stage, coordinator: usize) -> (Value, Vec<u8>) {
    let rows = stage.inbox(coordinator);
    assert_eq!(rows.len(), 1);
    let out = stage.path("case");
    let id = rows[0]["report_id"].as_str().unwrap();
    let report = stage.reader("open", coordinator).args([id, "--json", "--out"]).arg(&out).json().unwrap();
    let name = report["attachments"][0]["name"].as_str().unwrap();
    let attachment = fs::read(out.join("attachments").join(name)).unwrap();
    (report, attachment)
}

fn assert_equal(report: &Value, expected: &Value) {
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&report[field], value, "{field}");
    }
}

#[test]
fn a_report_is_written_step_by_step_in_english() {
    let stage = Stage::new();
    let photo = stage.write("square.jpg", samples::photo(4));
    let mut terminal = interview(&stage, "en_GB.UTF-8");
    terminal.expect("Steppe Watch");
    let readers = terminal.expect("If you were given digits");
    assert_says(&readers, &["These people will be able to read", "Aigul", "Marat"]);
    let show = stage.kua.command().args(["roster", "show"]).arg(&stage.roster).succeed().unwrap();
    let digits = show.lines().find_map(|line| line.strip_prefix("digits   ")).unwrap();
    terminal.expect(digits);

    let numbers = "Numbers, with spaces between";
    terminal.choose("Who may read it?", numbers, &["Aigul"]);
    terminal.answer("What happened?", "");
    terminal.answer("What happened?", "They came at dawn.");
    terminal.line("The lock was broken.");
    terminal.line("");
    terminal.answer("A title in one line?", "Search at dawn");
    for wrong in ["yesterday", "2026-02-30", "21.03.2026", "2026-13"] {
        terminal.answer("When?", wrong);
        terminal.expect("Please write a day such as");
    }
    terminal.answer("When?", "2026-03-21");
    terminal.answer("Where?", "Almaty");
    terminal.expect("What was done?");
    for wrong in ["0", "33", "2 x"] {
        terminal.answer(numbers, wrong);
        terminal.expect("Please type numbers from 1 to 32");
    }
    // The list stands above; numbers in any order, with commas, and twice.
    terminal.answer(numbers, "12, 4 12");
    terminal.expect("To whom?");
    terminal.answer(numbers, "1 2");
    terminal.expect("Please type one number");
    terminal.choose("To whom?", numbers, &["A group or organisation"]);
    terminal.answer("What is this person or group", "housing-rights group");
    terminal.choose("By whom?", numbers, &["Not known"]);
    terminal.answer("What is known of them?", "plain clothes");
    terminal.choose("How urgent is it?", numbers, &["High: within days"]);
    terminal.answer("A file to go with it", stage.path("nothing.jpg").to_str().unwrap());
    terminal.expect("Check the name");
    terminal.answer("A file to go with it", photo.to_str().unwrap());
    let found = terminal.expect("Take it out?");
    assert_says(&found, &["the place where it was taken", "Kua Sample Phone"]);
    terminal.line("yes");
    terminal.expect("+ square.jpg");
    terminal.answer("A file to go with it", "");
    let review = terminal.expect("Seal and send it? [yes/no]");
    assert_says(&review, &["This is what will be sealed", "The lock was broken.", "square.jpg", "Aigul"]);
    assert!(stage.inbox(0).is_empty());
    terminal.line("perhaps");
    terminal.answer("Seal and send it? [yes/no]", "y");
    let ask = "word number ";
    keep_codename(&mut terminal, "They are shown once:", "Write them on paper", ask, "That is not the word");
    terminal.expect("The drop has your report");
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.screen());
    assert!(terminal.echoes());

    let (report, attachment) = arrived(&stage, 0);
    assert_eq!(report["attachments"][0]["metadata"], "removed");
    assert!(!attachment.windows(3).any(|bytes| bytes == b"Kua"), "the device is told");
    assert_equal(
        &report,
        &json!({
            "title": "Search at dawn", "language": "en",
            "description": "They came at dawn.\nThe lock was broken.",
            "occurred": { "from": "2026-03-21", "precision": "day" }, "place": { "name": "Almaty" },
            "acts": ["privacy", "association"], "severity": "high",
            "victims": [{ "kind": "group", "role": "housing-rights group" }],
            "perpetrators": [{ "type": "unknown", "description": "plain clothes" }],
        }),
    );
    assert_eq!(stage.inbox(1)[0]["error"], "not-for-you");
}

#[test]
fn a_report_is_written_step_by_step_in_russian() {
    let stage = Stage::with(&["Айгерим"]);
    let letter = stage.write("Жалоба.pdf", samples::document("To the prosecutor"));
    let mut terminal = interview(&stage, "ru_KZ.UTF-8");
    terminal.expect("Прочесть написанное смогут эти люди");
    // With one coordinator there is nobody to choose.
    terminal.answer("Что произошло?", "Письменная угроза с подписью.");
    terminal.line("");
    terminal.answer("Заголовок в одну строку?", "");
    terminal.answer("Когда?", "октябрь");
    terminal.expect("Напишите день");
    terminal.answer("Когда?", "2010-10");
    terminal.answer("Где?", "");
    let numbers = "Номера через пробел";
    terminal.expect("Что было сделано?");
    terminal.answer(numbers, "10 11");
    terminal.expect("С кем это случилось?");
    terminal.answer(numbers, "1");
    terminal.answer("Кто этот человек или группа", "оппозиционный активист");
    terminal.expect("Кто это сделал?");
    terminal.answer(numbers, "");
    terminal.expect("Насколько это срочно?");
    terminal.answer(numbers, "1");
    terminal.answer("Файл к сообщению", letter.to_str().unwrap());
    terminal.expect("+ Жалоба.pdf");
    terminal.answer("Файл к сообщению", "");
    let review = terminal.expect("Запечатать и отправить? [да/нет]");
    assert_says(&review, &["Вот что будет запечатано", "всем координаторам"]);
    terminal.line("Да");
    let ask = "слово номер ";
    keep_codename(&mut terminal, "Оно показывается один раз:", "Запишите их", ask, "Это не то слово");
    terminal.expect("Открыть его могут только координаторы");
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.screen());

    let (report, attachment) = arrived(&stage, 0);
    assert_eq!(attachment, samples::document("To the prosecutor"));
    assert_eq!(report["attachments"][0]["name"], "Жалоба.pdf");
    assert_equal(
        &report,
        &json!({
            "title": "Письменная угроза с подписью.", "description": "Письменная угроза с подписью.",
            "language": "ru", "occurred": { "from": "2010-10", "precision": "month" },
            "acts": ["expression", "belief"], "severity": "urgent",
            "victims": [{ "kind": "individual", "role": "оппозиционный активист" }],
        }),
    );
    assert_eq!((report.get("place"), report.get("perpetrators")), (None, None));
}

/// Leaves every question of the interview but the first one out, up to the one that shows what will be sent.
fn hurry_to_review(terminal: &mut Terminal) {
    let numbers = "Numbers, with spaces between";
    terminal.answer(numbers, "");
    terminal.answer("What happened?", "It happened.");
    terminal.line("");
    for question in ["A title", "When?", "Where?", numbers, numbers, numbers, numbers, "A file to go with it"]
    {
        terminal.answer(question, "");
    }
    terminal.expect("Seal and send it? [yes/no]");
}

#[test]
fn control_c_ends_with_nothing_sent_and_the_terminal_as_it_was() {
    let stage = Stage::new();
    let stopped = |mut terminal: Terminal| {
        terminal.keys("\u{3}");
        let status = terminal.end();
        assert_eq!(status.code(), Some(130), "{status}\n{}", terminal.screen());
        assert!(terminal.echoes(), "{}", terminal.screen());
        assert!(!terminal.screen().contains("\u{1b}[?25l"), "the cursor was hidden: {:?}", terminal.screen());
        assert!(stage.inbox(0).is_empty());
    };
    let mut in_the_middle = interview(&stage, "en");
    in_the_middle.expect("Numbers, with spaces between");
    stopped(in_the_middle);

    let mut at_the_review = interview(&stage, "en");
    hurry_to_review(&mut at_the_review);
    stopped(at_the_review);

    let mut before_the_last_byte = interview(&stage, "en");
    hurry_to_review(&mut before_the_last_byte);
    before_the_last_byte.line("yes");
    before_the_last_byte.expect("word number ");
    stopped(before_the_last_byte);

    let at_the_passphrase = inbox_in_a_terminal(&stage);
    at_the_passphrase.wait_for_silence();
    stopped(at_the_passphrase);
}

#[test]
fn who_does_not_want_to_send_it_sends_nothing() {
    let stage = Stage::new();
    let mut terminal = interview(&stage, "en");
    hurry_to_review(&mut terminal);
    terminal.line("no");
    terminal.answer("Write it again from the beginning?", "no");
    assert_eq!(terminal.end().code(), Some(1));
    assert_says(&terminal.screen(), &["kua: Stopped. Nothing was sent."]);
    assert!(!terminal.screen().contains("codename"), "a codename was shown for nothing");
    assert!(stage.inbox(0).is_empty());
}

/// `kua inbox`, at its question for the passphrase.
fn inbox_in_a_terminal(stage: &Stage) -> Terminal {
    let mut inbox = stage.kua.command();
    inbox.args(["inbox", &stage.link, "--key"]).arg(&stage.team.coordinators[0].vault);
    let mut terminal = Terminal::run(inbox);
    terminal.expect("Passphrase of");
    terminal.expect(": ");
    terminal
}

#[test]
fn a_passphrase_is_not_shown_while_it_is_typed() {
    let stage = Stage::new();
    stage.submitted(&samples::incidents()[0]);
    let passphrase = fs::read_to_string(&stage.team.coordinators[0].passphrase_file).unwrap();
    let mut terminal = inbox_in_a_terminal(&stage);
    terminal.wait_for_silence();
    terminal.line(&passphrase);
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.screen());
    assert!(terminal.echoes());
    assert_says(&terminal.screen(), &["Car of a miners' families"]);
    let word = passphrase.split(' ').next().unwrap();
    assert!(!terminal.screen().contains(word), "{}", terminal.screen());

    let mut wrong = inbox_in_a_terminal(&stage);
    wrong.wait_for_silence();
    wrong.line("something else");
    assert_eq!(wrong.end().code(), Some(1));
    assert_says(&wrong.screen(), &["the passphrase is wrong, or the vault is damaged"]);
}

#[test]
fn a_new_passphrase_is_suggested_weighed_and_typed_twice() {
    let stage = Stage::new();
    let vault = stage.path("dana.kua");
    let mut new = stage.kua.command();
    new.args(["key", "new", "--name", "Dana", "--out"]).arg(&vault);
    let mut terminal = Terminal::run(new);
    terminal.expect("made just now for you:");
    let suggested = terminal.expect("New passphrase:").trim().to_owned();
    assert_eq!(suggested.split(' ').count(), 6);
    let type_unseen = |terminal: &mut Terminal, text: &str| {
        terminal.wait_for_silence();
        terminal.line(text);
    };
    type_unseen(&mut terminal, "Dana2026");
    terminal.expect("too easy to guess");
    terminal.expect("New passphrase:");
    type_unseen(&mut terminal, &suggested);
    terminal.expect("The same again:");
    type_unseen(&mut terminal, "not the same at all");
    terminal.expect("The two are not the same");
    terminal.expect("New passphrase:");
    assert!(!vault.exists());
    type_unseen(&mut terminal, &suggested);
    terminal.expect("The same again:");
    type_unseen(&mut terminal, &suggested);
    terminal.expect("Made ");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.screen().matches(&suggested).count(), 1, "it is shown once, as a suggestion");
    let mut show = stage.kua.command();
    let passphrase = stage.write("dana.passphrase", suggested);
    let card = show.args(["key", "show", "--json"]).arg(&vault).arg("--passphrase-file").arg(passphrase);
    assert_eq!(card.json().unwrap()["name"], "Dana");
}

#[test]
fn without_a_terminal_it_is_said_how_to_go_on() {
    let stage = Stage::new();
    let message = refusal(stage.kua.command().args(["submit", &stage.link]));
    assert_says(&message, &["no terminal", "--report report.json"]);
    let vault = &stage.team.coordinators[0].vault;
    let message = refusal(stage.kua.command().args(["inbox", &stage.link, "--key"]).arg(vault));
    assert_says(&message, &["no terminal", "--passphrase-file"]);
}
