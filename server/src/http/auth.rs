//! Who sent a request, as extractors. A handler that takes one of them cannot forget to ask.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use kua_protocol::day::Day;
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_protocol::problem::Kind;
use kua_protocol::signature::{
    self, CONTENT_DIGEST, DAY, SIGNATURE, SIGNATURE_INPUT, SignatureFields, SignedParts, UPLOAD_LENGTH,
};

use crate::error::ApiError;
use crate::state::App;

/// A request signed for this drop under a nonce that still holds, by whatever key.
#[derive(Debug, Clone)]
pub struct Signed {
    key: PublicKey,
    content_digest: Option<String>,
    /// The day that the signer's device shows, where it tells.
    day: Option<Day>,
}

impl Signed {
    /// The mailbox of the key that signed.
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.key)
    }

    /// The key that signed.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Checks that the body is the one whose digest was signed. `id` is the SHA-256 of the body.
    ///
    /// # Errors
    ///
    /// [`Kind::OtherBody`], also when no digest was signed.
    pub fn check_body(&self, id: &ObjectId) -> Result<(), ApiError> {
        let field = self.content_digest.as_deref().unwrap_or_default();
        Ok(signature::check_content_digest(field, id.as_bytes())?)
    }

    /// A request that this key signed, without a body.
    #[cfg(test)]
    pub(crate) fn by(key: PublicKey) -> Self {
        Self { key, content_digest: None, day: None }
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let fields = SignatureFields {
            input: single(&parts.headers, SIGNATURE_INPUT)?.ok_or(Kind::Unauthorised)?.to_owned(),
            signature: single(&parts.headers, SIGNATURE)?.ok_or(Kind::Unauthorised)?.to_owned(),
        };
        let content_digest = single(&parts.headers, CONTENT_DIGEST)?;
        let day = single(&parts.headers, DAY)?;
        let request = SignedParts {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query(),
            content_digest,
            upload_length: single(&parts.headers, UPLOAD_LENGTH)?,
            day,
        };
        let by = request.verify(&fields, app.drop)?;
        app.check_nonce(&by.nonce)?;
        let day = day.map(|day| day.parse().map_err(|_| Kind::Malformed)).transpose()?;
        Ok(Self { key: by.key, content_digest: content_digest.map(str::to_owned), day })
    }
}

/// A signed request whose key belongs to a coordinator of the installed roster.
#[derive(Debug, Clone)]
pub struct Coordinator {
    /// The coordinator's signing key.
    pub key: PublicKey,
    signed: Signed,
}

impl Coordinator {
    /// The request as it was signed.
    pub fn into_signed(self) -> Signed {
        self.signed
    }
}

impl FromRequestParts<Arc<App>> for Coordinator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let person = app.coordinator(&signed.key).ok_or(Kind::Unauthorised)?;
        if let Some(day) = signed.day {
            app.time.witness(&person, day);
        }
        Ok(Self { key: signed.key, signed })
    }
}

/// A header field that may stand once at most.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Kind::Malformed.into()),
        (Some(_), Some(_)) => Err(Kind::Malformed.into()),
    }
}
