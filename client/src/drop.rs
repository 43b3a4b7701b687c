//! Speaking to a drop over HTTP.

use std::sync::Mutex;
use std::time::Duration;

use http::{Method, StatusCode, header};
use kua_protocol::api::{Accepted, DROP_FORMAT, Deletion, DropInfo, NONCE, RECEIPT, ReportPage, ReportRow};
use kua_protocol::api::{SEALED_MEDIA_TYPE, SentPage, SentRow, path, tus};
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::json;
use kua_protocol::keys::SigningKey;
use kua_protocol::limits::Limits;
use kua_protocol::link::DropLink;
use kua_protocol::problem::{Kind, Problem};
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::roster::VerifiedRoster;
use kua_protocol::sealed::SealedBytes;
use kua_protocol::signature::{
    CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, SignedParts, UPLOAD_LENGTH, content_digest,
};
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use crate::error::Error;
use crate::proxy;

mod reading;
mod tries;
mod uploading;

pub use self::uploading::{PORTION, Unsent, Watch};

/// Tor takes its time to build a circuit.
const CONNECT: Duration = Duration::from_mins(1);
/// How long the drop may be silent, which it is while a report goes out over a bad line.
const SILENCE: Duration = Duration::from_mins(10);
/// Most bytes of an answer in JSON.
const MAX_JSON: u64 = 8 << 20;

/// A drop whose roster was verified against its link and is in date.
pub struct Drop {
    http: Http,
    roster: VerifiedRoster,
    limits: Limits,
}

/// A drop that took a report in, and its proof.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What the drop says of the report.
    pub accepted: Accepted,
    /// The drop's signed word.
    pub receipt: Envelope,
}

impl Taken {
    /// Checks that the drop took in what was sealed, and nothing else.
    ///
    /// # Errors
    ///
    /// [`Error::Dishonest`].
    pub fn check(&self, id: ObjectId, size: u64) -> Result<(), Error> {
        if self.accepted.report_id == id && self.accepted.size == size {
            Ok(())
        } else {
            Err(Error::Dishonest("its receipt is for something else".into()))
        }
    }
}

impl Drop {
    /// Asks the drop for its roster and checks it against the link. There is no way around the check.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, has no roster, or its roster is refused.
    pub async fn open(link: &DropLink, proxy: Option<&str>) -> Result<Self, Error> {
        let http = Http::new(link.origin().clone(), proxy)?;
        let info: DropInfo = http.json(http.ask(Method::GET, path::DROP, Vec::new(), None).await?).await?;
        if info.format != DROP_FORMAT {
            return Err(Error::BadAnswer(format!("its format is not {DROP_FORMAT}")));
        }
        let envelope = info.roster.ok_or(Error::NotOpen)?;
        let roster = VerifiedRoster::verify(&envelope, &link.root())?;
        roster.check_date(Day::today())?;
        if roster.roster().drop != info.drop {
            return Err(Error::Dishonest("it names another drop than its roster".into()));
        }
        Ok(Self { http, roster, limits: info.limits })
    }

    /// The verified roster.
    pub fn roster(&self) -> &VerifiedRoster {
        &self.roster
    }

    /// What the drop says that it takes.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Sends a sealed report, again and again for a while when the line breaks: the same bytes are one report.
    ///
    /// # Errors
    ///
    /// When the drop refuses it, cannot be reached, or gives no valid receipt for it.
    pub async fn submit(&self, report: &SealedBytes, key: &SigningKey) -> Result<Taken, Error> {
        let mut wait = Duration::from_millis(500);
        let mut tries = 0;
        let response = loop {
            tries += 1;
            let body = report.as_bytes().to_vec();
            match self.signed(Method::POST, path::REPORTS, None, body, key).await {
                Err(error) if tries < 5 && passes(&error) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                other => break other?,
            }
        };
        let taken = self.taken(&response)?;
        taken.check(report.id(), report.size())?;
        let said: Accepted = self.http.json(response).await?;
        if said == taken.accepted {
            Ok(taken)
        } else {
            Err(Error::Dishonest("its receipt is for something else".into()))
        }
    }

