//! Errors on the wire: problem details (RFC 9457) with a stable type and no internals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The media type of a problem (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $title:literal;)*) => {
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

            /// A sentence for a person, in English.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

problems! {
    /// The drop has no roster yet, or its roster's time is over.
    NotOpen = 503, "not-open", "This drop is not open: it has no valid roster. The coordinators have to sign one.";
    /// A signature or a nonce is missing or not valid. Which one is not said.
    Unauthorised = 401, "unauthorised", "The request's signature is missing or not valid here. Take a new nonce and sign again.";
    /// Nothing is there, or not for this key.
    NotFound = 404, "not-found", "There is nothing here for you.";
    /// The path exists and not with this method.
    MethodNotAllowed = 405, "method-not-allowed", "This address does not take that method.";
    /// The object was deleted; it does not come back.
    Gone = 410, "gone", "This was deleted and is not taken in again.";
    /// The bytes are not one whole sealed file.
    NotSealed = 422, "not-sealed", "Only whole sealed files are taken in. Seal the report first; nothing was kept.";
    /// The body is not the one whose digest was sent.
    OtherBody = 400, "other-body", "The body did not arrive as it was sent. Nothing was kept; send it again.";
    /// A query, a header or a body is not of the form that the protocol has.
    Malformed = 400, "malformed", "The request is not of the form that the protocol has.";
    /// The body is larger than the drop takes in one request.
    TooLarge = 413, "too-large", "This is larger than the drop takes.";
    /// The mailbox has as many unfinished uploads as one mailbox may.
    TooManyUploads = 429, "too-many-uploads", "This mailbox has as many unfinished uploads as a mailbox may. Finish one, or wait a day.";
    /// The upload goes on at another byte.
    OtherOffset = 409, "other-offset", "The upload goes on at another byte. Ask with HEAD where, and go on there.";
    /// Somebody else goes on with the upload.
    UploadTaken = 423, "upload-taken", "Another request goes on with this upload. Ask with HEAD how far it came.";
    /// The upload is finished.
    UploadFinished = 403, "upload-finished", "This upload is finished. Nothing can be added to it or taken from it.";
    /// What was sent does not have the checksum that came with it.
    OtherChecksum = 460, "other-checksum", "What arrived does not have the checksum that came with it. Nothing of it was kept; send it again.";
    /// The body is not of the media type that uploads have.
    OtherMediaType = 415, "other-media-type", "An upload is continued with the media type application/offset+octet-stream.";
    /// The request is of another version of the upload protocol.
    OtherTusVersion = 412, "other-tus-version", "Uploads follow version 1.0.0 of the tus protocol, and say so in Tus-Resumable.";
    /// The mailbox holds as much as one mailbox may.
    MailboxFull = 429, "mailbox-full", "This mailbox holds as many objects as a mailbox may.";
    /// The report's case has as many entries as one may have.
    CaseFull = 429, "case-full", "This report's case log has as many entries as one may have.";
    /// The form for sealed files has taken what it takes on one day.
    FormShut = 503, "form-shut", "The form takes no more files today. Nothing was kept; kua submit sends at any time.";
    /// The form was sent from a page that is not this drop's.
    OtherOrigin = 403, "other-origin", "The form is sent from this drop's own page alone. Nothing was kept.";
    /// The roster is refused; the detail says why.
    RosterRefused = 409, "roster-refused", "The roster is refused.";
    /// The range lies outside the object.
    BadRange = 416, "bad-range", "The range lies outside the object.";
    /// Sending took too long.
    TimedOut = 408, "timed-out", "The request took too long to arrive. Nothing was kept; send it again.";
    /// More is arriving at this moment than the drop has memory for.
    Busy = 503, "busy", "The drop is busy. Nothing was kept; try again in a moment.";
    /// The disk is full.
    NoSpace = 507, "no-space", "The drop has no room left. Nothing was kept; tell the operator, and try again later.";
    /// The object's bytes are not those that were stored.
    Damaged = 500, "damaged", "This is damaged on the drop's disk. Tell the operator, who may have a backup.";
    /// Something failed inside the drop.
    Internal = 500, "internal", "The drop failed. Nothing was acknowledged; try again later.";
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
