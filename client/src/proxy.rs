//! The way to a drop: straight, or through a SOCKS proxy such as Tor's.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use kua_protocol::link::is_onion;
use reqwest::Proxy;
use url::Url;

use crate::error::Error;

/// Where Tor listens by default.
const TOR: &str = "127.0.0.1:9050";

/// The proxy to use for a drop, if any. A name is resolved by the proxy, never here, when there is one.
///
/// # Errors
///
/// [`Error::NoTor`] for an onion service without a proxy; [`Error::Refused`] for a proxy of another kind.
pub fn choose(origin: &Url, asked: Option<&str>) -> Result<Option<Proxy>, Error> {
    let onion = is_onion(origin);
    let address = match asked {
        Some(address) => Some(address.to_owned()),
        None if onion && tor_listens() => Some(format!("socks5h://{TOR}")),
        None if onion => return Err(Error::NoTor),
        None => None,
    };
    let Some(address) = address else { return Ok(None) };
    let refused =
        || Error::Refused(format!("{address} is not a proxy that can be used: write socks5h://HOST:PORT"));
    if !address.starts_with("socks5h://") {
        return Err(refused());
    }
    Proxy::all(&address).map(Some).map_err(|_| refused())
}

/// Whether something listens where Tor does by default.
fn tor_listens() -> bool {
    let address = TOR.parse::<SocketAddr>();
    address.is_ok_and(|address| TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok())
}
