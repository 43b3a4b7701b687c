//! The drop's answers to the form, as pages without scripts in the reader's language.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kua_protocol::api::RECEIPT;
use kua_protocol::problem::Kind;
use kua_site::Words;
use kua_store::ObjectRow;
use maud::{DOCTYPE, Markup, html};

use crate::error::ApiError;
use crate::routes::reports::receipt_field;
use crate::state::App;

/// The language where none of the reader's is known.
const ENGLISH: &str = "en";

/// A page in one language, still without content.
pub(super) struct Page {
    language: String,
    words: BTreeMap<String, String>,
    fields: HeaderMap,
}

impl Page {
    /// A page in the language that was chosen, else in the one of the browser's that it likes best of those that are known.
    pub(super) fn new(words: &Words, fields: &HeaderMap, chosen: Option<&str>, headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok());
        let tags = preferred(accepted.unwrap_or_default());
        let language = chosen.into_iter().chain(tags).find(|tag| words.contains_key(*tag)).unwrap_or(ENGLISH);
        Self {
            language: language.to_owned(),
            words: words.get(language).cloned().unwrap_or_default(),
            fields: fields.clone(),
        }
    }

    /// Says that the drop has the file, with its receipt to be saved or copied.
    ///
    /// # Errors
    ///
    /// When there is no receipt to give for it.
    pub(super) fn accepted(&self, app: &App, row: &ObjectRow) -> Result<Response, ApiError> {
        let field = receipt_field(app, row)?;
        let receipt = app.receipt(row)?.to_json();
        let saved = format!("data:application/json;base64,{}", STANDARD.encode(&receipt));
        let content = html! {
            h1 { (self.say("page-done")) }
            p { (self.say("plain-accepted")) }
            p { (self.say("plain-one-way")) }
            dl.summary {
                div { dt { (self.say("plain-id")) } dd { bdi { (row.id) } } }
                div { dt { (self.say("plain-day")) } dd { bdi { (row.day) } } }
            }
            h2 { (self.say("page-receipt")) }
            p { (self.say("page-receipt-what")) }
            pre.link.text dir="ltr" { (String::from_utf8_lossy(&receipt)) }
            p { a download="receipt.json" href=(saved) { (self.say("page-receipt-save")) } }
        };
        let mut response = self.page(StatusCode::CREATED, &content);
        response.headers_mut().insert(RECEIPT, field);
        Ok(response)
    }

    /// Says what is wrong and what to do. The problem's code is for whoever is asked for help.
    pub(super) fn refused(&self, kind: Kind) -> Response {
        let content = html! {
            div.error-summary {
                h1 { (self.say("page-not-sent")) }
                p { (self.say(key(kind))) }
            }
            p { a href="/" { (self.say("plain-again")) } }
            p.hint dir="ltr" { (kind.code()) }
        };
        self.page(StatusCode::from_u16(kind.status()).unwrap_or_default(), &content)
    }

    fn page(&self, status: StatusCode, content: &Markup) -> Response {
        let direction = if self.language == "ar" { "rtl" } else { "ltr" };
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) dir=(direction) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.say("page-title")) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="/page.css";
                }
                body {
                    form.leave action="/leave" { button { (self.say("page-leave")) } }
                    main.column { (content) }
                }
            }
        };
        let mut response = Response::new(Body::from(page.into_string()));
        *response.status_mut() = status;
        response.headers_mut().clone_from(&self.fields);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, html);
        response
    }

    /// A message. A test shows that none is missing.
    fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }
}

/// The languages of an `Accept-Language` by weight, best first and without what is not wanted (RFC 9110, section 12.5.4).
fn preferred(field: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, f32)> = field
        .split(',')
        .map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
            (tag.split('-').next().unwrap_or(tag).trim(), weight.unwrap_or(0.0))
        })
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    ranges.sort_by(|one, other| other.1.total_cmp(&one.1));
    ranges.into_iter().map(|(tag, _)| tag).collect()
}

/// What is said of a problem.
fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::NotOpen => "error-not-open",
        Kind::NotSealed => "plain-not-sealed",
        Kind::TooLarge => "plain-too-large",
        Kind::FormShut => "plain-shut",
        Kind::Busy | Kind::TimedOut | Kind::OtherBody => "plain-broken",
        Kind::Malformed => "plain-no-file",
        Kind::OtherOrigin => "plain-other-origin",
        Kind::NoSpace => "error-no-space",
        Kind::Gone => "error-gone",
        _ => "error-drop-failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(chosen: Option<&str>, accepted: &'static str) -> Page {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        Page::new(&kua_site::words().unwrap(), &HeaderMap::new(), chosen, &headers)
    }

    #[test]
    fn the_language_that_was_chosen_goes_before_the_browsers() {
        for (chosen, accepted, language) in [
            (Some("kk"), "ru", "kk"),
            (None, "de-DE,de;q=0.9,ar;q=0.8,en;q=0.7", "ar"),
            (None, "ru-KZ, en", "ru"),
            (None, "en;q=0.3, kk;q=0.9, ru;q=0.5", "kk"),
            (None, "ru;q=0, fr", "fr"),
            (None, "ru;q=much, es;q=0.1", "es"),
            (Some("<b>"), "", "en"),
            (None, "*", "en"),
        ] {
            assert_eq!(page(chosen, accepted).language, language, "{chosen:?} {accepted}");
        }
    }

    #[test]
    fn every_problem_is_put_into_words() {
        let words = kua_site::words().unwrap();
        for kind in Kind::ALL {
            assert!(words[ENGLISH].contains_key(key(*kind)), "{kind:?}");
            assert_eq!(page(None, "fr").refused(*kind).status().as_u16(), kind.status());
        }
    }

    #[tokio::test]
    async fn what_is_said_cannot_become_markup() {
        let mut page = page(None, "en");
        page.words.insert("plain-no-file".into(), "<script>\"&".into());
        let body = page.refused(Kind::Malformed).into_body();
        let html = axum::body::to_bytes(body, 100_000).await.unwrap();
        assert!(String::from_utf8_lossy(&html).contains("&lt;script&gt;&quot;&amp;"));
    }
}
