//! Listening: TCP or a Unix socket, a bounded number of connections, an end that drains.

use std::future::Future;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::config::Listen;
use crate::http::limits::{ACCEPT_PAUSE, HttpLimits};
use crate::http::socket;

/// A bound listener.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A Unix socket, removed when the listener is dropped.
    Unix(UnixListener, SocketFile),
}

/// The file of a Unix socket.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody may have removed it already; then there is nothing left to do.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Binds the address.
    ///
    /// # Errors
    ///
    /// When it is in use or not this machine's.
    pub async fn bind(address: &Listen) -> io::Result<Self> {
        match address {
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            Listen::Unix(path) => Self::bind_unix(path, 0o666),
        }
    }

    /// Binds a Unix socket with these permissions, in the place of one that nobody listens at any more.
    ///
    /// # Errors
    ///
    /// When the path is in use or something else than a socket, or its folder is missing.
    pub fn bind_unix(path: &Path, mode: u32) -> io::Result<Self> {
        let listener = socket::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
        Ok(Self::Unix(listener, SocketFile(path.to_owned())))
    }

    /// Where it listens, as the ready line says it.
    pub fn describe(&self) -> String {
        match self {
            Self::Tcp(listener) => {
                listener.local_addr().map_or_else(|_| "http".into(), |address| format!("http://{address}"))
            }
            Self::Unix(_, SocketFile(path)) => format!("unix:{}", path.display()),
        }
    }

    /// Serves the router until `stop` ends, then lets open requests end.
    pub async fn serve(self, router: Router, limits: HttpLimits, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(limits.connections));
        let draining = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let place = tokio::select! {
                () = &mut stop => break,
                place = places.clone().acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.accept() => accepted,
            };
            let Ok(stream) = accepted else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let service = router
                .clone()
                .map_request(|request: http::Request<hyper::body::Incoming>| request.map(Body::new));
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(limits.header).half_close(false);
            let connection =
                builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            let connection = draining.watch(connection);
            tokio::spawn(async move {
                // A connection that broke off has nobody left to be told.
                let _ = connection.await;
                std::mem::drop(place);
            });
        }
        // Whoever comes now is refused at once; what is under way may end, and is cut when it takes too long.
        drop(self);
        let _ = tokio::time::timeout(limits.drain, draining.shutdown()).await;
    }

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            Self::Unix(listener, _) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}
