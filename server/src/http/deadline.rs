//! The time that a request may take, and what becomes of a body that its handler left.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{Method, header};
use kua_protocol::api::path;
use kua_protocol::problem::Kind;
use tokio::time::timeout;

use crate::error::ApiError;
use crate::http::body::Shared;
use crate::http::limits::{HttpLimits, Unwanted};

/// Ends a request that takes longer than the limit. A body that the handler left is read to its end, so that its sender
/// gets to see the answer; who waits to be told to send it is simply not told.
///
/// Bytes of an upload or a form may come for hours: their handler sees to it that they come. What it left of an upload is
/// not waited for.
pub(crate) async fn within(State(limits): State<HttpLimits>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let waits = parts.headers.contains_key(header::EXPECT);
    let (of_upload, of_form) = (parts.method == Method::PATCH, parts.uri.path() == path::SEALED_FILE);
    let body = Shared::new(body);
    let Unwanted { bytes, pause } = match (of_upload, of_form) {
        (true, _) => limits.unwanted_portion(),
        (_, true) => limits.unwanted_file(),
        _ => limits.unwanted(),
    };
    let handled = async {
        let response = next.run(Request::from_parts(parts, Body::new(body.clone()))).await;
        if !waits {
            // What comes drop by drop is not waited for either.
            let _ = timeout(limits.request, body.drain(bytes, pause)).await;
        }
        response
    };
    if of_upload || of_form {
        return handled.await;
    }
    let answer = timeout(limits.request, handled).await;
    answer.unwrap_or_else(|_| ApiError::from(Kind::TimedOut).into_response())
}
