//! Coming back: submitters and coordinators write to each other, and a drop that lies in between is found out.

use std::fs;
use std::path::PathBuf;

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_protocol::api::{MessageRow, path};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::roster::Roster;
use serde_json::{Value, json};

use crate::impostor::{Answer, Impostor, drop_info, roster_of, signed};
use crate::refusals::{assert_says, refusal};
use crate::stage::{Stage, member};

/// A submitter who keeps the codename in a file, as a test can.
struct Submitter {
    sent: Value,
    codename: PathBuf,
}

impl Submitter {
    /// Sends a sample and keeps the codename.
    fn new(stage: &Stage, sample: usize) -> Self {
        let sent = stage.submit(&stage.draft(&samples::incidents()[sample])).json().unwrap();
        let codename = stage.write(&format!("codename-{sample}"), sent["codename"].as_str().unwrap());
        Self { sent, codename }
    }

    fn id(&self) -> &str {
        self.sent["report_id"].as_str().unwrap()
    }

    fn mailbox(&self) -> MailboxId {
        self.sent["mailbox"].as_str().unwrap().parse().unwrap()
    }

    /// `kua return LINK --codename-file … --json`, to which a test may add.
    fn returning(&self, stage: &Stage, link: &str) -> std::process::Command {
        let mut command = stage.kua.command();
        command.args(["return", link, "--json", "--codename-file"]).arg(&self.codename);
        command
    }

    fn thread(&self, stage: &Stage) -> Value {
        self.returning(stage, &stage.link).json().unwrap()
    }

    /// Writes again in the same thread.
    fn follows_up(&self, stage: &Stage, text: &str) -> Value {
        let draft = stage.write("more.json", json!({ "title": text, "description": text }).to_string());
        stage.submit(&draft).arg("--codename-file").arg(&self.codename).json().unwrap()
    }
}

fn reply(stage: &Stage, coordinator: usize, to: &Submitter, words: &[&str]) -> Value {
    stage.reader("reply", coordinator).arg(to.id()).args(words).arg("--json").json().unwrap()
}

fn texts(thread: &Value) -> Vec<&str> {
    thread["replies"].as_array().unwrap().iter().map(|reply| reply["text"].as_str().unwrap()).collect()
}

#[test]
fn a_whole_conversation_reaches_those_it_is_for_and_nobody_else() {
    let stage = Stage::new();
    let (one, other) = (Submitter::new(&stage, 0), Submitter::new(&stage, 1));
    assert_eq!(one.thread(&stage)["sent"][0]["opened"], false);

    reply(&stage, 0, &one, &["--acknowledge"]);
    let asked = reply(&stage, 1, &one, &["--text", "Was anybody else there?"]);
    assert_eq!(asked["number"], 2);
    let letter = stage.write("form.pdf", samples::document("A form"));
    reply(&stage, 0, &one, &["--text", "Please sign this.", "--attach", letter.to_str().unwrap()]);
    reply(&stage, 0, &other, &["--text", "CANARY for the other"]);

    let thread = one.thread(&stage);
    assert_eq!(thread["sent"][0]["opened"], true);
    assert_eq!(texts(&thread)[1..], ["Was anybody else there?", "Please sign this."]);
    let [first, second, third] = [0, 1, 2].map(|n| thread["replies"][n].clone());
    assert_eq!(
        (&first["kind"], &first["author"], &first["number"]),
        (&"acknowledgement".into(), &"Aigul".into(), &1.into())
    );
    assert_eq!((&second["author"], &second["report"]), (&"Marat".into(), &one.sent["report_id"]));
    assert_eq!(third["attachment"]["name"], "form.pdf");
    assert_eq!((&thread["missing"], &thread["refused"]), (&json!([]), &json!([])));
    assert_eq!(texts(&other.thread(&stage)), ["CANARY for the other"]);

    // The answer comes with a file, and belongs to the thread.
    let draft = stage.write("answer.json", json!({ "title": "Yes", "description": "Two more." }).to_string());
    let photo = stage.write("list.jpg", samples::photo(3));
    let mut answer = stage.submit(&draft);
    answer.arg("--strip-metadata").arg("--codename-file").arg(&one.codename).arg("--attach").arg(photo);
    let answered = answer.json().unwrap();
    assert_eq!(answered["mailbox"], one.sent["mailbox"]);
    let followed = one.follows_up(&stage, "One thing more");
    assert_eq!(one.thread(&stage)["sent"].as_array().unwrap().len(), 3);
    let id = followed["report_id"].as_str().unwrap();
    let report = stage.reader("open", 0).args([id, "--json"]).json().unwrap();
    let sent = [&one.sent, &answered, &followed].map(|sent| sent["report_id"].clone());
    assert!(sent.contains(&report["thread"]["first"]), "{report}");

    // Files are saved only where the person wants them; replies go when she wants it.
    let saved = stage.path("saved");
    one.returning(&stage, &stage.link).arg("--out").arg(&saved).json().unwrap();
    assert_eq!(fs::read(saved.join("3-form.pdf")).unwrap(), samples::document("A form"));
    one.returning(&stage, &stage.link).arg("--delete").json().unwrap();
    let thread = one.thread(&stage);
    assert_eq!((texts(&thread).len(), &thread["sent"][0]["opened"].is_boolean()), (1, &true));
    assert_eq!(texts(&other.thread(&stage)).len(), 1, "nobody else's are touched");
    let data = stage.drop.folder().path().join("store");
    assert!(!holds(&data, b"CANARY"), "the drop can read what was answered");
}

