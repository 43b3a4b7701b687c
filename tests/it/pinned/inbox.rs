//! `kua inbox`: lists as coordinators and programs get them.

use super::transcript::Transcript;

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
