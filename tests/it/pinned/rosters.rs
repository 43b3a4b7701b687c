//! `kua roster`: signed, changed, shown, published and fetched.

use kua_sealing::VaultKind;

use super::transcript::Transcript;
use crate::stage::{Stage, member};

const ROOT: &str = "--key Root.kua --passphrase-file Root.passphrase";

/// Another person with a vault, whose card lies beside it.
fn newcomer(stage: &Stage, folder: &str, name: &str) {
    let folder = stage.path(folder);
    std::fs::create_dir_all(&folder).unwrap();
    member(&folder, name, VaultKind::Coordinator).card(&stage.kua).unwrap();
}

#[test]
fn rosters_are_signed_and_changed() {
    let mut told = Transcript::new();
    newcomer(&told.stage, "new", "Dana");
    newcomer(&told.stage, "new", "Marat");
    let cards = "--drop drop/drop-card.json --card Aigul.card.json --card Marat.card.json";
    let last = crate::today().plus(30);
    told.kua(&format!("roster new {ROOT} --name 'Steppe Watch' {cards} --out first.json"));
    told.kua(&format!(
        "roster new {ROOT} --name 'Steppe Watch' --name 'ru=Дозор степи' --welcome 'en=Tell us.' --role Aigul=lawyer \
         --expires {last} {cards} --out second.json --json"
    ));
    told.kua(&format!("roster new {ROOT} --name 'Steppe Watch' {cards} --out first.json"));
    told.kua(&format!("roster new {ROOT} --name 'Steppe Watch' {cards} --role Dana=lawyer --out third.json"));
    told.kua(&format!("roster add {ROOT} --card new/Dana.card.json first.json"));
    told.kua(&format!("roster add {ROOT} --card new/Dana.card.json --role Dana=doctor second.json --json"));
    told.kua(&format!("roster add {ROOT} --card new/Dana.card.json first.json"));
    told.kua(&format!("roster rotate {ROOT} Marat --card new/Marat.card.json first.json"));
    told.kua(&format!("roster rotate {ROOT} Marat --card new/Marat.card.json --json second.json"));
    told.kua(&format!(
        "roster rotate {ROOT} Marat --card Marat.card.json --leaked first.json --out leaked.json"
    ));
    told.kua(&format!("roster rotate {ROOT} Aigul --card new/Dana.card.json first.json"));
    told.kua(&format!("roster remove {ROOT} Dana first.json"));
    told.kua(&format!("roster remove {ROOT} Dana second.json --json"));
    told.kua(&format!("roster remove {ROOT} Dana first.json"));
    told.kua(&format!("roster renew {ROOT} first.json --out renewed.json"));
    told.kua(&format!("roster renew {ROOT} first.json --expires {last} --json"));
    told.kua(&format!("roster renew {ROOT} first.json --expires 2999-01-01"));
    told.kua(&format!("roster renew {ROOT} first.json --out renewed.json"));
    told.by("Aigul", "roster renew first.json");
    told.stage.write("none.json", "{}");
    told.kua(&format!("roster renew {ROOT} none.json"));
    told.kua(&format!("roster renew {ROOT} nothing.json"));

    told.kua("roster show first.json");
    told.kua("roster show second.json --host drop.example");
    told.kua("roster show second.json --json");
    told.kua("roster show first.json --host drop.example --qr link.svg");
    told.kua("roster show first.json --host drop.example --qr link.gif");
    told.kua("roster show first.json --host 'drop.example/page'");
    told.kua("roster show nothing.json");
    told.kua("roster show none.json");
    told.pin("rosters");
}

#[test]
fn rosters_are_published_and_fetched() {
    let mut told = Transcript::new();
    newcomer(&told.stage, "new", "Marat");
    told.kua("roster fetch LINK --out fetched.json");
    told.kua("roster fetch LINK --out fetched.json");
    told.kua(&format!(
        "roster rotate {ROOT} Marat --card new/Marat.card.json --leaked roster.json --out second.json --json"
    ));
    told.kua("roster publish LINK second.json");
    told.kua("roster publish LINK second.json --json");
    let origin = told.stage.drop.origin().to_owned();
    told.kua(&format!("roster publish {origin} roster.json"));
    told.kua(&format!("roster fetch {origin} --out other.json"));
    told.kua("roster fetch LINK --out again.json --json");
    told.by("Marat", "inbox LINK");
    told.kua("roster publish http://127.0.0.1:1 second.json");
    told.remark("The roster ends soon.");
    let last = crate::today().plus(5);
    told.kua(&format!("roster renew {ROOT} second.json --expires {last} --out third.json"));
    told.kua("roster publish LINK third.json");
    told.by("Aigul", "inbox LINK");
    told.by("Aigul", "inbox LINK --json");
    told.pin("rosters-published");
}
