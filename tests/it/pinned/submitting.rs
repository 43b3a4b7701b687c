//! `kua submit` and `kua seal`: what submitters send.

use acceptance::samples;

use super::transcript::Transcript;
use crate::stage::Stage;

#[test]
fn reports_are_sent_and_sealed() {
    let mut told = Transcript::new();
    let draft = samples::incidents()[0].clone();
    told.stage.write("report.json", draft.draft.to_string());
    told.stage.write("photo.jpg", samples::photo(1));
    told.stage.write("form.pdf", samples::document("A form"));
    told.stage.write("film.mp4", vec![7; 1 << 20]);
    told.kua("submit LINK --report report.json");
    let sent = told.submitted(0, "");
    told.kua("submit LINK --report report.json --receipt receipt.json");
    told.kua("submit LINK --report report.json --receipt receipt.json");
    told.kua("submit LINK --report report.json --receipt other.json --json --progress");
    told.kua("submit LINK --report report.json --to Marat");
    told.kua("submit LINK --report report.json --to Dana");
    told.stage.write("codename.txt", &sent.codename);
    told.kua("submit LINK --report report.json --codename-file codename.txt");
    told.kua("submit LINK --report report.json --codename-file codename.txt --json");

    told.remark("Images, and what is hidden in them.");
    told.kua("submit LINK --report report.json --attach photo.jpg");
    told.kua("submit LINK --report report.json --attach photo.jpg --attach form.pdf --keep-metadata");
    told.kua("submit LINK --report report.json --attach photo.jpg --attach form.pdf --strip-metadata --json");
    told.stage.write("broken.jpg", &samples::photo(1)[..700]);
    told.kua("submit LINK --report report.json --attach broken.jpg --strip-metadata");
    told.kua("submit LINK --report report.json --attach photo.jpg --keep-metadata --strip-metadata");
    told.kua("submit LINK --report report.json --attach nothing.jpg");

    told.remark("Sealed into a file.");
    told.kua("seal LINK --report report.json --out report.age");
    told.kua("seal LINK --report report.json --out report.age");
    told.kua("seal LINK --report report.json --attach photo.jpg --strip-metadata --to Aigul --out to-aigul.age --json");
    told.by("Aigul", "open --sealed report.age");
    told.pin("submitting");
}

#[test]
fn a_report_in_portions_tells_its_progress() {
    let mut told = Transcript::new();
    told.stage.write("report.json", samples::incidents()[0].draft.to_string());
    told.stage.write("film.mp4", vec![7; 1 << 20]);
    let mut submit = told.command("submit LINK --report report.json --attach film.mp4 --progress");
    // A slow machine is told oftener how far it is: of what stands between the ends only the first line is always there.
    let is_between = |line: &str| line.starts_with(r#"{"state":"sending""#) && !line.contains(":1084816,");
    told.play(&mut submit, |_, output| {
        let mut between = 0;
        let lines = output.stderr.split_inclusive('\n').filter(|line| {
            between += usize::from(is_between(line));
            between < 2 || !is_between(line)
        });
        output.stderr = lines.collect();
    });
    told.pin("submitting-progress");
}

#[test]
fn what_is_no_report_is_refused() {
    let mut told = Transcript::new();
    told.kua("submit LINK");
    told.kua("submit LINK --json");
    told.kua("submit LINK --report nothing.json");
    for (name, text) in [
        ("empty.json", "{}".to_owned()),
        ("cut.json", "{ \"title\": ".to_owned()),
        ("field.json", r#"{ "title": "t", "description": "d", "acts": ["murder"] }"#.to_owned()),
        ("long.json", format!(r#"{{ "title": "t", "description": "{}" }}"#, "x".repeat(2 << 20))),
    ] {
        told.stage.write(name, text);
        told.kua(&format!("submit LINK --report {name}"));
    }
    let draft = told.stage.draft(&samples::incidents()[0]);
    let draft = draft.file_name().unwrap().to_str().unwrap().to_owned();
    told.stage.write("short.txt", "abandon ability able");
    told.stage.write("mistyped.txt", "abandon ability able about above absent absorb abstracted");
    told.stage.write("order.txt", "abandon ability able about above absent absorb abstract");
    for codename in ["short.txt", "mistyped.txt", "order.txt", "nothing.txt"] {
        told.kua(&format!("submit LINK --report {draft} --codename-file {codename}"));
    }
    told.pin("submitting-refused");
}

#[test]
fn what_is_too_large_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Transcript::on(Stage::on(&folder.path().join("drop"), "report_mib = 1\n"));
    told.stage.write("report.json", samples::incidents()[0].draft.to_string());
    told.stage.write("film.mp4", vec![7; (1 << 20) + 1]);
    told.kua("submit LINK --report report.json --attach film.mp4");
    told.kua("submit LINK --report report.json --attach film.mp4 --json");
    told.kua("seal LINK --report report.json --attach film.mp4 --out report.age");
    told.pin("submitting-too-large");
}
