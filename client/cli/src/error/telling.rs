//! Errors in the person's language, each with the next step.

use std::io;
use std::path::Path;

use fluent_bundle::FluentValue;
use kua_protocol::dsse::EnvelopeError;
use kua_protocol::id::ObjectId;
use kua_protocol::link::LinkError;
use kua_protocol::problem::{Kind, Problem};
use kua_protocol::receipt::ReceiptError;
use kua_protocol::roster::{RecipientText, RosterError};
use kua_sealing::{CodenameError, OpenError, SealError, ShareError, VaultError};

use super::Error;
use crate::words::Words;

impl Error {
    /// Says it on standard error. What a drop or a file said may be part of it.
    pub fn tell(&self, words: &Words) {
        eprintln!("kua: {}", crate::show::lines(&self.in_words(words)));
    }

    /// Says it of one of several reports, under its id.
    pub fn tell_of(&self, report: ObjectId, words: &Words) {
        let (id, text) = (report.short(), self.in_words(words));
        // Some errors name the report themselves.
        let of = if text.contains(&id) { String::new() } else { format!("{id}: ") };
        eprintln!("kua: {of}{}", crate::show::lines(&text));
    }

    /// The error and the next step, in the person's language.
    pub fn in_words(&self, words: &Words) -> String {
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
            Self::NotAsked => own("error-not-asked"),
            Self::NoTor => own("error-no-tor"),
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
            Self::Codename(CodenameError::WordCount { found }) => {
                words.say_with("error-codename-count", &[("found", text(&found.to_string()))])
            }
            Self::Codename(CodenameError::UnknownWord { position, typed, suggestions }) => {
                let perhaps = suggestions.join(", ");
                let position = position.to_string();
                let args =
                    [("position", text(&position)), ("typed", text(typed)), ("perhaps", text(&perhaps))];
                words.say_with("error-codename-word", &args)
            }
            Self::Codename(CodenameError::Checksum) => own("error-codename-checksum"),
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
            Self::NoTerminal(key) => own(key),
            Self::NotHandedOut { report, why, noted } => {
                let (id, why) = (report.short(), why.in_words(words));
                let args = [("id", text(&id)), ("why", text(&why)), ("noted", (*noted).into())];
                words.say_with("error-not-handed-out", &args)
            }
            Self::Several { failed, count } => {
                let args = [("failed", (*failed).into()), ("count", (*count).into())];
                words.say_with("error-several", &args)
            }
            Self::Ended => own("error-ended"),
            Self::Occupied(path) => of_path("error-occupied", path),
            other => words.say_with("error-other", &[("text", text(&other.to_string()))]),
        }
    }
}

/// What the system said of a file: what happens often in the person's language, the rest as it was said.
fn why(error: &io::Error, words: &Words) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => words.say("why-not-allowed"),
        io::ErrorKind::StorageFull => words.say("why-disk-full"),
        io::ErrorKind::IsADirectory => words.say("why-a-folder"),
        _ => error.to_string(),
    }
}

fn roster_in_words(error: &RosterError, words: &Words) -> String {
    match error {
        RosterError::OtherRoot => words.say("error-roster-other-root"),
        RosterError::NotYet(day) => {
            words.say_with("error-roster-not-yet", &[("day", text(&day.to_string()))])
        }
        RosterError::Expired(day) => {
            words.say_with("error-roster-expired", &[("day", text(&day.to_string()))])
        }
        other => words.say_with("error-roster-bad", &[("why", text(&other.to_string()))]),
    }
}

fn report_in_words(what: &str, error: &kua_report::Error, words: &Words) -> String {
    match error {
        kua_report::Error::Missing { field } => {
            words.say_with("error-report-missing", &[("what", text(what)), ("field", text(field))])
        }
        kua_report::Error::TooMuchText { bytes, longest } => {
            let (bytes, limit) = (bytes.to_string(), kua_report::TEXT_LIMIT.to_string());
            let args = [
                ("what", text(what)),
                ("bytes", text(&bytes)),
                ("longest", text(longest)),
                ("limit", text(&limit)),
            ];
            words.say_with("error-report-too-much-text", &args)
        }
        kua_report::Error::Field { path, reason } => {
            let args = [("what", text(what)), ("field", text(path)), ("reason", text(reason))];
            words.say_with("error-report-field", &args)
        }
        other => words.say_with("error-other", &[("text", text(&format!("{what}: {other}")))]),
    }
}

