//! `kua reply` and `kua return`: coordinators and submitters write to each other.

use std::fs::File;

use acceptance::samples;

use super::transcript::Transcript;

#[test]
fn answers_are_written_and_read() {
    let mut told = Transcript::new();
    told.stage.write("photo.jpg", samples::photo(1));
    told.stage.write("form.pdf", samples::document("A form"));
    let first = told.submitted(0, "--receipt receipt.json");
    let russian = told.submitted(4, "");
    told.stage.write("codename.txt", &first.codename);
    told.stage.write("russian.txt", &russian.codename);
    let unanswered = told.submitted(0, "--to Marat");
    told.stage.write("unanswered.txt", &unanswered.codename);
    let id = first.short();
    told.kua("return LINK --codename-file codename.txt");
    told.kua("return LINK --codename-file codename.txt --json");
    told.by("Aigul", &format!("reply LINK {id} --acknowledge"));
    told.by("Aigul", &format!("reply LINK {id} --acknowledge"));
    told.by("Marat", &format!("reply LINK {id} --text 'Was anybody else there?'"));
    told.by("Aigul", &format!("reply LINK {id} --text 'Please sign this.' --attach form.pdf --json"));
    told.by("Aigul", &format!("reply LINK {id} --text 'Is it this place?' --attach photo.jpg"));
    told.by(
        "Aigul",
        &format!("reply LINK {id} --text 'Is it this place?' --attach photo.jpg --strip-metadata"),
    );
    told.by("Aigul", &format!("reply LINK {id} --text ''"));
    told.stage.write("answer.txt", "Thank you.\nCome back.\n");
    let mut answer = told.command(&format!(
        "reply LINK {id} --text - --json --key Aigul.kua --passphrase-file Aigul.passphrase"
    ));
    answer.stdin(File::open(told.stage.path("answer.txt")).unwrap());
    told.play(&mut answer, |_, _| ());
    told.by("Aigul", &format!("reply LINK {id}"));
    told.by("Aigul", &format!("reply LINK {id} --text 'This too.' --attach nothing.pdf"));
    told.by("Aigul", "reply LINK 00000000 --acknowledge");
    told.by("Aigul", "reply LINK --where status=new --acknowledge");
    told.by("Aigul", "reply LINK --where search=угрозу --acknowledge --yes");
    told.by("Aigul", "reply LINK --where search=угрозу --text 'Позвоните нам.' --yes --json");
    told.by("Aigul", "reply LINK --where search=nowhere --acknowledge");
    told.by("Aigul", &format!("reply LINK {id} {} --text 'Thank you both.'", russian.short()));

    told.remark("The submitters come back.");
    told.kua("return LINK --codename-file codename.txt");
    told.kua("return LINK --codename-file codename.txt --json");
    told.kua("return LINK --codename-file codename.txt --json --out saved");
    told.files("saved");
    told.kua("return LINK --codename-file codename.txt --out saved");
    told.kua("return LINK --codename-file codename.txt --receipt receipt.json");
    told.kua("return LINK --codename-file russian.txt --receipt receipt.json");
    told.kua("return LINK --codename-file codename.txt --receipt nothing.json");
    told.stage.write("none.json", "{}");
    told.kua("return LINK --codename-file codename.txt --receipt none.json");
    told.speak("ru_RU.UTF-8");
    told.kua("return LINK --codename-file russian.txt");
    told.speak("en");
    told.kua("return LINK --codename-file codename.txt --json --delete");
    told.kua("return LINK --codename-file codename.txt");
    told.kua("submit LINK --report car-explosion.json --codename-file codename.txt --json");
    told.kua("return LINK --codename-file russian.txt --delete");
    told.kua("submit LINK --report car-explosion.json --codename-file unanswered.txt --json");
    told.listed("return LINK --codename-file unanswered.txt");

    told.remark("Codenames that nothing was sent with, or that are none.");
    told.stage.write("short.txt", "abandon ability able");
    for codename in ["short.txt", "nothing.txt"] {
        told.kua(&format!("return LINK --codename-file {codename}"));
    }
    told.kua("return LINK");
    told.kua("return LINK --json");
    let unused = kua_sealing::Codename::generate().unwrap();
    told.stage.write("unused.txt", &*unused.reveal());
    told.kua("return LINK --codename-file unused.txt");
    told.kua("return LINK --codename-file unused.txt --json");
    told.by("Aigul", &format!("triage LINK {id}"));
    told.by("Aigul", &format!("triage LINK {id} --json"));
    told.pin("conversation");
}
