//! `/v1/reports`: taking in sealed reports; listing, reading and deleting them.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode};
use kua_protocol::api::{Accepted, DeleteAsked, Deletion, RECEIPT, ReportPage, ReportRow};
use kua_protocol::id::ObjectId;
use kua_protocol::limits::PAGE_LEN;
use kua_protocol::problem::Kind;
use kua_protocol::receipt;
use kua_store::{Kind as ObjectKind, Lookup, ObjectRow, Owner};

use crate::error::ApiError;
use crate::http::auth::{Coordinator, Signed};
use crate::http::cursor::{Listing, cursor_text};
use crate::http::ranges::hand_out;
use crate::intake::{Intake, kept_otherwise, status};
use crate::routes::Id;
use crate::state::App;
use crate::time::Moment;

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
