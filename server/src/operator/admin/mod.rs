//! The operator's side: health, metrics, state and care, never on the listener that the world reaches.

pub mod ask;
mod status;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use http::{StatusCode, header};

pub use self::status::{Checkup, DropStatus, Purged, RosterStatus};
use crate::operator::care;
use crate::state::App;

/// Health and metrics, for the listener that the configuration names.
pub fn public_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(async |State(app): State<Arc<App>>| DropStatus::of(&app, true).metrics()))
        .layer(middleware::from_fn(check_host))
        .with_state(app)
}

/// All that the operator's commands need, for the socket in the data folder.
pub fn socket_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/check", post(check))
        .route("/backup", get(backup))
        .route("/status", get(async |State(app): State<Arc<App>>| Json(DropStatus::of(&app, true))))
        .route("/roster", put(install))
        .route("/purge", get(forecast).post(purge))
        .route("/retention", put(confirm_retention))
        .route("/clock", get(async |State(app): State<Arc<App>>| Json(app.time.status())).put(confirm_clock))
        .with_state(app.clone())
        .merge(public_router(app))
}

async fn check(State(app): State<Arc<App>>) -> Body {
    care::told(move |say| app.store.check(say).map(Checkup::from))
}

async fn backup(State(app): State<Arc<App>>) -> Body {
    let roster = app.roster().map(|installed| installed.envelope.to_json()).unwrap_or_default();
    care::written(move |sink| app.store.backup(&roster, sink, &mut |_| ()).map(|_| ()))
}

async fn purge(State(app): State<Arc<App>>) -> Response {
    match app.time.sweep(&*app.store).await {
        Ok(swept) => Json(Purged::of(swept, &app.time)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn forecast(State(app): State<Arc<App>>) -> Response {
    match app.time.forecast(&*app.store).await {
        Ok(forecast) => Json(forecast).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn confirm_clock(State(app): State<Arc<App>>) -> Response {
    match app.time.confirm().await {
        Ok(()) => Json(app.time.status()).into_response(),
        Err(error) => (StatusCode::CONFLICT, format!("{error:#}")).into_response(),
    }
}

async fn confirm_retention(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let Ok(days) = serde_json::from_slice::<u32>(&body) else {
        return (StatusCode::BAD_REQUEST, "the retention is a number of days\n").into_response();
    };
    match app.time.confirm_retention(days).await {
        Ok(()) => Json(days).into_response(),
        Err(error) => (StatusCode::CONFLICT, format!("{error:#}")).into_response(),
    }
}

/// Whether the drop is open, and whether something is overdue for so long that somebody has to see to it.
async fn healthz(State(app): State<Arc<App>>) -> Response {
    let status = DropStatus::of(&app, true);
    let mut text = if status.open { "ok\n".to_owned() } else { "not open: ".to_owned() };
    if !status.open {
        text += &status.closed.clone().unwrap_or_else(|| format!("store {}", status.store));
        text.push('\n');
    }
    if let Some(overdue) = status.overdue {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "overdue: {}, since {}", overdue.objects, overdue.since);
    }
    let well = status.open && !status.overdue.is_some_and(|overdue| overdue.is_alarm());
    let code = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, text).into_response()
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
