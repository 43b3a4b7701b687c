//! `kua key`: vaults, cards and passphrases.

use std::fs;

use super::transcript::Transcript;

#[test]
fn vaults_are_made_shown_and_locked_anew() {
    let mut told = Transcript::new();
    told.stage.write("new.passphrase", "bivuto lakosa dofipa rozika muvado tasiru");
    told.stage.write("other.passphrase", "sanupo fivaki rulota dizomu pakeba givoso\n");
    told.stage.write("weak.passphrase", "password1");
    told.kua("key new --name Dana --out dana.kua --passphrase-file new.passphrase");
    told.kua("key new --root --name 'Steppe Watch root' --out root.kua --passphrase-file new.passphrase");
    told.kua("key new --name Dana --out dana.kua --passphrase-file new.passphrase");
    told.kua("key new --name Marat --out other.kua --passphrase-file weak.passphrase");
    told.kua("key new --name '' --out other.kua --passphrase-file new.passphrase");
    told.kua("key new --name Marat --out nowhere/other.kua --passphrase-file new.passphrase");
    told.kua("key new --name Marat --out other.kua");

    told.kua("key show dana.kua --passphrase-file new.passphrase");
    told.kua("key show dana.kua --json --passphrase-file new.passphrase");
    told.kua("key show root.kua --passphrase-file new.passphrase");
    told.kua("key show root.kua --json --passphrase-file new.passphrase");
    told.kua("key show dana.kua");
    told.kua("key show nobody.kua --passphrase-file new.passphrase");
    told.kua("key show dana.kua --passphrase-file nothing.passphrase");

    told.kua(
        "key passphrase dana.kua --passphrase-file new.passphrase --new-passphrase-file weak.passphrase",
    );
    told.kua(
        "key passphrase dana.kua --passphrase-file new.passphrase --new-passphrase-file other.passphrase",
    );
    told.kua("key show dana.kua --passphrase-file new.passphrase");
    told.kua("key show dana.kua --passphrase-file other.passphrase");

    told.kua("key export Aigul.kua --age --passphrase-file Aigul.passphrase");
    told.kua("key export Root.kua --age --passphrase-file Root.passphrase");
    told.kua("key export Aigul.kua --passphrase-file Aigul.passphrase");
    told.stage.write("none.kua", "a photo album");
    told.kua("key show none.kua --passphrase-file Aigul.passphrase");
    let vault = fs::read(told.stage.path("Aigul.kua")).unwrap();
    told.stage.write("damaged.kua", &vault[..100]);
    told.kua("key show damaged.kua --passphrase-file Aigul.passphrase");
    told.pin("keys");
}
