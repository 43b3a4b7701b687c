//! What a handler answers when it does not do as asked: a problem with a fixed body.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kua_protocol::nonce::NonceError;
use kua_protocol::problem::{Kind, MEDIA_TYPE, Problem};
use kua_protocol::sealed::SealedError;
use kua_protocol::signature::SignatureError;
use kua_store::StoreError;

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError(Box<Problem>);

impl ApiError {
    /// The problem with a detail that helps the sender and tells nothing about the drop.
    pub fn detailed(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem { detail: Some(detail.into()), ..Problem::from(kind) }))
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
}

impl From<Kind> for ApiError {
    fn from(kind: Kind) -> Self {
        Self(Box::new(Problem::from(kind)))
    }
}

impl From<SealedError> for ApiError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::TooLarge => Self::detailed(Kind::TooLarge, error.to_string()),
            _ => Self::detailed(Kind::NotSealed, error.to_string()),
        }
    }
}

impl From<SignatureError> for ApiError {
    /// Which part of a signature is wrong is not said, but for the body.
    fn from(error: SignatureError) -> Self {
        if error == SignatureError::OtherBody { Kind::OtherBody.into() } else { Kind::Unauthorised.into() }
    }
}

impl From<NonceError> for ApiError {
    fn from(_: NonceError) -> Self {
        Kind::Unauthorised.into()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let kind = match error {
            StoreError::Full => Kind::NoSpace,
            StoreError::Gone => Kind::Gone,
            StoreError::Unknown => Kind::NotFound,
            StoreError::OutOfRange { .. } => Kind::BadRange,
            StoreError::TooLarge => Kind::TooLarge,
            StoreError::Damaged => Kind::Damaged,
            StoreError::NotSealed(error) => return error.into(),
            StoreError::OtherOffset { .. } => Kind::OtherOffset,
            StoreError::Locked => Kind::UploadTaken,
            StoreError::Finished => Kind::UploadFinished,
            StoreError::TooManyUploads => Kind::TooManyUploads,
            _ => {
                // Says what is wrong with the disk; the store's errors name no object.
                tracing::error!("the store failed: {error}");
                Kind::Internal
            }
        };
        kind.into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A problem is strings and a number: nothing that could fail to be written.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))], body).into_response()
    }
}
