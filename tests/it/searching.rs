//! Coordinators find what they look for, in every language, and do things with all of it; nothing of it lies readable on
//! their disks.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::processes::Run as _;
use acceptance::samples;
use kua_sealing::{CoordinatorKeys, Floor, Recipients, SealPlan, Vault};
use serde_json::{Value, json};

use crate::stage::Stage;

/// A drop with reports in Kazakh, Russian, Arabic and Spanish, and their ids in this order.
fn stage() -> (Stage, [String; 4]) {
    let stage = Stage::new();
    let file = stage.write("Айғақ бейне.mp4", "a film");
    let submit = |name: &str, draft: Value, file: Option<&Path>| {
        let draft = stage.write(&format!("{name}.json"), draft.to_string());
        let mut submit = stage.submit(&draft);
        if let Some(file) = file {
            submit.arg("--attach").arg(file);
        }
        submit.json().unwrap()["report_id"].as_str().unwrap().to_owned()
    };
    let kazakh = json!({
        "title": "Үйден шығару", "description": "Таңертең ҚАЛА әкімдігі отбасын көшеге шығарды.", "language": "kk",
        "place": { "name": "Өскемен", "country": "KZ" }, "acts": ["housing"], "severity": "high",
        "occurred": { "from": "2010-10-05", "to": "2010-10-06", "precision": "day" },
    });
    let russian = json!({
        "title": "Ночной обыск", "description": "Ещё до рассвета пришли с обыском.", "language": "ru",
        "place": { "name": "Усть-Каменогорск", "country": "KZ" }, "acts": ["privacy"], "severity": "urgent",
        "occurred": { "from": "2010-11", "precision": "month" },
        "victims": [{ "kind": "individual", "role": "журналист", "name": "Свидетель Ёжиков" }],
        "sources": [{ "connection": "соседка видела" }],
    });
    let arabic = json!({
        "title": "اعتقال مُحامٍ", "description": "اعتقلت الشُّرطة المحامي أمام المحكمــة.", "language": "ar",
        "acts": ["liberty", "accused"], "occurred": { "from": "2010", "precision": "year" },
    });
    let spanish = json!({
        "title": "Detención", "description": "La policía detuvo a una líder sindical en la fábrica.", "language": "es",
        "perpetrators": [{ "type": "governmental", "description": "uniformes sin insignia" }],
    });
    let ids = [
        submit("kazakh", kazakh, Some(&file)),
        submit("russian", russian, None),
        submit("arabic", arabic, None),
        submit("spanish", spanish, None),
    ];
    (stage, ids)
}

/// The ids that the inbox lists with these options.
fn listed(stage: &Stage, options: &[&str]) -> Vec<String> {
    let rows = stage.reader("inbox", 0).args(options).arg("--json").json().unwrap();
    rows.as_array().unwrap().iter().map(|row| row["report_id"].as_str().unwrap().to_owned()).collect()
}

