//! The drop over a store that fails: an answer is a success that is durable, or a problem of a fixed body. Whoever tries again
//! gets through.

use std::sync::Arc;

use axum::body::Bytes;
use kua_protocol::api::{RECEIPT, path, tus as fields};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::{Kind, MEDIA_TYPE};
use kua_protocol::sealed::SealedBytes;
use kua_store::testing::{MemoryStore, UnreliableStore};
use kua_store::{Lookup, Store as _};

use crate::harness::{Answer, Request, Stage, aigul, form, marat, sealed, submitter, tus};

/// Tries after which what still fails will not come.
const PATIENCE: usize = 200;
/// Seeds that are gone through: each fails at other calls.
const SEEDS: std::ops::Range<u64> = 0..25;

/// A drop over a store that fails, and the store.
struct Shaky {
    stage: Stage,
    store: Arc<UnreliableStore<MemoryStore>>,
    /// How many answers said that something failed inside.
    failures: usize,
}

impl Shaky {
    async fn new(seed: u64) -> Self {
        let store = Arc::new(UnreliableStore::over(MemoryStore::default()));
        let stage = Stage::over(store.clone(), |config| config.mailbox_uploads = 1000).await;
        store.fail(seed, 4);
        Self { stage, store, failures: 0 }
    }

    /// Sends a request until its answer is another one than that something failed inside.
    async fn until_it_is_done(&mut self, key: Option<&SigningKey>, request: &Request) -> Answer {
        for _ in 0..PATIENCE {
            let answer = match key {
                Some(key) => self.stage.signed(key, request).await,
                None => self.stage.ask(request).await,
            };
            if !self.has_failed(request, &answer) {
                return answer;
            }
        }
        panic!("{} {} never came to an end", request.method, request.target);
    }

    /// Whether it failed inside. Then the answer says that and nothing else.
    fn has_failed(&mut self, request: &Request, answer: &Answer) -> bool {
        if answer.status != Kind::Internal.status() {
            return false;
        }
        self.failures += 1;
        assert!(
            !answer.fields.contains_key(RECEIPT) && !answer.fields.contains_key("location"),
            "{answer:?}"
        );
        if request.target == path::SEALED_FILE {
            let page = String::from_utf8_lossy(&answer.body);
            assert!(page.contains(">internal</p>") && !page.contains("a test wants"), "{page}");
        } else if request.method != "HEAD" {
            let fixed = serde_json::json!({
                "type": "urn:kua:problem:internal", "title": Kind::Internal.title(), "status": 500
            });
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap(), fixed);
            assert_eq!(answer.field("content-type"), MEDIA_TYPE);
        }
        true
    }

    /// That the store below has the whole object.
    async fn assert_durable(&self, object: &SealedBytes) {
        let Lookup::Present(row) = self.store.inner().find(object.id()).await.unwrap() else {
            panic!("{} was acknowledged and is not there", object.id());
        };
        assert_eq!(self.store.inner().read(row.id, 0..row.size).await.unwrap(), object.as_bytes());
    }

    /// Sends an object until it is acknowledged, and makes sure that it is there.
    async fn bring(&mut self, key: &SigningKey, to: &str, object: &SealedBytes) {
        let request = Request::post(to).digested(object.as_bytes().clone());
        let answer = self.until_it_is_done(Some(key), &request).await;
        assert!(answer.status.is_success(), "{answer:?}");
        self.assert_durable(object).await;
    }
}

fn mailbox() -> MailboxId {
    MailboxId::of(&submitter().public())
}

#[tokio::test(start_paused = true)]
async fn what_is_acknowledged_is_durable_and_whoever_tries_again_gets_through() {
    let mut failures = 0;
    for seed in SEEDS {
        let mut shaky = Shaky::new(seed).await;
        let (report, reply, entry) = (sealed(1, 900), sealed(2, 3000), sealed(3, 3000));
        shaky.bring(&submitter(), path::REPORTS, &report).await;
        shaky.bring(&aigul(), &path::messages(mailbox()), &reply).await;
        shaky.bring(&marat(), &path::entries(report.id()), &entry).await;
        let file = sealed(4, 900);
        let answer = shaky.until_it_is_done(None, &form(file.as_bytes())).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        shaky.assert_durable(&file).await;
        failures += shaky.failures;
    }
    assert!(failures > 50, "{failures}");
}

#[tokio::test(start_paused = true)]
async fn an_upload_loses_nothing_that_was_acknowledged() {
    let mut failures = 0;
    for seed in SEEDS {
        let mut shaky = Shaky::new(seed).await;
        let object = sealed(1, 200_000);
        let creation = tus("POST", path::UPLOADS).field(fields::LENGTH, object.size().to_string());
        let begun = shaky.until_it_is_done(Some(&submitter()), &creation).await;
        let upload = begun.field("location").to_owned();
        let mut acknowledged = 0;
        let last = loop {
            let asked = shaky.until_it_is_done(None, &tus("HEAD", &*upload)).await;
            let offset: usize = asked.field(fields::OFFSET).parse().unwrap();
            assert!(offset >= acknowledged, "{offset} of {acknowledged} bytes are left");
            if asked.fields.contains_key(RECEIPT) {
                break asked;
            }
            let end = object.as_bytes().len().min(offset + 50_000);
            let patch = tus("PATCH", &*upload)
                .field("content-type", fields::MEDIA_TYPE)
                .field(fields::OFFSET, offset.to_string())
                .bytes(object.as_bytes().slice(offset..end));
            let answer = shaky.stage.ask(&patch).await;
            if !shaky.has_failed(&patch, &answer) {
                assert_eq!(answer.status, 204, "{answer:?}");
                acknowledged = answer.field(fields::OFFSET).parse().unwrap();
            }
        };
        assert_eq!(last.status, 200);
        shaky.assert_durable(&object).await;
        failures += shaky.failures;
    }
    assert!(failures > 50, "{failures}");
}

