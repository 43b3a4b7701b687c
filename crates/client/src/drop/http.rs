//! Requests and answers over one connection to a drop.

use std::sync::Mutex;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode, header};
use kua_protocol::api::{NONCE, SEALED_MEDIA_TYPE, tus};
use kua_protocol::day::Day;
use kua_protocol::id::DropId;
use kua_protocol::json;
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::{Kind, Problem};
use kua_protocol::signature::{
    CONTENT_DIGEST, DAY, SIGNATURE, SIGNATURE_INPUT, SignedParts, UPLOAD_LENGTH, content_digest,
};
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use super::proxy;
use crate::error::Error;

/// Tor takes its time to build a circuit.
const CONNECT: Duration = Duration::from_mins(1);
/// How long the drop may be silent, which it is while a report goes out over a bad line.
const SILENCE: Duration = Duration::from_mins(10);
/// Most bytes of an answer in JSON.
const MAX_JSON: u64 = 8 << 20;

/// Who signs a request, for which drop, how long an upload it announces, and which day a coordinator's device shows.
pub(super) struct Signed<'a> {
    pub(super) key: &'a SigningKey,
    pub(super) drop: DropId,
    pub(super) upload_length: Option<u64>,
    pub(super) day: Option<Day>,
}

/// The connection, and the newest nonce that came over it.
pub(super) struct Http {
    /// None where the drop is not to be asked: not a single packet leaves then.
    client: Option<Client>,
    origin: Url,
    nonce: Mutex<String>,
}

impl Http {
    pub(super) fn new(origin: Url, proxy: Option<&str>) -> Result<Self, Error> {
        // A second call finds the provider there, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .pool_max_idle_per_host(16);
        if origin.scheme() == "http" {
            // An onion service or this machine: reading all roots of the system would take longer than to ask.
            builder = builder.tls_certs_only([]);
        }
        if let Some(proxy) = proxy::choose(&origin, proxy)? {
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| Error::System(error.to_string()))?;
        Ok(Self { client: Some(client), origin, nonce: Mutex::default() })
    }

    /// No connection.
    pub(super) fn none(origin: Url) -> Self {
        Self { client: None, origin, nonce: Mutex::default() }
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        target: &str,
        body: Vec<u8>,
        signed: Option<&Signed<'_>>,
    ) -> Result<Response, Error> {
        let digest = (!body.is_empty()).then(|| content_digest(&body));
        let mut request = self.signed_request(&method, target, digest.as_deref(), signed)?;
        if let Some(digest) = digest {
            request = request.header(CONTENT_DIGEST, digest).header(header::CONTENT_TYPE, SEALED_MEDIA_TYPE);
        }
        self.send(request.body(body)).await
    }

    /// A request with its signature, and without a body yet.
    pub(super) fn signed_request(
        &self,
        method: &Method,
        target: &str,
        digest: Option<&str>,
        signed: Option<&Signed<'_>>,
    ) -> Result<RequestBuilder, Error> {
        let mut request = self.request(method.clone(), target)?;
        if let Some(signed) = signed {
            let url = self.url(target)?;
            let length = signed.upload_length.map(|length| length.to_string());
            let day = signed.day.map(|day| day.to_string());
            let nonce = self.nonce.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
            let parts = SignedParts {
                method: method.as_str(),
                path: url.path(),
                query: url.query(),
                content_digest: digest,
                upload_length: length.as_deref(),
                day: day.as_deref(),
            };
            let fields = parts.sign(signed.key, signed.drop, &nonce);
            request = request.header(SIGNATURE_INPUT, fields.input).header(SIGNATURE, fields.signature);
            if let Some(length) = length {
                request = request.header(UPLOAD_LENGTH, length).header(tus::RESUMABLE, tus::VERSION);
            }
            if let Some(day) = day {
                request = request.header(DAY, day);
            }
        }
        Ok(request)
    }

    fn url(&self, target: &str) -> Result<Url, Error> {
        self.origin.join(target).map_err(|error| Error::BadAnswer(error.to_string()))
    }