fn cached(stage: &Stage) -> Vec<PathBuf> {
    let folders = fs::read_dir(stage.path("cache")).unwrap().map(|entry| entry.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect()
}

#[test]
fn a_search_finds_what_was_written_in_any_language_however_it_is_typed() {
    let (stage, [kazakh, russian, arabic, spanish]) = stage();
    for (search, id) in [
        ("қала көшеге", &kazakh),
        ("ӨСКЕМЕН", &kazakh),
        ("айғақ бейне", &kazakh),
        ("еще ОБЫСК", &russian),
        ("ежиков", &russian),
        ("соседка", &russian),
        ("الشرطة", &arabic),
        ("المُحامي المحكمة", &arabic),
        ("policia LIDER fabrica", &spanish),
        ("insignia", &spanish),
    ] {
        assert_eq!(listed(&stage, &["--search", search]), [id.as_str()], "{search}");
    }
    // Other letters make other words; a word in one report and a word in another are no report with both.
    for search in ["кала", "policía обыск", "nothing-of-the-kind"] {
        assert!(listed(&stage, &["--search", search]).is_empty(), "{search}");
    }
    let none = stage.reader("inbox", 0).args(["--search", "кала"]).succeed().unwrap();
    assert_eq!(none, "No report fits the filter.\n");
}

#[test]
fn filters_take_what_they_say_alone_and_together() {
    let (stage, [kazakh, russian, arabic, _]) = stage();
    let today = crate::today();
    let (today, tomorrow) = (today.to_string(), today.plus(1).to_string());
    for (options, expected) in [
        (&["--act", "housing"][..], vec![&kazakh]),
        (&["--act", "housing", "--act", "accused"], vec![&kazakh, &arabic]),
        (&["--place", "каменогорск"], vec![&russian]),
        (&["--place", "kz"], vec![&kazakh, &russian]),
        (&["--severity", "urgent"], vec![&russian]),
        (&["--with-files"], vec![&kazakh]),
        (&["--from", "2010-10-06", "--to", "2010-10"], vec![&kazakh, &arabic]),
        (&["--from", "2010-11-30"], vec![&russian, &arabic]),
        (&["--to", "2009"], vec![]),
        (&["--place", "kz", "--search", "обыск", "--since", &today, "--until", &today], vec![&russian]),
        (&["--place", "kz", "--since", &tomorrow], vec![]),
    ] {
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        expected.sort();
        assert_eq!(listed(&stage, options), expected, "{options:?}");
    }
    for wrong in [&["--act", "murder"][..], &["--search", " "], &["--from", "yesterday"]] {
        assert_eq!(stage.reader("inbox", 0).args(wrong).run().unwrap().code, Some(2), "{wrong:?}");
    }
}

#[test]
fn nothing_that_can_be_searched_lies_readable_on_the_disk() {
    let (stage, [_, russian, ..]) = stage();
    assert_eq!(listed(&stage, &["--search", "ежиков"]), [russian]);
    let words = ["Ёжиков", "ежиков", "обыск", "қала", "ҚАЛА", "شرطة", "policia", "fábrica", "2010-10"];
    let mut files = 0;
    for path in cached(&stage) {
        files += 1;
        let content = fs::read(&path).unwrap();
        assert!(content.starts_with(b"age-encryption.org/v1\n"), "{}", path.display());
        let name = path.display().to_string();
        for word in words {
            let found = content.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found && !name.contains(word), "{word} in {name}");
        }
    }
    assert!(files >= 3, "rows, a volume and the roster");
}

/// Puts a file into the cache, sealed to a coordinator as her client would.
fn remember(stage: &Stage, path: &Path, content: &[u8]) {
    let member = &stage.team.coordinators[0];
    let passphrase = fs::read_to_string(&member.passphrase_file).unwrap();
    let vault = Vault::open(&fs::read(&member.vault).unwrap(), passphrase.trim_end()).unwrap();
    let recipient = CoordinatorKeys::from_seed(vault.seed()).recipient().to_string();
    let recipients = Recipients::new([(recipient.as_str(), true)]).unwrap();
    let mut sealed = Vec::new();
    let plan = SealPlan::new(recipients, content.len() as u64, Floor::Entry).unwrap();
    plan.seal(content, &mut sealed).unwrap();
    fs::write(path, sealed).unwrap();
}

#[test]
fn what_an_older_version_remembered_or_what_is_damaged_is_learnt_anew() {
    let (stage, [_, russian, ..]) = stage();
    assert_eq!(listed(&stage, &[]).len(), 4);
    let named = |name: &str| {
        let found = cached(&stage)
            .into_iter()
            .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(name));
        found.unwrap_or_else(|| panic!("{name} is not there"))
    };
    // As it was before texts were remembered.
    let older = json!({ "form": 3, "reports": { &russian: { "open": {
        "title": "as it was", "acts": [], "place": null, "severity": null, "language": null, "sender": null,
        "thread": null, "attachments": 0, "disagreements": [], "verified": true,
    } } } });
    remember(&stage, &named("reports.age"), older.to_string().as_bytes());
    assert_eq!(listed(&stage, &["--search", "ночной"]), [russian.as_str()]);
    for damage in ["reports.age", "text-"] {
        let path = named(damage);
        let mut content = fs::read(&path).unwrap();
        *content.last_mut().unwrap() ^= 1;
        fs::write(&path, content).unwrap();
        assert_eq!(listed(&stage, &["--search", "ночной"]), [russian.as_str()], "{damage}");
        fs::remove_file(named(damage)).unwrap();
        assert_eq!(listed(&stage, &["--search", "ночной"]), [russian.as_str()], "{damage}");
    }
}

