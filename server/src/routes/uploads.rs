//! `/v1/uploads`: reports of any size, and replies, in as many requests as the line needs (tus 1.0.0 with creation,
//! expiration, checksum and termination).
//!
//! The mailbox's key signs the beginning, a coordinator's that of a reply; from then on whoever has the upload's path may
//! go on with it. The drop keeps the SHA-256 of the token in that path and never the token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Body as _;
use kua_protocol::api::{RECEIPT, path, tus};
use kua_protocol::id::Digest;
use kua_protocol::problem::Kind;
use kua_store::{Kind as ObjectKind, ObjectRow, Upload};

use crate::error::ApiError;
use crate::http::auth::Signed;
use crate::intake::{self, ALGORITHMS, Arriving, Expected, Intake, most_sealed};
use crate::routes::Id;
use crate::routes::reports::receipt_field;
use crate::state::App;

const EXTENSIONS: &str = "creation,expiration,checksum,termination";

/// Says on an answer which version of tus is spoken, and to who asks with OPTIONS what else is known.
pub(super) fn say_version(headers: &mut HeaderMap, to_who_asks: Option<u64>) {
    let mut say = |name, value| drop(headers.insert(name, HeaderValue::from_static(value)));
    say(tus::RESUMABLE, tus::VERSION);
    say(tus::VERSIONS, tus::VERSION);
    if let Some(most) = to_who_asks {
        say(tus::EXTENSION, EXTENSIONS);
        say(tus::CHECKSUM_ALGORITHM, ALGORITHMS);
        headers.insert(tus::MAX_SIZE, HeaderValue::from(most_sealed(most)));
    }
}

/// Begins an upload for the mailbox whose key signed.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    app.open_roster()?;
    begin_as(&app, &Intake::report(&app, signed, app.limits.report), &headers).await
}

/// Begins an upload of what this intake takes in.
pub(super) async fn begin_as(app: &App, intake: &Intake, headers: &HeaderMap) -> Result<Response, ApiError> {
    check_version(headers)?;
    let len = number(headers, tus::LENGTH)?.ok_or(Kind::Malformed)?;
    let (token, until) = intake.begin(app, len).await?;
    let location = format!("{}/{token}", path::UPLOADS);
    Ok((StatusCode::CREATED, [(header::LOCATION, location), (EXPIRES, date(app, until))]).into_response())
}

/// Says how far an upload has come; one that is whole and was not finished before is finished by that.
pub(super) async fn state(
    State(app): State<Arc<App>>,
    Id(token): Id,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    check_version(&headers)?;
    let id = Digest::of(token.as_bytes());
    let mut upload = app.store.upload(id).await?;
    if upload.finished.is_none() && upload.offset == upload.len {
        upload.finished = Some(finish(&app, id, upload.kind).await?);
    }
    let mut response = answer(&app, StatusCode::OK, &upload)?;
    response.headers_mut().insert(tus::LENGTH, HeaderValue::from(upload.len));
    Ok(response)
}

/// Takes in more bytes of an upload. The last one makes it a report.
pub(super) async fn go_on(
    State(app): State<Arc<App>>,
    Id(token): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    check_version(&headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != tus::MEDIA_TYPE) {
        return Err(Kind::OtherMediaType.into());
    }
    let offset = number(&headers, tus::OFFSET)?.ok_or(Kind::Malformed)?;
    let expected = Expected::from(&headers)?;
    let id = Digest::of(token.as_bytes());
    let writer = app.store.append(id, offset).await?;
    if body.size_hint().lower() > writer.left() {
        return Err(Kind::TooLarge.into());
    }
    let arrived = Arriving::new(&app, body, expected).take(writer).await;
    if let Err(error) = &arrived
        && error.kind() == Kind::NotSealed
    {
        // There is nothing to go on with.
        app.store.abandon(id).await?;
    }
    let mut upload = Upload { offset: arrived?, ..app.store.upload(id).await? };
    if upload.finished.is_none() && upload.offset == upload.len {
        upload.finished = Some(finish(&app, id, upload.kind).await?);
    }
    answer(&app, StatusCode::NO_CONTENT, &upload)
}

/// Gives an unfinished upload up.
pub(super) async fn abandon(
    State(app): State<Arc<App>>,
    Id(token): Id,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    check_version(&headers)?;
    app.store.abandon(Digest::of(token.as_bytes())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes an upload the object that it was begun for.
async fn finish(app: &App, id: Digest, kind: ObjectKind) -> Result<ObjectRow, ApiError> {
    let most = intake::most_of(app, kind);
    let row = *app.store.finish(id, most, app.time.today()).await?.row();
    if row.kind == kind { Ok(row) } else { Err(intake::kept_otherwise()) }
}

/// Where an upload goes on and until when, or the receipt of the report that it became. A reply has none: its sender finds it in
/// the mailbox.
fn answer(app: &App, status: StatusCode, upload: &Upload) -> Result<Response, ApiError> {
    let mut response = status.into_response();
    let fields = response.headers_mut();
    fields.insert(tus::OFFSET, HeaderValue::from(upload.offset));
    match &upload.finished {
        Some(row) if row.kind == ObjectKind::Report => drop(fields.insert(RECEIPT, receipt_field(app, row)?)),
        Some(_) => {}
        None => {
            let date = HeaderValue::try_from(date(app, upload.until)).map_err(|_| Kind::Internal)?;
            fields.insert(tus::EXPIRES, date);
        }
    }
    Ok(response)
}

const EXPIRES: header::HeaderName = header::HeaderName::from_static(tus::EXPIRES);

fn check_version(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.get(tus::RESUMABLE).is_some_and(|version| version == tus::VERSION) {
        Ok(())
    } else {
        Err(Kind::OtherTusVersion.into())
    }
}

/// A number that stands once at most, in digits and nothing else.
fn number(headers: &HeaderMap, name: &str) -> Result<Option<u64>, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| Kind::Malformed.into())
        }
        (Some(_), Some(_)) => Err(Kind::Malformed.into()),
    }
}

/// When an upload's time is over if the drop serves until then, as RFC 9110, section 5.6.7, writes dates.
fn date(app: &App, until: u64) -> String {
    let left = until.saturating_sub(app.time.steady());
    crate::time::date(app.time.wall().saturating_add(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_that_stand_once() {
        let parse = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(tus::OFFSET, HeaderValue::from_static(value));
            }
            number(&headers, tus::OFFSET)
        };
        assert_eq!(parse(&[]), Ok(None));
        assert_eq!(parse(&["0"]), Ok(Some(0)));
        for bad in [&["-1"][..], &["+1"], &[""], &["1 "], &["0x1"], &["18446744073709551616"], &["1", "1"]] {
            assert_eq!(parse(bad).unwrap_err().kind(), Kind::Malformed, "{bad:?}");
        }
    }
}
