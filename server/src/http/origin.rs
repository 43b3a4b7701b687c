//! Whether a form was sent from this drop's own page.
//!
//! A page elsewhere could make its visitors' browsers hand in files. They have nothing here that could be stolen, but the
//! form's budget would be spent in their names.

use http::{HeaderMap, header};

/// Whether the browser says that its page is this drop's, or there is no browser that would say where it is.
///
/// `Sec-Fetch-Site` cannot be set by a page and is the browser's own judgement (Fetch Metadata, section 2.3). Where it is not
/// sent, as over plain HTTP, `Origin` has to name the host that was asked; the page is served with `Referrer-Policy:
/// same-origin` so that it does.
pub(crate) fn is_own_page(headers: &HeaderMap) -> bool {
    let field = |name| headers.get(name).map(|value: &http::HeaderValue| value.to_str().unwrap_or_default());
    match (field("sec-fetch-site"), field("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
        (None, Some(origin)) => {
            let (_, host) = origin.split_once("://").unwrap_or_default();
            !host.is_empty() && field(header::HOST.as_str()).is_some_and(|own| own.eq_ignore_ascii_case(host))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(fields: &[(&'static str, &str)]) -> bool {
        let fields = fields.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap())
        });
        is_own_page(&fields.collect())
    }

    #[test]
    fn only_the_drops_own_page_may_send_the_form() {
        let onion = format!("{}.onion", "a".repeat(56));
        let own = format!("http://{onion}");
        assert!(is_own(&[("host", &onion), ("origin", &own)]));
        assert!(is_own(&[("host", "drop.example"), ("origin", "https://drop.example")]));
        assert!(is_own(&[("host", "drop.example"), ("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(is_own(&[("host", "drop.example")]), "no browser");

        for origin in
            ["https://other.example", "null", "https://", "drop.example", "", "https://drop.example:8443"]
        {
            assert!(!is_own(&[("host", "drop.example"), ("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "", "else"] {
            let fields =
                [("host", "drop.example"), ("origin", "https://drop.example"), ("sec-fetch-site", site)];
            assert!(!is_own(&fields), "{site}");
        }
        assert!(!is_own(&[("origin", "https://drop.example")]));
    }
}
