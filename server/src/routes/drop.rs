//! `GET /v1/drop`: what everybody may know.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kua_protocol::api::{DROP_FORMAT, DropInfo};
use kua_protocol::limits::Limits;

use crate::state::App;

/// Shows the roster and the limits. An out-of-date roster is shown too: its reader judges by his own clock.
pub(super) async fn show(State(app): State<Arc<App>>) -> Json<DropInfo> {
    Json(DropInfo {
        format: DROP_FORMAT.to_owned(),
        drop: app.drop,
        roster: app.roster().map(|installed| installed.envelope.clone()),
        successions: Vec::new(),
        limits: Limits { retention_days: app.time.retention().days, ..app.limits },
    })
}
