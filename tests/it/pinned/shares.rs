//! `kua key split` and `kua key combine`: recovery shares.

use std::fs;

use super::transcript::Transcript;

#[test]
fn a_key_is_split_and_restored() {
    let mut told = Transcript::new();
    told.stage.write("new.passphrase", "bivuto lakosa dofipa rozika muvado tasiru");
    told.kua("key split Aigul.kua --drop roster.json --out shares --passphrase-file Aigul.passphrase");
    told.kua(
        "key split Marat.kua --drop 'Steppe Watch' --shares 3 --threshold 2 --out of-marat --json --passphrase-file Marat.passphrase",
    );
    told.kua("key split Root.kua --drop LINK --out of-root --json --passphrase-file Root.passphrase");
    told.files("shares");
    told.kua("key split Aigul.kua --drop roster.json --out shares --passphrase-file Aigul.passphrase");
    for wrong in ["--shares 1", "--shares 17", "--threshold 6", "--threshold 1"] {
        told.kua(&format!(
            "key split Aigul.kua --drop roster.json {wrong} --out other --passphrase-file Aigul.passphrase"
        ));
    }

    let page = |folder: &str, index: u8, of: u8| format!("{folder}/share-{index}-of-{of}.txt");
    let [one, two, five] = [1, 2, 5].map(|index| page("shares", index, 5));
    let combined = "--out aigul-again.kua --passphrase-file new.passphrase";
    told.kua(&format!("key combine {five} {one} {two} {combined}"));
    told.kua(&format!("key combine {five} {one} {two} {combined}"));
    told.kua("key show aigul-again.kua --passphrase-file new.passphrase");
    let marats = [1, 3].map(|index| page("of-marat", index, 3)).join(" ");
    told.kua(&format!(
        "key combine {marats} --json --out marat-again.kua --passphrase-file new.passphrase --name Marat"
    ));
    let roots = [1, 2, 3].map(|index| page("of-root", index, 5)).join(" ");
    told.kua(&format!("key combine {roots} --json --out root-again.kua --passphrase-file new.passphrase"));

    let other = "--out other.kua --passphrase-file new.passphrase";
    told.kua(&format!("key combine {one} {two} {other}"));
    told.kua(&format!("key combine {one} {two} {two} {other}"));
    told.kua(&format!("key combine {one} {two} {} {other}", page("of-marat", 1, 3)));
    told.kua(&format!("key combine {one} {two} nothing.txt {other}"));
    told.stage.write("empty.txt", "no share\n");
    told.kua(&format!("key combine {one} {two} empty.txt {other}"));
    let whole = fs::read_to_string(told.stage.path(&one)).unwrap();
    let at = whole.find("share1").unwrap() + 21;
    let bent = if &whole[at..=at] == "q" { "p" } else { "q" };
    told.stage.write("bent.txt", format!("{}{bent}{}", &whole[..at], &whole[at + 1..]));
    told.kua(&format!("key combine bent.txt {two} {five} {other}"));
    told.kua(&format!("key combine {other}"));
    told.pin("shares");
}
