//! Errors in the person's language, each with the next step.

mod client;
mod kinds;

use kua_protocol::id::ObjectId;

use super::i18n::Words;
use super::sanitise;
use crate::error::Error;

/// An error that can be told to a person.
pub trait InWords {
    /// Gives the error and the next step, in the person's language.
    fn in_words(&self, words: &Words) -> String;

    /// Says it on standard error. What a drop or a file said may be part of it.
    fn tell(&self, words: &Words) {
        eprintln!("kua: {}", sanitise::lines(&self.in_words(words)));
    }

    /// Says it of one of several reports, under its id.
    fn tell_of(&self, report: ObjectId, words: &Words) {
        let (id, text) = (report.short(), self.in_words(words));
        // Some errors name the report themselves.
        let of = if text.contains(&id) { String::new() } else { format!("{id}: ") };
        eprintln!("kua: {of}{}", sanitise::lines(&text));
    }
}

impl InWords for Error {
    fn in_words(&self, words: &Words) -> String {
        match self {
            Self::Client(error) => error.in_words(words),
            Self::NoTerminal(key) => words.say(key),
            Self::Several { failed, count } => {
                let args = [("failed", (*failed).into()), ("count", (*count).into())];
                words.say_with("error-several", &args)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use kua_client::Error as ClientError;
    use kua_protocol::roster::RosterError;
    use kua_sealing::{OpenError, Recipients};

    use super::*;

    #[test]
    fn what_happens_often_is_said_in_every_language() {
        let file = |kind: io::ErrorKind| ClientError::File { path: "/a".into(), error: kind.into() };
        let often = [
            file(io::ErrorKind::NotFound),
            file(io::ErrorKind::PermissionDenied),
            file(io::ErrorKind::StorageFull),
            file(io::ErrorKind::IsADirectory),
            ClientError::Open { what: "12345678".into(), error: OpenError::NotForYou },
            ClientError::NoSuchReport("1234".into()),
            ClientError::Ambiguous { prefix: "1".into(), ids: vec!["12345678".into()] },
            ClientError::Damaged("/a".into()),
            ClientError::WeakPassphrase,
            ClientError::Seal(Recipients::new([("age1pq1qqqq", true)]).unwrap_err()),
            ClientError::NotARoster { path: "/a".into(), error: RosterError::OtherDrop },
        ];
        let english = Words::of_locale("en");
        for words in Words::in_every_language().skip(1) {
            for error in &often {
                let said = error.in_words(&words);
                let own = error.to_string();
                assert!(!said.contains(&own) && said != error.in_words(&english), "{said}");
                if let ClientError::File { error, .. } = error {
                    assert!(!said.contains(&error.to_string()), "{said}");
                }
            }
        }
    }
}