#[test]
fn what_a_filter_finds_is_opened_and_fetched() {
    let (stage, ids) = stage();
    let opened = stage.reader("open", 0).args(["--place", "kz", "--json"]).json().unwrap();
    let mut found: Vec<&str> =
        opened.as_array().unwrap().iter().map(|one| one["custody"]["report_id"].as_str().unwrap()).collect();
    found.sort_unstable();
    let mut expected = vec![ids[0].as_str(), &ids[1]];
    expected.sort_unstable();
    assert_eq!(found, expected);
    let out = stage.path("sealed");
    stage.reader("fetch", 0).args(["--search", "обыск", "--out"]).arg(&out).succeed().unwrap();
    let names: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [format!("{}.age", ids[1]).as_str()]);
    let nothing = stage.reader("open", 0).args(["--search", "nowhere", "--json"]).succeed().unwrap();
    assert_eq!(nothing, "[]\n");
    // Either ids or a filter.
    for (command, words) in [
        ("fetch", &["--out", "x"][..]),
        ("open", &[]),
        ("open", &[&ids[0][..], "--search", "x"]),
        ("delete", &[]),
    ] {
        let wrong = stage.reader(command, 0).args(words).run().unwrap();
        assert_eq!(wrong.code, Some(2), "{command} {words:?}: {}", wrong.stderr);
    }
}

#[test]
fn deleting_what_a_filter_finds_is_confirmed_shown_to_the_others_and_stopped_by_one() {
    let (stage, [kazakh, russian, arabic, _]) = stage();
    // Nobody can be asked here.
    let refused = stage.reader("delete", 0).args(["--place", "kz"]).run().unwrap();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(listed(&stage, &[]).len(), 4);

    stage.reader("delete", 0).args(["--place", "kz", "--yes"]).succeed().unwrap();
    stage.reader("delete", 0).args([&arabic[..8]]).succeed().unwrap();
    assert_eq!(listed(&stage, &[]).len(), 1);
    let others = stage.reader("inbox", 1).run().unwrap();
    assert!(
        others.stderr.contains("3 reports are to be deleted, the first of them in "),
        "{}",
        others.stderr
    );
    let all = stage.reader("inbox", 1).arg("--delete-asked").succeed().unwrap();
    assert_eq!(all.matches("Aigul wants it deleted; ").count(), 3, "{all}");
    let rows = stage.reader("inbox", 1).args(["--delete-asked", "--json"]).json().unwrap();
    let asked = &rows[0]["delete_asked"];
    assert_eq!(asked["name"], "Aigul");
    assert_eq!(asked["left"], json!({ "days": 3, "hours": 72 }));

    // A second coordinator keeps some and lets others go at once.
    let (bad, good) = (kazakh[..10].to_owned(), russian.clone());
    let kept = stage.reader("delete", 1).args([&good, &bad, "--keep", "--json"]).json().unwrap();
    assert_eq!(kept.as_array().unwrap().iter().filter(|one| one["state"] == "kept").count(), 2);
    let gone = stage.reader("delete", 1).args(["--delete-asked", "--yes", "--json"]).json().unwrap();
    assert_eq!(gone, json!([{ "state": "deleted", "report_id": arabic }]));
    assert_eq!(listed(&stage, &["--all"]).len(), 3);
    assert!(listed(&stage, &["--search", "الشرطة"]).is_empty());

    // What several want kept is kept in one go, too.
    stage.reader("delete", 0).args([&kazakh, &russian]).succeed().unwrap();
    stage.reader("delete", 1).args(["--delete-asked", "--keep", "--yes"]).succeed().unwrap();
    assert_eq!(listed(&stage, &[]).len(), 3);
}

