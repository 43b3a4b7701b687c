//! One way in. Whatever door a sealed object comes through, its body is read whole or in portions, checked, admitted under its
//! owner's quota, and put; a door adds who may knock and how the answer looks.

mod arriving;
mod budget;
mod checksum;
mod quota;
mod sender;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use kua_protocol::id::{Digest, MailboxId, ObjectId};
use kua_protocol::limits::MAX_ENTRY;
use kua_protocol::problem::Kind;
use kua_protocol::reply::MAX_ATTACHMENT_LEN;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedBytes};
use kua_store::{Kind as ObjectKind, Lookup, MAX_OBJECT_LEN, NewObject, NewUpload, ObjectRow, Owner, Put};

pub(crate) use self::arriving::Arriving;
pub(crate) use self::budget::Budget;
pub(crate) use self::checksum::{ALGORITHMS, Expected};
use self::quota::Quota;
pub(crate) use self::sender::Sender;
use crate::error::ApiError;
use crate::http::auth::Coordinator;
use crate::state::App;

/// Bytes of randomness in an upload's token.
const TOKEN_LEN: usize = 16;
const HOUR: u64 = 3600;
/// Most bytes of a reply's padded plaintext: an attachment, and room for text and padding.
const MAX_REPLY: u64 = MAX_ATTACHMENT_LEN + (2 << 20);

/// What is taken in, from whom, and where it will lie.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    /// Who sends it.
    sender: Sender,
    /// What it is for.
    kind: ObjectKind,
    /// Where it belongs.
    owner: Owner,
    /// Most bytes of its padded plaintext.
    most: u64,
    /// How many objects of its kind the owner may hold, where somebody owns it.
    quota: Quota,
}

impl Intake {
    /// A report of this sender, of at most so many bytes before sealing.
    pub(crate) fn report(app: &App, sender: impl Into<Sender>, most: u64) -> Self {
        let sender = sender.into();
        let (kind, owner) = (ObjectKind::Report, sender.owner());
        Self { sender, kind, owner, most, quota: Quota::of_mailbox(app) }
    }

    /// A coordinator's reply to this mailbox.
    pub(crate) fn reply(app: &App, coordinator: Coordinator, mailbox: MailboxId) -> Self {
        let (kind, owner) = (ObjectKind::Reply, Owner::Mailbox(mailbox));
        Self { sender: coordinator.into(), kind, owner, most: MAX_REPLY, quota: Quota::of_mailbox(app) }
    }

    /// A coordinator's entry in the case of this report.
    pub(crate) fn entry(coordinator: Coordinator, report: ObjectId) -> Self {
        let (kind, owner) = (ObjectKind::Entry, Owner::Case(report));
        Self { sender: coordinator.into(), kind, owner, most: MAX_ENTRY, quota: Quota::of_case() }
    }

    /// Whether the owner may hold one more. What is nobody's is not counted here.
    ///
    /// # Errors
    ///
    /// [`Kind::MailboxFull`], [`Kind::CaseFull`].
    async fn admit(&self, app: &App) -> Result<(), ApiError> {
        let most = self.quota.most();
        let held = match self.sender.clone().looked_up(&*app.store, most).await? {
            Sender::Nobody => return Ok(()),
            Sender::NewMailbox(_) => 0,
            Sender::KnownMailbox(_, reports) => reports,
            // What lies where it is sent to counts, whoever sent that.
            Sender::Coordinator(_) | Sender::Unknown(_) => {
                app.store.owned(self.owner, self.kind, None, most).await?.rows.len()
            }
        };
        self.quota.one_more(held)
    }

    /// Takes in an object that comes whole in one body, and returns when it is durable. The same bytes again are the same
    /// object. Where a request is signed, its body is compared with the digest that was.
    ///
    /// # Errors
    ///
    /// [`Kind::Busy`], [`Kind::OtherBody`], [`Kind::NotSealed`], [`Kind::TooLarge`], [`Kind::Gone`], [`Kind::MailboxFull`], [`Kind::CaseFull`], and those of
    /// the store.
    pub(crate) async fn whole(&self, app: &App, body: Body) -> Result<Put, ApiError> {
        let body_most = usize::try_from(most_sealed(self.most)).unwrap_or(usize::MAX);
        // The memory is given back when the object is durable.
        let held = app.memory.read(body, body_most).await?;
        let sealed = SealedBytes::try_from(held.bytes.clone())?;
        self.sender.check_body(&sealed.id())?;
        if sealed.shape().plaintext_len > self.most {
            let detail = format!("at most {} bytes before sealing", self.most);
            return Err(ApiError::detailed(Kind::TooLarge, detail));
        }
        match app.store.find(sealed.id()).await? {
            Lookup::Present(row) => Ok(Put::AlreadyThere(row)),
            Lookup::Gone => Err(Kind::Gone.into()),
            Lookup::Unknown => {
                self.admit(app).await?;
                self.put(app, sealed).await
            }
        }
    }

