//! `kua triage` and `kua custody`: what coordinators noted, and who did what.

use std::fs::File;

use acceptance::processes::Output;
use serde_json::Value;

use super::transcript::Transcript;

/// The digits of the entry that a command printed as JSON.
fn entry(output: &Output) -> String {
    let value: Value = serde_json::from_str(&output.stdout).unwrap();
    value["entry"].as_str().unwrap()[..8].to_owned()
}

#[test]
fn cases_are_noted_and_shown() {
    let mut told = Transcript::new();
    let [first, second, others] =
        [(0, ""), (1, ""), (2, "--to Marat")].map(|(sample, words)| told.submitted(sample, words));
    let (one, two, closed) = (first.short(), second.short(), others.short());
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.by("Aigul", &format!("triage LINK {one} --status in-review --severity high --assign Marat"));
    told.by(
        "Aigul",
        &format!("triage LINK {one} --label arrest --label 'Two words' --note 'Two sources agree.'"),
    );
    told.by("Marat", &format!("triage LINK {one} --unlabel arrest --severity none --assign none --json"));
    told.by("Aigul", &format!("triage LINK {one} --link {two} --relation same-event"));
    told.by("Aigul", &format!("triage LINK {one} --link {two}"));
    told.by("Aigul", &format!("triage LINK {one} --unlink {two} --relation same-event"));
    told.by("Aigul", &format!("triage LINK {one} --unlink {two} --json"));
    let note = entry(&told.by("Aigul", &format!("triage LINK {one} --note 'A mistake.' --json")));
    told.by("Marat", &format!("triage LINK {one} --undo {note}"));
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.by("Aigul", &format!("triage LINK {two} {one} --status verified"));
    told.stage.write("note.txt", "From standard input,\nin two lines.\n");
    for passphrase in ["Aigul.passphrase", "-"] {
        let mut note = told
            .command(&format!("triage LINK {two} --note - --key Aigul.kua --passphrase-file {passphrase}"));
        note.stdin(File::open(told.stage.path("note.txt")).unwrap());
        told.play(&mut note, |_, _| ());
    }
    told.by("Aigul", &format!("triage LINK {two} {one} --label both --json"));
    told.by("Aigul", "triage LINK --where label=arrest --status closed");
    told.by("Aigul", "triage LINK --where search=evicted --status closed");
    told.by("Aigul", "triage LINK --where search=evicted --where status=closed --note Done. --json");
    told.by("Aigul", &format!("triage LINK {two} {closed} --status in-review"));
    told.by("Aigul", &format!("triage LINK {closed} {two} --status in-review --json"));
    told.by("Aigul", &format!("triage LINK {closed}"));

    told.remark("What cannot be noted.");
    for wrong in [
        format!("{one} --status old"),
        format!("{one} --severity terrible"),
        format!("{one} --assign Dana"),
        format!("{one} --undo 00000000"),
        format!("{one} --build-on 00000000"),
        format!("{one} {two} --undo {note}"),
        format!("{one} --link {one}"),
        format!("{one} --link 00000000"),
        format!("{one} --unlink {two}"),
        format!("{one} --relation duplicate"),
        format!("{one} --label ''"),
        "00000000 --status closed".to_owned(),
        "--where status=old --status closed".to_owned(),
        "--where colour=red --status closed".to_owned(),
        "--status closed".to_owned(),
    ] {
        told.by("Aigul", &format!("triage LINK {wrong}"));
    }

    told.remark("Custody.");
    told.by("Aigul", &format!("custody LINK {one}"));
    told.by("Aigul", &format!("custody LINK {one} --json"));
    told.by("Marat", &format!("custody LINK {two} {one}"));
    told.by("Marat", &format!("custody LINK {two} {closed} --json"));
    told.by("Aigul", "custody LINK --search evicted --json");
    told.by("Aigul", &format!("custody LINK {closed}"));
    told.by("Aigul", "custody LINK 00000000");
    told.pin("cases");
}

#[test]
fn notes_wait_for_the_drop() {
    let mut told = Transcript::in_order_of_keys();
    // The last entries of a log are in the order of random digests: this is played until they are in that of the story.
    let first = loop {
        let mark = told.mark();
        let report = told.submitted(0, "");
        let one = report.short();
        told.by("Aigul", &format!("triage LINK {one} --status in-review --json"));
        told.by("Marat", &format!("triage LINK {one}"));
        told.by("Aigul", &format!("triage LINK {one} --note Waiting. --offline --json"));
        told.by("Aigul", &format!("triage LINK {one} --offline"));
        let status =
            told.by("Aigul", &format!("triage LINK {one} --status verified --label arrest --offline"));
        told.by("Aigul", &format!("triage LINK {one} --offline"));
        // Aigul's are not sent yet, and Marat does not know of them.
        let other = told.by("Marat", &format!("triage LINK {one} --status rejected --json"));
        let status = status.stdout.split_once("entry ").unwrap().1[..8].to_owned();
        if status < entry(&other) {
            break report;
        }
        for name in ["Aigul", "Marat"] {
            told.by(name, &format!("delete LINK {one}"));
        }
        told.forget_since(mark);
    };
    let one = first.short();
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.by("Marat", &format!("triage LINK {one}"));
    told.by("Marat", &format!("custody LINK {one}"));
    told.by("Marat", &format!("custody LINK {one} --json"));
    told.by("Marat", "inbox LINK");
    told.by("Marat", "inbox LINK --json");
    told.by("Marat", &format!("triage LINK {one} --status verified"));

    told.remark("The drop is away.");
    let second = told.submitted(1, "");
    let two = second.short();
    told.by("Aigul", &format!("triage LINK {two} --note 'In the tram.' --offline"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.stage.drop.stop().unwrap();
    told.by("Aigul", &format!("triage LINK {two} --note 'In the train.'"));
    told.by("Aigul", &format!("triage LINK {two} --note 'In the train.' --json"));
    told.by("Aigul", &format!("triage LINK {one} --note 'In the train, too.' --json"));
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("custody LINK {one}"));
    told.listed_by("Aigul", "inbox LINK --json");
    told.stage.drop.restart().unwrap();
    told.listed_by("Aigul", "inbox LINK");
    told.by("Marat", &format!("triage LINK {one}"));
    told.pin("cases-offline");
}