fn holds(folder: &std::path::Path, trace: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds(&path, trace)
        } else {
            fs::read(path).unwrap().windows(trace.len()).any(|window| window == trace)
        }
    })
}

#[test]
fn many_are_answered_in_one_go_each_in_a_mailbox_of_her_own() {
    let stage = Stage::new();
    let [one, other] = [0, 1].map(|sample| Submitter::new(&stage, sample));
    let mut closed = stage.submit(&stage.draft(&samples::incidents()[2]));
    let closed = closed.args(["--to", "Aigul"]).json().unwrap()["report_id"].as_str().unwrap().to_owned();
    let again = one.follows_up(&stage, "Одна вещь ещё")["report_id"].as_str().unwrap().to_owned();
    let form = stage.write("form.pdf", samples::document("A form"));
    // Nobody can be asked here whether all are meant.
    let all = ["--where", "status=new", "--acknowledge"];
    let refused = stage.reader("reply", 0).args(all).run().unwrap();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert_says(&refused.stderr, &["--yes"]);
    let left = stage.reader("reply", 0).args(all).args(["--yes", "--json"]).json().unwrap();
    assert_eq!(left.as_array().unwrap().len(), 4);
    let mine = |row: &&Value| row["mailbox"] == one.sent["mailbox"];
    let mut numbers: Vec<_> =
        left.as_array().unwrap().iter().filter(mine).map(|row| row["number"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2], "two reports of one person are answered one after another");
    let thread = one.thread(&stage);
    assert!(thread["sent"].as_array().unwrap().iter().all(|sent| sent["opened"] == true), "{thread}");

    // One that cannot be answered keeps no other from its answer.
    let mut reply = stage.reader("reply", 1);
    reply.args([one.id(), &closed, other.id(), "--text", "Please sign this.", "--attach"]).arg(&form);
    let done = reply.run().unwrap();
    assert_eq!(done.code, Some(1), "{}", done.stderr);
    assert_says(&done.stderr, &[&format!("kua: {}", &closed[..8]), "not sealed to your key", "1 of 3"]);
    assert_eq!(done.stdout.lines().count(), 2, "{}", done.stdout);
    for submitter in [&one, &other] {
        let thread = submitter.thread(&stage);
        let last = thread["replies"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["text"], &last["attachment"]["name"]),
            (&json!("Please sign this."), &json!("form.pdf"))
        );
    }
    let noted = stage.reader("triage", 0).args([&again, "--json"]).json().unwrap();
    assert_eq!(noted["replies"].as_array().unwrap().len(), 1);
    for wrong in [&["--acknowledge"][..], &["--where", "status=new", one.id(), "--acknowledge"], &[one.id()]]
    {
        assert_eq!(stage.reader("reply", 0).args(wrong).run().unwrap().code, Some(2), "{wrong:?}");
    }
}

