//! `kua grant`: coordinators and people outside are let in.

use kua_sealing::VaultKind;

use super::transcript::Transcript;
use crate::stage::member;

#[test]
fn others_are_let_in() {
    let mut told = Transcript::new();
    let mine = "--to Aigul";
    let [one, two] = [0, 1].map(|sample| told.submitted(sample, mine).short().to_owned());
    let closed = told.submitted(3, "--to Marat").short().to_owned();
    told.by("Aigul", &format!("grant LINK {one} --to Marat"));
    told.by("Aigul", &format!("grant LINK {one} --to Marat"));
    told.by("Aigul", "grant LINK --all --yes --to Marat --json");
    told.by("Aigul", &format!("grant LINK {one} {two} --to Marat"));
    told.submitted(2, mine);
    told.by("Aigul", &format!("grant LINK {closed} --to Marat"));
    told.by("Aigul", &format!("grant LINK {one} {closed} --to Marat --json"));
    told.by("Aigul", "grant LINK --all --to Marat");
    told.by("Aigul", "grant LINK --all --yes --to Marat");
    told.by("Aigul", "grant LINK --where search=evicted --to Marat");
    told.by("Aigul", "grant LINK --where search=evicted --yes --to Marat --json");
    told.by("Aigul", &format!("grant LINK {one} --to Dana"));
    told.by("Aigul", "grant LINK 00000000 --to Marat");
    told.listed_by("Marat", "inbox LINK");
    told.by("Marat", &format!("open LINK {two}"));

    told.remark("Outside.");
    let lawyer = member(&told.stage.path(""), "Dana", VaultKind::Coordinator);
    let card = std::fs::read_to_string(lawyer.card(&told.stage.kua).unwrap()).unwrap();
    let recipient = card.split('"').find(|text| text.starts_with("age1pq1")).unwrap().to_owned();
    told.by("Aigul", &format!("grant LINK {one} --to {recipient} --out lawyer.age"));
    told.by("Aigul", &format!("grant LINK {two} --to {recipient} --out lawyer-2.age --json"));
    told.by("Aigul", &format!("grant LINK {one} --to {recipient} --out lawyer.age"));
    told.by("Aigul", &format!("grant LINK {one} --to {recipient}"));
    told.by("Aigul", &format!("grant LINK {one} {two} --to {recipient} --out both.age"));
    told.by(
        "Aigul",
        &format!(
            "grant LINK {one} --out old.age --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
        ),
    );
    told.by("Aigul", &format!("grant LINK {one} --to age1pq1nothing --out wrong.age"));
    told.by("Dana", "open --sealed lawyer.age");
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.by("Marat", &format!("custody LINK {one}"));
    told.pin("grants");
}
