//! Places in listings, as text and in queries.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use kua_protocol::day::Day;
use kua_protocol::problem::Kind;
use kua_store::Cursor;
use serde::Deserialize;

use crate::error::ApiError;
use crate::state::App;

/// From where on a listing is asked for.
pub(crate) struct Listing {
    pub(crate) since: Day,
    pub(crate) after: Option<Cursor>,
}

impl FromRequestParts<Arc<App>> for Listing {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        struct Form {
            since: Option<Day>,
            after: Option<String>,
        }
        let query = Query::<Form>::from_request_parts(parts, app).await;
        let Query(form) = query.map_err(|_| Kind::Malformed)?;
        let after = form.after.as_deref().map(parse_cursor).transpose()?;
        Ok(Self { since: form.since.unwrap_or(Day::from_number(0)), after })
    }
}

/// A place in a listing as text.
pub(crate) fn cursor_text(cursor: Cursor) -> String {
    format!("{}.{}", cursor.day, cursor.id)
}

fn parse_cursor(text: &str) -> Result<Cursor, ApiError> {
    let parse = |text: &str| {
        let (day, id) = text.split_once('.')?;
        Some(Cursor { day: day.parse().ok()?, id: id.parse().ok()? })
    };
    parse(text).ok_or_else(|| Kind::Malformed.into())
}

#[cfg(test)]
mod tests {
    use kua_protocol::id::ObjectId;

    use super::*;

    #[test]
    fn cursors_come_back_from_their_text() {
        let id = ObjectId::of(b"x");
        let cursor = parse_cursor(&format!("2026-03-21.{id}")).unwrap();
        assert_eq!(cursor, Cursor { day: "2026-03-21".parse().unwrap(), id });
        assert!(parse_cursor("2026-03-21").is_err());
    }
}