    pub(super) fn request(&self, method: Method, target: &str) -> Result<RequestBuilder, Error> {
        let client = self.client.as_ref().ok_or(Error::NotAsked)?;
        Ok(client.request(method, self.url(target)?))
    }

    /// Sends a request, remembers the nonce that comes back, and makes an error of an answer that is none.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        // A nonce goes into a quoted string: only base64url of a sensible length is one.
        let nonce = response.headers().get(NONCE).and_then(|nonce| nonce.to_str().ok());
        let fits = |nonce: &&str| {
            nonce.len() <= 128 && nonce.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        if let Some(nonce) = nonce.filter(fits) {
            nonce.clone_into(&mut self.nonce.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        }
        if response.status().is_success() { Ok(response) } else { Err(self.problem(response).await) }
    }

    /// What is served at a path, whatever it is; none of the body when that has more than `most` bytes.
    pub(super) async fn shown(
        &self,
        path: &str,
        most: u64,
    ) -> Result<(StatusCode, HeaderMap, Option<Vec<u8>>), Error> {
        let sent = self.request(Method::GET, path)?.send().await;
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let (status, fields) = (response.status(), response.headers().clone());
        match self.body(response, most).await {
            Ok(body) => Ok((status, fields, Some(body))),
            Err(Error::Dishonest(_)) => Ok((status, fields, None)),
            Err(error) => Err(error),
        }
    }

    async fn problem(&self, response: Response) -> Error {
        let status = response.status();
        let headless = response.headers().contains_key(tus::RESUMABLE);
        let body = self.body(response, 64 * 1024).await;
        let of_status = || {
            let code = status.as_u16();
            // Several kinds have the same status of a server's failure: that alone says to wait.
            Kind::ALL.iter().find(|kind| code < 500 && kind.status() == code)
        };
        match body.ok().and_then(|body| json::from_slice::<Problem>(&body).ok()) {
            Some(problem) => Error::Problem(Box::new(problem)),
            // The answer to HEAD has no body.
            None if headless => of_status().map_or_else(
                || self.interposed(status),
                |kind| Error::Problem(Box::new(Problem::from(*kind))),
            ),
            None if status == StatusCode::BAD_GATEWAY || status == StatusCode::GATEWAY_TIMEOUT => {
                Error::Unreachable {
                    host: self.host(),
                    why: format!("the server in front of it says {status}"),
                }
            }
            None => self.interposed(status),
        }
    }

    pub(super) async fn json<T: serde::de::DeserializeOwned>(&self, response: Response) -> Result<T, Error> {
        let body = self.body(response, MAX_JSON).await?;
        json::from_slice(&body).map_err(|error| Error::BadAnswer(error.to_string()))
    }

    /// The body, at most `most` bytes of it.
    pub(super) async fn body(&self, mut response: Response, most: u64) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() as u64 + part.len() as u64 > most {
                return Err(Error::Dishonest(format!("it answers with more than {most} bytes")));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    /// Makes the error of an answer that is none of a drop's.
    pub(super) fn interposed(&self, status: StatusCode) -> Error {
        Error::Interposed {
            status: status.as_u16(),
            answer: status.to_string(),
            origin: self.origin.to_string(),
        }
    }

    pub(super) fn host(&self) -> String {
        self.origin.host_str().unwrap_or_default().to_owned()
    }

    pub(super) fn unreachable(&self, error: &reqwest::Error) -> Error {
        // The innermost cause says it plainest: connection refused, name not known.
        let mut cause: &(dyn std::error::Error + 'static) = error;
        loop {
            if let Some(tls) = certificate_error(cause) {
                return Error::Certificate { host: self.host(), why: tls.to_string() };
            }
            match cause.source() {
                Some(inner) => cause = inner,
                None => break,
            }
        }
        Error::Unreachable { host: self.host(), why: cause.to_string() }
    }
}

/// Finds what is wrong with a certificate, where that is the cause. An error of input or output shows the source of what was put
/// into it, and not that itself, which may be one of its kind again.
fn certificate_error<'e>(mut cause: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    while let Some(inner) = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        cause = inner;
    }
    let error = cause.downcast_ref::<rustls::Error>()?;
    matches!(error, rustls::Error::InvalidCertificate(_)).then_some(error)
}
