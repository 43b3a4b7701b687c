//! A usual day in other languages.

use super::transcript::Transcript;

fn pinned(language: &'static str, name: &str) {
    let mut told = Transcript::new();
    told.speak(language);
    let first = told.submitted(0, "");
    told.kua("submit LINK --report car-explosion.json --receipt receipt.json");
    told.stage.write("codename.txt", &first.codename);
    let more = told.submitted(4, "--codename-file codename.txt");
    let others = told.submitted(2, "--to Marat");
    let (one, two) = (first.short(), more.short());
    told.by(
        "Aigul",
        &format!(
            "triage LINK {one} --status verified --severity urgent --label arrest --assign Marat --note Yes."
        ),
    );
    told.by("Aigul", &format!("triage LINK {one} --link {two} --relation duplicate"));
    told.by("Aigul", &format!("reply LINK {} --acknowledge", others.short()));
    told.by("Marat", &format!("reply LINK {} --acknowledge", others.short()));
    told.stage.write("others.txt", &others.codename);
    told.kua("return LINK --codename-file others.txt");
    told.by("Aigul", &format!("grant LINK {one} --to Marat"));
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --status closed --offline"));
    told.listed_by("Aigul", "inbox LINK");
    told.by("Marat", &format!("delete LINK {two} {}", others.short()));
    told.listed_by("Aigul", "inbox LINK --all");
    told.by("Aigul", "inbox LINK --search nowhere");
    told.by("Aigul", &format!("open LINK {one}"));
    told.by("Aigul", &format!("custody LINK {one}"));
    told.by("Aigul", &format!("export LINK --format csv --out table --handed-to 'the court' {one}"));
    told.listed("return LINK --codename-file codename.txt");
    told.kua("receipt verify receipt.json --roster roster.json");
    told.by("Aigul", "receipt check LINK receipt.json");
    told.kua("verify-site LINK");
    told.kua("roster show roster.json");
    told.stage.drop.stop().unwrap();
    told.listed_by("Aigul", "inbox LINK --all");
    told.by("Aigul", &format!("triage LINK {one} --note Later."));
    told.pin(name);
}

#[test]
fn a_day_in_russian() {
    pinned("ru_RU.UTF-8", "day-ru");
}

#[test]
fn a_day_in_arabic() {
    pinned("ar", "day-ar");
}

#[test]
fn a_day_in_kazakh() {
    pinned("kk_KZ.UTF-8", "day-kk");
}

#[test]
fn a_day_in_spanish() {
    pinned("es", "day-es");
}

#[test]
fn a_day_in_french() {
    pinned("fr_FR.UTF-8", "day-fr");
}
