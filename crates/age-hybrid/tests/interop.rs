//! Files go both ways between this crate and the npm package `age-encryption`, and the specification's own test files run.
//!
//! Needs Node.js and a built `tests/interop`; without them it says so and passes, unless `KUA_REQUIRE_INTEROP=1`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's own exemption for tests stops at their functions"
)]

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use age::secrecy::ExposeSecret as _;
use age_hybrid::{Identity, Recipient};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::Digest as _;

/// The other implementation, as a program.
struct Npm(PathBuf);

impl Npm {
    /// Finds it, or prints why not.
    fn find() -> Option<Self> {
        let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/build/age.js");
        let missing = if !program.exists() {
            "tests/interop is not built (npm ci && npm run build in that folder)"
        } else if Command::new("node").arg("--version").output().is_err() {
            "node is not installed"
        } else {
            return Some(Self(program));
        };
        assert!(std::env::var_os("KUA_REQUIRE_INTEROP").is_none_or(|value| value != "1"), "{missing}");
        eprintln!("skipped: {missing}");
        None
    }

    fn run(&self, args: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
        let mut child = Command::new("node")
            .arg(&self.0)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(String::from_utf8(output.stderr).unwrap())
        }
    }

    fn open(&self, identity: &Identity, sealed: &[u8]) -> Result<Vec<u8>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "{}", identity.to_secret_string().expose_secret()).unwrap();
        self.run(&["open", file.path().to_str().unwrap()], sealed)
    }
}

fn seal(recipients: &[Recipient], plain: &[u8]) -> Vec<u8> {
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let mut writer = age::Encryptor::with_recipients(recipients).unwrap().wrap_output(&mut sealed).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap();
    sealed
}

/// Two chunks and a bit, so that the payload's framing is compared as well.
fn plain() -> Vec<u8> {
    (0..150_000u32).map(|n| n.to_le_bytes()[1]).collect()
}

#[test]
fn the_npm_package_opens_what_we_seal() {
    let Some(npm) = Npm::find() else { return };
    let identities: Vec<_> = (0..3).map(|_| Identity::generate().unwrap()).collect();
    let recipients: Vec<_> = identities.iter().map(Identity::to_public).collect();
    for sealed_to in 1..=3 {
        let sealed = seal(&recipients[..sealed_to], &plain());
        for (n, identity) in identities.iter().enumerate() {
            let opened = npm.open(identity, &sealed);
            if n < sealed_to {
                assert_eq!(opened.as_deref(), Ok(plain().as_slice()));
            } else {
                assert!(opened.unwrap_err().contains("no identity matched"));
            }
        }
    }
}

#[test]
fn we_open_what_the_npm_package_seals() {
    let Some(npm) = Npm::find() else { return };
    let identities: Vec<_> = (0..3).map(|_| Identity::generate().unwrap()).collect();
    let recipients: Vec<_> = identities.iter().map(|identity| identity.to_public().to_string()).collect();
    for sealed_to in 1..=3 {
        let mut args = vec!["seal"];
        args.extend(recipients[..sealed_to].iter().map(String::as_str));
        let sealed = npm.run(&args, &plain()).unwrap();
        for (n, identity) in identities.iter().enumerate() {
            match age::decrypt(identity, &sealed) {
                Ok(opened) => assert!(n < sealed_to && opened == plain()),
                Err(error) => {
                    assert!(n >= sealed_to && matches!(error, age::DecryptError::NoMatchingKeys));
                }
            }
        }
    }
}

#[test]
fn identities_of_the_npm_package_are_ours_too() {
    let Some(npm) = Npm::find() else { return };
    let made = String::from_utf8(npm.run(&["keygen"], &[]).unwrap()).unwrap();
    let (comment, secret) = made.trim().split_once('\n').unwrap();
    let identity: Identity = secret.parse().unwrap();
    assert_eq!(comment, format!("# public key: {}", identity.to_public()));
    assert_eq!(identity.to_secret_string().expose_secret(), secret);
}

fn base16(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Some of the test files hold stanzas of the classical type as well.
fn any_identity(key: &str) -> Box<dyn age::Identity> {
    match key.parse::<Identity>() {
        Ok(identity) => Box::new(identity),
        Err(_) => Box::new(key.parse::<age::x25519::Identity>().unwrap()),
    }
}

fn open(identities: &[Box<dyn age::Identity>], sealed: &[u8]) -> Result<Vec<u8>, age::DecryptError> {
    let identities = identities.iter().map(AsRef::as_ref);
    let mut plain = Vec::new();
    age::Decryptor::new(sealed)?.decrypt(identities)?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[derive(serde::Deserialize)]
struct Vector {
    name: String,
    expect: String,
    payload: Option<String>,
    identities: Vec<String>,
    age: String,
}

#[test]
fn the_specifications_own_test_files_do_as_they_say() {
    let Some(npm) = Npm::find() else { return };
    let lines = String::from_utf8(npm.run(&["vectors"], &[]).unwrap()).unwrap();
    let vectors: Vec<Vector> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(vectors.len() >= 18, "only {} test files", vectors.len());
    for vector in vectors {
        let sealed = BASE64_STANDARD.decode(&vector.age).unwrap();
        let identities: Vec<_> = vector.identities.iter().map(|key| any_identity(key)).collect();
        let opened = match open(&identities, &sealed) {
            Ok(plain) => Ok(base16(&sha2::Sha256::digest(plain))),
            Err(age::DecryptError::NoMatchingKeys) => Err("no match"),
            // The age crate reads a header that it cannot parse as one of a later format.
            Err(age::DecryptError::InvalidHeader | age::DecryptError::UnknownFormat) => Err("header failure"),
            Err(error) => panic!("{}: {error}", vector.name),
        };
        match opened {
            Ok(digest) => {
                assert_eq!(vector.expect, "success", "{}", vector.name);
                assert_eq!(vector.payload, Some(digest), "{}", vector.name);
            }
            Err(why) => assert_eq!(vector.expect, why, "{}", vector.name),
        }
    }
}
