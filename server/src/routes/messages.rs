//! `/v1/mailboxes/{id}/messages` and `/v1/mailboxes/{id}/uploads`: replies for one submitter, who alone reads and deletes them.
//!
//! An unknown mailbox and somebody else's are answered alike: the signer's own mailbox is looked up whatever the path
//! says, so that both answers take the same time.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use kua_protocol::api::{MessagePage, MessageRow};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::problem::Kind;
use kua_store::{Kind as ObjectKind, Lookup, ObjectRow, Owner};

use crate::error::ApiError;
use crate::http::auth::{Coordinator, Signed};
use crate::http::ranges::hand_out;
use crate::intake::Intake;
use crate::routes::uploads::begin_as;
use crate::routes::{Id, Ids};
use crate::state::App;

/// Takes in a coordinator's reply to a mailbox that has sent something.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    coordinator: Coordinator,
    body: Body,
) -> Result<(StatusCode, Json<MessageRow>), ApiError> {
    let intake = intake(&app, &mailbox, coordinator).await?;
    let put = intake.whole(&app, body).await?;
    let (status, row) = intake.placed(&put)?;
    Ok((status, Json(message_row(&row))))
}

/// Begins an upload of a coordinator's reply to such a mailbox; it goes on as every upload does.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    coordinator: Coordinator,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    begin_as(&app, &intake(&app, &mailbox, coordinator).await?, &headers).await
}

/// The way in of a reply to a mailbox that has sent something.
async fn intake(app: &App, mailbox: &str, coordinator: Coordinator) -> Result<Intake, ApiError> {
    let mailbox: MailboxId = mailbox.parse().map_err(|_| Kind::NotFound)?;
    if app.store.owned(Owner::Mailbox(mailbox), ObjectKind::Report, None, 1).await?.rows.is_empty() {
        return Err(Kind::NotFound.into());
    }
    Ok(Intake::reply(app, coordinator, mailbox))
}

/// Lists the replies: to the mailbox's own key, and to coordinators, who number theirs after them.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    signed: Signed,
) -> Result<Json<MessagePage>, ApiError> {
    let own = Owner::Mailbox(signed.mailbox());
    let asked = match mailbox.parse() {
        Ok(asked) if app.coordinator(signed.key()).is_some() => Owner::Mailbox(asked),
        _ => own,
    };
    let limit = usize::try_from(app.limits.mailbox_objects).unwrap_or(usize::MAX);
    let sent = app.store.owned(asked, ObjectKind::Report, None, 1).await?;
    let page = app.store.owned(asked, ObjectKind::Reply, None, limit).await?;
    let is_asked = |owner: Owner| matches!(owner, Owner::Mailbox(id) if id.to_string() == mailbox);
    if !is_asked(asked) || (sent.rows.is_empty() && page.rows.is_empty()) {
        return Err(Kind::NotFound.into());
    }
    Ok(Json(MessagePage { messages: page.rows.iter().map(message_row).collect() }))
}

/// Hands out the sealed bytes of a reply, or one range of them.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    message: Ids,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let row = find(&app, &signed, message).await?;
    hand_out(app, &row, &headers).await
}

/// Deletes a reply for ever.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    message: Ids,
    signed: Signed,
) -> Result<StatusCode, ApiError> {
    let row = find(&app, &signed, message).await?;
    app.store.delete(row.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn message_row(row: &ObjectRow) -> MessageRow {
    MessageRow { message_id: row.id, day: row.day, size: row.size }
}

/// The reply, if it lies in the signer's own mailbox and that was asked for.
async fn find(app: &App, signed: &Signed, Ids(mailbox, id): Ids) -> Result<ObjectRow, ApiError> {
    let id: ObjectId = id.parse().map_err(|_| Kind::NotFound)?;
    let own = Owner::Mailbox(signed.mailbox());
    let of_signer = mailbox == signed.mailbox().to_string();
    match app.store.find(id).await? {
        Lookup::Present(row) if of_signer && row.kind == ObjectKind::Reply && row.owner == own => Ok(row),
        _ => Err(Kind::NotFound.into()),
    }
}
