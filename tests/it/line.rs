//! A bad line between a submitter and a drop: it cuts, stalls and lets one direction die.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// What a line does to a connection, and after how many bytes towards the drop.
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
    /// Bytes that went towards the drop, and those that came back.
    pub there: Arc<AtomicU64>,
    pub back: Arc<AtomicU64>,
    /// Connections that were broken.
    pub broken: Arc<AtomicU64>,
}

impl Line {
    /// A line to this address; each connection breaks as the next of these says.
    pub fn to(drop: &str, breaks: impl FnMut() -> Break + Send + 'static) -> Self {
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
                carry(&near, &far, breaks(), &counts);
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

fn carry(near: &TcpStream, far: &TcpStream, how: Break, [there, back, broken]: &[Arc<AtomicU64>; 3]) {
    let ends = || (near.try_clone().unwrap(), far.try_clone().unwrap());
    let (mut from, mut to) = ends();
    let (there, broken) = (Arc::clone(there), Arc::clone(broken));
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
            there.fetch_add(read as u64, Ordering::Relaxed);
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
    let (mut to, mut from) = ends();
    let back = Arc::clone(back);
    thread::spawn(move || {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut bytes)
            && to.write_all(&bytes[..read]).is_ok()
        {
            back.fetch_add(read as u64, Ordering::Relaxed);
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    });
}
