//! Sealing and sending at once: what is sealed goes straight to the drop, and is never whole in memory or on a disk.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use kua_sealing::Sealed;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::prepare::Prepared;
use crate::drop::{DropClient, PORTION, SubmitReceipt, TOO_LARGE, Unsent};
use crate::error::Error;
use crate::events::Watch;

/// How often a report is sealed anew when the drop has forgotten an upload.
const STARTS: usize = 3;

/// Seals a report and sends it, in one request where it fits into one.
///
/// # Errors
///
/// Whatever keeps it from being sent; then nothing was acknowledged.
pub async fn send(
    drop: &DropClient,
    prepared: &Arc<Prepared>,
    watch: Arc<dyn Watch>,
) -> Result<SubmitReceipt, Error> {
    if prepared.padded_len() <= drop.limits().whole_report {
        let sealed = seal_whole(prepared).await?;
        match drop.submit(&sealed, prepared.key(), &*watch).await {
            Err(Error::Interposed { status: TOO_LARGE, .. }) => {}
            outcome => return outcome,
        }
    }
    for start in 1.. {
        match upload(drop, prepared, &watch).await {
            Err(Unsent::Lost) if start < STARTS => watch.starts_over(),
            Err(Unsent::Lost | Unsent::Stopped) => break,
            Err(Unsent::Failed(error)) => return Err(error),
            Ok(taken) => return Ok(taken),
        }
    }
    Err(Error::Dishonest("it forgets what was sent to it".into()))
}

async fn seal_whole(prepared: &Arc<Prepared>) -> Result<kua_protocol::sealed::SealedBytes, Error> {
    let prepared = Arc::clone(prepared);
    spawn_blocking(move || prepared.seal()).await.map_err(|error| Error::System(error.to_string()))?
}

/// Seals with a new file key into an upload of its own.
async fn upload(
    drop: &DropClient,
    prepared: &Arc<Prepared>,
    watch: &Arc<dyn Watch>,
) -> Result<SubmitReceipt, Unsent> {
    let (to, mut portions) = mpsc::channel(1);
    let sealing = {
        let prepared = Arc::clone(prepared);
        spawn_blocking(move || prepared.seal_to(Portions::new(to)))
    };
    let sent = drop.upload(prepared.sealed_len(), prepared.key(), &mut portions, Arc::clone(watch)).await;
    // Whoever seals for nobody any more is told so by the closed channel.
    std::mem::drop(portions);
    let sealed = sealing.await.map_err(|error| Error::System(error.to_string()))?;
    match (sent, sealed) {
        (Ok(taken), Ok(sealed)) => check(taken, sealed),
        // That nobody took the rest says less than why nobody did.
        (Err(Unsent::Stopped) | Ok(_), Err(error)) => Err(error.into()),
        (Err(unsent), _) => Err(unsent),
    }
}

fn check(taken: SubmitReceipt, sealed: Sealed) -> Result<SubmitReceipt, Unsent> {
    taken.check(sealed.id(), sealed.size())?;
    Ok(taken)
}

/// Gathers what is written into portions, and waits until they are wanted.
struct Portions {
    gathered: Vec<u8>,
    to: mpsc::Sender<Bytes>,
}

impl Portions {
    fn new(to: mpsc::Sender<Bytes>) -> Self {
        Self { gathered: Vec::with_capacity(PORTION), to }
    }

    fn hand_on(&mut self, next: usize) -> io::Result<()> {
        let portion = std::mem::replace(&mut self.gathered, Vec::with_capacity(next));
        self.to.blocking_send(portion.into()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Portions {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = bytes.len().min(PORTION - self.gathered.len());
        self.gathered.extend_from_slice(&bytes[..len]);
        if self.gathered.len() == PORTION {
            self.hand_on(PORTION)?;
        }
        Ok(len)
    }

    /// Hands on what is left: sealing flushes at its end and nowhere else.
    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() { Ok(()) } else { self.hand_on(0) }
    }
}
