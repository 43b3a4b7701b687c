//! The most common errors, for people and with `--json`.

use kua_sealing::VaultKind;
use serde_json::Value;

use super::transcript::Transcript;
use crate::impostor::{Answer, Impostor};
use crate::stage::member;

/// A story in which everything goes wrong once.
fn play(told: &mut Transcript) {
    let sent = told.submitted(2, "--to Marat");
    let id = sent.short();
    told.stage.write("codename.txt", &sent.codename);
    let link = told.stage.link.clone();
    let (address, fingerprint) = link.split_once('#').unwrap();
    let bent = if link.ends_with('q') { "p" } else { "q" };
    let wrong_links = [
        format!("{}{bent}", &link[..link.len() - 1]),
        address.to_owned(),
        format!("http://drop.example/#{fingerprint}"),
        format!("{address}inbox#{fingerprint}"),
        "drop".to_owned(),
    ];
    let stranger = member(&told.stage.path(""), "Stranger", VaultKind::Root);
    let card =
        told.kua(&format!("key show {}.kua --json --passphrase-file Stranger.passphrase", stranger.name));
    let card: Value = serde_json::from_str(&card.stdout).unwrap();
    let of_another_root = format!("{address}#{}", card["fingerprint"].as_str().unwrap());
    let no_drop = Impostor::new(|_| Answer::status(404));
    let no_drop_link = no_drop.link(&told.stage);
    told.know(&no_drop_link, "[link-of-no-drop]");
    told.know(no_drop_link.split('/').nth(2).unwrap(), "[host-of-no-drop]");
    for link in wrong_links.iter().chain([&of_another_root, &no_drop_link]) {
        told.kua(&format!("submit {link} --report break-in.json"));
    }
    told.by("Aigul", &format!("open LINK {id}"));
    told.by("Aigul", &format!("open LINK {id} --json"));
    told.by("Aigul", "open LINK 00000000");
    told.by("Aigul", "open LINK 00000000 --json");
    told.by("Aigul", "open LINK 123");
    told.by("Root", "inbox LINK");
    told.by("Aigul", "inbox LINK --proxy socks5h://127.0.0.1:1");
    told.by("Aigul", "inbox LINK --proxy proxy.example");
    told.kua("inbox LINK --key Aigul.kua");
    told.kua("inbox LINK --key Aigul.kua --passphrase-file Marat.passphrase");
    told.kua("inbox LINK --key nothing.kua --passphrase-file Marat.passphrase");
    told.kua("inbox LINK");
    told.kua("submit LINK");
    told.kua("submit LINK --report nothing.json");
    told.stage.write("weak.passphrase", "password1");
    told.kua("key new --name Dana --out dana.kua --passphrase-file weak.passphrase");
    told.by("Marat", &format!("fetch LINK {id} --out Aigul.kua"));
    told.by("Marat", &format!("open LINK {id} --out Aigul.kua"));
    told.kua("roster fetch LINK --out roster.json");
    told.stage.write("order.txt", "abandon ability able about above absent absorb abstract");
    told.kua("return LINK --codename-file order.txt");
    told.stage.write("letter.age", "Dear all");
    told.by("Aigul", "open --sealed letter.age");
    told.stage.drop.stop().unwrap();
    told.kua("submit LINK --report break-in.json");
    told.by("Marat", "inbox LINK");
    told.by("Aigul", "inbox LINK --offline");
    told.kua("return LINK --codename-file codename.txt");
    told.by("Marat", &format!("open LINK {id} --json"));
}

fn pinned(language: &'static str, name: &str) {
    let mut told = Transcript::new();
    told.speak(language);
    play(&mut told);
    told.pin(name);
}

#[test]
fn errors_say_what_to_do_next() {
    pinned("en", "errors-en");
}

#[test]
fn errors_are_said_in_russian() {
    pinned("ru_RU.UTF-8", "errors-ru");
}

#[test]
fn errors_are_said_in_arabic() {
    pinned("ar", "errors-ar");
}
