//! What a drop shows to browsers, beside what this program knows of it.

use std::collections::BTreeMap;

use http::{HeaderMap, StatusCode};
use kua_protocol::id::Digest;
use kua_site::{SERVED, Served};
use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use super::http::Http;
use crate::error::Error;

/// Most bytes of a file of the page: several times what this version's have.
const MOST: u64 = 4 << 20;
/// The page's list of sums.
const SUMS: &str = "/SHA256SUMS";

/// Header fields that HTTP needs and servers in front of a drop add, of which none changes what a browser does with the page.
const OF_SERVERS: &[&str] = &[
    "alt-svc",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "onion-location",
    "server",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
];

/// All that a drop shows.
pub struct Site(Vec<SiteFile>);

/// What a drop shows at one address.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SiteFile {
    /// The path.
    pub path: &'static str,
    /// How its bytes compare.
    pub state: FileState,
    /// The HTTP status.
    pub status: u16,
    /// The SHA-256 of its bytes; none for what is missing or far too large.
    #[schemars(with = "Option<String>")]
    pub sha256: Option<Digest>,
    /// The SHA-256 of the bytes that this program knows.
    #[schemars(with = "String")]
    pub expected: Digest,
    /// The header fields that are not as they should be.
    pub fields: Vec<SiteField>,
    #[serde(skip)]
    body: Option<Vec<u8>>,
}

/// How bytes compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// They are those that this program knows.
    Same,
    /// They are others.
    Other,
    /// There are none.
    Missing,
}

/// A header field that is not as it should be.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SiteField {
    /// Its name, in lower case.
    pub name: String,
    /// Its value as this program knows it; none for a field that should not be there.
    pub expected: Option<String>,
    /// Its value as the drop sends it; none for a field that is missing.
    pub shown: Option<String>,
}

impl Site {
    /// Fetches all that this program knows of.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached.
    pub async fn fetch(origin: &Url, proxy: Option<&str>) -> Result<Self, Error> {
        let http = Http::new(origin.clone(), proxy)?;
        let mut shown = Vec::new();
        for served in SERVED {
            let (status, fields, body) = http.shown(served.path, MOST).await?;
            shown.push(SiteFile::new(served, status, &fields, body)?);
        }
        Ok(Self(shown))
    }

    /// Gives the files of the page.
    pub fn files(&self) -> &[SiteFile] {
        &self.0
    }

    /// Says whether all of it is what this program knows.
    pub fn agrees(&self) -> bool {
        self.0.iter().all(|shown| shown.state == FileState::Same && shown.fields.is_empty())
    }

    /// The digest of the drop's own list of sums.
    pub fn sums(&self) -> Option<Digest> {
        self.0.iter().find(|shown| shown.path == SUMS)?.sha256
    }

    /// That digest, if the list is another than ours and all that the drop serves agrees with it: then the drop may be
    /// of another version.
    pub fn other_version(&self) -> Option<Digest> {
        let list = self.0.iter().find(|shown| shown.path == SUMS && shown.state == FileState::Other)?;
        let text = std::str::from_utf8(list.body.as_deref()?).ok()?;
        let named: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(digest, name)| (name, digest))
            .collect();
        let agrees = |shown: &SiteFile| {
            let name = if shown.path == "/" { "index.html" } else { &shown.path[1..] };
            // What has no file in the list is ours in every version.
            named.get(name).map_or(shown.state == FileState::Same, |digest| {
                shown.sha256.is_some_and(|shown| shown.to_string() == **digest)
            })
        };
        self.0.iter().all(|shown| shown.path == SUMS || agrees(shown)).then_some(list.sha256).flatten()
    }
}

impl SiteFile {
    fn new(
        served: &Served,
        status: StatusCode,
        fields: &HeaderMap,
        body: Option<Vec<u8>>,
    ) -> Result<Self, Error> {
        let is_there = status == StatusCode::OK;
        let body = body.filter(|_| is_there);
        let state = match &body {
            _ if !is_there => FileState::Missing,
            Some(body) if body == served.body => FileState::Same,
            _ => FileState::Other,
        };
        // The answer to what is missing is a matter of its own.
        let differing = if is_there { differing(served.fields()?, fields) } else { Vec::new() };
        let (sha256, expected) = (body.as_deref().map(Digest::of), Digest::of(served.body));
        Ok(Self {
            path: served.path,
            state,
            status: status.as_u16(),
            sha256,
            expected,
            fields: differing,
            body,
        })
    }
}

/// The fields that differ from the expected ones, by name. A field that comes several times is one with all the values.
fn differing(mut expected: BTreeMap<String, String>, fields: &HeaderMap) -> Vec<SiteField> {
    let mut differing = Vec::new();
    for name in fields.keys() {
        let values: Vec<_> =
            fields.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let (shown, expected) = (values.join(", "), expected.remove(name.as_str()));
        let may_be_added = expected.is_none() && OF_SERVERS.contains(&name.as_str());
        if expected.as_ref() != Some(&shown) && !may_be_added {
            differing.push(SiteField { name: name.to_string(), expected, shown: Some(shown) });
        }
    }
    let missing =
        expected.into_iter().map(|(name, value)| SiteField { name, expected: Some(value), shown: None });
    differing.extend(missing);
    differing.sort_by(|one, other| one.name.cmp(&other.name));
    differing
}

#[cfg(test)]
mod tests;
