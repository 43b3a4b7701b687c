//! Errors on the wire: problem details (RFC 9457) with a stable type and no internals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The media type of a problem (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A choice of whether a request that failed is sent again (protocol, "Trying again").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It would fail again: the person is told at once.
    Never,
    /// It may be over soon, or the drop fails whatever is sent: [`MOST_FAILURES`] times in a row are enough.
    Few,
    /// It passes: the sender waits, and tries again until [`PATIENCE_SECONDS`] have gone by without progress.
    Wait,
}

/// Times in a row that a drop may fail before it is believed.
pub const MOST_FAILURES: u32 = 3;
/// Seconds without progress after which sending is given up.
pub const PATIENCE_SECONDS: u64 = 2 * 60 * 60;
/// Milliseconds of the first and of the longest pause between two tries. Each is twice the last one, and half of it to one and a
/// half of it is waited, so that those who were cut at the same moment do not come back at one.
pub const PAUSES_MS: (u64, u64) = (500, 30_000);
/// Bytes of the smallest and of the largest portion of an upload. The first one is the largest; it is halved after a failure.
pub const PORTIONS: (usize, usize) = (64 << 10, 8 << 20);
/// Portions in a row that have to get through until the next one is twice as large.
pub const SUCCESSES_UNTIL_LARGER: u32 = 4;

impl Retry {
    /// Says what an answer without a problem of ours means, by its status: something between client and drop gave it.
    pub fn of_status(status: u16) -> Self {
        match status {
            300..=399 | 408 | 413 | 423 | 429 | 500..=599 => Self::Wait,
            _ => Self::Never,
        }
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $retry:ident, $code:literal, $title:literal;)*) => {
        /// What went wrong, from the view of who asked. Its `type` is `urn:kua:problem:` and the code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, as in `urn:kua:problem:not-open`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Says whether what was sent may be sent again, as it is.
            pub fn retry(self) -> Retry {
                match self { $(Self::$name => Retry::$retry,)* }
            }

            /// A sentence for a person, in English.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

problems! {
    /// The drop has no roster yet, or its roster's time is over.
    NotOpen = 503, Never, "not-open", "This drop is not open: it has no valid roster. The coordinators have to sign one.";
    /// A signature or a nonce is missing or not valid. Which one is not said.
    Unauthorised = 401, Never, "unauthorised", "The request's signature is missing or not valid here. Take a new nonce and sign again.";
    /// Nothing is there, or not for this key.
    NotFound = 404, Never, "not-found", "There is nothing here for you.";
    /// The path exists and not with this method.
    MethodNotAllowed = 405, Never, "method-not-allowed", "This address does not take that method.";
    /// The object was deleted; it does not come back.
    Gone = 410, Never, "gone", "This was deleted and is not taken in again.";
    /// The bytes are not one whole sealed file.
    NotSealed = 422, Never, "not-sealed", "Only whole sealed files are taken in. Seal the report first; nothing was kept.";
    /// The body is not the one whose digest was sent.
    OtherBody = 400, Wait, "other-body", "The body did not arrive as it was sent. Nothing was kept; send it again.";
    /// A query, a header or a body is not of the form that the protocol has.
    Malformed = 400, Never, "malformed", "The request is not of the form that the protocol has.";
    /// The body is larger than the drop takes in one request.
    TooLarge = 413, Never, "too-large", "This is larger than the drop takes.";
    /// The mailbox has as many unfinished uploads as one mailbox may.
    TooManyUploads = 429, Never, "too-many-uploads", "This mailbox has as many unfinished uploads as a mailbox may. Finish one, or wait a day.";
    /// The upload goes on at another byte.
    OtherOffset = 409, Wait, "other-offset", "The upload goes on at another byte. Ask with HEAD where, and go on there.";
    /// Somebody else goes on with the upload.
    UploadTaken = 423, Wait, "upload-taken", "Another request goes on with this upload. Ask with HEAD how far it came.";
    /// The upload is finished.
    UploadFinished = 403, Never, "upload-finished", "This upload is finished. Nothing can be added to it or taken from it.";
    /// What was sent does not have the checksum that came with it.
    OtherChecksum = 460, Wait, "other-checksum", "What arrived does not have the checksum that came with it. Nothing of it was kept; send it again.";
    /// The body is not of the media type that uploads have.
    OtherMediaType = 415, Never, "other-media-type", "An upload is continued with the media type application/offset+octet-stream.";
    /// The request is of another version of the upload protocol.
    OtherTusVersion = 412, Never, "other-tus-version", "Uploads follow version 1.0.0 of the tus protocol, and say so in Tus-Resumable.";
    /// The mailbox holds as much as one mailbox may.
    MailboxFull = 429, Never, "mailbox-full", "This mailbox holds as many objects as a mailbox may.";
    /// The report's case has as many entries as one may have.
    CaseFull = 429, Never, "case-full", "This report's case log has as many entries as one may have.";
    /// The form for sealed files has taken what it takes on one day.
    FormShut = 503, Never, "form-shut", "The form takes no more files today. Nothing was kept; kua submit sends at any time.";
    /// The form was sent from a page that is not this drop's.
    OtherOrigin = 403, Never, "other-origin", "The form is sent from this drop's own page alone. Nothing was kept.";
    /// The roster is refused; the detail says why.
    RosterRefused = 409, Never, "roster-refused", "The roster is refused.";
    /// The range lies outside the object.
    BadRange = 416, Never, "bad-range", "The range lies outside the object.";
    /// Sending took too long.
    TimedOut = 408, Wait, "timed-out", "The request took too long to arrive. Nothing was kept; send it again.";
    /// More is arriving at this moment than the drop has memory for.
    Busy = 503, Wait, "busy", "The drop is busy. Nothing was kept; try again in a moment.";
    /// The disk is full.
    NoSpace = 507, Wait, "no-space", "The drop has no room left. Nothing was kept; tell the operator, and try again later.";
    /// The object's bytes are not those that were stored.
    Damaged = 500, Never, "damaged", "This is damaged on the drop's disk. Tell the operator, who may have a backup.";
    /// Something failed inside the drop.
    Internal = 500, Few, "internal", "The drop failed. Nothing was acknowledged; try again later.";
}

const URN: &str = "urn:kua:problem:";

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{URN}{}", self.code())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let code = text.strip_prefix(URN);
        let known = Self::ALL.iter().find(|kind| Some(kind.code()) == code);
        known.copied().ok_or_else(|| serde::de::Error::custom("an unknown kind of problem"))
    }
}

/// The body of every answer that is no success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of problem it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// A sentence for a person, in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What exactly, where it helps the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self { kind, title: kind.title().to_owned(), status: kind.status(), detail: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_members_of_rfc_9457() {
        let json = serde_json::to_value(Problem::from(Kind::Gone)).unwrap();
        assert_eq!(json["type"], "urn:kua:problem:gone");
        assert_eq!(json["status"], 410);
        assert!(json.get("detail").is_none());
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap().kind, Kind::Gone);
    }

    #[test]
    fn codes_are_distinct() {
        let codes: std::collections::HashSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }
}
