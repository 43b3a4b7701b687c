//! A wall clock that is wrong: it deletes nothing, says so, and is believed again when it has been proven.

use acceptance::processes::{FakeClock, Run as _};
use kua_protocol::api::{DAY, Deletion, ReportPage, ReportRow, TimeLeft, path};
use kua_protocol::id::ObjectId;
use kua_protocol::problem::Kind;
use serde_json::Value;

use super::{Connection, Request, Wire, id_of, submitter, tiny};

/// How many reports a drop holds here, and how many of them a coordinator wishes to be deleted.
const REPORTS: u64 = 200;
const WISHES: u64 = 5;

/// A drop that has reports and wishes, and whose clock can be set.
struct Watched {
    wire: Wire,
    clock: FakeClock,
    ids: Vec<ObjectId>,
}

impl Watched {
    fn new() -> Self {
        let mut wire = Wire::new();
        let clock = FakeClock::new(wire.stage.path("clock")).unwrap();
        wire.stage.drop.set_clock(Some(clock.clone()));
        wire.stage.drop.restart().unwrap();
        let mut connection = wire.connect();
        let mut nonce = wire.nonce();
        let mut ids = Vec::new();
        for number in 0..REPORTS {
            let sealed = tiny(number);
            let answer = connection.ask(&super::submission(&sealed).signed(&submitter(), wire.id, &nonce));
            assert_eq!(answer.status, 201, "{answer:?}");
            answer.field(kua_protocol::api::NONCE).unwrap().clone_into(&mut nonce);
            ids.push(id_of(&sealed));
        }
        let watched = Self { wire, clock, ids };
        for id in &watched.ids[..usize::try_from(WISHES).unwrap()] {
            assert!(matches!(watched.wish(*id), Deletion::Asked { .. }));
        }
        watched
    }

