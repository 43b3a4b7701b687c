//! A host that does not prove who it is: that is told as such, and is not being offline.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use acceptance::processes::Run as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::stage::Stage;

/// Serves HTTPS on loopback with a certificate that nobody vouches for, and gives its address.
fn stranger() -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/certificate.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (Ok(mut socket), Ok(mut tls)) = (connection, ServerConnection::new(Arc::clone(&config)))
            else {
                continue;
            };
            let mut stream = Stream::new(&mut tls, &mut socket);
            let _ = stream.read(&mut [0; 1024]).and_then(|_| stream.write(b"HTTP/1.1 200 OK\r\n\r\n"));
        }
    });
    address
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_told_and_is_not_being_offline() {
    let stage = Stage::new();
    // The drop is known from here, so that there would be something to go on with.
    stage.inbox(0);
    let (_, fingerprint) = stage.link.split_once('#').unwrap();
    let link = format!("{}/#{fingerprint}", stranger());
    for (language, said) in [
        ("en", "does not prove who it is"),
        ("ru", "не подтвердил, что это он"),
        ("ar", "لم يُثبت"),
        ("kk", "растамады"),
        ("es", "no demuestra quién es"),
        ("fr", "ne prouve pas son identité"),
    ] {
        let mut inbox = stage.kua.command();
        inbox.args(["inbox", &link]).env("LANG", format!("{language}.UTF-8"));
        stage.team.coordinators[0].unlock(&mut inbox);
        let output = inbox.run().unwrap();
        assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{}", output.stderr);
        assert!(output.stderr.contains(said) && output.stderr.lines().count() == 1, "{}", output.stderr);
    }
}
