//! `/v1/reports`: taking in sealed reports; listing, reading and deleting them.

use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kua_protocol::api::{Accepted, DeleteAsked, Deletion, RECEIPT, ReportPage, ReportRow, SEALED_MEDIA_TYPE};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::limits::PAGE_LEN;
use kua_protocol::problem::Kind;
use kua_protocol::receipt;
use kua_store::{Cursor, Kind as ObjectKind, Lookup, ObjectRow, Owner};
use serde::Deserialize;

use crate::auth::{Coordinator, Signed};
use crate::error::ApiError;
use crate::intake::{Intake, kept_otherwise, status};
use crate::routes::Id;
use crate::state::App;
use crate::time::Moment;

/// How many bytes of a report are read from the disk at a time.
const PART_LEN: u64 = 256 * 1024;

/// Takes in one whole sealed report and answers when it is durable. The same bytes again are the same report.
pub(super) async fn submit(
    State(app): State<Arc<App>>,
    signed: Signed,
    body: Body,
) -> Result<Response, ApiError> {
    app.open_roster()?;
    let intake = Intake::report(&app, signed, app.limits.whole_report);
    let put = intake.whole(&app, body).await?;
    accepted(&app, status(&put), put.row())
}

/// The drop's word that it holds this report, as a header field.
///
/// # Errors
///
/// [`Kind::Malformed`] for a reply that was sent again as a report: with a receipt for it an honest drop could be said to
/// withhold a report.
pub(super) fn receipt_field(app: &App, row: &ObjectRow) -> Result<HeaderValue, ApiError> {
    if row.kind != ObjectKind::Report {
        return Err(kept_otherwise());
    }
    HeaderValue::try_from(receipt::to_header(&app.receipt(row)?)).map_err(|_| Kind::Internal.into())
}

fn accepted(app: &App, status: StatusCode, row: &ObjectRow) -> Result<Response, ApiError> {
    let receipt = receipt_field(app, row)?;
    let body = Accepted { report_id: row.id, size: row.size, day: row.day };
    Ok((status, [(RECEIPT, receipt)], Json(body)).into_response())
}

/// From where on a listing is asked for.
pub(super) struct Listing {
    pub(super) since: Day,
    pub(super) after: Option<Cursor>,
}

impl FromRequestParts<Arc<App>> for Listing {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        struct Form {
            since: Option<Day>,
            after: Option<String>,
        }
        let query = Query::<Form>::from_request_parts(parts, app).await;
        let Query(form) = query.map_err(|_| Kind::Malformed)?;
        let after = form.after.as_deref().map(parse_cursor).transpose()?;
        Ok(Self { since: form.since.unwrap_or(Day::from_number(0)), after })
    }
}

/// Lists reports by day and id, without their order of arrival.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Coordinator,
    listing: Listing,
) -> Result<Json<ReportPage>, ApiError> {
    let page = app.store.list(ObjectKind::Report, listing.since, listing.after, PAGE_LEN).await?;
    let overdue = app.time.overdue();
    let moment = app.time.moment();
    let reports = page.rows.iter().map(|row| report_row(row, &moment)).collect();
    Ok(Json(ReportPage { reports, next: page.next.map(cursor_text), overdue }))
}

/// A place in a listing as text.
pub(super) fn cursor_text(cursor: Cursor) -> String {
    format!("{}.{}", cursor.day, cursor.id)
}

fn parse_cursor(text: &str) -> Result<Cursor, ApiError> {
    let parse = |text: &str| {
        let (day, id) = text.split_once('.')?;
        Some(Cursor { day: day.parse().ok()?, id: id.parse().ok()? })
    };
    parse(text).ok_or_else(|| Kind::Malformed.into())
}

fn report_row(row: &ObjectRow, moment: &Moment<'_>) -> ReportRow {
    let mailbox = if let Owner::Mailbox(mailbox) = row.owner { Some(mailbox) } else { None };
    let asked = |asked: kua_store::DeleteAsked| DeleteAsked {
        by: asked.by,
        day: asked.day,
        left: moment.wish_left(row.id),
    };
    ReportRow {
        report_id: row.id,
        day: row.day,
        size: row.size,
        mailbox,
        entries: row.entries,
        delete_asked: row.delete_asked.map(asked),
        expired: moment.days_left(row.id, row.day),
    }
}

/// The report with this id, if there is one.
pub(super) async fn find_report(app: &App, id: &str) -> Result<ObjectRow, ApiError> {
    let id: ObjectId = id.parse().map_err(|_| Kind::NotFound)?;
    match app.store.find(id).await? {
        Lookup::Present(row) if row.kind == ObjectKind::Report => Ok(row),
        Lookup::Gone => Err(Kind::Gone.into()),
        Lookup::Present(_) | Lookup::Unknown => Err(Kind::NotFound.into()),
    }
}

/// Hands out the sealed bytes, or one range of them.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    _: Coordinator,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let row = find_report(&app, &id).await?;
    hand_out(app, &row, &headers).await
}

/// Hands out the sealed bytes of an object, or one range of them.
pub(super) async fn hand_out(
    app: Arc<App>,
    row: &ObjectRow,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let asked = headers.get(header::RANGE).map(|field| parse_range(field, row.size)).transpose()?;
    let range = asked.clone().unwrap_or(0..row.size);
    // Read before anything is said: what is damaged gets an answer that says so.
    let first = app.store.read(row.id, range.start..range.end.min(range.start + PART_LEN)).await?;
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
            let end = range.end.min(at + PART_LEN);
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

/// Deletes at once on a second coordinator's word, or when there is only one; else notes the wish.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    coordinator: Coordinator,
    Id(id): Id,
) -> Result<Json<Deletion>, ApiError> {
    let row = find_report(&app, &id).await?;
    let roster = app.roster().ok_or(Kind::Unauthorised)?;
    let asked = app.store.ask_delete(row.id, coordinator.key, app.time.today()).await?;
    let person = |key| roster.roster.coordinator(key).map(|coordinator| &coordinator.name);
    // Two persons of the present roster: neither an exchanged key nor one that has ended makes one person two.
    let second_word =
        person(&asked.by).zip(person(&coordinator.key)).is_some_and(|(first, now)| first != now);
    if second_word || roster.roster.roster().coordinators.len() == 1 {
        app.store.delete(row.id).await?;
        return Ok(Json(Deletion::Deleted));
    }
    Ok(Json(Deletion::Asked { left: app.time.wish(row.id, &asked) }))
}

/// Keeps a report whose deletion was asked for.
pub(super) async fn keep(
    State(app): State<Arc<App>>,
    _: Coordinator,
    Id(id): Id,
) -> Result<Json<Deletion>, ApiError> {
    let row = find_report(&app, &id).await?;
    app.store.keep(row.id).await?;
    app.time.wish_ended(row.id);
    Ok(Json(Deletion::Kept))
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

    #[test]
    fn cursors_come_back_from_their_text() {
        let id = ObjectId::of(b"x");
        let cursor = parse_cursor(&format!("2026-03-21.{id}")).unwrap();
        assert_eq!(cursor, Cursor { day: "2026-03-21".parse().unwrap(), id });
        assert!(parse_cursor("2026-03-21").is_err());
    }
}