#[test]
fn an_attachment_of_many_mebibytes_comes_with_a_reply_and_a_larger_one_does_not() {
    let stage = Stage::with(&["Aigul"]);
    let one = Submitter::new(&stage, 0);
    let film = crate::badline::film(5, 9 << 20);
    let path = stage.write("film.mp4", &film);
    reply(&stage, 0, &one, &["--text", "Look.", "--keep-metadata", "--attach", path.to_str().unwrap()]);
    let saved = stage.path("saved");
    one.returning(&stage, &stage.link).arg("--out").arg(&saved).json().unwrap();
    assert!(fs::read(saved.join("1-film.mp4")).unwrap() == film);
    let large = stage.write("large.mp4", vec![7; (16 << 20) + 1]);
    let mut reply = stage.reader("reply", 0);
    assert_says(&refusal(reply.args([one.id(), "--text", "x", "--attach"]).arg(large)), &["too large"]);
}

#[test]
fn a_mistyped_codename_is_named_before_anything_is_asked() {
    let stage = Stage::new();
    let one = Submitter::new(&stage, 0);
    let listener = Impostor::new(|_| Answer::status(500));
    let link = listener.link(&stage);
    let words = fs::read_to_string(&one.codename).unwrap();
    let mut list: Vec<&str> = words.split_whitespace().collect();
    let typed = |text: &str| {
        let file = stage.write("typed", text);
        let mut command = stage.kua.command();
        command.args(["return", &link, "--json", "--codename-file"]).arg(file);
        refusal(&mut command)
    };
    assert_says(&typed(&list[..7].join(" ")), &["7"]);
    let third = list[2];
    list[2] = "abandonn";
    assert_says(&typed(&list.join(" ")), &["abandonn", "abandon"]);
    list[2] = third;
    // Two words that stand in each other's place: one of 255 such codenames would pass.
    list.swap(0, 7);
    let swapped = typed(&list.join(" "));
    assert!(swapped.contains("do not belong together") || swapped.contains("500"), "{swapped}");
    assert!(listener.heard().len() <= 1);
}

/// What the real drop serves, to be bent by a lying one.
struct Bent {
    rows: Vec<MessageRow>,
    bytes: Vec<(ObjectId, Vec<u8>)>,
}

