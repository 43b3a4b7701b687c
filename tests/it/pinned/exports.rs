//! `kua export`: what it says, and which files it writes.

use acceptance::samples;

use super::transcript::Transcript;

#[test]
fn reports_are_exported() {
    let mut told = Transcript::new();
    told.stage.write("photo.jpg", samples::photo(1));
    let first = told.submitted(0, "--attach photo.jpg --strip-metadata");
    let second = told.submitted(1, "");
    let (one, two) = (first.short(), second.short());
    for format in ["uwazi", "json", "csv", "html"] {
        told.by("Aigul", &format!("export LINK --format {format} --out {format}"));
        told.files(format);
    }
    told.by("Aigul", &format!("export LINK --format json --out one --json {one}"));
    told.by("Aigul", "export LINK --format csv --out found --search evicted --json");
    // Names are random and compressed: how long the archives are is another thing each time.
    let mut archives = told.command(
        "export LINK --format uwazi --out archives --json --key Aigul.kua --passphrase-file Aigul.passphrase",
    );
    told.play(&mut archives, |_, output| {
        let (before, bytes) = output.stdout.split_once("\"bytes\":").unwrap();
        let after = bytes.trim_start_matches(|c: char| c.is_ascii_digit());
        output.stdout = format!("{before}\"bytes\":[bytes]{after}");
    });
    told.by("Aigul", "export LINK --format html --out bare --redact");
    told.by("Aigul", "export LINK --format json --out bare-json --redact --json");
    told.files("bare-json");
    told.by("Aigul", "export LINK --format json --out without --no-attachments");
    told.files("without");
    told.by("Aigul", "export LINK --format uwazi --language ru --language en --out languages");
    told.files("languages");
    told.by("Aigul", "export LINK --format html --language ar --out arabic --json");
    told.by(
        "Aigul",
        &format!("export LINK --format html --out court {one} --handed-to 'the court in Almaty'"),
    );
    told.by(
        "Aigul",
        &format!("export LINK --format csv --out office {one} {two} --handed-to 'an office' --json"),
    );
    told.by("Aigul", &format!("triage LINK {one}"));
    told.by("Aigul", &format!("triage LINK {one} --json"));
    told.by("Marat", &format!("custody LINK {one}"));

    told.remark("What cannot be exported.");
    for wrong in [
        "--format html --out html",
        "--format pdf --out pdf",
        "--format html --out tongues --language ru --language en",
        "--format html --out tongue --language tlh",
        "--format csv --out nobody --handed-to ' '",
        "--format csv --out nothing 00000000",
        "--format csv --out nothing --search nowhere",
        "--format csv --out nothing --search nowhere --json",
    ] {
        told.by("Aigul", &format!("export LINK {wrong}"));
    }
    let third = told.submitted(2, "--to Marat");
    told.by("Aigul", "export LINK --format csv --out counted");
    told.by("Aigul", "export LINK --format csv --out counted-json --json");
    told.by("Aigul", &format!("export LINK --format csv --out closed {}", third.short()));
    told.by("Aigul", &format!("export LINK --format csv --out mixed {} {one}", third.short()));
    told.pin("exports");
}
