//! The submitter's page: byte for byte as it was built, with the header fields that were built with it.

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use kua_site::SERVED;

/// An address for everything that belongs to the page. What it answers is the same for everybody, and known to
/// `kua verify-site`.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> anyhow::Result<Router<S>> {
    let mut router = Router::new();
    for served in SERVED {
        let fields = field_map(served.fields()?)?;
        let show = move || {
            let mut response = Response::new(Body::from(Bytes::from_static(served.body)));
            response.headers_mut().clone_from(&fields);
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

fn field_map(fields: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<HeaderMap> {
    let field = |(name, value): (String, String)| {
        let both = HeaderName::try_from(&name).ok().zip(HeaderValue::try_from(value).ok());
        both.with_context(|| format!("the page was built wrong: {name} is no header field"))
    };
    fields.into_iter().map(field).collect()
}
