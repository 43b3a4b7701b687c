//! What a drop serves besides the protocol: the submitter's page as `client/web` built it, byte for byte.
//!
//! The drop serves [`SERVED`] and nothing else; `kua verify-site` knows the same table and compares a drop with it. Both
//! are built from one folder, `client/web/dist`, whose `SHA256SUMS` is published.

use std::collections::BTreeMap;

macro_rules! dist {
    ($name:literal) => {
        include_bytes!(concat!("../../../client/web/dist/", $name))
    };
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Why the page cannot be served or compared. It is the build's fault: build the program again from a clean checkout.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A file that the build made is not of its form.
    #[error("the page's {file} was built wrong: {error}")]
    Built {
        /// The file in `client/web/dist`.
        file: &'static str,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// One address of the page, and what a drop answers there.
#[derive(Debug, Clone, Copy)]
pub struct Served {
    /// The path, as in `GET /page.js`.
    pub path: &'static str,
    /// The body.
    pub body: &'static [u8],
    media_type: &'static str,
    /// Header fields of this address alone, names in lower case; they go before the common ones.
    own: &'static [(&'static str, &'static str)],
}

/// Every address outside `/v1/`.
pub const SERVED: &[Served] = &[
    // Without JavaScript a browser says where its form comes from only to who may know where it is.
    served("/", dist!("index.html"), HTML, &[("referrer-policy", "same-origin")]),
    served("/page.js", dist!("page.js"), SCRIPT, &[]),
    served("/page.css", dist!("page.css"), STYLE, &[]),
    served("/worker.js", dist!("worker.js"), SCRIPT, &[]),
    // It runs from a disk only: here its own rules would meet the drop's.
    served("/offline.html", dist!("offline.html"), HTML, &[("content-disposition", "attachment")]),
    served("/plain.json", dist!("plain.json"), JSON, &[]),
    served("/headers.json", dist!("headers.json"), JSON, &[]),
    served("/SHA256SUMS", dist!("SHA256SUMS"), TEXT, &[]),
    // Whoever leaves in a hurry goes here: nothing to see, and nothing kept.
    served("/leave", b"", HTML, &[("clear-site-data", "\"cache\", \"cookies\", \"storage\"")]),
];

const fn served(
    path: &'static str,
    body: &'static [u8],
    media_type: &'static str,
    own: &'static [(&'static str, &'static str)],
) -> Served {
    Served { path, body, media_type, own }
}

impl Served {
    /// Every header field of the answer but those that HTTP itself adds, names in lower case.
    ///
    /// # Errors
    ///
    /// As [`common_fields`].
    pub fn fields(&self) -> Result<BTreeMap<String, String>, SiteError> {
        let mut fields = common_fields()?;
        let own = self.own.iter().copied().chain([("content-type", self.media_type)]);
        fields.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(fields)
    }
}

/// The header fields with which every page goes out, names in lower case: what a browser may do there, which is little.
///
/// # Errors
///
/// [`SiteError::Built`], which the tests of this crate rule out.
pub fn common_fields() -> Result<BTreeMap<String, String>, SiteError> {
    parse("headers.json", dist!("headers.json"))
}

/// What the drop's answers to the form say: by language (a BCP 47 tag), then by the message's key.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// The words for the answers to the form that works without JavaScript.
///
/// # Errors
///
/// [`SiteError::Built`], which the tests of this crate rule out.
pub fn words() -> Result<Words, SiteError> {
    parse("plain.json", dist!("plain.json"))
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, bytes: &[u8]) -> Result<T, SiteError> {
    serde_json::from_slice(bytes).map_err(|error| SiteError::Built { file, error })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kua_protocol::id::Digest;

    use super::*;

    fn at(path: &str) -> &'static Served {
        SERVED.iter().find(|served| served.path == path).unwrap()
    }

    #[test]
    fn everything_that_was_built_is_served_under_its_name_with_the_published_digest() {
        let sums = std::str::from_utf8(at("/SHA256SUMS").body).unwrap();
        let published: BTreeSet<(String, String)> = sums
            .lines()
            .map(|line| line.split_once("  ").unwrap())
            .map(|(digest, name)| (name.replace("index.html", ""), digest.to_owned()))
            .collect();
        let ours: BTreeSet<(String, String)> = SERVED
            .iter()
            .filter(|served| !["/SHA256SUMS", "/leave"].contains(&served.path))
            .map(|served| (served.path[1..].to_owned(), Digest::of(served.body).to_string()))
            .collect();
        assert_eq!(ours, published);
    }

    #[test]
    fn a_browser_may_do_little() {
        for served in SERVED {
            let fields = served.fields().unwrap();
            let policy = &fields["content-security-policy"];
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
                "{policy}"
            );
            for rule in ["form-action 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]
            {
                assert!(policy.contains(rule), "{policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
            assert_eq!(fields["cache-control"], "no-store");
            let referrer = if served.path == "/" { "same-origin" } else { "no-referrer" };
            assert_eq!(fields["referrer-policy"], referrer, "{}", served.path);
        }
    }

    #[test]
    fn nothing_on_the_page_is_inline() {
        let page = std::str::from_utf8(at("/").body).unwrap();
        assert!(page.contains("<noscript>"));
        for inline in ["<style", "style=", "<script>", " onclick", "javascript:"] {
            assert!(!page.contains(inline), "{inline}");
        }
    }

    #[test]
    fn the_answers_to_the_form_say_the_same_in_every_language() {
        let words = words().unwrap();
        assert_eq!(words.keys().collect::<Vec<_>>(), ["ar", "en", "es", "fr", "kk", "ru"]);
        let english: Vec<_> = words["en"].keys().collect();
        for (language, messages) in &words {
            assert_eq!(messages.keys().collect::<Vec<_>>(), english, "{language}");
            assert!(messages.values().all(|message| !message.contains('{')), "{language}");
        }
    }
}
