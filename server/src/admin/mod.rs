//! The operator's side: health, metrics, state and care, never on the listener that the world reaches.

pub mod ask;
mod status;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use http::{StatusCode, header};
use kua_protocol::day::Day;
use kua_store::{LocalStore, Retention, Store as _};

pub use self::status::{Checkup, DropStatus, Purged, RosterStatus};
use crate::care;
use crate::state::App;

/// Health and metrics, for the listener that the configuration names.
pub fn public_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(async |State(app): State<Arc<App>>| DropStatus::of(&app).metrics()))
        .layer(middleware::from_fn(check_host))
        .with_state(app)
}

/// What the operator's commands work on.
#[derive(Clone)]
struct Operated {
    app: Arc<App>,
    store: Arc<LocalStore>,
    retention: Retention,
}

/// All that the operator's commands need, for the socket in the data folder.
pub fn socket_router(app: Arc<App>, store: Arc<LocalStore>, retention: Retention) -> Router {
    let operated = Operated { app: app.clone(), store, retention };
    let care = Router::new()
        .route("/check", post(check))
        .route("/backup", get(backup))
        .route("/purge", post(purge))
        .with_state(operated);
    Router::new()
        .route("/status", get(async |State(app): State<Arc<App>>| Json(DropStatus::of(&app))))
        .route("/roster", put(install))
        .with_state(app.clone())
        .merge(care)
        .merge(public_router(app))
}

async fn check(State(operated): State<Operated>) -> Body {
    care::told(move |say| operated.store.check_serving(say).map(Checkup::from))
}

async fn backup(State(operated): State<Operated>) -> Body {
    let roster = operated.app.roster().map(|installed| installed.envelope.to_json()).unwrap_or_default();
    care::written(move |sink| operated.store.backup(&roster, sink, |_| ()).map(|_| ()))
}

async fn purge(State(operated): State<Operated>) -> Response {
    match operated.store.tidy(Day::today(), operated.retention).await {
        Ok(tidied) => Json(Purged::from(&tidied)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn healthz(State(app): State<Arc<App>>) -> Response {
    let status = DropStatus::of(&app);
    if status.open {
        "ok\n".into_response()
    } else {
        let roster =
            if status.roster.is_some_and(|roster| roster.days_left >= -1) { "in date" } else { "missing" };
        let why = format!("not open: store {}, roster {roster}\n", status.store);
        (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
    }
}

async fn install(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match tokio::task::spawn_blocking(move || app.install(&body)).await {
        Ok(Ok(installed)) => installed.roster.roster().serial.to_string().into_response(),
        Ok(Err(error)) => (StatusCode::CONFLICT, error.to_string()).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Only this machine's own names are answered, so that no web page can reach in under a name of its own.
async fn check_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "ask as 127.0.0.1 or localhost\n").into_response()
    }
}
