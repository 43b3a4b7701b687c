//! `kua receipt` and `kua verify-site`: what is checked of a drop.

use std::fs;

use kua_sealing::VaultKind;

use super::transcript::Transcript;
use crate::impostor::{Answer, Impostor};
use crate::stage::member;

#[test]
fn receipts_are_checked() {
    let mut told = Transcript::new();
    let sent = told.submitted(0, "--receipt receipt.json");
    let other = told.submitted(1, "--receipt other.json");
    // One after another: several are named as each arrives.
    for report in [&sent, &other] {
        told.by("Aigul", &format!("fetch LINK {} --out sealed", report.short()));
    }
    let [sealed, others] = [&sent, &other].map(|sent| format!("sealed/{}.age", sent.id));
    told.kua("receipt verify receipt.json --roster roster.json");
    told.kua("receipt verify receipt.json --roster roster.json --json");
    told.kua(&format!("receipt verify receipt.json --roster roster.json --link LINK --sealed {sealed}"));
    told.kua(&format!(
        "receipt verify receipt.json --roster roster.json --link LINK --sealed {sealed} --json"
    ));
    told.kua(&format!("receipt verify receipt.json --roster roster.json --sealed {others}"));
    told.by("Aigul", "receipt check LINK receipt.json");
    told.by("Aigul", "receipt check LINK receipt.json --json");

    told.remark("What proves nothing.");
    let receipt = fs::read_to_string(told.stage.path("receipt.json")).unwrap();
    let elsewhere = fs::read_to_string(told.stage.path("other.json")).unwrap();
    let payload = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        value["payload"].as_str().unwrap().to_owned()
    };
    told.stage.write("forged.json", receipt.replace(&payload(&receipt), &payload(&elsewhere)));
    told.stage.write("none.json", "{}");
    for wrong in ["forged.json", "none.json", "nothing.json"] {
        told.kua(&format!("receipt verify {wrong} --roster roster.json"));
        told.by("Aigul", &format!("receipt check LINK {wrong}"));
    }
    told.kua("receipt verify receipt.json --roster none.json");
    let stranger = member(&told.stage.path(""), "Stranger", VaultKind::Root);
    told.kua(&format!(
        "roster new --key {}.kua --passphrase-file Stranger.passphrase --name Others --drop drop/drop-card.json \
         --card Aigul.card.json --out others.json",
        stranger.name
    ));
    told.kua("receipt verify receipt.json --roster others.json --link LINK");

    told.remark("After both coordinators wanted it deleted.");
    told.by("Aigul", &format!("delete LINK {}", sent.short()));
    told.by("Aigul", "receipt check LINK receipt.json");
    told.by("Aigul", "receipt check LINK receipt.json --json");
    told.by("Marat", &format!("delete LINK {}", sent.short()));
    told.by("Aigul", "receipt check LINK receipt.json");
    told.by("Aigul", "receipt check LINK receipt.json --json");
    told.pin("receipts");
}

#[test]
fn the_page_is_compared() {
    let mut told = Transcript::new();
    told.kua("verify-site LINK");
    told.kua("verify-site LINK --json");
    told.kua("verify-site http://127.0.0.1:1/");
    let fingerprint = told.stage.link.split_once('#').unwrap().1.to_owned();
    told.kua(&format!("verify-site http://127.0.0.1:1/#{fingerprint}"));
    told.kua(&format!("verify-site http://127.0.0.1:1/#{fingerprint} --json"));
    let other = Impostor::new(|request| match request.line.as_str() {
        "GET /page.js" => Answer::bytes("stolen()").with("x-added", "1"),
        _ => Answer::status(404),
    });
    let link = other.link(&told.stage);
    told.know(&link, "[other-link]");
    told.kua(&format!("verify-site {link}"));
    told.kua(&format!("verify-site {link} --json"));
    told.pin("site");
}
