//! `kua open` and `kua fetch`: reports, whole or sealed.

use std::fs;

use acceptance::samples;

use super::transcript::Transcript;

#[test]
fn reports_are_opened() {
    let mut told = Transcript::new();
    told.stage.write("photo.jpg", samples::photo(1));
    told.stage.write("form.pdf", samples::document("A form"));
    let first = told.submitted(3, "--attach photo.jpg --attach form.pdf --strip-metadata");
    told.stage.write("codename.txt", &first.codename);
    let more = told.submitted(6, "--codename-file codename.txt");
    let others = told.submitted(2, "--to Marat");
    let (one, two, closed) = (first.short(), more.short(), others.short());
    told.by("Aigul", &format!("open LINK {one}"));
    told.by("Aigul", &format!("open LINK {one} --json"));
    told.by("Aigul", &format!("open LINK {one} --out case"));
    told.by("Aigul", &format!("open LINK {two} --out case-2 --json"));
    told.files("case");
    told.by("Aigul", &format!("open LINK {one} --out case"));
    told.by("Aigul", &format!("open LINK {two} {one}"));
    told.by("Aigul", &format!("open LINK {two} {one} --json"));
    told.by("Aigul", &format!("open LINK {two} {one} --out cases"));
    told.files("cases");
    told.by("Aigul", "open LINK --search broken --json");
    told.by("Aigul", "open LINK --search nowhere");
    told.by("Aigul", "open LINK --search nowhere --json");
    told.by("Aigul", &format!("open LINK {closed}"));
    told.by("Aigul", &format!("open LINK {two} {closed}"));
    told.by("Aigul", &format!("open LINK {closed} {two} --json"));
    told.by("Aigul", "open LINK 00000000");
    told.by("Aigul", "open LINK");
    told.by("Marat", &format!("grant LINK {closed} --to Aigul"));
    told.by("Aigul", &format!("open LINK {closed}"));
    told.by("Aigul", &format!("open LINK {closed} --json"));

    told.remark("The first report of a thread is gone.");
    told.by("Aigul", &format!("delete LINK {one}"));
    told.by("Marat", &format!("delete LINK {one}"));
    told.by("Aigul", &format!("open LINK {two}"));
    told.by("Aigul", &format!("open LINK {two} --json"));
    told.listed_by("Aigul", "inbox LINK");
    told.pin("opening");
}

#[test]
fn reports_are_fetched_and_opened_from_files() {
    let mut told = Transcript::new();
    told.stage.write("photo.jpg", samples::photo(1));
    let first = told.submitted(3, "--attach photo.jpg --strip-metadata");
    let others = told.submitted(2, "--to Marat");
    let (one, closed) = (first.short(), others.short());
    told.by("Aigul", &format!("fetch LINK {one} --out sealed"));
    // The one that is there already is named first; others are named as they arrive.
    told.by("Aigul", &format!("fetch LINK {one} {closed} --out sealed"));
    told.by("Aigul", &format!("fetch LINK {one} --out sealed --json"));
    told.by("Aigul", "fetch LINK --search broken --out found --json");
    told.by("Aigul", "fetch LINK --search nowhere --out found --json");
    told.by("Aigul", "fetch LINK --search nowhere --out found");
    told.by("Aigul", "fetch LINK 00000000 --out sealed");
    told.files("sealed");

    let sealed = format!("sealed/{}.age", first.id);
    told.by("Aigul", &format!("open --sealed {sealed}"));
    told.by("Aigul", &format!("open --sealed {sealed} --json"));
    told.by("Aigul", &format!("open --sealed {sealed} --out case"));
    told.by("Aigul", &format!("open --sealed {sealed} --out case"));
    told.by("Aigul", &format!("open --sealed sealed/{}.age", others.id));
    told.by("Aigul", "open --sealed nothing.age");
    told.by("Root", &format!("open --sealed {sealed}"));
    let mut bytes = fs::read(told.stage.path(&sealed)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    told.stage.write("damaged.age", &bytes);
    told.stage.write("cut.age", &bytes[..10_000]);
    told.stage.write("letter.age", "Dear all");
    for damaged in ["damaged.age", "cut.age", "letter.age"] {
        told.by("Aigul", &format!("open --sealed {damaged}"));
    }
    // A file that is there under the name of a report and is another one.
    told.stage.write(&sealed, "something else");
    told.by("Aigul", &format!("fetch LINK {one} --out sealed"));
    told.pin("fetching");
}
