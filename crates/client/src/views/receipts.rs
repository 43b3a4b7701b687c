//! What a receipt proves, and what a drop shows to browsers.

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, DropId, ObjectId};
use kua_protocol::link::RootFingerprint;
use schemars::JsonSchema;
use serde::Serialize;

use crate::drop::{Site, SiteFile};
use crate::receipts::{Fate, VerifiedReceipt};

/// A receipt that holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReceiptVerified {
    /// The report's id.
    #[schemars(with = "String")]
    report_id: ObjectId,
    /// The day on which the drop took it in.
    #[schemars(with = "String")]
    day: Day,
    /// Its sealed bytes.
    size: u64,
    /// The drop.
    #[schemars(with = "String")]
    drop: DropId,
    /// The roster under which it was verified.
    roster: RosterOf,
    /// The digits of the roster's root.
    digits: String,
    /// Whether the roster was checked against a link.
    link_checked: bool,
    /// Whether the sealed report was there and is the one.
    sealed_checked: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RosterOf {
    serial: u64,
    #[schemars(with = "String")]
    expires: Day,
    ended: bool,
}

impl ReceiptVerified {
    /// Gives a receipt as programs get it.
    pub fn of(verified: &VerifiedReceipt, link_checked: bool, sealed_checked: bool) -> Self {
        let VerifiedReceipt { receipt, roster, ended } = verified;
        let digits = RootFingerprint::of(&roster.root()).digits();
        let roster = roster.roster();
        Self {
            report_id: receipt.report,
            day: receipt.day,
            size: receipt.size,
            drop: receipt.drop,
            roster: RosterOf { serial: roster.serial, expires: roster.expires, ended: ended.is_some() },
            digits,
            link_checked,
            sealed_checked,
        }
    }
}

/// What became of the report of a receipt.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReceiptChecked {
    /// The report's id.
    #[schemars(with = "String")]
    pub report_id: ObjectId,
    /// The day on which the drop took it in.
    #[schemars(with = "String")]
    pub day: Day,
    /// Its sealed bytes.
    pub size: u64,
    /// Whether the drop serves it.
    pub state: Fate,
}

/// What a drop shows to browsers, beside what this program knows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SiteView<'a> {
    /// Whether all of it is the same.
    same: bool,
    /// The SHA-256 of the drop's own list of sums.
    #[schemars(with = "Option<String>")]
    sums: Option<Digest>,
    /// Whether the drop may be of another version.
    other_version: bool,
    /// The files of the page.
    files: &'a [SiteFile],
}

impl<'a> SiteView<'a> {
    /// Gives a page as programs get it.
    pub fn of(site: &'a Site) -> Self {
        Self {
            same: site.agrees(),
            sums: site.sums(),
            other_version: site.other_version().is_some(),
            files: site.files(),
        }
    }
}
