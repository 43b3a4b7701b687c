//! `PUT /v1/roster`: anyone may bring a newer roster, since the envelope proves itself.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use http::StatusCode;
use kua_protocol::dsse::MAX_ENVELOPE_LEN;
use kua_protocol::problem::Kind;

use crate::error::ApiError;
use crate::state::{App, InstallError};

/// Installs a roster that follows the present one. The first roster is set by the operator.
pub(super) async fn put(State(app): State<Arc<App>>, body: Body) -> Result<StatusCode, ApiError> {
    let held = app.memory.read(body, MAX_ENVELOPE_LEN).await?;
    if app.roster().is_none() {
        let detail = "the first roster is installed by the operator: kua-server roster install";
        return Err(ApiError::detailed(Kind::RosterRefused, detail));
    }
    let installed = tokio::task::spawn_blocking(move || app.install(&held.bytes)).await;
    match installed {
        Ok(Ok(_)) => Ok(StatusCode::NO_CONTENT),
        Ok(Err(InstallError::Refused(why))) => Err(ApiError::detailed(Kind::RosterRefused, why)),
        Ok(Err(InstallError::Store(error))) => {
            tracing::error!("the roster cannot be written: {error}");
            Err(Kind::Internal.into())
        }
        Err(_) => Err(Kind::Internal.into()),
    }
}
