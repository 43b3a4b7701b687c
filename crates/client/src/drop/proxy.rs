//! The way to a drop: straight, or through a SOCKS proxy such as Tor's.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use kua_protocol::link::{is_loopback, is_onion};
use reqwest::Proxy;
use url::Url;

use crate::error::Error;

/// Where Tor listens by default.
const TOR: &str = "127.0.0.1:9050";
/// How long a proxy is waited for that may not be there.
const PATIENCE: Duration = Duration::from_secs(3);

/// The proxy to use for a drop, if any: the one that was asked for, the one that `ALL_PROXY` names, or Tor for an onion
/// service. A name is resolved by the proxy, never here, when there is one.
///
/// A proxy that takes user names gets one that is used once, so that Tor builds a circuit of its own for it (socks
/// extensions of Tor, section 1, `IsolateSOCKSAuth`).
///
/// # Errors
///
/// [`Error::NoTor`] for an onion service without a proxy; [`Error::Refused`] for a proxy of another kind.
pub(super) fn choose(origin: &Url, asked: Option<&str>) -> Result<Option<Proxy>, Error> {
    let named = asked.map(str::to_owned).or_else(|| of_environment(origin));
    let address = match named {
        Some(address) => address,
        None if !is_onion(origin) => return Ok(None),
        None if connect(TOR).is_some() => format!("socks5h://{TOR}"),
        None => return Err(Error::NoTor),
    };
    let refused =
        || Error::Refused(format!("{address} is not a proxy that can be used: write socks5h://HOST:PORT"));
    let mut url = address.parse::<Url>().ok().filter(|url| url.scheme() == "socks5h").ok_or_else(refused)?;
    if url.username().is_empty() && takes_user_names(&url) {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Error::System(error.to_string()))?;
        let name = kua_protocol::id::MailboxId::from_bytes(random).to_string();
        url.set_username(&name).and_then(|()| url.set_password(Some("kua"))).map_err(|()| refused())?;
    }
    Proxy::all(url).map(Some).map_err(|_| refused())
}

/// What `ALL_PROXY` says, unless the drop is on this machine. `socks5` is taken for `socks5h`: no name is ever resolved
/// here that a proxy could resolve.
fn of_environment(origin: &Url) -> Option<String> {
    let named = ["ALL_PROXY", "all_proxy"].iter().find_map(|name| std::env::var(name).ok());
    let named = named.filter(|named| !is_loopback(origin) && !named.is_empty())?;
    Some(named.strip_prefix("socks5://").map_or(named.clone(), |rest| format!("socks5h://{rest}")))
}

fn connect(address: &str) -> Option<TcpStream> {
    let address: SocketAddr = address.to_socket_addrs().ok()?.next()?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    Some(stream)
}

/// Whether the proxy chooses user name and password when it is offered nothing else (RFC 1928, section 3).
fn takes_user_names(proxy: &Url) -> bool {
    let address = format!("{}:{}", proxy.host_str().unwrap_or_default(), proxy.port().unwrap_or(1080));
    let ask = || {
        let mut stream = connect(&address)?;
        stream.write_all(&[5, 1, 2]).ok()?;
        let mut answer = [0; 2];
        stream.read_exact(&mut answer).ok()?;
        Some(answer)
    };
    ask() == Some([5, 2])
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A proxy that answers a greeting so, once, and its address.
    fn proxy(answer: [u8; 2]) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).unwrap();
            assert_eq!(greeting, [5, 1, 2]);
            stream.write_all(&answer).unwrap();
        });
        format!("socks5h://{address}").parse().unwrap()
    }

    #[test]
    fn a_user_name_is_for_proxies_that_take_one() {
        assert!(takes_user_names(&proxy([5, 2])));
        assert!(!takes_user_names(&proxy([5, 0xff])));
        assert!(!takes_user_names(&"socks5h://127.0.0.1:1".parse().unwrap()));
    }

    #[test]
    fn other_kinds_of_proxies_are_refused() {
        let onion = format!("http://{}.onion/", "a".repeat(56)).parse().unwrap();
        for bad in ["http://127.0.0.1:8080", "socks4://127.0.0.1:1", "127.0.0.1:9050", "socks5://127.0.0.1:1"]
        {
            assert!(matches!(choose(&onion, Some(bad)), Err(Error::Refused(_))), "{bad}");
        }
    }
}