    /// What the receipt that came with an answer says.
    fn taken(&self, answer: &Response) -> Result<Taken, Error> {
        let field = answer.headers().get(RECEIPT).and_then(|field| field.to_str().ok());
        let Some(Ok(receipt)) = field.map(receipt::from_header) else {
            return Err(Error::Dishonest("it took the report and gave no receipt".into()));
        };
        let said = Receipt::verify(&receipt, &self.roster)
            .map_err(|error| Error::Dishonest(format!("its receipt does not hold: {error}")))?;
        let accepted = Accepted { report_id: said.report, size: said.size, day: said.day };
        Ok(Taken { accepted, receipt })
    }

    /// What this mailbox sent before; nothing for a mailbox that the drop does not know.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached or answers nonsense.
    pub async fn sent(&self, mailbox: MailboxId, key: &SigningKey) -> Result<Vec<SentRow>, Error> {
        let answer = self.signed(Method::GET, &path::mailbox_reports(mailbox), None, Vec::new(), key).await;
        match answer {
            Ok(response) => Ok(self.http.json::<SentPage>(response).await?.reports),
            Err(Error::Problem(problem)) if problem.kind == Kind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// All reports from a day on, by day and id.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached or answers nonsense.
    pub async fn reports(&self, since: Option<Day>, key: &SigningKey) -> Result<Vec<ReportRow>, Error> {
        let mut reports: Vec<ReportRow> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let since = since.map(|day| format!("since={day}"));
            let cursor = after.take().map(|cursor| format!("after={cursor}"));
            let query: Vec<String> = since.into_iter().chain(cursor).collect();
            let query = Some(query.join("&")).filter(|query| !query.is_empty());
            let response = self.signed(Method::GET, path::REPORTS, query.as_deref(), Vec::new(), key).await?;
            let page: ReportPage = self.http.json(response).await?;
            // A drop that turns in circles must not hold the client for ever.
            let forward = reports
                .last()
                .zip(page.reports.first())
                .is_none_or(|(last, first)| (last.day, last.report_id) < (first.day, first.report_id));
            if !forward || (page.reports.is_empty() && page.next.is_some()) {
                return Err(Error::Dishonest("its list of reports does not go forward".into()));
            }
            reports.extend(page.reports);
            match page.next {
                Some(next) if next.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)) => {
                    after = Some(next);
                }
                Some(_) => return Err(Error::BadAnswer("its cursor is malformed".into())),
                None => return Ok(reports),
            }
        }
    }

    /// Asks to delete a report.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached or answers nonsense.
    pub async fn delete(&self, id: ObjectId, key: &SigningKey) -> Result<Deletion, Error> {
        self.http.json(self.signed(Method::DELETE, &path::report(id), None, Vec::new(), key).await?).await
    }

    /// Keeps a report whose deletion was asked for.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached or answers nonsense.
    pub async fn keep(&self, id: ObjectId, key: &SigningKey) -> Result<Deletion, Error> {
        self.http.json(self.signed(Method::POST, &path::keep(id), None, Vec::new(), key).await?).await
    }

    /// Sends a signed request; once more when the nonce was too old.
    async fn signed(
        &self,
        method: Method,
        path: &str,
        query: Option<&str>,
        body: Vec<u8>,
        key: &SigningKey,
    ) -> Result<Response, Error> {
        let signed = Signed { key, drop: self.roster.roster().drop, upload_length: None };
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        match self.http.ask(method.clone(), &target, body.clone(), Some(&signed)).await {
            Err(Error::Problem(problem)) if problem.kind == Kind::Unauthorised => {
                self.http.ask(method, &target, body, Some(&signed)).await
            }
            other => other,
        }
    }
}

/// Brings a newer roster to a drop.
///
/// # Errors
///
/// When the drop refuses it, with the reason.
pub async fn publish(origin: Url, proxy: Option<&str>, envelope: &Envelope) -> Result<(), Error> {
    let http = Http::new(origin, proxy)?;
    http.ask(Method::PUT, path::ROSTER, envelope.to_json(), None).await.map(|_| ())
}

