//! The operator's side: health, metrics and state, never on the listener that the world reaches.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use http::{Method, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use kua_protocol::day::Day;
use kua_protocol::id::DropId;
use kua_store::{State as StoreState, Status as StoreStatus};
use serde::{Deserialize, Serialize};

use crate::state::{App, Installed};

/// How the drop is, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropStatus {
    /// The drop's id.
    pub drop: DropId,
    /// Whether a process serves it.
    pub serving: bool,
    /// Whether it takes in reports: the roster holds and the disk has room.
    pub open: bool,
    /// Sealed objects.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes that are free on the disk.
    pub free_bytes: u64,
    /// `writable`, `full`, or `read-only` with the reason.
    pub store: String,
    /// The installed roster.
    pub roster: Option<RosterStatus>,
}

/// The installed roster, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterStatus {
    /// Its serial.
    pub serial: u64,
    /// The last UTC day on which it holds.
    pub expires: Day,
    /// Days until then; negative when it is over.
    pub days_left: i64,
    /// How many coordinators it names.
    pub coordinators: usize,
}

impl DropStatus {
    /// The status of a drop, from its store and its roster.
    pub fn new(drop: DropId, serving: bool, store: &StoreStatus, roster: Option<&Installed>) -> Self {
        let today = Day::today();
        let in_date = roster.is_some_and(|installed| installed.roster.check_date(today).is_ok());
        Self {
            drop,
            serving,
            open: in_date && store.state == StoreState::Writable,
            objects: store.objects,
            bytes: store.bytes,
            free_bytes: store.free_bytes,
            store: match &store.state {
                StoreState::Writable => "writable".to_owned(),
                StoreState::Full => "full".to_owned(),
                StoreState::ReadOnly(why) => format!("read-only: {why}"),
            },
            roster: roster.map(|installed| installed.roster.roster()).map(|roster| RosterStatus {
                serial: roster.serial,
                expires: roster.expires,
                days_left: roster.expires.days_since(today),
                coordinators: roster.coordinators.len(),
            }),
        }
    }

    fn of(app: &App) -> Self {
        Self::new(app.drop, true, &app.store.status(), app.roster().as_deref())
    }

    /// In the text format of Prometheus, version 0.0.4.
    fn metrics(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, value: i128| {
            // Writing to a string cannot fail.
            let _ = write!(text, "# HELP kua_{name} {help}\n# TYPE kua_{name} gauge\nkua_{name} {value}\n");
        };
        gauge("open", "Whether the drop takes in reports.", self.open.into());
        gauge("objects", "Sealed objects in the store.", self.objects.into());
        gauge("stored_bytes", "Bytes of the sealed objects.", self.bytes.into());
        gauge("free_bytes", "Bytes that are free on the disk.", self.free_bytes.into());
        gauge("store_writable", "Whether the store takes in objects.", (self.store == "writable").into());
        if let Some(roster) = &self.roster {
            gauge("roster_serial", "Serial of the installed roster.", roster.serial.into());
            gauge("roster_days_left", "Days until the roster's time is over.", roster.days_left.into());
        }
        text
    }
}

/// Health and metrics, for the listener that the configuration names.
pub fn public_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(async |State(app): State<Arc<App>>| DropStatus::of(&app).metrics()))
        .layer(middleware::from_fn(check_host))
        .with_state(app)
}

/// All that the operator's commands need, for the socket in the data folder.
pub fn socket_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/status", get(async |State(app): State<Arc<App>>| Json(DropStatus::of(&app))))
        .route("/roster", put(install))
        .with_state(app.clone())
        .merge(public_router(app))
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

/// Asks a serving drop over the socket in its data folder; nothing when no process serves it.
///
/// # Errors
///
/// When the drop answers with an error; the message is the drop's.
pub async fn ask(
    socket: &Path,
    method: Method,
    path: &str,
    body: Vec<u8>,
) -> anyhow::Result<Option<Vec<u8>>> {
    let Ok(stream) = tokio::net::UnixStream::connect(socket).await else {
        return Ok(None);
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await.context("the serving drop did not answer")?;
    let status = response.status();
    let bytes = Body::new(response.into_body()).collect().await?.to_bytes();
    connection.abort();
    if !status.is_success() {
        bail!("{}", String::from_utf8_lossy(&bytes).trim_end());
    }
    Ok(Some(bytes.to_vec()))
}
