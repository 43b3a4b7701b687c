//! What coordinators bring: a sealed reply for a mailbox, a sealed entry for a case. Each lies in one place, once.

use axum::body::Body;
use http::StatusCode;
use kua_protocol::id::Digest;
use kua_protocol::problem::Kind;
use kua_protocol::sealed::{MAX_HEADER_LEN, SealedBytes};
use kua_store::{Kind as ObjectKind, Lookup, MAX_OBJECT_LEN, NewObject, NewUpload, ObjectRow, Owner, Put};

use crate::auth::Coordinator;
use crate::error::ApiError;
use crate::routes::reports::kept_otherwise;
use crate::state::App;

/// What is taken in, and where.
pub(super) struct Incoming {
    /// What it is for.
    pub(super) kind: ObjectKind,
    /// Where it belongs.
    pub(super) owner: Owner,
    /// Most bytes of its padded plaintext.
    pub(super) most: u64,
    /// How many objects of its kind the owner may hold.
    pub(super) quota: u64,
    /// The answer when the owner holds as many.
    pub(super) full: Kind,
}

impl Incoming {
    /// Takes the body in and answers when it is durable: 201, or 200 for bytes that were there before.
    pub(super) async fn take_in(
        &self,
        app: &App,
        coordinator: &Coordinator,
        body: Body,
    ) -> Result<(StatusCode, ObjectRow), ApiError> {
        // A chunk's tag of 16 bytes for 64 KiB, and room for the nonce.
        let sealed_most =
            usize::try_from(self.most + self.most / 4096 + 64).unwrap_or(usize::MAX) + MAX_HEADER_LEN;
        let held = app.memory.read(body, sealed_most).await?;
        let sealed = SealedBytes::try_from(held.bytes.clone())?;
        coordinator.check_body(&sealed.id())?;
        let put = match app.store.find(sealed.id()).await? {
            Lookup::Present(row) => Put::AlreadyThere(row),
            Lookup::Gone => return Err(Kind::Gone.into()),
            Lookup::Unknown => {
                check_quota(app, self.owner, self.kind, self.quota, self.full).await?;
                self.store(app, sealed).await?
            }
        };
        if put.row().kind != self.kind || put.row().owner != self.owner {
            return Err(kept_otherwise());
        }
        let status = if matches!(put, Put::Stored(_)) { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, *put.row()))
    }

    /// A large one takes the way of an upload that is over at once.
    async fn store(&self, app: &App, sealed: SealedBytes) -> Result<Put, ApiError> {
        let (kind, owner, day) = (self.kind, self.owner, app.time.today());
        if sealed.shape().plaintext_len > self.most {
            let detail = format!("at most {} bytes before sealing", self.most);
            return Err(ApiError::detailed(Kind::TooLarge, detail));
        }
        if sealed.size() <= MAX_OBJECT_LEN {
            return Ok(app.store.put(NewObject { sealed, kind, owner, day }).await?);
        }
        // Nobody can go on with it: the name is that of the object itself, which is no token's digest.
        let (id, len, until) =
            (Digest::from_bytes(*sealed.id().as_bytes()), sealed.size(), app.time.steady() + 3600);
        app.store.begin(NewUpload { id, kind, owner, day, len, until, most_open: usize::MAX }).await?;
        let mut writer = app.store.append(id, 0).await?;
        let written = match writer.write(sealed.as_bytes().clone()).await {
            Ok(()) => writer.sync().await,
            error => error,
        };
        drop(writer);
        if let Err(error) = written {
            app.store.abandon(id).await?;
            return Err(error.into());
        }
        Ok(app.store.finish(id, self.most, app.time.today()).await?)
    }
}

/// Whether an owner may hold one more object of this kind.
pub(super) async fn check_quota(
    app: &App,
    owner: Owner,
    kind: ObjectKind,
    most: u64,
    full: Kind,
) -> Result<(), ApiError> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let held = app.store.owned(owner, kind, None, most).await?.rows.len();
    if held < most { Ok(()) } else { Err(full.into()) }
}