/// Reads every reply that a store holds, as the operator could.
fn served(stage: &Stage, replies: &[Value]) -> Bent {
    let rows: Vec<MessageRow> = replies
        .iter()
        .map(|reply| MessageRow {
            message_id: reply["message_id"].as_str().unwrap().parse().unwrap(),
            day: crate::today(),
            size: 0,
        })
        .collect();
    let segments: Vec<Vec<u8>> = fs::read_dir(stage.drop.folder().path().join("store/segments"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let find = |id: ObjectId| {
        let begins = segments.iter().flat_map(|bytes| {
            let all = bytes.windows(22).enumerate();
            all.filter(|(_, window)| *window == b"age-encryption.org/v1\n").map(move |(at, _)| &bytes[at..])
        });
        for begin in begins {
            for size in (4000..begin.len().min(9000)).chain([begin.len()]) {
                if ObjectId::of(&begin[..size]) == id {
                    return begin[..size].to_vec();
                }
            }
        }
        panic!("{id} is not on the disk");
    };
    let bytes = rows.iter().map(|row| (row.message_id, find(row.message_id))).collect();
    Bent { rows, bytes }
}

/// A drop that shows these replies in this mailbox, and the roster as it is unless another is given.
fn liar(stage: &Stage, roster: Option<Value>, mailbox: MailboxId, bent: Bent) -> Impostor {
    let real = serde_json::from_slice(&fs::read(&stage.roster).unwrap()).unwrap();
    let info = drop_info(stage, &roster.unwrap_or(real));
    Impostor::new(move |request| match request.line.as_str() {
        "GET /v1/drop" => Answer::json(&info),
        line if line == format!("GET {}", path::mailbox_reports(mailbox)) => {
            Answer::json(&json!({ "reports": [] }))
        }
        line if line == format!("GET {}", path::messages(mailbox)) => {
            Answer::json(&json!({ "messages": bent.rows }))
        }
        line => match bent.bytes.iter().find(|(id, _)| line.ends_with(&id.to_string())) {
            Some((_, bytes)) => Answer::bytes(bytes.clone()),
            None => Answer::status(404),
        },
    })
}

#[test]
fn a_drop_that_swaps_repeats_or_withholds_replies_is_found_out() {
    let stage = Stage::new();
    let (one, other) = (Submitter::new(&stage, 0), Submitter::new(&stage, 1));
    let to_one =
        [reply(&stage, 0, &one, &["--text", "first"]), reply(&stage, 1, &one, &["--text", "second"])];
    let to_other = [reply(&stage, 0, &other, &["--text", "for the other"])];
    let thread_at = |liar: &Impostor| one.returning(&stage, &liar.link(&stage)).json();

    // Somebody else's reply in this mailbox.
    let swapped = liar(&stage, None, one.mailbox(), served(&stage, &to_other));
    let thread = thread_at(&swapped).unwrap();
    assert_eq!((texts(&thread).len(), &thread["refused"][0]["reason"]), (0, &"return-refused-seal".into()));
    // One of two.
    let withheld = liar(&stage, None, one.mailbox(), served(&stage, &to_one[1..]));
    let thread = thread_at(&withheld).unwrap();
    assert_eq!((texts(&thread), &thread["missing"]), (vec!["second"], &json!([1])));
    // The same one twice.
    let mut twice = served(&stage, &to_one[..1]);
    twice.rows.push(twice.rows[0].clone());
    let twice = liar(&stage, None, one.mailbox(), twice);
    let mut returning = one.returning(&stage, &twice.link(&stage));
    assert_says(&refusal(&mut returning), &["Do not trust this drop", "shows one twice"]);
    // Other bytes under an id.
    let mut other_bytes = served(&stage, &to_one);
    let (first, second) = (other_bytes.bytes[0].1.clone(), other_bytes.bytes[1].1.clone());
    (other_bytes.bytes[0].1, other_bytes.bytes[1].1) = (second, first);
    other_bytes.rows.sort_by_key(|row| row.message_id);
    let other_bytes = liar(&stage, None, one.mailbox(), other_bytes);
    let mut returning = one.returning(&stage, &other_bytes.link(&stage));
    assert_says(&refusal(&mut returning), &["Do not trust this drop", "something else"]);
    // A roster of another root.
    let root = member(&stage.path(""), "Another", kua_sealing::VaultKind::Root);
    let other_roster = signed(&roster_of(&stage), &root);
    let false_roster = liar(&stage, Some(other_roster), one.mailbox(), served(&stage, &to_one));
    let mut returning = one.returning(&stage, &false_roster.link(&stage));
    assert_says(&refusal(&mut returning), &["link"]);
    // A roster on which one of the authors is no more.
    let without_marat = Roster { serial: 2, ..roster_of(&stage) };
    let without_marat = Roster {
        coordinators: without_marat.coordinators.iter().filter(|one| one.name != "Marat").cloned().collect(),
        ..without_marat
    };
    let roster = signed(&without_marat, &stage.team.root);
    let mut both = served(&stage, &to_one);
    both.rows.sort_by_key(|row| row.message_id);
    let stranger = liar(&stage, Some(roster), one.mailbox(), both);
    let thread = thread_at(&stranger).unwrap();
    assert_eq!(
        (texts(&thread), &thread["refused"][0]["reason"]),
        (vec!["first"], &"return-refused-author".into())
    );
}

#[test]
fn a_drop_that_no_longer_shows_what_it_receipted_is_named() {
    let stage = Stage::new();
    let receipt = stage.path("receipt.json");
    let draft = stage.draft(&samples::incidents()[0]);
    let sent = stage.submit(&draft).arg("--receipt").arg(&receipt).json().unwrap();
    let codename = stage.write("codename", sent["codename"].as_str().unwrap());
    let one = Submitter { sent, codename };
    one.returning(&stage, &stage.link).arg("--receipt").arg(&receipt).json().unwrap();
    let nothing = Bent { rows: Vec::new(), bytes: Vec::new() };
    let liar = liar(&stage, None, one.mailbox(), nothing);
    let said = one.returning(&stage, &liar.link(&stage)).arg("--receipt").arg(&receipt).run().unwrap();
    assert_eq!(said.code, Some(1));
    assert_says(&said.stderr, &["gave a receipt for", &one.id()[..8], "does not show it any more"]);
}
