//! A drop in process: its router over a store, with a clock that is set by hand, asked without a socket.

mod people;
mod pin;
mod request;

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use bytes::BytesMut;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use kua_clock::{BootId, Clock, Hand, Reading};
use kua_protocol::api::{NONCE, path};
use kua_protocol::day::Day;
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::{Kind, Problem};
use kua_server::config::Config;
use kua_server::routes;
use kua_server::state::App;
use kua_store::testing::MemoryStore;
use kua_store::{Document, NewObject, ObjectRow, Upkeep};
use kua_store_local::{LocalStore, Options};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt as _;

pub use self::people::{DROP, aigul, marat, next_roster, root, roster, secret, stranger, submitter};
pub use self::pin::Pin;
pub use self::request::{Request, form, sealed, tus, vector};

/// The moment at which each test begins: 2026-03-21, 08:00.
const BEGIN: u64 = 20_533 * 86_400 + 8 * 3600;

/// A drop in process, and the hand of its clock.
pub struct Stage {
    /// What all requests share.
    pub app: Arc<App>,
    /// Sets the drop's clock.
    pub hand: Hand,
    router: Router,
    /// The nonce of the last answer, as a client keeps it.
    pub nonce: String,
    /// Says that the drop stops, when it is dropped.
    pub stop: Option<watch::Sender<()>>,
}

/// What a drop answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub fields: HeaderMap,
    pub body: Bytes,
    /// Whether less came of the body than there was.
    pub breaks_off: bool,
}

impl Stage {
    /// An open drop of two coordinators over an empty store in memory.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with another configuration.
    pub async fn with(set: impl FnOnce(&mut Config)) -> Self {
        Self::over(Arc::new(MemoryStore::default()), set).await
    }

    /// An open drop over this store.
    pub async fn over(store: Arc<dyn Upkeep>, set: impl FnOnce(&mut Config)) -> Self {
        store.set_document(Document::Roster, &roster().to_json()).unwrap();
        Self::as_found(store, set).await
    }

    /// A drop of which nobody has installed a roster.
    pub async fn without_roster() -> Self {
        Self::as_found(Arc::new(MemoryStore::default()), |_| {}).await
    }

    /// An open drop over a disk with this reserve, and the folder, which lasts as long as it is held.
    pub async fn on_disk(reserve_bytes: u64) -> (Self, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::open(folder.path(), Options { reserve_bytes }).unwrap();
        (Self::over(Arc::new(store.with_documents_in(folder.path())), |_| {}).await, folder)
    }

    /// A drop over a store as it is.
    pub async fn as_found(store: Arc<dyn Upkeep>, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        set(&mut config);
        let start = Reading { wall: BEGIN, boot: BootId::from_bytes([1; 16]), uptime: 30 };
        let (clock, hand) = Clock::set_to(start);
        let (stop, stopping) = watch::channel(());
        let app = Arc::new(App::new(&secret(), store, &config, clock, stopping).unwrap());
        let router = routes::router(app.clone()).unwrap();
        let mut stage = Self { app, hand, router, nonce: String::new(), stop: Some(stop) };
        stage.ask(&Request::get(path::DROP)).await;
        stage
    }

    /// Sends a request as it is, and keeps the nonce that comes back.
    pub async fn ask(&mut self, request: &Request) -> Answer {
        self.ask_with(request, Body::from(request.body.clone())).await
    }

    /// The same with a body that comes in its own way.
    pub async fn ask_with(&mut self, request: &Request, body: Body) -> Answer {
        let answer = self.to_ask(request, body).await;
        if let Some(nonce) = answer.fields.get(NONCE) {
            nonce.to_str().unwrap().clone_into(&mut self.nonce);
        }
        answer
    }

    /// A request on its way, which may be left before it is answered. It knows of no later nonce.
    pub fn to_ask(&self, request: &Request, body: Body) -> impl Future<Output = Answer> + Send + 'static {
        let (router, request) = (self.router.clone(), request.to_http(body));
        async move {
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            let (head, mut body) = response.into_parts();
            let (mut bytes, mut breaks_off) = (BytesMut::new(), false);
            while let Some(frame) = body.frame().await {
                match frame {
                    Ok(frame) => bytes.extend_from_slice(frame.data_ref().unwrap()),
                    Err(_) => breaks_off = true,
                }
            }
            Answer { status: head.status, fields: head.headers, body: bytes.freeze(), breaks_off }
        }
    }

    /// Signs a request under the nonce of the last answer and sends it.
    pub async fn signed(&mut self, key: &SigningKey, request: &Request) -> Answer {
        let request = request.signed(key, &self.nonce);
        self.ask(&request).await
    }

    /// The UTC day of what comes in now.
    pub fn today(&self) -> Day {
        self.app.time.today()
    }

    /// Puts an object where the drop finds it, past its doors.
    pub async fn put(&self, object: NewObject) -> ObjectRow {
        *self.app.store.put(object).await.unwrap().row()
    }
}

impl Answer {
    /// The kind of problem that the answer is.
    pub fn problem(&self) -> Kind {
        serde_json::from_slice::<Problem>(&self.body).unwrap_or_else(|_| panic!("{self:?}")).kind
    }

    /// A header field that is there, as text.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_else(|| panic!("{name} is missing: {self:?}")).to_str().unwrap()
    }
}

/// A body of which these bytes come, and then nothing more.
pub fn stalling(bytes: Bytes) -> Body {
    let first = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    Body::from_stream(futures_util::StreamExt::chain(first, futures_util::stream::once(pending())))
}

/// A body that breaks off after these bytes.
pub fn breaking(bytes: Bytes) -> Body {
    let parts = [Ok(bytes), Err(std::io::Error::other("cut"))];
    Body::from_stream(futures_util::stream::iter(parts))
}
