//! Long work on the store: in the serving process when there is one, told line by line over the admin socket.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use axum::body::{Body, Bytes};
use futures_util::stream;
use http::Method;
use http_body_util::BodyExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use kua_store::Progress;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::operator::admin::ask;

/// How often progress is told.
const STEP: Duration = Duration::from_millis(100);
/// Parts of a stream that may wait for its reader.
const QUEUE: usize = 16;
/// Bytes of a part of a backup.
const PART: usize = 256 * 1024;

/// A line of what long work tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line<T> {
    Progress { done: u64, total: u64 },
    Done(T),
    Failed(String),
}

/// Runs work on a thread that may block, and gives what it tells as a body of JSON lines.
pub fn told<T: Serialize + Send + 'static>(
    work: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<T, kua_store::StoreError> + Send + 'static,
) -> Body {
    let (say, said) = mpsc::channel::<Result<Bytes, io::Error>>(QUEUE);
    tokio::task::spawn_blocking(move || {
        let say = |line: &Line<T>| {
            let mut text = serde_json::to_vec(line).unwrap_or_default();
            text.push(b'\n');
            // Who asked has gone away: the work ends all the same.
            let _ = say.blocking_send(Ok(text.into()));
        };
        let mut told = Instant::now();
        let outcome = work(&mut |progress| {
            if told.elapsed() >= STEP {
                told = Instant::now();
                say(&Line::Progress { done: progress.done, total: progress.total });
            }
        });
        match outcome {
            Ok(done) => say(&Line::Done(done)),
            Err(error) => say(&Line::Failed(error.to_string())),
        }
    });
    body_of(said)
}

/// Runs work that writes, on a thread that may block, and gives what it writes as a body. An error breaks the body off.
pub fn written(
    work: impl FnOnce(&mut dyn Write) -> Result<(), kua_store::StoreError> + Send + 'static,
) -> Body {
    let (parts, written) = mpsc::channel(QUEUE);
    tokio::task::spawn_blocking(move || {
        let mut sink = io::BufWriter::with_capacity(PART, Sink(parts.clone()));
        let outcome = work(&mut sink).map_err(io::Error::other).and_then(|()| sink.flush());
        if let Err(error) = outcome {
            tracing::error!("copying failed: {error}");
            let _ = parts.blocking_send(Err(error));
        }
    });
    body_of(written)
}

/// A writer whose parts go over a channel.
struct Sink(mpsc::Sender<Result<Bytes, io::Error>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(part)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn body_of(parts: mpsc::Receiver<Result<Bytes, io::Error>>) -> Body {
    Body::from_stream(stream::unfold(parts, |mut parts| async move { Some((parts.recv().await?, parts)) }))
}

/// Asks the serving process for long work and shows its progress; nothing when no process serves.
///
/// # Errors
///
/// When the work failed, or the process ended in the middle of it.
pub async fn watch<T: DeserializeOwned>(socket: &Path, path: &str, what: &str) -> anyhow::Result<Option<T>> {
    let Some(mut body) = ask::stream(socket, Method::POST, path, Vec::new()).await? else { return Ok(None) };
    let bar = bar(what);
    let mut rest = Vec::new();
    while let Some(frame) = body.frame().await {
        let part = frame.context("the serving drop ended in the middle of it")?;
        rest.extend_from_slice(part.data_ref().map_or(&[][..], |part| part));
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            match serde_json::from_slice(&line)? {
                Line::Progress { done, total } => show(&bar, Progress { done, total }),
                Line::Done(outcome) => {
                    bar.finish_and_clear();
                    return Ok(Some(outcome));
                }
                Line::Failed(why) => bail!(why),
            }
        }
    }
    bail!("the serving drop ended in the middle of it")
}

/// A bar of bytes on standard error, when that is a terminal.
pub fn bar(what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
    ProgressBar::new(0).with_style(style).with_message(what.to_owned())
}

/// Moves a bar.
pub fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}
