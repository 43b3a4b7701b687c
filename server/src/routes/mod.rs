//! All addresses of the drop, in one table. A file for each resource.

mod cases;
mod drop;
mod mailboxes;
mod messages;
mod pages;
mod reports;
mod roster;
mod sealed_file;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, head, post, put};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use kua_protocol::api::{NONCE, path};
use kua_protocol::problem::Kind;
use kua_site::SERVED;

use self::sealed_file::Form;
use crate::error::ApiError;
use crate::http::deadline;
use crate::state::App;

/// Makes the handlers of an address. The form's share what its requests share.
type Handlers = fn(&Arc<Form>) -> MethodRouter<Arc<App>>;

/// Every address of the protocol, each with its handlers.
const TABLE: &[(&str, Handlers)] = &[
    (path::DROP, |_| get(drop::show)),
    (path::ROSTER, |_| put(roster::put)),
    (path::REPORTS, |_| get(reports::list).post(reports::submit)),
    ("/v1/reports/{id}", |_| get(reports::read).delete(reports::delete)),
    ("/v1/reports/{id}/keep", |_| post(reports::keep)),
    ("/v1/reports/{id}/entries", |_| get(cases::of_report).post(cases::post)),
    ("/v1/reports/{id}/entries/{entry}", |_| get(cases::read)),
    (path::ENTRIES, |_| get(cases::list)),
    (path::UPLOADS, |_| post(uploads::begin)),
    ("/v1/uploads/{id}", |_| head(uploads::state).patch(uploads::go_on).delete(uploads::abandon)),
    ("/v1/mailboxes/{id}/reports", |_| get(mailboxes::sent)),
    ("/v1/mailboxes/{id}/messages", |_| get(messages::list).post(messages::post)),
    ("/v1/mailboxes/{id}/uploads", |_| post(messages::begin)),
    ("/v1/mailboxes/{id}/messages/{message}", |_| get(messages::read).delete(messages::delete)),
    (path::SEALED_FILE, |form| post(sealed_file::take).with_state(form.clone())),
];

/// Lists every address of the drop: those of the protocol, whose `{…}` stand for one segment each, and those of the page.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(path, _)| *path).chain(SERVED.iter().map(|served| served.path))
}

/// The drop's router: the protocol, and the page that speaks it.
///
/// # Errors
///
/// When the page was built wrong.
pub fn router(app: Arc<App>) -> anyhow::Result<Router> {
    let form = Arc::new(Form::new(app.clone())?);
    let routes = TABLE.iter().map(|(path, handlers)| (*path, handlers(&form)));
    let protocol = routes
        .fold(Router::new(), |router, (path, handlers)| router.route(path, handlers))
        .method_not_allowed_fallback(async || ApiError::from(Kind::MethodNotAllowed))
        .fallback(nowhere)
        // Each handler that takes a body has a limit of its own.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(app.http, deadline::within))
        .layer(middleware::from_fn_with_state(app.clone(), on_every_answer));
    Ok(protocol.merge(pages::router()?).with_state(app))
}

/// The answer to a path that is not there, in the manner of its neighbours.
async fn nowhere(uri: Uri) -> Response {
    if uri.path().starts_with(PROTOCOL) {
        ApiError::from(Kind::NotFound).into_response()
    } else {
        pages::nothing()
    }
}

/// Where all addresses of the protocol begin.
const PROTOCOL: &str = "/v1/";

/// The `{id}` of a path, still to be parsed; what is not even text is nothing that is there.
struct Id(String);

impl FromRequestParts<Arc<App>> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        path.map(|Path(id)| Self(id)).map_err(|_| Kind::NotFound.into())
    }
}

/// The two ids of a path, of which the second lies in what the first names; still to be parsed.
struct Ids(String, String);

impl FromRequestParts<Arc<App>> for Ids {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        path.map(|Path((outer, inner))| Self(outer, inner)).map_err(|_| Kind::NotFound.into())
    }
}

/// Adds what every answer of the protocol has: a nonce, and the headers that let a page of any origin speak to the drop
/// without credentials (the offline page has the origin `null`).
async fn on_every_answer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PROTOCOL) {
        return next.run(request).await;
    }
    let preflight = request.method() == Method::OPTIONS;
    let address = request.uri().path();
    let of_upload = address.starts_with(path::UPLOADS) || address.ends_with("/uploads");
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    if preflight {
        set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE");
        set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        set(headers, header::ACCESS_CONTROL_MAX_AGE, "600");
    }
    if of_upload {
        uploads::say_version(headers, preflight.then_some(app.limits.report));
    }
    set(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    set(headers, header::CACHE_CONTROL, "no-store");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    match app.issue_nonce().ok().and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
        Some(nonce) => {
            headers.insert(NONCE, nonce);
            response
        }
        None => ApiError::from(Kind::Internal).into_response(),
    }
}

const ALLOWED_HEADERS: &str = "content-digest, content-type, range, signature, signature-input, tus-resumable, \
                               upload-checksum, upload-length, upload-metadata, upload-offset";
const EXPOSED_HEADERS: &str = "kua-nonce, kua-receipt, location, tus-checksum-algorithm, tus-extension, \
                               tus-max-size, tus-resumable, tus-version, upload-expires, upload-length, upload-offset";

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
