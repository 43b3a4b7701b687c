//! Asking the serving process over the socket in the data folder.

use std::path::Path;

use anyhow::{Context as _, bail};
use axum::body::Bytes;
use http::{Method, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use crate::http::socket as unix;

/// Asks a serving drop over the socket in its data folder and reads the whole answer; nothing when no process serves.
///
/// # Errors
///
/// When the drop answers with an error; the message is the drop's.
pub async fn whole(
    socket: &Path,
    method: Method,
    path: &str,
    body: Vec<u8>,
) -> anyhow::Result<Option<Vec<u8>>> {
    match stream(socket, method, path, body).await? {
        Some(answer) => Ok(Some(answer.collect().await?.to_bytes().to_vec())),
        None => Ok(None),
    }
}

/// Asks a serving drop and gives the answer as a stream; nothing when no process serves.
///
/// # Errors
///
/// As [`whole`].
pub async fn stream(
    socket: &Path,
    method: Method,
    path: &str,
    body: Vec<u8>,
) -> anyhow::Result<Option<Incoming>> {
    let Ok(connected) = unix::connect(socket).await else {
        return Ok(None);
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(connected)).await?;
    tokio::spawn(connection);
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await.context("the serving drop did not answer")?;
    let (head, body) = response.into_parts();
    if head.status.is_success() {
        return Ok(Some(body));
    }
    let why = body.collect().await?.to_bytes();
    bail!("{}", String::from_utf8_lossy(&why).trim_end());
}
