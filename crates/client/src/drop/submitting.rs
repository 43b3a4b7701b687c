//! Submitting a report in one request, and the drop's receipt for it.

use http::Method;
use kua_protocol::api::{Accepted, RECEIPT, SentPage, SentRow, path};
use kua_protocol::dsse::Envelope;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::Kind;
use kua_protocol::receipt::{self, Receipt};
use kua_protocol::sealed::SealedBytes;
use reqwest::Response;

use super::DropClient;
use super::retry::{PATIENCE, Tries};
use crate::error::Error;
use crate::events::Watch;

/// The status of something before the drop that takes no body of this size.
pub const TOO_LARGE: u16 = 413;

/// A drop that took a report in, and its proof.
#[derive(Debug, Clone)]
pub struct SubmitReceipt {
    /// What the drop says of the report.
    pub accepted: Accepted,
    /// The drop's signed word.
    pub receipt: Envelope,
}

impl SubmitReceipt {
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

impl DropClient {
    /// Sends a sealed report in one request, again and again while the line is broken: the same bytes are one report.
    ///
    /// # Errors
    ///
    /// When the drop refuses it, cannot be reached, or gives no valid receipt for it.
    pub async fn submit(
        &self,
        report: &SealedBytes,
        key: &SigningKey,
        watch: &dyn Watch,
    ) -> Result<SubmitReceipt, Error> {
        let mut tries = Tries::for_at_most(PATIENCE);
        let response = loop {
            let body = report.as_bytes().to_vec();
            match self.signed(Method::POST, path::REPORTS, None, body, key).await {
                Ok(response) => break response,
                // In one request it does not get through: in portions it may.
                Err(error @ Error::Interposed { status: TOO_LARGE, .. }) => return Err(error),
                Err(error) => tries.pause(error, || watch.waiting()).await?,
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
    pub(super) fn taken(&self, answer: &Response) -> Result<SubmitReceipt, Error> {
        let field = answer.headers().get(RECEIPT).and_then(|field| field.to_str().ok());
        let Some(Ok(receipt)) = field.map(receipt::from_header) else {
            return Err(Error::Dishonest("it took the report and gave no receipt".into()));
        };
        let said = Receipt::verify(&receipt, &self.roster)
            .map_err(|error| Error::Dishonest(format!("its receipt does not hold: {error}")))?;
        let accepted = Accepted { report_id: said.report, size: said.size, day: said.day };
        Ok(SubmitReceipt { accepted, receipt })
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
}
