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

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

pub use self::case::{CaseView, Concurrent, GrantedView, HandedOutView, ReplyPosted, short};
pub use self::ceremony::{
    CombinedView, LeavingView, RootCard, RosterFetched, RosterPublished, RosterSigned, SplitView,
};
pub use self::inbox::{DeletionView, InboxLine, InboxRow, SavedReport};
pub use self::receipts::{ReceiptChecked, ReceiptVerified, SiteView};
pub use self::report::{ExportedView, OpenedView};
pub use self::submitter::{SealedView, Submitted, ThreadView};

/// What a command prints of one report, or of several as a list.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "its schema is all that is wanted of it")]
enum OneOrList<T> {
    One(T),
    List(Vec<T>),
}

/// What `kua grant` prints, inside and outside of the team.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "its schema is all that is wanted of it")]
enum GrantView {
    Inside(GrantedView),
    Outside(HandedOutView),
}

/// Gives the JSON Schemas of what commands print with `--json`, by command.
///
/// `kua custody` prints `kua-custody/1`, `kua key show` of a coordinator `kua-card/1`, and `kua roster show` the roster as it
/// was signed: those are formats of their own.
pub fn schemas() -> BTreeMap<&'static str, Schema> {
    let roster = schema::<RosterSigned>;
    BTreeMap::from([
        ("kua delete", schema::<Vec<DeletionView>>()),
        ("kua export", schema::<ExportedView>()),
        ("kua fetch", schema::<Vec<SavedReport>>()),
        ("kua grant", schema::<GrantView>()),
        ("kua inbox", schema::<Vec<InboxRow>>()),
        ("kua key combine", schema::<CombinedView>()),
        ("kua key split", schema::<SplitView>()),
        ("kua open", schema::<OneOrList<OpenedView>>()),
        ("kua receipt check", schema::<ReceiptChecked>()),
        ("kua receipt verify", schema::<ReceiptVerified>()),
        ("kua reply", schema::<OneOrList<ReplyPosted>>()),
        ("kua return", schema::<ThreadView>()),
        ("kua roster add", roster()),
        ("kua roster fetch", schema::<RosterFetched>()),
        ("kua roster new", roster()),
        ("kua roster publish", schema::<RosterPublished>()),
        ("kua roster remove", roster()),
        ("kua roster renew", roster()),
        ("kua roster rotate", roster()),
        ("kua seal", schema::<SealedView>()),
        ("kua submit", schema::<Submitted>()),
        ("kua triage", schema::<OneOrList<CaseView>>()),
        ("kua verify-site", schema::<SiteView>()),
    ])
}

/// Gives the schema of a type as it is written.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