fn receipt_in_words(path: &Path, error: &ReceiptError, words: &Words) -> String {
    let path = [("path", text(&path.display().to_string()))];
    match error {
        ReceiptError::Envelope(EnvelopeError::BadSignature) => words.say_with("error-receipt-forged", &path),
        ReceiptError::Envelope(_) => words.say_with("error-receipt-none", &path),
        ReceiptError::OtherDrop => words.say_with("error-receipt-other-drop", &path),
        ReceiptError::KeyNotInForce => words.say_with("error-receipt-not-in-force", &path),
    }
}

fn share_in_words(what: &str, error: &ShareError, words: &Words) -> String {
    let what = if what.is_empty() { words.say("share-typed") } else { what.to_owned() };
    let key = match error {
        ShareError::NotAShare => "error-share-none",
        ShareError::Damaged => "error-share-damaged",
        ShareError::Newer => "error-share-newer",
        ShareError::Foreign(_) => "error-share-foreign",
        ShareError::Twice(..) => "error-share-twice",
        ShareError::Contradict(..) => "error-share-contradict",
        ShareError::TooFew { have, need } => {
            let args =
                [("have", (*have).into()), ("need", (*need).into()), ("missing", (need - have).into())];
            return words.say_with("error-share-too-few", &args);
        }
        ShareError::DoNotFit(those) if those.is_empty() => "error-share-some-false",
        ShareError::DoNotFit(_) => "error-share-false",
        ShareError::Numbers | ShareError::NoRandomness => {
            return words.say_with("error-other", &[("text", text(&error.to_string()))]);
        }
    };
    words.say_with(key, &[("what", text(&what))])
}

fn problem_in_words(problem: &Problem, words: &Words) -> String {
    match problem.kind {
        Kind::NotOpen => words.say("error-not-open"),
        Kind::NoSpace => words.say("error-no-space"),
        Kind::MailboxFull => words.say("error-mailbox-full"),
        Kind::Gone => words.say("error-gone"),
        Kind::NotFound => words.say("error-not-found"),
        Kind::Unauthorised => words.say("error-unauthorised"),
        Kind::Internal | Kind::TimedOut | Kind::Busy => words.say("error-drop-failed"),
        _ => {
            let detail = problem.detail.as_deref().unwrap_or(&problem.title);
            words.say_with("error-problem", &[("detail", text(&crate::show::one_line(detail)))])
        }
    }
}

fn text<'a>(text: &str) -> FluentValue<'a> {
    FluentValue::from(text.to_owned())
}

#[cfg(test)]
mod tests {
    use kua_sealing::Recipients;

    use super::*;

    #[test]
    fn what_happens_often_is_said_in_every_language() {
        let file = |kind: io::ErrorKind| Error::File { path: "/a".into(), error: kind.into() };
        let often = [
            file(io::ErrorKind::NotFound),
            file(io::ErrorKind::PermissionDenied),
            file(io::ErrorKind::StorageFull),
            file(io::ErrorKind::IsADirectory),
            Error::Open { what: "12345678".into(), error: OpenError::NotForYou },
            Error::NoSuchReport("1234".into()),
            Error::Ambiguous { prefix: "1".into(), ids: vec!["12345678".into()] },
            Error::Damaged("/a".into()),
            Error::WeakPassphrase,
            Error::Seal(Recipients::new([("age1pq1qqqq", true)]).unwrap_err()),
            Error::NotARoster { path: "/a".into(), error: RosterError::OtherDrop },
        ];
        let english = Words::of_locale("en");
        for words in Words::in_every_language().skip(1) {
            for error in &often {
                let said = error.in_words(&words);
                let own = error.to_string();
                assert!(!said.contains(&own) && said != error.in_words(&english), "{said}");
                if let Error::File { error, .. } = error {
                    assert!(!said.contains(&error.to_string()), "{said}");
                }
            }
        }
    }
}