    fn wish(&self, id: ObjectId) -> Deletion {
        let answer = self.wire.coordinator(0, "DELETE", path::report(id));
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Stops the drop and starts it by another clock.
    fn start_at(&mut self, shown: &str) {
        self.wire.stage.drop.stop().unwrap();
        self.clock.set(shown).unwrap();
        self.wire.stage.drop.restart().unwrap();
    }

    fn command(&self, words: &[&str]) -> Value {
        self.wire.stage.drop.folder().command(words).json().unwrap()
    }

    /// Lets the drop sweep some times, as it does every ten minutes.
    fn sweep(&self) -> Value {
        self.command(&["purge", "--json"]);
        self.command(&["purge", "--json"])
    }

    fn status(&self) -> Value {
        self.command(&["status", "--json"])
    }

    fn rows(&self, coordinator: usize) -> ReportPage {
        let answer = self.wire.coordinator(coordinator, "GET", path::REPORTS);
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Whether everything is as it should be: all reports are there, and all wishes stand.
    fn check(&self, by: &str) {
        let purged = self.sweep();
        assert_eq!((&purged["deleted"], &purged["expired"]), (&0.into(), &0.into()), "{by}: {purged}");
        let status = self.status();
        assert_eq!(status["objects"], REPORTS, "{by}: {status}");
        let mut ids: Vec<ObjectId> = self.rows(1).reports.iter().map(|row| row.report_id).collect();
        let mut expected = self.ids.clone();
        expected.sort();
        ids.sort();
        assert_eq!(ids, expected, "{by}");
        let asked = self.rows(1).reports.iter().filter(|row| row.delete_asked.is_some()).count();
        assert_eq!(asked as u64, WISHES, "{by}");
    }

    /// A request of a coordinator whose device shows this day.
    fn come(&self, coordinator: usize, day: impl std::fmt::Display) -> u16 {
        let request = Request::new("GET", path::REPORTS).field(DAY, format!("{day}"));
        self.wire.ask(&self.wire.signed(self.wire.coordinators[coordinator].signing(), request)).status
    }

    fn is_proven(&self) -> bool {
        self.command(&["clock", "--json"])["proof"]["state"] == "proven"
    }
}

#[test]
fn a_wrong_clock_at_a_start_deletes_nothing_and_a_right_one_opens_the_drop_by_itself() {
    let mut watched = Watched::new();
    for shown in [
        "+4d",
        "+200d",
        "+1y",
        "+2y",
        "@2040-01-01 00:00:00",
        "-31d",
        "-99d",
        "@1970-01-01 00:00:10",
        "@2024-06-01 12:00:00",
    ] {
        watched.start_at(shown);
        watched.check(shown);
        let status = watched.status();
        let possible = shown == "+4d";
        assert_eq!(status["open"], possible, "{shown}: {status}");
        if !possible {
            let why = status["closed"].as_str().unwrap();
            assert!(why.starts_with("is the drop's clock right? it shows "), "{shown}: {why}");
            let refused = watched.wire.submit(&submitter(), &tiny(REPORTS));
            assert_eq!(refused.problem(), Kind::NotOpen, "{shown}");
        }
        // Set right while it serves, it opens without anybody's word.
        watched.clock.set("+0").unwrap();
        assert_eq!(watched.status()["open"], true, "{shown}");
        watched.check("set right");
    }
    let log = watched.wire.stage.drop.log().unwrap();
    assert!(
        log.contains("not proven: it was stepped by more than an hour; 72 more hours of serving prove it"),
        "{log}"
    );
    assert!(log.contains("not open: is the drop's clock right? it shows 1970-01-01"), "{log}");
    assert_eq!(watched.wire.submit(&submitter(), &tiny(REPORTS)).status, 201);
    // It serves as if nothing had been, for whoever kept the bytes, too.
    assert_eq!(watched.wire.submit(&submitter(), &tiny(1)).status, 200);
}

#[test]
fn a_clock_that_jumps_while_the_drop_serves_deletes_nothing() {
    let watched = Watched::new();
    for shown in ["+2y", "+0", "-99d", "+0"] {
        watched.clock.set(shown).unwrap();
        watched.check(shown);
        assert!(!watched.is_proven());
    }
    // A day every ten minutes, for a day.
    for day in 1..=144 {
        watched.clock.set(&format!("+{day}d")).unwrap();
        watched.command(&["purge", "--json"]);
    }
    watched.check("144 days later");
    let overdue = watched.rows(1).overdue;
    assert!(overdue.is_some_and(|overdue| overdue.objects == WISHES && overdue.is_alarm()), "{overdue:?}");
    let socket = watched.wire.stage.drop.folder().path().join("admin.sock");
    let health = Connection::unix(&socket).ask(&Request::new("GET", "/healthz").field("host", "localhost"));
    let told = String::from_utf8(health.body).unwrap();
    assert_eq!(health.status, 503, "an alarm: {told}");
    assert!(told.contains(&format!("overdue: {WISHES}, since ")), "{told}");
}

#[test]
fn a_wish_made_while_the_clock_was_behind_stands_for_as_long_as_any() {
    let mut watched = Watched::new();
    watched.start_at("-31d");
    let late = watched.ids[100];
    assert_eq!(watched.wish(late), Deletion::Asked { left: TimeLeft { days: 3, hours: 72 } });
    watched.start_at("+0");
    watched.sweep();
    let row = |row: &ReportRow| row.report_id == late;
    let rows = watched.rows(1).reports;
    let asked = rows.iter().find(|one| row(one)).unwrap().delete_asked.unwrap();
    assert_eq!(asked.left, TimeLeft { days: 3, hours: 72 });
    // It was made on the last day that the drop had proven, or on none.
    assert!(asked.day <= crate::today());
}

#[test]
fn two_coordinators_or_the_operator_prove_a_clock_and_two_coordinators_refute_it() {
    let mut watched = Watched::new();
    let today = crate::today();
    assert!(!watched.is_proven(), "a new drop has watched nothing yet");
    assert_eq!(watched.come(0, today), 200);
    assert_eq!(watched.come(0, today), 200);
    assert!(!watched.is_proven(), "one person twice is one");
    assert_eq!(watched.come(1, today), 200);
    assert!(watched.is_proven());
    watched.check("proven by coordinators");

    // A start of the machine, or a step, has to be proven anew.
    watched.start_at("+200d");
    assert!(!watched.is_proven());
    for coordinator in [0, 1] {
        assert_eq!(watched.come(coordinator, today), 200);
    }
    let clock = watched.command(&["clock", "--json"]);
    assert_eq!(clock["proof"]["why"], "contradicted", "{clock}");
    assert_eq!(clock["hours_left"], Value::Null, "no serving proves it: {clock}");
    watched.check("contradicted");
    watched.clock.set("+0").unwrap();
    watched.sweep();

    // The operator's word counts, and even it deletes nothing that was not named as expired for a week.
    let said = watched.wire.stage.drop.folder().command(&["clock", "--confirm"]).succeed().unwrap();
    assert!(said.contains("Taken as right"), "{said}");
    assert!(watched.is_proven());
    watched.clock.set("+300d").unwrap();
    watched.sweep();
    watched.command(&["clock", "--confirm", "--json"]);
    watched.check("a wrong clock, confirmed");
    let expired = watched.rows(1).reports.iter().filter(|row| row.expired.is_some()).count();
    assert_eq!(expired as u64, REPORTS, "all are named as expired");
    // A clock that cannot be right is not taken at anybody's word.
    watched.clock.set("@1970-01-01 00:00:10").unwrap();
    let refused = watched.wire.stage.drop.folder().command(&["clock", "--confirm"]).run().unwrap();
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("Set it first"), "{}", refused.stderr);
}

#[test]
fn the_day_is_signed_with_the_request() {
    let watched = Watched::new();
    let key = watched.wire.coordinators[0].signing();
    let today = crate::today();
    let honest = watched.wire.signed(key, Request::new("GET", path::REPORTS).field(DAY, today.to_string()));
    let bent = honest.clone().bent(DAY, &today.to_string(), &today.plus(400).to_string());
    assert_eq!(watched.wire.ask(&bent).problem(), Kind::Unauthorised);
    assert_eq!(watched.wire.ask(&honest.clone().without(DAY)).problem(), Kind::Unauthorised);
    let added = watched.wire.signed(key, Request::new("GET", path::REPORTS)).field(DAY, today.to_string());
    assert_eq!(watched.wire.ask(&added).problem(), Kind::Unauthorised);
    assert_eq!(watched.wire.ask(&honest).status, 200);
    assert_eq!(watched.come(0, "tomorrow"), 400, "a day is a day");
}

#[test]
fn unfinished_uploads_age_by_serving_and_nonces_outlive_no_step() {
    let watched = Watched::new();
    let sealed = watched.wire.seal(2_000_000);
    let key = submitter();
    let begin = Request::new("POST", path::UPLOADS)
        .field("upload-length", sealed.len().to_string())
        .field("tus-resumable", "1.0.0");
    let answer = watched.wire.ask(&watched.wire.signed(&key, begin));
    assert_eq!(answer.status, 201, "{answer:?}");
    let place = answer.field("location").unwrap().to_owned();
    let nonce = watched.wire.nonce();
    for shown in ["+2y", "-99d", "+0"] {
        watched.clock.set(shown).unwrap();
        watched.sweep();
        let head = Request::new("HEAD", &place).field("tus-resumable", "1.0.0");
        assert_eq!(watched.wire.ask(&head).status, 200, "{shown}");
        let reports = Request::new("GET", path::REPORTS);
        let signed = reports.signed(watched.wire.coordinators[0].signing(), watched.wire.id, &nonce);
        assert_eq!(watched.wire.ask(&signed).status, 200, "{shown}: ten minutes are not over");
    }
    assert_eq!(watched.status()["uploads"], 1);
}
