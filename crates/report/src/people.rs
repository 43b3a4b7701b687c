//! Those who take part in an event: victims, perpetrators, sources, and those who intervened.
//!
//! Numbers in brackets are those of HURIDOCS' *Events Standard Formats* (2001). Names are never needed: most reports are
//! safer without them.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Extra;
use crate::vocabulary::{PerpetratorType, Reliability, VictimKind};

/// Someone to whom it was done (2102).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Victim {
    /// Who is counted as one (0902, thesaurus 7).
    pub kind: VictimKind,
    /// The victim's name, or a name that stands for it (0903).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the victim does or stands for, in local words (0923).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Age in years when it happened (2118).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    /// How many people a group has (0931).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<NonZeroU32>,
    /// What else should be known about the victim (0930, 0944).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// Someone who did it (2402).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Perpetrator {
    /// What kind of power stood behind it (2412, thesaurus 24).
    #[serde(rename = "type")]
    pub kind: PerpetratorType,
    /// The perpetrator's name, where it is known (0903).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many there were (0931).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<NonZeroU32>,
    /// Unit, uniform, looks: what may help to know them again (0930, 0944).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// Where a piece of information comes from (2502).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// How the source came to know, in free words (2509).
    pub connection: String,
    /// How far the information can be relied on (2553, thesaurus 42).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}

/// What someone did about it (2601).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Intervention {
    /// Who intervened (2602).
    pub by: String,
    /// What came of it (2614).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    #[serde(flatten)]
    pub(crate) extra: Extra,
}
