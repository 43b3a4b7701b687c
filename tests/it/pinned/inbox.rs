//! `kua inbox`: lists as coordinators and programs get them.

use std::fs;

use kua_protocol::id::ObjectId;
use serde_json::json;

use super::transcript::Transcript;
use crate::impostor::{Answer, Impostor, roster_of};

#[test]
fn what_came_in_is_listed() {
    let mut told = Transcript::new();
    told.by("Aigul", "inbox LINK");
    told.by("Aigul", "inbox LINK --json");
    told.by("Aigul", "inbox LINK --status new");
    told.by("Aigul", "inbox LINK --offline");
    told.stage.write("form.pdf", "a form");
    let first = told.submitted(0, "--attach form.pdf");
    told.stage.write("codename.txt", &first.codename);
    let more = told.submitted(1, "--codename-file codename.txt");
    let russian = told.submitted(4, "");
    let others = told.submitted(2, "--to Marat");
    told.listed_by("Aigul", "inbox LINK");
    told.listed_by("Aigul", "inbox LINK --json");
    told.listed_by("Marat", "inbox LINK");

    told.remark("Noted, disputed, and asked to be deleted.");
    let noted = [
        (
            "Aigul",
            &first,
            "--status verified --label arrest --label 'Two words' --assign Marat --severity urgent",
        ),
        ("Aigul", &russian, "--status needs-information"),
        ("Marat", &others, "--status closed"),
    ];
    for (who, report, words) in noted {
        told.by(who, &format!("triage LINK {} {words} --json", report.short()));
    }
    told.listed_by("Aigul", "inbox LINK");
    told.listed_by("Aigul", "inbox LINK --json");
    told.by("Marat", &format!("delete LINK {}", more.short()));
    told.listed_by("Aigul", "inbox LINK");
    told.listed_by("Aigul", "inbox LINK --all");
    told.listed_by("Aigul", "inbox LINK --all --json");
    told.listed_by("Aigul", "inbox LINK --delete-asked");

    told.remark("Filters.");
    for filter in [
        "--search 'угрозу активист'",
        "--search nowhere",
        "--act property",
        "--place karaganda",
        "--place karaganda --with-files",
        "--since 2999-01-01",
        "--from 2010-10-11 --to 2010-10-12",
        "--severity urgent",
        "--status verified --label arrest --assignee Marat",
        "--assignee none",
    ] {
        told.listed_by("Aigul", &format!("inbox LINK {filter}"));
    }
    told.by("Aigul", "inbox LINK --search nowhere --json");
    for wrong in ["--act murder", "--search ' '", "--from yesterday", "--status old"] {
        told.by("Aigul", &format!("inbox LINK {wrong}"));
    }

    told.remark("Without the drop.");
    told.listed_by("Aigul", "inbox LINK --offline");
    told.listed_by("Aigul", "inbox LINK --offline --json");
    told.stage.drop.stop().unwrap();
    told.listed_by("Aigul", "inbox LINK");
    told.listed_by("Aigul", "inbox LINK --json --with-files");
    told.by("Aigul", &format!("open LINK {}", first.short()));
    told.pin("inbox");
}

/// A drop that dates wrongly, counts entries that it does not show, names another mailbox, and swaps bytes.
#[test]
fn what_is_strange_is_said_beside_its_report() {
    let mut told = Transcript::new();
    told.stage.write("film.mp4", vec![7; 1 << 20]);
    let reports = [(0, ""), (1, ""), (2, "--attach film.mp4")];
    let [one, two, long] = reports.map(|(sample, options)| told.submitted(sample, options).id);
    told.listed_by("Aigul", "inbox LINK");
    told.listed_by("Aigul", "inbox LINK --json");
    told.by("Aigul", &format!("fetch LINK {one} --out sealed"));
    told.by("Aigul", &format!("fetch LINK {two} --out sealed"));
    told.by("Aigul", &format!("fetch LINK {long} --out sealed"));
    told.listed_by("Aigul", "inbox LINK");

    let bytes = [&one, &two].map(|id| fs::read(told.stage.path(&format!("sealed/{id}.age"))).unwrap());
    let (today, other) = (crate::today(), ObjectId::of(b"another").to_string());
    let nobody = roster_of(&told.stage).drop_key[0].key.to_string();
    told.know(&nobody, "[nobody's-key]");
    told.know(&nobody[..8], "[nobody's-key, 8 characters]");
    let row = |id: &str| json!({ "report_id": id, "day": today, "size": bytes[0].len(), "mailbox": null, "entries": 0 });
    let mut rows = [&one, &two, &other].map(|id| row(id));
    rows[0]["day"] = json!(today.plus(3));
    rows[0]["expired"] = json!(5);
    rows[1]["entries"] = json!(2);
    rows[1]["mailbox"] = json!("0123456789abcdef0123456789abcdef");
    rows[1]["delete_asked"] = json!({ "by": nobody, "day": today, "left": { "days": 1, "hours": 24 } });
    let overdue = json!({ "objects": 3, "since": today.plus(-20), "days": 20 });
    let page = json!({ "reports": rows, "overdue": overdue });
    let get = |id: &str| format!("GET /v1/reports/{id}");
    let served =
        [(get(&one), bytes[0].clone()), (get(&two), bytes[1].clone()), (get(&other), bytes[0].clone())];
    let strange = Impostor::posing(&told.stage, move |request| {
        let found = served.iter().find(|(line, _)| *line == request.line);
        match (request.line.as_str(), found) {
            ("GET /v1/reports", _) => Answer::json(&page),
            (_, Some((_, bytes))) => Answer::bytes(bytes.clone()),
            (line, None) if line.ends_with("/entries") => Answer::json(&json!({ "entries": [] })),
            _ => Answer::status(404),
        }
    });
    let link = strange.link(&told.stage);
    told.know(&link, "[strange-link]");
    for options in ["--all", "--all --json", "", "--search evicted --all", "--offline --all"] {
        told.by("Marat", &format!("inbox {link} {options}"));
    }
    told.by("Marat", &format!("open {link} {two}"));
    told.by("Marat", &format!("open {link} {two} --json"));
    told.by("Marat", &format!("open {link} {other}"));
    told.pin("inbox-strange");
}