/// Whether an error may be over in a moment.
fn passes(error: &Error) -> bool {
    match error {
        Error::Unreachable { .. } => true,
        Error::Problem(problem) => matches!(problem.kind, Kind::Busy | Kind::TimedOut | Kind::OtherBody),
        _ => false,
    }
}

/// Who signs a request, for which drop, and how long an upload it announces.
struct Signed<'a> {
    key: &'a SigningKey,
    drop: kua_protocol::id::DropId,
    upload_length: Option<u64>,
}

/// The connection, and the newest nonce that came over it.
struct Http {
    client: Client,
    origin: Url,
    nonce: Mutex<String>,
}

impl Http {
    fn new(origin: Url, proxy: Option<&str>) -> Result<Self, Error> {
        // A second call finds the provider there, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .pool_max_idle_per_host(16);
        if let Some(proxy) = proxy::choose(&origin, proxy)? {
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| Error::System(error.to_string()))?;
        Ok(Self { client, origin, nonce: Mutex::new(String::new()) })
    }

    async fn ask(
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
    fn signed_request(
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
            let nonce = self.nonce.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
            let parts = SignedParts {
                method: method.as_str(),
                path: url.path(),
                query: url.query(),
                content_digest: digest,
                upload_length: length.as_deref(),
            };
            let fields = parts.sign(signed.key, signed.drop, &nonce);
            request = request.header(SIGNATURE_INPUT, fields.input).header(SIGNATURE, fields.signature);
            if let Some(length) = length {
                request = request.header(UPLOAD_LENGTH, length).header(tus::RESUMABLE, tus::VERSION);
            }
        }
        Ok(request)
    }

    fn url(&self, target: &str) -> Result<Url, Error> {
        self.origin.join(target).map_err(|error| Error::BadAnswer(error.to_string()))
    }

    fn request(&self, method: Method, target: &str) -> Result<RequestBuilder, Error> {
        Ok(self.client.request(method, self.url(target)?))
    }

    /// Sends a request, remembers the nonce that comes back, and makes an error of an answer that is none.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
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

    async fn problem(&self, response: Response) -> Error {
        let status = response.status();
        let headless = response.headers().contains_key(tus::RESUMABLE);
        let body = self.body(response, 64 * 1024).await;
        let of_status = || Kind::ALL.iter().find(|kind| kind.status() == status.as_u16());
        match body.ok().and_then(|body| json::from_slice::<Problem>(&body).ok()) {
            Some(problem) => Error::Problem(Box::new(problem)),
            // The answer to HEAD has no body.
            None if headless => of_status().map_or_else(
                || Error::BadAnswer(status.to_string()),
                |kind| Error::Problem(Box::new(Problem::from(*kind))),
            ),
            None if status == StatusCode::BAD_GATEWAY || status == StatusCode::GATEWAY_TIMEOUT => {
                Error::Unreachable {
                    host: self.host(),
                    why: format!("the server in front of it says {status}"),
                }
            }
            None => Error::BadAnswer(format!("{status}; is there a Kuä drop at {}?", self.origin)),
        }
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, response: Response) -> Result<T, Error> {
        let body = self.body(response, MAX_JSON).await?;
        json::from_slice(&body).map_err(|error| Error::BadAnswer(error.to_string()))
    }

    /// The body, at most `most` bytes of it.
    async fn body(&self, mut response: Response, most: u64) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() as u64 + part.len() as u64 > most {
                return Err(Error::Dishonest(format!("it answers with more than {most} bytes")));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    fn host(&self) -> String {
        self.origin.host_str().unwrap_or_default().to_owned()
    }

    fn unreachable(&self, error: &reqwest::Error) -> Error {
        // The innermost cause says it plainest: connection refused, name not known.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Error::Unreachable { host: self.host(), why: cause.to_string() }
    }
}