    /// A large one takes the way of an upload that is over at once.
    async fn put(&self, app: &App, sealed: SealedBytes) -> Result<Put, ApiError> {
        let day = app.time.today();
        if sealed.size() <= MAX_OBJECT_LEN {
            return Ok(app.store.put(NewObject { sealed, kind: self.kind, owner: self.owner, day }).await?);
        }
        // Nobody can go on with it: the name is that of the object itself, which is no token's digest.
        let id = Digest::from_bytes(*sealed.id().as_bytes());
        app.store.begin(self.passing(app, id, sealed.size())).await?;
        let put = self.written(app, id, sealed).await;
        if put.is_err() {
            // Whatever failed: the same bytes may come again at once. What cannot become an object is gone already.
            let _ = app.store.abandon(id).await;
        }
        put
    }

    async fn written(&self, app: &App, id: Digest, sealed: SealedBytes) -> Result<Put, ApiError> {
        let mut writer = app.store.append(id, 0).await?;
        writer.write(sealed.as_bytes().clone()).await?;
        writer.sync().await?;
        drop(writer);
        Ok(app.store.finish(id, self.most, app.time.today()).await?)
    }

    /// Takes in an object of any size whose bytes come in this one request. However it ends, nothing unfinished is left.
    ///
    /// Whoever may go away before it has ended has to run it on a task of its own.
    ///
    /// # Errors
    ///
    /// As [`Intake::whole`], but for the quota; [`Kind::TimedOut`] for what trickles.
    pub(crate) async fn in_one_request(&self, app: &App, len: u64, body: Body) -> Result<Put, ApiError> {
        // Nobody is told the token, so nobody else can go on with it.
        let id = Digest::of(new_token()?.as_bytes());
        app.store.begin(self.passing(app, id, len)).await?;
        let arrive = async {
            let writer = app.store.append(id, 0).await?;
            Arriving::new(app, body, None).take(writer).await?;
            Ok(app.store.finish(id, self.most, app.time.today()).await?)
        };
        let arrived: Result<Put, ApiError> = arrive.await;
        if arrived.is_err() {
            // What cannot become an object is gone already.
            let _ = app.store.abandon(id).await;
        }
        arrived
    }

    /// Begins an upload that others go on with, who are told the token that is returned, and until when it is kept by the
    /// drop's steady clock.
    ///
    /// # Errors
    ///
    /// [`Kind::TooLarge`], [`Kind::MailboxFull`], [`Kind::CaseFull`], [`Kind::TooManyUploads`], [`Kind::NoSpace`].
    pub(crate) async fn begin(&self, app: &App, len: u64) -> Result<(String, u64), ApiError> {
        if len > most_sealed(self.most) {
            let detail = format!("at most {} bytes before sealing", self.most);
            return Err(ApiError::detailed(Kind::TooLarge, detail));
        }
        self.admit(app).await?;
        let token = new_token()?;
        // The end of an hour: the upload's file tells no more of its beginning.
        let until = (app.time.steady() / HOUR + app.upload_hours + 1) * HOUR;
        let most_open = usize::try_from(app.limits.open_uploads).unwrap_or(usize::MAX);
        let passing = self.passing(app, Digest::of(token.as_bytes()), len);
        app.store.begin(NewUpload { until, most_open, ..passing }).await?;
        Ok((token, until))
    }

    /// An upload that is over with its request.
    fn passing(&self, app: &App, id: Digest, len: u64) -> NewUpload {
        let until = app.time.steady() + HOUR;
        NewUpload {
            id,
            kind: self.kind,
            owner: self.owner,
            day: app.time.today(),
            len,
            until,
            most_open: usize::MAX,
        }
    }

    /// Where a coordinator's object came to lie, with the status of the answer: 201, or 200 for bytes that were there before.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for bytes that are kept as something else.
    pub(crate) fn placed(&self, put: &Put) -> Result<(StatusCode, ObjectRow), ApiError> {
        let row = *put.row();
        if row.kind != self.kind || row.owner != self.owner {
            return Err(kept_otherwise());
        }
        Ok((status(put), row))
    }
}

/// The most bytes of padded plaintext that an object of this kind may have.
pub(crate) fn most_of(app: &App, kind: ObjectKind) -> u64 {
    match kind {
        ObjectKind::Report => app.limits.report,
        ObjectKind::Reply => MAX_REPLY,
        ObjectKind::Entry => MAX_ENTRY,
    }
}

/// The status of an answer to an object that was taken in: 201, or 200 for bytes that were there before.
pub(crate) fn status(put: &Put) -> StatusCode {
    if matches!(put, Put::Stored(_)) { StatusCode::CREATED } else { StatusCode::OK }
}

/// The answer to bytes that are there already, in another place than the one they were sent to.
pub(crate) fn kept_otherwise() -> ApiError {
    ApiError::detailed(Kind::Malformed, "these bytes are kept already, as something else")
}

/// The most bytes that a sealed object may have whose padded plaintext has so many.
pub(crate) fn most_sealed(plaintext: u64) -> u64 {
    // A tag of 16 bytes for 64 KiB, and room for the nonce.
    plaintext.saturating_add(plaintext / 4096 + 64 + MAX_HEADER_LEN as u64)
}

fn new_token() -> Result<String, ApiError> {
    let mut bytes = [0; TOKEN_LEN];
    getrandom::fill(&mut bytes).map_err(|_| Kind::Internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_report_of_the_largest_size_fits() {
        let chunks = (2u64 << 30) / 65_536;
        assert!(most_sealed(2 << 30) >= (2 << 30) + 16 + 16 * chunks + MAX_HEADER_LEN as u64);
    }
}
