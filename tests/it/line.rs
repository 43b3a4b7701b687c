//! A bad line between a submitter and a drop: it cuts, stalls and lets one direction die.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::stage::Stage;

/// What a line does to a connection, and after how many bytes in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Nothing.
    Never,
    /// Both directions end at once.
    Cut(u64),
    /// The drop sees the end and the submitter does not, or is not told until later.
    Halve(u64),
    /// Nothing moves for a while; then it goes on.
    Stall(u64, Duration),
}

/// A line on loopback, for as long as this is kept.
pub struct Line {
    address: String,
    up: Arc<AtomicBool>,
    /// Bytes that went towards the drop.
    pub there: Arc<AtomicU64>,
    /// Bytes that came back.
    pub back: Arc<AtomicU64>,
    /// Connections that were broken.
    pub broken: Arc<AtomicU64>,
}

impl Line {
    /// A line to this address; each connection breaks as the next of these says.
    pub fn to(drop: &str, breaks: impl FnMut() -> Break + Send + 'static) -> Self {
        Self::new(drop, breaks, false)
    }

    /// A line that breaks after so many bytes from the drop.
    pub fn backwards(drop: &str, breaks: impl FnMut() -> Break + Send + 'static) -> Self {
        Self::new(drop, breaks, true)
    }

    fn new(drop: &str, breaks: impl FnMut() -> Break + Send + 'static, backwards: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Self {
            address: listener.local_addr().unwrap().to_string(),
            up: Arc::new(AtomicBool::new(true)),
            there: Arc::default(),
            back: Arc::default(),
            broken: Arc::default(),
        };
        let (up, drop, mut breaks) = (Arc::clone(&line.up), drop.to_owned(), breaks);
        let counts = [&line.there, &line.back, &line.broken].map(Arc::clone);
        thread::spawn(move || {
            for near in listener.incoming() {
                if !up.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(near), Ok(far)) = (near, TcpStream::connect(&drop)) else { continue };
                let (there, back) =
                    if backwards { (Break::Never, breaks()) } else { (breaks(), Break::Never) };
                carry(&near, &far, there, &counts[0], &counts[2]);
                carry(&far, &near, back, &counts[1], &counts[2]);
            }
        });
        line
    }

    /// `http://HOST:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl std::ops::Drop for Line {
    fn drop(&mut self) {
        self.up.store(false, Ordering::Relaxed);
        // Wakes the one who waits for connections.
        let _ = TcpStream::connect(&self.address);
    }
}

/// Carries bytes in one direction until it ends or breaks, and then ends both.
fn carry(from: &TcpStream, to: &TcpStream, how: Break, carried: &Arc<AtomicU64>, broken: &Arc<AtomicU64>) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    let (carried, broken) = (Arc::clone(carried), Arc::clone(broken));
    thread::spawn(move || {
        let mut left = match how {
            Break::Never => u64::MAX,
            Break::Cut(after) | Break::Halve(after) | Break::Stall(after, _) => after,
        };
        let mut bytes = vec![0; 16 * 1024];
        loop {
            let most = usize::try_from(left).unwrap_or(bytes.len()).clamp(1, bytes.len());
            let Ok(read @ 1..) = from.read(&mut bytes[..most]) else { break };
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
            carried.fetch_add(read as u64, Ordering::Relaxed);
            left = left.saturating_sub(read as u64);
            if left == 0 {
                broken.fetch_add(1, Ordering::Relaxed);
                match how {
                    Break::Stall(_, time) => {
                        thread::sleep(time);
                        left = u64::MAX;
                    }
                    Break::Halve(_) => {
                        let _ = to.shutdown(Shutdown::Both);
                        return;
                    }
                    Break::Cut(_) | Break::Never => break,
                }
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    });
}

/// Something before a drop on loopback, for as long as this is kept: it answers requests that bring something in the drop's place.
pub struct Front {
    address: String,
    up: Arc<AtomicBool>,
    /// How often it answered so.
    pub said: Arc<AtomicU64>,
}

impl Front {
    /// Answers so many requests with a body of each connection's kind with this status line, and carries all others on.
    pub fn before(drop: &str, status: String, times: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (up, said) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let front = Self { address, up: Arc::clone(&up), said: Arc::clone(&said) };
        let drop = drop.to_owned();
        thread::spawn(move || {
            for near in listener.incoming() {
                if !up.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(mut near) = near else { continue };
                let (drop, said) = (drop.clone(), Arc::clone(&said));
                let answer = format!(
                    "HTTP/1.1 {status}\r\nlocation: /\r\ncontent-length: 4\r\nconnection: close\r\n\r\nBusy"
                );
                thread::spawn(move || {
                    let Ok(mut far) = TcpStream::connect(&drop) else { return };
                    let nobody = Arc::default();
                    carry(&far, &near, Break::Never, &nobody, &nobody);
                    let mut bytes = vec![0; 64 * 1024];
                    // Whoever asks waits for the answer, so that a request stands at the beginning of what is read.
                    while let Ok(read @ 1..) = near.read(&mut bytes) {
                        let brings = bytes.starts_with(b"POST") || bytes.starts_with(b"PATCH");
                        if brings && said.fetch_add(1, Ordering::Relaxed) < times {
                            let _ = near.write_all(answer.as_bytes());
                            // Who still sends is heard to the end: else the answer might never be read.
                            let _ = near.shutdown(Shutdown::Write);
                            while matches!(near.read(&mut bytes), Ok(1..)) {}
                            break;
                        }
                        if far.write_all(&bytes[..read]).is_err() {
                            break;
                        }
                    }
                    let _ = (near.shutdown(Shutdown::Both), far.shutdown(Shutdown::Both));
                });
            }
        });
        front
    }

    /// The link of a drop behind it.
    pub fn link(&self, stage: &Stage) -> String {
        let (_, fingerprint) = stage.link.split_once('#').unwrap();
        format!("http://{}/#{fingerprint}", self.address)
    }
}

impl std::ops::Drop for Front {
    fn drop(&mut self) {
        self.up.store(false, Ordering::Relaxed);
        // Wakes the one who waits for connections.
        let _ = TcpStream::connect(&self.address);
    }
}