#[test]
fn one_report_that_fails_keeps_no_other_from_being_deleted() {
    let stage = Stage::with(&["Aigul"]);
    let ids =
        [0, 1].map(|n| stage.submitted(&samples::incidents()[n])["report_id"].as_str().unwrap().to_owned());
    let twice = stage.reader("delete", 0).args([&ids[0], &ids[1], &ids[0]]).succeed().unwrap();
    assert_eq!(twice.lines().count(), 2, "{twice}");
    let again = stage.reader("delete", 0).arg(&ids[0]).run().unwrap();
    assert_eq!(again.code, Some(1), "{}", again.stdout);
}

#[test]
fn what_coordinators_noted_is_filtered_by_and_shown_in_the_inbox() {
    let (stage, [kazakh, russian, arabic, _]) = stage();
    let triage = |coordinator: usize, words: &[&str]| {
        stage.reader("triage", coordinator).args(words).succeed().unwrap();
    };
    triage(0, &[&kazakh, &russian, "--status", "in-review", "--label", "Ask again", "--assign", "Marat"]);
    triage(1, &[&kazakh, "--status", "verified", "--severity", "low", "--assign", "none"]);
    for (options, expected) in [
        (&["--status", "in-review"][..], vec![&russian]),
        (&["--status", "verified", "--status", "in-review"], vec![&kazakh, &russian]),
        (&["--label", "ask AGAIN"], vec![&kazakh, &russian]),
        (&["--label", "ask again", "--label", "other"], vec![]),
        (&["--assignee", "Marat"], vec![&russian]),
        (&["--assignee", "none", "--place", "kz"], vec![&kazakh]),
        (&["--severity", "high"], vec![]),
        (&["--severity", "low", "--search", "қала"], vec![&kazakh]),
    ] {
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        expected.sort();
        assert_eq!(listed(&stage, options), expected, "{options:?}");
    }
    let rows = stage.reader("inbox", 0).args(["--assignee", "Marat", "--json"]).json().unwrap();
    let row = &rows[0];
    assert_eq!((&row["status"], &row["assignee"]), (&json!("in-review"), &json!("Marat")));
    assert_eq!((&row["labels"], &row["entries"]), (&json!(["Ask again"]), &json!(1)));
    let shown = stage.reader("inbox", 0).succeed().unwrap();
    assert!(shown.contains("in review") && shown.contains("Marat works on it  [Ask again]"), "{shown}");

    // One command for all that a filter lets through; its own options have other meanings here.
    let closing = ["--where", "status=in-review", "--status", "closed", "--json"];
    let noted = stage.reader("triage", 1).args(closing).json().unwrap();
    assert_eq!((noted[0]["report_id"].as_str(), noted.as_array().unwrap().len()), (Some(&*russian), 1));
    assert_eq!(listed(&stage, &["--status", "closed"]), [russian.as_str()]);
    assert_eq!(listed(&stage, &["--status", "new"]).len(), 2);
    for wrong in
        [&["--where", "status=old"][..], &["--where", "status=new", &arabic], &["--status", "closed"]]
    {
        assert_eq!(stage.reader("triage", 0).args(wrong).run().unwrap().code, Some(2), "{wrong:?}");
    }
    for path in cached(&stage) {
        let content = fs::read(&path).unwrap();
        assert!(!content.windows(9).any(|window| window == b"Ask again"), "{}", path.display());
    }
}

#[test]
fn a_report_for_others_shows_how_much_lies_with_it_and_opens_with_a_grant() {
    let stage = Stage::new();
    assert_eq!(stage.reader("inbox", 1).succeed().unwrap(), "No reports.\n");
    let draft = stage.draft(&samples::incidents()[1]);
    let sent = stage.submit(&draft).args(["--to", "Aigul"]).json().unwrap();
    let id = sent["report_id"].as_str().unwrap();
    let title = samples::incidents()[1].draft["title"].as_str().unwrap().to_owned();
    stage.reader("triage", 0).args([id, "--status", "in-review"]).succeed().unwrap();
    let others = |options: &[&str]| stage.reader("inbox", 1).args(options).succeed().unwrap();
    let shown = others(&[]);
    assert!(shown.contains("to other coordinators; one sealed entry or grant lies with it"), "{shown}");
    assert_eq!(others(&["--status", "in-review"]), "No report fits the filter.\n");
    let row = stage.inbox(1)[0].clone();
    assert_eq!(
        (&row["error"], &row["entries"], &row["status"]),
        (&json!("not-for-you"), &json!(1), &Value::Null)
    );

    // A grant over a filter is confirmed, as nobody can be asked here.
    let refused =
        stage.reader("grant", 0).args(["--where", "search=evicted", "--to", "Marat"]).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    stage.reader("grant", 0).args(["--where", "search=evicted", "--to", "Marat", "--yes"]).succeed().unwrap();
    let opened = stage.reader("inbox", 1).args(["--search", "evicted"]).run().unwrap();
    assert_eq!(opened.stderr, "", "a grant is nothing that the drop made up");
    assert!(opened.stdout.contains("in review") && opened.stdout.contains(&title[..20]), "{}", opened.stdout);
}

