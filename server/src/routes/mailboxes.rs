//! `/v1/mailboxes/{id}`: what one submitter may see, by the mailbox's key alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kua_protocol::api::{SentPage, SentRow};
use kua_protocol::problem::Kind;
use kua_store::{Kind as ObjectKind, Owner};

use crate::error::ApiError;
use crate::http::auth::Signed;
use crate::routes::Id;
use crate::state::App;

/// Lists what the mailbox sent. An unknown mailbox and somebody else's are answered alike.
pub(super) async fn sent(
    State(app): State<Arc<App>>,
    Id(mailbox): Id,
    signed: Signed,
) -> Result<Json<SentPage>, ApiError> {
    // The signer's own mailbox is looked up whatever the path says, so that both answers take the same time.
    let limit = usize::try_from(app.limits.mailbox_objects).unwrap_or(usize::MAX);
    let page = app.store.owned(Owner::Mailbox(signed.mailbox()), ObjectKind::Report, None, limit).await?;
    if mailbox != signed.mailbox().to_string() || page.rows.is_empty() {
        return Err(Kind::NotFound.into());
    }
    let row = |row: kua_store::ObjectRow| SentRow { report_id: row.id, day: row.day, size: row.size };
    Ok(Json(SentPage { reports: page.rows.into_iter().map(row).collect() }))
}
