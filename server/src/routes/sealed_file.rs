//! `POST /v1/sealed-file`: the form of the page without JavaScript takes one file that `kua seal` made elsewhere.
//!
//! Nothing leads back to its sender, so there is no mailbox, no codename and no answer. What does not begin as a sealed
//! file is refused before any of it reaches the disk. The answers are pages, for people.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::HeaderMap;
use kua_protocol::problem::Kind;
use kua_site::Words;
use kua_store::{MAX_OBJECT_LEN, ObjectRow};
use serde::Deserialize;
use tokio::time::timeout;

use crate::error::ApiError;
use crate::http::multipart::Part;
use crate::http::origin;
use crate::intake::{Budget, Intake, Sender};
use crate::routes::pages;
use crate::state::App;

mod answer;

/// The form, as all its requests share it.
pub(super) struct Form {
    app: Arc<App>,
    words: Words,
    fields: HeaderMap,
    budget: Budget,
}

impl Form {
    /// The form of this drop.
    ///
    /// # Errors
    ///
    /// When the page was built wrong.
    pub(super) fn new(app: Arc<App>) -> anyhow::Result<Self> {
        let budget = Budget::new(app.form);
        Ok(Self { app, words: kua_site::words()?, fields: pages::common_fields()?, budget })
    }

    /// Takes in the file, once its beginning is seen to be sealed.
    async fn take_in(&self, headers: &HeaderMap, body: Body) -> Result<ObjectRow, ApiError> {
        let app = &self.app;
        if !origin::is_own_page(headers) {
            return Err(Kind::OtherOrigin.into());
        }
        app.open_roster()?;
        let beginning = async {
            let mut part = Part::begin(headers, body).await?;
            // Held until the file is in the store, so that many at once count, too.
            let share = self.budget.share(app, part.len()).await?;
            part.check_sealed().await?;
            Ok::<_, ApiError>((part, share))
        };
        let begun = timeout(app.http.progress.time, beginning).await;
        let (part, _share) = begun.map_err(|_| Kind::TimedOut)??;
        let intake = Intake::report(app, Sender::Nobody, app.limits.report);
        // What fits among others is not made a file of its own, whose time would tell the moment of its arrival.
        let put = if part.len() <= MAX_OBJECT_LEN {
            timeout(app.http.request, intake.whole(app, part.into_body()))
                .await
                .map_err(|_| Kind::TimedOut)??
        } else {
            intake.in_one_request(app, part.len(), part.into_body()).await?
        };
        Ok(*put.row())
    }
}

/// The query of the form's address.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// In which of its languages the page was read.
    language: Option<String>,
}

/// Takes in one sealed file and shows the receipt for it.
pub(super) async fn take(
    State(form): State<Arc<Form>>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let language = asked.ok().and_then(|Query(asked)| asked.language);
    let page = answer::Page::new(&form.words, &form.fields, language.as_deref(), &headers);
    // On a task of its own: when the sender goes away, what was begun is still given up in order.
    let taking = tokio::spawn({
        let (form, headers) = (form.clone(), headers.clone());
        async move { form.take_in(&headers, body).await }
    });
    let taken = taking.await.unwrap_or_else(|_| Err(Kind::Internal.into()));
    taken.and_then(|row| page.accepted(&form.app, &row)).unwrap_or_else(|error| page.refused(error.kind()))
}