#[test]
fn every_error_stands_under_the_id_of_its_report() {
    let stage = Stage::new();
    let report = |sample: usize, to: &str| {
        let mut submit = stage.submit(&stage.draft(&samples::incidents()[sample]));
        submit.args(["--to", to]).json().unwrap()["report_id"].as_str().unwrap().to_owned()
    };
    let [mine, others, others_too] = [report(0, "Aigul"), report(1, "Marat"), report(2, "Marat")];
    for (command, words) in [
        ("triage", &["--status", "closed"][..]),
        ("grant", &["--to", "Marat"]),
        ("open", &[]),
        ("custody", &[]),
    ] {
        let ids = [&others[..], &mine, &others_too];
        let done = stage.reader(command, 0).args(ids).args(words).run().unwrap();
        assert_eq!(done.code, Some(1), "{command}: {}", done.stderr);
        let lines: Vec<&str> = done.stderr.lines().collect();
        let begins = [&others, &others_too].map(|id| format!("kua: {}", &id[..8]));
        assert_eq!(lines.len(), 3, "{command}: {}", done.stderr);
        for begin in begins {
            assert_eq!(lines.iter().filter(|line| line.starts_with(&begin)).count(), 1, "{}", done.stderr);
        }
        assert!(lines[2].starts_with("kua: Left undone: 2 of 3 reports"), "{}", done.stderr);
        assert!(!done.stdout.is_empty(), "{command}: the third is done");
    }
    let alone = stage.reader("triage", 0).args([&others[..], "--status", "closed"]).run().unwrap();
    assert_eq!(alone.stderr.lines().count(), 1, "{}", alone.stderr);
}

#[test]
fn what_coordinators_noted_is_found_with_the_report_and_not_once_it_was_undone() {
    let (stage, [_, russian, arabic, _]) = stage();
    let triage = |coordinator: usize, words: &[&str]| {
        let noted = stage.reader("triage", coordinator).args(words).arg("--json").json().unwrap();
        noted["entry"].as_str().unwrap().to_owned()
    };
    assert_eq!(listed(&stage, &["--search", "Бекова"]), [""; 0]);
    let note = triage(1, &[&russian, "--note", "Адвокат БЕКОВА перезвонила."]);
    triage(1, &[&arabic, "--label", "Follow-up", "--status", "in-review"]);
    assert_eq!(listed(&stage, &["--search", "бекова"]), [russian.as_str()]);
    // One word of the report, one of the note.
    assert_eq!(listed(&stage, &["--search", "обыск перезвонила"]), [russian.as_str()]);
    assert_eq!(listed(&stage, &["--search", "follow-up"]), [arabic.as_str()]);
    stage.reader("reply", 1).args([&russian, "--text", "Кто ещё это видел?"]).succeed().unwrap();
    assert_eq!(listed(&stage, &["--search", "кто еще видел"]), [russian.as_str()]);
    triage(0, &[&russian, "--undo", &note]);
    assert_eq!(listed(&stage, &["--search", "бекова"]), [""; 0]);
    for (path, bytes) in crate::secrets::everything_under(&stage.path("cache")) {
        for word in ["бекова", "follow-up", "кто еще"] {
            assert!(!crate::secrets::holds(&bytes, word.as_bytes()), "{word} in {}", path.display());
        }
    }
}
