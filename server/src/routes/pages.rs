//! The submitter's page: byte for byte as it was built, with the header fields that were built with it.

use std::io::Write as _;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kua_site::SERVED;

/// An address for everything that belongs to the page. What it answers is the same for everybody, and known to
/// `kua verify-site`.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> anyhow::Result<Router<S>> {
    let mut router = Router::new();
    for served in SERVED {
        let (fields, packed) = (field_map(served.fields()?)?, packed(served.body)?);
        let show = move |asked: HeaderMap| {
            let body = if takes_gzip(&asked) { packed.clone() } else { None };
            let packed = body.is_some();
            let mut response = Response::new(Body::from(body.unwrap_or(Bytes::from_static(served.body))));
            response.headers_mut().clone_from(&fields);
            if packed {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            std::future::ready(response)
        };
        router = router.route(served.path, get(show));
    }
    Ok(router.method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED))
}

/// The header fields of every page.
pub(super) fn common_fields() -> anyhow::Result<HeaderMap> {
    field_map(kua_site::common_fields()?)
}

/// The answer where there is no page. It tells no more than that, and no browser may do anything with it.
pub(super) fn nothing() -> Response {
    let fields = [("content-security-policy", "default-src 'none'"), ("cache-control", "no-store")];
    (StatusCode::NOT_FOUND, fields, "There is nothing here.\n").into_response()
}

/// The same bytes in a third of the length, where that is worth it: over Tor the page comes in one second instead of four.
fn packed(body: &[u8]) -> anyhow::Result<Option<Bytes>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(body)?;
    let packed = packed.finish()?;
    Ok((packed.len() < body.len()).then(|| packed.into()))
}

/// Whether a browser takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let codings = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|field| field.to_str().ok());
    codings.flat_map(|field| field.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
    })
}

fn field_map(fields: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<HeaderMap> {
    let field = |(name, value): (String, String)| {
        let both = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(value).ok());
        both.with_context(|| format!("the page was built wrong: {name} is no header field"))
    };
    fields.into_iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_who_takes_it() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip") && takes("br;q=1.0, GZip;q=0.5") && takes("deflate, gzip, br, zstd"));
        assert!(
            !takes("") && !takes("br") && !takes("gzip;q=0") && !takes("gzip; q=0.000") && !takes("gzip;q=x")
        );
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
