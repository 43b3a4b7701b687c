//! `/v1/reports/{id}/entries` and `/v1/entries`: the sealed case log of each report, for coordinators.
//!
//! An entry and a grant look alike here: so many sealed bytes that belong to a report.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use kua_protocol::api::{EntryPage, EntryRow};
use kua_protocol::id::ObjectId;
use kua_protocol::limits::{MAX_CASE_ENTRIES, PAGE_LEN};
use kua_protocol::problem::Kind;
use kua_store::{Kind as ObjectKind, Lookup, ObjectRow, Owner};

use crate::error::ApiError;
use crate::http::auth::Coordinator;
use crate::http::cursor::{Listing, cursor_text};
use crate::http::ranges::hand_out;
use crate::intake::Intake;
use crate::routes::reports::find_report;
use crate::routes::{Id, Ids};
use crate::state::App;

/// Takes in an entry of a report's case.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Id(report): Id,
    coordinator: Coordinator,
    body: Body,
) -> Result<(StatusCode, Json<EntryRow>), ApiError> {
    let report = find_report(&app, &report).await?.id;
    let intake = Intake::entry(coordinator, report);
    let put = intake.whole(&app, body).await?;
    let (status, row) = intake.placed(&put)?;
    Ok((status, Json(entry_row(&row, report))))
}

/// Lists the entries of one report.
pub(super) async fn of_report(
    State(app): State<Arc<App>>,
    Id(report): Id,
    _: Coordinator,
) -> Result<Json<EntryPage>, ApiError> {
    let report = find_report(&app, &report).await?.id;
    let limit = usize::try_from(MAX_CASE_ENTRIES).unwrap_or(usize::MAX);
    let page = app.store.owned(Owner::Case(report), ObjectKind::Entry, None, limit).await?;
    let entries = page.rows.iter().map(|row| entry_row(row, report)).collect();
    Ok(Json(EntryPage { entries, next: None }))
}

/// Lists the entries of all reports by day and id.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Coordinator,
    listing: Listing,
) -> Result<Json<EntryPage>, ApiError> {
    let page = app.store.list(ObjectKind::Entry, listing.since, listing.after, PAGE_LEN).await?;
    let entries = page.rows.iter().filter_map(|row| match row.owner {
        Owner::Case(report) => Some(entry_row(row, report)),
        _ => None,
    });
    Ok(Json(EntryPage { entries: entries.collect(), next: page.next.map(cursor_text) }))
}

/// Hands out the sealed bytes of an entry, or one range of them.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Ids(report, entry): Ids,
    _: Coordinator,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let report = find_report(&app, &report).await?.id;
    let entry: ObjectId = entry.parse().map_err(|_| Kind::NotFound)?;
    match app.store.find(entry).await? {
        Lookup::Present(row) if row.kind == ObjectKind::Entry && row.owner == Owner::Case(report) => {
            hand_out(app, &row, &headers).await
        }
        Lookup::Gone => Err(Kind::Gone.into()),
        Lookup::Present(_) | Lookup::Unknown => Err(Kind::NotFound.into()),
    }
}

fn entry_row(row: &ObjectRow, report: ObjectId) -> EntryRow {
    EntryRow { entry_id: row.id, report_id: report, day: row.day, size: row.size }
}
