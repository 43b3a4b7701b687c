//! `/v1/mailboxes/{id}/messages`: replies for one submitter, who alone reads and deletes them.
//!
//! An unknown mailbox and somebody else's are answered alike: the signer's own mailbox is looked up whatever the path
//! says, so that both answers take the same time.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use kua_protocol::api::{MessagePage, MessageRow};
use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::problem::Kind;
use kua_protocol::reply::MAX_ATTACHMENT_LEN;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedBytes};
use kua_store::{Kind as ObjectKind, Lookup, MAX_OBJECT_LEN, NewObject, ObjectRow, Owner, Put};

use crate::auth::{Coordinator, Signed};
use crate::error::ApiError;
use crate::routes::Id;
use crate::routes::reports::{check_quota, hand_out, kept_otherwise};
use crate::routes::uploads;
use crate::state::App;

/// Most bytes of a reply's padded plaintext: an attachment, and room for text and padding.
const MOST: u64 = MAX_ATTACHMENT_LEN + (2 << 20);

/// Takes in a coordinator's reply to a mailbox that has sent something.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    coordinator: Coordinator,
    body: Body,
) -> Result<(StatusCode, Json<MessageRow>), ApiError> {
    let mailbox: MailboxId = mailbox.parse().map_err(|_| Kind::NotFound)?;
    let owner = Owner::Mailbox(mailbox);
    if app.store.owned(owner, ObjectKind::Report, None, 1).await?.rows.is_empty() {
        return Err(Kind::NotFound.into());
    }
    let sealed_most = usize::try_from(MOST + MOST / 4096 + 64).unwrap_or(usize::MAX) + MAX_HEADER_LEN;
    let held = app.memory.read(body, sealed_most).await?;
    let sealed = SealedBytes::try_from(held.bytes.clone())?;
    coordinator.check_body(&sealed.id())?;
    let put = match app.store.find(sealed.id()).await? {
        Lookup::Present(row) => Put::AlreadyThere(row),
        Lookup::Gone => return Err(Kind::Gone.into()),
        Lookup::Unknown => {
            check_quota(&app, owner, ObjectKind::Reply).await?;
            store(&app, sealed, owner).await?
        }
    };
    if put.row().kind != ObjectKind::Reply || put.row().owner != owner {
        return Err(kept_otherwise());
    }
    let status = if matches!(put, Put::Stored(_)) { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(message_row(put.row()))))
}

/// A reply with a large attachment takes the way of an upload that is over at once.
async fn store(app: &App, sealed: SealedBytes, owner: Owner) -> Result<Put, ApiError> {
    let (kind, day) = (ObjectKind::Reply, Day::today());
    if sealed.size() <= MAX_OBJECT_LEN {
        return Ok(app.store.put(NewObject { sealed, kind, owner, day }).await?);
    }
    uploads::in_one_request(app, kind, owner, sealed.size(), Body::from(sealed.as_bytes().clone()), MOST)
        .await
}

/// Lists the replies: to the mailbox's own key, and to coordinators, who number theirs after them.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    signed: Signed,
) -> Result<Json<MessagePage>, ApiError> {
    let own = Owner::Mailbox(signed.mailbox());
    let asked = match mailbox.parse() {
        Ok(asked) if app.is_coordinator(signed.key()) => Owner::Mailbox(asked),
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
    message: Message,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let row = message.find(&app, &signed).await?;
    hand_out(app, &row, &headers).await
}

/// Deletes a reply for ever.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    message: Message,
    signed: Signed,
) -> Result<StatusCode, ApiError> {
    let row = message.find(&app, &signed).await?;
    app.store.delete(row.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn message_row(row: &ObjectRow) -> MessageRow {
    MessageRow { message_id: row.id, day: row.day, size: row.size }
}

/// The mailbox and the reply of a path, still to be parsed.
pub(super) struct Message {
    mailbox: String,
    id: String,
}

impl FromRequestParts<Arc<App>> for Message {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        path.map(|Path((mailbox, id))| Self { mailbox, id }).map_err(|_| Kind::NotFound.into())
    }
}

impl Message {
    /// The reply, if it lies in the signer's own mailbox and that was asked for.
    async fn find(&self, app: &App, signed: &Signed) -> Result<ObjectRow, ApiError> {
        let id: ObjectId = self.id.parse().map_err(|_| Kind::NotFound)?;
        let own = Owner::Mailbox(signed.mailbox());
        let of_signer = self.mailbox == signed.mailbox().to_string();
        match app.store.find(id).await? {
            Lookup::Present(row) if of_signer && row.kind == ObjectKind::Reply && row.owner == own => Ok(row),
            _ => Err(Kind::NotFound.into()),
        }
    }
}
