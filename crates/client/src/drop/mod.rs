//! A drop, spoken to over HTTP.

use ::http::Method;
use kua_clock::Clock;
use kua_protocol::api::path;
use kua_protocol::api::{DROP_FORMAT, Deletion, DropInfo, Overdue, ReportPage, ReportRow};
use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use kua_protocol::limits::Limits;
use kua_protocol::link::DropLink;
use kua_protocol::problem::Kind;
use kua_protocol::roster::VerifiedRoster;
use reqwest::Response;
use url::Url;

use crate::error::Error;

mod entries;
mod http;
mod listing;
mod messages;
mod proxy;
mod reading;
mod retry;
mod site;
mod submitting;
mod uploads;

use self::http::{Http, Signed};
pub use self::site::{FileState, Site, SiteField, SiteFile};
pub use self::submitting::{SubmitReceipt, TOO_LARGE};
pub use self::uploads::{PORTION, Unsent};

/// A drop whose roster was verified against its link and is in date.
pub struct DropClient {
    http: Http,
    roster: VerifiedRoster,
    envelope: Envelope,
    limits: Limits,
    clock: Clock,
    /// Whether requests tell the day that this device shows, as a coordinator's do.
    tells_day: bool,
}

impl DropClient {
    /// Asks the drop for its roster and checks it against the link. There is no way around the check.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, has no roster, or its roster is refused.
    pub async fn open(link: &DropLink, proxy: Option<&str>, clock: &Clock) -> Result<Self, Error> {
        let http = Http::new(link.origin().clone(), proxy)?;
        let info: DropInfo = http.json(http.ask(Method::GET, path::DROP, Vec::new(), None).await?).await?;
        if info.format != DROP_FORMAT {
            return Err(Error::BadAnswer(format!("its format is not {DROP_FORMAT}")));
        }
        let drop = Self::of(http, link, info.roster.ok_or(Error::NotOpen)?, info.limits, clock)?;
        if drop.roster.roster().drop != info.drop {
            return Err(Error::Dishonest("it names another drop than its roster".into()));
        }
        Ok(drop)
    }

    /// A drop that is not asked, as it was when it was asked last. The roster is checked again.
    ///
    /// # Errors
    ///
    /// When the roster is refused.
    pub fn recalled(link: &DropLink, roster: Envelope, limits: Limits, clock: &Clock) -> Result<Self, Error> {
        Self::of(Http::none(link.origin().clone()), link, roster, limits, clock)
    }

    fn of(
        http: Http,
        link: &DropLink,
        envelope: Envelope,
        limits: Limits,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let roster = VerifiedRoster::verify(&envelope, &link.root())?;
        roster.check_date(clock.today())?;
        Ok(Self { http, roster, envelope, limits, clock: clock.clone(), tells_day: false })
    }

    /// The verified roster.
    pub fn roster(&self) -> &VerifiedRoster {
        &self.roster
    }

    /// The verified roster as its root signed it.
    pub fn roster_envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Makes every request tell the day that this device shows: coordinators' devices prove the drop's clock. A submitter's
    /// never tells.
    #[must_use]
    pub fn telling_day(self) -> Self {
        Self { tells_day: true, ..self }
    }

    /// The UTC day that this device shows.
    pub fn today(&self) -> Day {
        self.clock.today()
    }

    /// What the drop says that it takes.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// All reports from a day on, by day and id.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached or answers nonsense.
    pub async fn reports(&self, since: Option<Day>, key: &SigningKey) -> Result<Vec<ReportRow>, Error> {
        Ok(self.reports_and_overdue(since, key).await?.0)
    }

    /// The same, and what the drop should have deleted before.
    ///
    /// # Errors
    ///
    /// As [`DropClient::reports`].
    pub async fn reports_and_overdue(
        &self,
        since: Option<Day>,
        key: &SigningKey,
    ) -> Result<(Vec<ReportRow>, Option<Overdue>), Error> {
        self.listed::<ReportPage>(path::REPORTS, since, key).await
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

    /// Who signs a request with this key.
    fn signer<'a>(&self, key: &'a SigningKey) -> Signed<'a> {
        let day = self.tells_day.then(|| self.today());
        Signed { key, drop: self.roster.roster().drop, upload_length: None, day }
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
        let signed = self.signer(key);
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
