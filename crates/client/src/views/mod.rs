//! Views: what a front end shows, as types. `--json` prints them, a program may rely on their keys, and each has a JSON Schema.
//!
//! Ids and digests are written in hexadecimal, keys and mailboxes in base64url, days as `2026-03-21` in UTC, as in the protocol.
//! What is not known is `null`.

mod case;
mod ceremony;
mod inbox;
mod receipts;
mod report;
mod submitter;

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};

pub use self::case::{CaseView, Concurrent, GrantedView, HandedOutView, ReplyPosted, short};
pub use self::ceremony::{
    CombinedView, LeavingView, RootCard, RosterFetched, RosterPublished, RosterSigned, SplitView,
};
pub use self::inbox::{DeletionView, InboxLine, InboxRow, SavedReport};
pub use self::receipts::{ReceiptChecked, ReceiptVerified, SiteView};
pub use self::report::{ExportedView, OpenedView};
pub use self::submitter::{SealedView, Submitted, ThreadView};

/// Gives the JSON Schema of every view, by the command that prints it with `--json`.
pub fn schemas() -> BTreeMap<&'static str, Schema> {
    fn list<T: JsonSchema>() -> Schema {
        schema_for!(Vec<T>)
    }
    BTreeMap::from([
        ("kua delete", list::<DeletionView>()),
        ("kua export", schema_for!(ExportedView)),
        ("kua fetch", list::<SavedReport>()),
        ("kua grant", schema_for!(GrantedView)),
        ("kua grant --out", schema_for!(HandedOutView)),
        ("kua inbox", list::<InboxRow>()),
        ("kua key combine", schema_for!(CombinedView)),
        ("kua key show (a root)", schema_for!(RootCard)),
        ("kua key split", schema_for!(SplitView)),
        ("kua open", schema_for!(OpenedView)),
        ("kua receipt check", schema_for!(ReceiptChecked)),
        ("kua receipt verify", schema_for!(ReceiptVerified)),
        ("kua reply", schema_for!(ReplyPosted)),
        ("kua return", schema_for!(ThreadView)),
        ("kua roster fetch", schema_for!(RosterFetched)),
        ("kua roster new, add, remove, rotate, renew", schema_for!(RosterSigned)),
        ("kua roster publish", schema_for!(RosterPublished)),
        ("kua seal", schema_for!(SealedView)),
        ("kua submit", schema_for!(Submitted)),
        ("kua triage", schema_for!(CaseView)),
        ("kua verify-site", schema_for!(SiteView)),
    ])
}
