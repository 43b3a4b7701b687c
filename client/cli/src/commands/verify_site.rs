//! `kua verify-site`: whether a drop serves the page that this program knows.
//!
//! It says what the drop showed to this program at this moment. A drop can show something else to somebody else.

use kua_client::drop::{FileState, Site, SiteField, SiteFile};
use kua_client::views::SiteView;
use kua_protocol::link::DropLink;

use crate::args::VerifySite;
use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, print, sanitise};

/// Fetches all that belongs to the page and compares bytes and header fields.
///
/// # Errors
///
/// When the drop cannot be reached, or anything differs.
pub async fn run(options: &VerifySite, terminal: &Terminal) -> Result<(), Error> {
    let words = terminal.words();
    let link: DropLink = options.link.parse()?;
    let site = Site::fetch(link.origin(), options.network.proxy.as_deref()).await?;
    if options.json {
        print::json(&SiteView::of(&site))?;
    } else {
        site.files().iter().for_each(|file| tell(file, words));
    }
    if !site.agrees() {
        return Err(kua_client::Error::OtherSite { sums: site.other_version() }.into());
    }
    if let Some(digest) = site.sums().filter(|_| !options.json) {
        outln!("{}", words.say_with("site-agrees", &[("digest", digest.to_string().into())]));
    }
    Ok(())
}

fn tell(file: &SiteFile, words: &Words) {
    let path = ("path", file.path.into());
    let line = match file.state {
        FileState::Same => words.say_with("site-same", &[path]),
        FileState::Missing => {
            words.say_with("site-missing", &[path, ("status", file.status.to_string().into())])
        }
        FileState::Other => {
            let digest = file.sha256.map_or_else(|| "?".to_owned(), |digest| digest.to_string());
            words.say_with("site-other", &[path, ("digest", digest.into())])
        }
    };
    outln!("{line}");
    for field in &file.fields {
        outln!("{}", of_field(field, file.path, words));
    }
}

/// Says how a header field differs. What a drop puts into one is a stranger's text.
fn of_field(field: &SiteField, path: &'static str, words: &Words) -> String {
    let args = [("path", path.into()), ("name", sanitise::one_line(&field.name).into())];
    let Some(value) = &field.shown else { return words.say_with("site-field-missing", &args) };
    let [path, name] = args;
    let args = [path, name, ("value", sanitise::one_line(value).into())];
    if field.expected.is_some() {
        words.say_with("site-field-other", &args)
    } else {
        words.say_with("site-field-added", &args)
    }
}