#[tokio::test(start_paused = true)]
async fn what_is_read_is_right_and_what_is_deleted_is_gone() {
    let mut failures = 0;
    for seed in SEEDS {
        let mut shaky = Shaky::new(seed).await;
        let (report, reply) = (sealed(1, 600_000), sealed(2, 3000));
        shaky.bring(&submitter(), path::REPORTS, &report).await;
        shaky.bring(&aigul(), &path::messages(mailbox()), &reply).await;
        let read = Request::get(path::report(report.id()));
        let body = shaky.until_it_is_done(Some(&aigul()), &read).await;
        // A body that breaks off is shorter than was said, and never another one.
        let whole = report.as_bytes();
        assert_eq!(body.field("content-length"), whole.len().to_string());
        assert!(whole.starts_with(&body.body) && !body.body.is_empty());
        assert_eq!(body.breaks_off, body.body.len() < whole.len());
        for (key, target, name) in [
            (aigul(), path::REPORTS.to_owned(), "reports"),
            (submitter(), path::mailbox_reports(mailbox()), "reports"),
            (submitter(), path::messages(mailbox()), "messages"),
        ] {
            let listed = shaky.until_it_is_done(Some(&key), &Request::get(target)).await;
            let listed: serde_json::Value = serde_json::from_slice(&listed.body).unwrap();
            assert_eq!(listed[name].as_array().map(Vec::len), Some(1), "{listed}");
        }
        let wish = Request::delete(path::report(report.id()));
        let keep = Request::post(path::keep(report.id()));
        for (key, request, state) in
            [(aigul(), &wish, "asked"), (marat(), &keep, "kept"), (aigul(), &wish, "asked")]
        {
            let answer = shaky.until_it_is_done(Some(&key), request).await;
            let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(answer["state"], state);
        }
        // The word of a deletion may be lost. Whoever asks again is told that it is gone.
        let deleted = shaky.until_it_is_done(Some(&marat()), &wish).await;
        assert!(deleted.status == 200 || deleted.problem() == Kind::Gone, "{deleted:?}");
        let message = Request::delete(path::message(mailbox(), reply.id()));
        let deleted = shaky.until_it_is_done(Some(&submitter()), &message).await;
        assert!(deleted.status == 204 || deleted.problem() == Kind::NotFound, "{deleted:?}");
        for id in [report.id(), reply.id()] {
            assert_eq!(shaky.store.inner().find(id).await.unwrap(), Lookup::Gone);
        }
        failures += shaky.failures;
    }
    assert!(failures > 100, "{failures}");
}

#[tokio::test(start_paused = true)]
async fn where_everything_fails_every_address_says_so() {
    let mut shaky = Shaky::new(0).await;
    let report = sealed(1, 900);
    shaky.bring(&submitter(), path::REPORTS, &report).await;
    shaky.store.fail(0, 1);
    let unknown = ObjectId::of(b"?");
    let object = Bytes::from(sealed(5, 900).as_bytes().to_vec());
    let id = report.id();
    for (key, request) in [
        (submitter(), Request::post(path::REPORTS).digested(object.clone())),
        (aigul(), Request::get(path::REPORTS)),
        (aigul(), Request::get(path::report(id))),
        (aigul(), Request::delete(path::report(id))),
        (aigul(), Request::post(path::keep(id))),
        (aigul(), Request::get(path::entries(id))),
        (aigul(), Request::post(path::entries(id)).digested(object.clone())),
        (aigul(), Request::get(path::entry(id, unknown))),
        (aigul(), Request::get(path::ENTRIES)),
        (submitter(), tus("POST", path::UPLOADS).field(fields::LENGTH, "5000")),
        (submitter(), tus("HEAD", "/v1/uploads/x")),
        (submitter(), tus("DELETE", "/v1/uploads/x")),
        (submitter(), Request::get(path::mailbox_reports(mailbox()))),
        (submitter(), Request::get(path::messages(mailbox()))),
        (aigul(), Request::post(path::messages(mailbox())).digested(object.clone())),
        (submitter(), Request::get(path::message(mailbox(), unknown))),
        (submitter(), Request::delete(path::message(mailbox(), unknown))),
        (submitter(), form(&object)),
    ] {
        let answer = shaky.stage.signed(&key, &request).await;
        assert!(shaky.has_failed(&request, &answer), "{} {}: {answer:?}", request.method, request.target);
    }
}
