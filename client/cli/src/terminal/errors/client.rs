//! Errors of the client library, each with the next step.

use std::io;
use std::path::Path;

use kua_client::Error as ClientError;
use kua_protocol::link::LinkError;
use kua_protocol::roster::RecipientText;
use kua_sealing::{OpenError, SealError, VaultError};

use super::InWords;
use super::kinds::{
    codename_in_words, on_one_line, problem_in_words, receipt_in_words, report_in_words, roster_in_words,
    share_in_words, text, why,
};
use crate::terminal::i18n::Words;

impl InWords for ClientError {
    fn in_words(&self, words: &Words) -> String {
        let own = |key: &str| words.say(key);
        let of_path =
            |key: &str, path: &Path| words.say_with(key, &[("path", text(&path.display().to_string()))]);
        match self {
            Self::Link(error) => match error {
                LinkError::NotAnAddress(_) => own("error-link-address"),
                LinkError::Insecure => own("error-link-insecure"),
                LinkError::ExtraParts => own("error-link-extra"),
                LinkError::NoFingerprint => own("error-link-no-fingerprint"),
                LinkError::Mistyped => own("error-link-mistyped"),
                LinkError::Newer => own("error-link-newer"),
            },
            Self::Roster(error) => roster_in_words(error, words),
            Self::NotARoster { path, error } => {
                let (path, why) = (path.display().to_string(), error.to_string());
                words.say_with("error-roster-none", &[("path", text(&path)), ("why", text(&why))])
            }
            Self::NotOpen => own("error-not-open"),
            Self::Problem(problem) => problem_in_words(problem, words),
            Self::Unreachable { host, why } => {
                words.say_with("error-unreachable", &[("host", text(host)), ("why", text(why))])
            }
            Self::Certificate { host, why } => {
                words.say_with("error-certificate", &[("host", text(host)), ("why", text(why))])
            }
            Self::NotAsked => own("error-not-asked"),
            Self::NoTor => own("error-no-tor"),
            Self::NoFolder => own("error-no-folder"),
            Self::Dishonest(why) => words.say_with("error-dishonest", &[("why", text(why))]),
            Self::NotCleaned { path, error } => {
                let (path, why) = (path.display().to_string(), error.to_string());
                words.say_with("error-not-cleaned", &[("path", text(&path)), ("why", text(&why))])
            }
            Self::TooLarge { size, limit } => {
                let kib = |bytes: &u64| text(&format!("{}", bytes.div_ceil(1024)));
                words.say_with("error-too-large", &[("size", kib(size)), ("limit", kib(limit))])
            }
            Self::NoSuchCoordinator { name, known } => {
                words.say_with("error-no-such-coordinator", &[("name", text(name)), ("known", text(known))])
            }
            Self::Codename(error) => codename_in_words(error, words),
            Self::Report { what, error } => report_in_words(what, error, words),
            Self::Open { what, error: OpenError::Broken } => {
                words.say_with("error-broken", &[("what", text(what))])
            }
            Self::Open { what, error: OpenError::NotForYou } => {
                words.say_with("error-not-for-you", &[("what", text(what))])
            }
            Self::Seal(SealError::Recipient { beginning, source, .. }) => {
                let (why, length) = (source.to_string(), RecipientText::LEN.to_string());
                let args = [("beginning", text(beginning)), ("why", text(&why)), ("length", text(&length))];
                words.say_with("error-recipient", &args)
            }
            Self::NoSuchReport(prefix) => words.say_with("error-no-such-report", &[("prefix", text(prefix))]),
            Self::Ambiguous { prefix, ids } => {
                let ids = ids.join(" ");
                words.say_with("error-ambiguous", &[("prefix", text(prefix)), ("ids", text(&ids))])
            }
            Self::Damaged(path) => of_path("error-damaged", path),
            Self::WeakPassphrase => own("error-weak-passphrase"),
            Self::File { path, error } if error.kind() == io::ErrorKind::NotFound => {
                of_path("error-file-missing", path)
            }
            Self::File { path, error } | Self::Export(kua_export::Error::Write { path, error }) => {
                let (path, why) = (path.display().to_string(), why(error, words));
                words.say_with("error-file", &[("path", text(&path)), ("why", text(&why))])
            }
            Self::Vault { path, error: VaultError::Locked } => of_path("error-vault-locked", path),
            Self::Vault { path, error: VaultError::NotAVault } => of_path("error-vault-none", path),
            Self::Share { what, error } => share_in_words(what, error, words),
            Self::Receipt { path, error } => receipt_in_words(path, error, words),
            Self::OtherSealed(path) => of_path("error-receipt-other-file", path),
            Self::Dropped { id, day } => {
                let (id, day) = (id.to_string(), day.to_string());
                words.say_with("receipt-dropped", &[("id", text(&id)), ("day", text(&day))])
            }
            Self::OtherSite { sums: None } => own("error-site-other"),
            Self::OtherSite { sums: Some(digest) } => {
                words.say_with("error-site-version", &[("digest", text(&digest.to_string()))])
            }
            Self::NotHandedOut { report, why, noted } => {
                let (id, why) = (report.short(), why.in_words(words));
                let args = [("id", text(&id)), ("why", text(&why)), ("noted", (*noted).into())];
                words.say_with("error-not-handed-out", &args)
            }
            Self::Ended => own("error-ended"),
            Self::Occupied(path) => of_path("error-occupied", path),
            other => words.say_with("error-other", &[("text", text(&on_one_line(other)))]),
        }
    }
}
