//! Replies at a drop: a coordinator leaves them, the submitter reads and deletes them.

use std::sync::Arc;

use http::Method;
use kua_protocol::api::{MessagePage, MessageRow, path};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::Kind;
use kua_protocol::sealed::SealedBytes;

use super::DropClient;
use super::Unsent;
use super::retry::{PATIENCE, Tries};
use crate::error::Error;
use crate::events::Watch;

/// Most bytes of a sealed reply: an attachment, and generous room for the rest.
const MAX_REPLY: u64 = 20 << 20;
/// Bytes up to which a sealed reply goes in one request.
const WHOLE: u64 = 1 << 20;
/// Uploads that are begun for one reply when the drop forgets them.
const STARTS: usize = 3;

impl DropClient {
    /// The replies in a mailbox, by day and id; none in one that the drop does not know.
    ///
    /// # Errors
    ///
    /// When the drop cannot be reached, answers nonsense, or lists one twice.
    pub async fn messages(&self, mailbox: MailboxId, key: &SigningKey) -> Result<Vec<MessageRow>, Error> {
        let page: MessagePage =
            match self.signed(Method::GET, &path::messages(mailbox), None, Vec::new(), key).await {
                Ok(response) => self.http.json(response).await?,
                Err(Error::Problem(problem)) if problem.kind == Kind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
        let place = |row: &MessageRow| (row.day, row.message_id);
        if !page.messages.is_sorted_by(|one, next| place(one) < place(next)) {
            return Err(Error::Dishonest("its list of replies is not in order, or shows one twice".into()));
        }
        Ok(page.messages)
    }

    /// The sealed bytes of a reply, checked against its id.
    ///
    /// # Errors
    ///
    /// When the drop refuses, cannot be reached, or serves other bytes.
    pub async fn message(
        &self,
        mailbox: MailboxId,
        row: &MessageRow,
        key: &SigningKey,
    ) -> Result<Vec<u8>, Error> {
        let target = path::message(mailbox, row.message_id);
        self.object(&target, row.message_id, MAX_REPLY, key).await
    }

    /// Posts a sealed reply to a mailbox: in one request where it is small, else in portions. It is tried again and again while
    /// the line is broken: the same bytes are one reply.
    ///
    /// # Errors
    ///
    /// When the drop refuses it, cannot be reached for a long time, or took in something else.
    pub async fn post_message(
        &self,
        mailbox: MailboxId,
        sealed: &SealedBytes,
        key: &SigningKey,
        watch: &Arc<dyn Watch>,
    ) -> Result<MessageRow, Error> {
        if sealed.size() > WHOLE {
            match self.upload_message(mailbox, sealed, key, watch).await {
                // She may have begun as many uploads as she may, which must not keep an answer from her.
                Err(Error::Problem(problem)) if problem.kind == Kind::TooManyUploads => {}
                outcome => return outcome,
            }
        }
        let mut tries = Tries::for_at_most(PATIENCE);
        let response = loop {
            let body = sealed.as_bytes().to_vec();
            match self.signed(Method::POST, &path::messages(mailbox), None, body, key).await {
                Ok(response) => break response,
                Err(error) => tries.pause(error, || watch.waiting()).await?,
            }
        };
        let row: MessageRow = self.http.json(response).await?;
        if row.message_id == sealed.id() {
            Ok(row)
        } else {
            Err(Error::Dishonest("it took the reply for something else".into()))
        }
    }

    async fn upload_message(
        &self,
        mailbox: MailboxId,
        sealed: &SealedBytes,
        key: &SigningKey,
        watch: &Arc<dyn Watch>,
    ) -> Result<MessageRow, Error> {
        for _ in 0..STARTS {
            match self.upload_whole(&path::message_uploads(mailbox), sealed, key, watch).await {
                Ok(()) => {
                    let rows = self.messages(mailbox, key).await?;
                    let row = rows.into_iter().find(|row| row.message_id == sealed.id());
                    return row
                        .ok_or_else(|| Error::Dishonest("it took the reply and does not list it".into()));
                }
                Err(Unsent::Failed(error)) => return Err(error),
                Err(Unsent::Lost | Unsent::Stopped) => {}
            }
        }
        Err(Error::Dishonest("it forgets what was sent to it".into()))
    }

    /// Deletes a reply for ever.
    ///
    /// # Errors
    ///
    /// When the drop refuses or cannot be reached.
    pub async fn delete_message(
        &self,
        mailbox: MailboxId,
        id: ObjectId,
        key: &SigningKey,
    ) -> Result<(), Error> {
        self.signed(Method::DELETE, &path::message(mailbox, id), None, Vec::new(), key).await.map(|_| ())
    }
}
