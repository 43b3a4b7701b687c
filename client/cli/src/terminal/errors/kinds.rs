//! Errors of one kind each: of files, rosters, reports, receipts, shares, codenames, and what a drop answered.

use std::io;
use std::path::Path;

use fluent_bundle::FluentValue;
use kua_client::Error as ClientError;
use kua_protocol::dsse::EnvelopeError;
use kua_protocol::problem::{Kind, Problem};
use kua_protocol::receipt::ReceiptError;
use kua_protocol::roster::RosterError;
use kua_sealing::{CodenameError, ShareError};

use crate::terminal::i18n::Words;
use crate::terminal::sanitise;

/// Says an error that has no words of its own. Names of other people stand on one line.
pub(super) fn on_one_line(error: &ClientError) -> String {
    match error {
        ClientError::OtherDropsRoster { path, name } => {
            ClientError::OtherDropsRoster { path: path.clone(), name: sanitise::one_line(name) }.to_string()
        }
        ClientError::OtherPersonsCard { bears, name } => {
            ClientError::OtherPersonsCard { bears: sanitise::one_line(bears), name: name.clone() }.to_string()
        }
        other => other.to_string(),
    }
}

/// What the system said of a file: what happens often in the person's language, the rest as it was said.
pub(super) fn why(error: &io::Error, words: &Words) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => words.say("why-not-allowed"),
        io::ErrorKind::StorageFull => words.say("why-disk-full"),
        io::ErrorKind::IsADirectory => words.say("why-a-folder"),
        _ => error.to_string(),
    }
}

pub(super) fn roster_in_words(error: &RosterError, words: &Words) -> String {
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

pub(super) fn report_in_words(what: &str, error: &kua_report::Error, words: &Words) -> String {
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

pub(super) fn receipt_in_words(path: &Path, error: &ReceiptError, words: &Words) -> String {
    let path = [("path", text(&path.display().to_string()))];
    match error {
        ReceiptError::Envelope(EnvelopeError::BadSignature) => words.say_with("error-receipt-forged", &path),
        ReceiptError::Envelope(_) => words.say_with("error-receipt-none", &path),
        ReceiptError::OtherDrop => words.say_with("error-receipt-other-drop", &path),
        ReceiptError::KeyNotInForce => words.say_with("error-receipt-not-in-force", &path),
    }
}

pub(super) fn share_in_words(what: &str, error: &ShareError, words: &Words) -> String {
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

pub(super) fn problem_in_words(problem: &Problem, words: &Words) -> String {
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
            words.say_with("error-problem", &[("detail", text(&sanitise::one_line(detail)))])
        }
    }
}

pub(super) fn text<'a>(text: &str) -> FluentValue<'a> {
    FluentValue::from(text.to_owned())
}

pub(super) fn codename_in_words(error: &CodenameError, words: &Words) -> String {
    match error {
        CodenameError::WordCount { found } => {
            words.say_with("error-codename-count", &[("found", text(&found.to_string()))])
        }
        CodenameError::UnknownWord { position, typed, suggestions } => {
            let perhaps = suggestions.join(", ");
            let position = position.to_string();
            let args = [("position", text(&position)), ("typed", text(typed)), ("perhaps", text(&perhaps))];
            words.say_with("error-codename-word", &args)
        }
        CodenameError::Checksum => words.say("error-codename-checksum"),
        CodenameError::NoRandomness => words.say_with("error-other", &[("text", text(&error.to_string()))]),
    }
}
