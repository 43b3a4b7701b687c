//! Handing out bytes: all of them, or one range.

use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kua_protocol::api::SEALED_MEDIA_TYPE;
use kua_protocol::id::ObjectId;
use kua_protocol::problem::Kind;
use kua_store::ObjectRow;

use crate::error::ApiError;
use crate::http::limits::ANSWER_PART;
use crate::state::App;

/// Hands out the sealed bytes of an object, or one range of them.
pub(crate) async fn hand_out(
    app: Arc<App>,
    row: &ObjectRow,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let asked = headers.get(header::RANGE).map(|field| parse_range(field, row.size)).transpose()?;
    let range = asked.clone().unwrap_or(0..row.size);
    // Read before anything is said: what is damaged gets an answer that says so.
    let first = app.store.read(row.id, range.start..range.end.min(range.start + ANSWER_PART)).await?;
    let mut response = Response::new(bytes_of(app, row.id, first, range.clone()));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(SEALED_MEDIA_TYPE));
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if asked.is_some() {
        let text = format!("bytes {}-{}/{}", range.start, range.end - 1, row.size);
        fields.insert(header::CONTENT_RANGE, HeaderValue::try_from(text).map_err(|_| Kind::Internal)?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// The bytes as a stream of parts, of which the first is there. A report that is deleted meanwhile ends the stream with an
/// error.
fn bytes_of(app: Arc<App>, id: ObjectId, first: Bytes, range: Range<u64>) -> Body {
    let after = range.start + first.len() as u64;
    let rest = stream::try_unfold(after, move |at| {
        let app = app.clone();
        async move {
            if at >= range.end {
                return Ok::<_, kua_store::StoreError>(None);
            }
            let end = range.end.min(at + ANSWER_PART);
            Ok(Some((app.store.read(id, at..end).await?, end)))
        }
    });
    Body::from_stream(stream::once(std::future::ready(Ok(first))).chain(rest))
}

/// One range of bytes: `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-LENGTH` (RFC 9110, section 14.1.2).
fn parse_range(field: &HeaderValue, size: u64) -> Result<Range<u64>, ApiError> {
    let parse = || {
        let (first, last) = field.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
        let range = match (first, last) {
            ("", length) => size.saturating_sub(length.parse().ok()?)..size,
            (first, "") => first.parse().ok()?..size,
            (first, last) => first.parse().ok()?..last.parse::<u64>().ok()?.saturating_add(1).min(size),
        };
        (range.start < range.end).then_some(range)
    };
    parse().ok_or_else(|| Kind::BadRange.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_rfc_9110() {
        let parse = |text: &str| parse_range(&HeaderValue::from_str(text).unwrap(), 100).ok();
        assert_eq!(parse("bytes=0-0"), Some(0..1));
        assert_eq!(parse("bytes=10-"), Some(10..100));
        assert_eq!(parse("bytes=-10"), Some(90..100));
        assert_eq!(parse("bytes=-1000"), Some(0..100));
        assert_eq!(parse("bytes=90-1000"), Some(90..100));
        for bad in
            ["bytes=100-", "bytes=5-4", "bytes=-0", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=-"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse("bytes=0-18446744073709551615"), Some(0..100));
    }
}
