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
    /// A page in the language that was chosen, else in the first of the browser's that is known.
    pub(super) fn new(words: &Words, fields: &HeaderMap, chosen: Option<&str>, headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok());
        // Browsers name them in the order of preference.
        let tags = accepted
            .unwrap_or_default()
            .split(',')
            .map(|tag| tag.split([';', '-']).next().unwrap_or(tag).trim());
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
        let text = String::from_utf8_lossy(&receipt);
        let content = [
            self.element("h1", "page-done"),
            self.element("p", "plain-accepted"),
            self.element("p", "plain-one-way"),
            format!(
                "<dl class=\"summary\">{}{}</dl>",
                self.row("plain-id", row.id),
                self.row("plain-day", row.day)
            ),
            self.element("h2", "page-receipt"),
            self.element("p", "page-receipt-what"),
            format!("<pre class=\"link text\" dir=\"ltr\">{}</pre>", escaped(&text)),
            format!(
                "<p><a download=\"receipt.json\" href=\"data:application/json;base64,{}\">{}</a></p>",
                STANDARD.encode(&receipt),
                self.say("page-receipt-save")
            ),
        ];
        let mut response = self.page(StatusCode::CREATED, &content.concat());
        response.headers_mut().insert(RECEIPT, field);
        Ok(response)
    }

    /// Says what is wrong and what to do. The problem's code is for whoever is asked for help.
    pub(super) fn refused(&self, kind: Kind) -> Response {
        let content = [
            format!(
                "<div class=\"error-summary\">{}{}</div>",
                self.element("h1", "page-not-sent"),
                self.element("p", key(kind))
            ),
            format!("<p><a href=\"/\">{}</a></p>", self.say("plain-again")),
            format!("<p class=\"hint\" dir=\"ltr\">{}</p>", kind.code()),
        ];
        self.page(StatusCode::from_u16(kind.status()).unwrap_or_default(), &content.concat())
    }

    fn page(&self, status: StatusCode, content: &str) -> Response {
        let (language, title, leave) = (&self.language, self.say("page-title"), self.say("page-leave"));
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        let html = format!(
            "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/page.css\">\n</head>\n<body>\n\
             <form class=\"leave\" action=\"/leave\"><button>{leave}</button></form>\n\
             <main class=\"column\">{content}</main>\n</body>\n</html>\n"
        );
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        response.headers_mut().clone_from(&self.fields);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, html);
        response
    }

    fn element(&self, tag: &str, key: &str) -> String {
        format!("<{tag}>{}</{tag}>", self.say(key))
    }

    fn row(&self, key: &str, value: impl std::fmt::Display) -> String {
        format!("<div><dt>{}</dt><dd><bdi>{value}</bdi></dd></div>", self.say(key))
    }

    /// A message, safe inside an element. A test shows that none is missing.
    fn say(&self, key: &str) -> String {
        escaped(self.words.get(key).map_or(key, String::as_str))
    }
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
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
        assert!(String::from_utf8_lossy(&html).contains("&lt;script>&quot;&amp;"));
    }
}
