//! `kua verify-site`: whether a drop serves the page that this program knows.
//!
//! It says what the drop showed to this program at this moment. A drop can show something else to somebody else.

use serde_json::json;

use crate::cli::VerifySite;
use crate::drop::{Field, Shown, Site, State};
use crate::error::Error;
use crate::show;
use crate::words::Words;

/// Fetches all that belongs to the page and compares bytes and header fields.
///
/// # Errors
///
/// When the drop cannot be reached, or anything differs.
pub async fn run(options: &VerifySite, words: &Words) -> Result<(), Error> {
    let link: kua_protocol::link::DropLink = options.link.parse()?;
    let site = Site::fetch(link.origin(), options.network.proxy.as_deref()).await?;
    let (same, sums) = (site.agrees(), site.sums());
    if options.json {
        outln!(
            "{}",
            json!({ "same": same, "sums": sums, "other_version": site.other_version().is_some(), "files": site.0 })
        );
    } else {
        for shown in &site.0 {
            tell(shown, words);
        }
    }
    if !same {
        return Err(Error::OtherSite { sums: site.other_version() });
    }
    if let Some(digest) = sums.filter(|_| !options.json) {
        outln!("{}", words.say_with("site-agrees", &[("digest", digest.to_string().into())]));
    }
    Ok(())
}

fn tell(shown: &Shown, words: &Words) {
    let path = ("path", shown.path.into());
    let line = match shown.state {
        State::Same => words.say_with("site-same", &[path]),
        State::Missing => {
            words.say_with("site-missing", &[path, ("status", shown.status.to_string().into())])
        }
        State::Other => {
            let digest = shown.sha256.map_or_else(|| "?".to_owned(), |digest| digest.to_string());
            words.say_with("site-other", &[path, ("digest", digest.into())])
        }
    };
    outln!("{line}");
    for field in &shown.fields {
        outln!("{}", of_field(field, shown.path, words));
    }
}

/// What a drop puts into a header field is a stranger's text.
fn of_field(field: &Field, path: &'static str, words: &Words) -> String {
    let args = [("path", path.into()), ("name", show::one_line(&field.name).into())];
    let Some(value) = &field.shown else { return words.say_with("site-field-missing", &args) };
    let [path, name] = args;
    let args = [path, name, ("value", show::one_line(value).into())];
    if field.expected.is_some() {
        words.say_with("site-field-other", &args)
    } else {
        words.say_with("site-field-added", &args)
    }
}
