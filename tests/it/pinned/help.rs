//! What each command says of itself.

use super::transcript::Transcript;

#[test]
fn every_command_tells_what_it_takes() {
    let mut told = Transcript::of_examples();
    for line in ["", "--help", "--version", "help", "nothing"] {
        told.kua(line);
    }
    for command in [
        "submit",
        "seal",
        "key",
        "key new",
        "key show",
        "key export",
        "key passphrase",
        "key split",
        "key combine",
        "roster",
        "roster new",
        "roster add",
        "roster remove",
        "roster rotate",
        "roster renew",
        "roster show",
        "roster publish",
        "roster fetch",
        "inbox",
        "open",
        "fetch",
        "delete",
        "reply",
        "triage",
        "grant",
        "custody",
        "export",
        "return",
        "receipt",
        "receipt verify",
        "receipt check",
        "verify-site",
    ] {
        told.kua(&format!("{command} -h"));
        told.kua(&format!("{command} --help"));
    }
    told.pin("help");
}
