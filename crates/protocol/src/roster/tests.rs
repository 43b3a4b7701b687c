use super::*;
use crate::secret::{Purpose, Seed};

fn key(seed: u8, purpose: Purpose) -> SigningKey {
    SigningKey::derive(&Seed::take(&mut [seed; 32]), purpose)
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn keys(seed: u8, from: &str, until: Option<&str>) -> CoordinatorKeys {
    let letter = char::from(b'a' + seed % 26);
    CoordinatorKeys {
        sign: key(seed, Purpose::CoordinatorSign).public(),
        recipient: format!("age1pq1{}", letter.to_string().repeat(1952)).try_into().unwrap(),
        from: day(from),
        until: until.map(day),
        more: Map::new(),
    }
}

fn coordinator(name: &str, seed: u8) -> Coordinator {
    let keys = vec![keys(seed, "2026-01-01", None)];
    Coordinator { name: name.into(), role: String::new(), keys, more: Map::new() }
}

fn roster() -> Roster {
    Roster {
        format: FORMAT.into(),
        drop: DropId::from_bytes([1; 16]),
        name: [("en".into(), "Steppe Watch".into())].into(),
        welcome: Texts::new(),
        serial: 3,
        issued: day("2026-03-01"),
        expires: day("2026-05-30"),
        drop_key: vec![DropKey {
            key: key(9, Purpose::DropReceipt).public(),
            from: day("2026-01-01"),
            until: None,
            more: Map::new(),
        }],
        coordinators: vec![coordinator("Aigul", 1), coordinator("Marat", 2)],
        more: Map::new(),
    }
}

fn root() -> SigningKey {
    key(7, Purpose::RootSign)
}

fn verify(roster: &Roster) -> Result<VerifiedRoster, RosterError> {
    let envelope = Envelope::sign(roster, &root()).unwrap();
    VerifiedRoster::verify(&envelope, &RootFingerprint::of(&root().public()))
}

#[test]
fn a_roster_holds_under_its_own_root_alone() {
    let envelope = roster().sign(&root()).unwrap();
    let ours = RootFingerprint::of(&root().public());
    assert_eq!(VerifiedRoster::verify(&envelope, &ours).unwrap().roster(), &roster());
    let other = RootFingerprint::of(&key(8, Purpose::RootSign).public());
    assert!(matches!(VerifiedRoster::verify(&envelope, &other), Err(RosterError::OtherRoot)));
}

#[test]
fn unknown_fields_survive() {
    let mut json = serde_json::to_value(roster()).unwrap();
    json["later"] = 1.into();
    json["coordinators"][0]["later"] = "x".into();
    let roster: Roster = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&roster).unwrap(), json);
    assert!(verify(&roster).is_ok());
}

#[test]
fn broken_rules_are_named() {
    let invalid = |change: &dyn Fn(&mut Roster)| {
        let mut bent = roster();
        change(&mut bent);
        assert!(bent.sign(&root()).is_err(), "neither signed nor taken");
        match verify(&bent) {
            Err(RosterError::Invalid(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    assert!(invalid(&|r| r.expires = day("2027-03-01")).contains("365 days"));
    assert!(invalid(&|r| r.expires = day("2026-02-01")).contains("-28 days"));
    assert!(invalid(&|r| r.coordinators.clear()).contains("0 coordinators"));
    assert!(invalid(&|r| r.coordinators[1].name = "Aigul".into()).contains("two coordinators"));
    assert!(invalid(&|r| r.coordinators[1].name = "a\nb".into()).contains("control"));
    assert!(invalid(&|r| r.coordinators[1].role = "x".repeat(201)).contains("role of Marat"));
    assert!(invalid(&|r| r.coordinators[1].keys.clear()).contains("no keys"));
    assert!(invalid(&|r| r.coordinators[1].keys = r.coordinators[0].keys.clone()).contains("twice"));
    assert!(invalid(&|r| r.serial = 0).contains("serial"));
    assert!(invalid(&|r| r.format = "kua-roster/2".into()).contains("format"));
    assert!(invalid(&|r| r.name.clear()).contains("no name"));
    assert!(invalid(&|r| r.drop_key.clear()).contains("no key of the drop"));
    assert!(
        invalid(&|r| r.coordinators = (0..17).map(|i| coordinator(&i.to_string(), i)).collect())
            .contains("17")
    );
}

#[test]
fn a_roster_is_in_date_with_a_days_grace() {
    let roster = verify(&roster()).unwrap();
    let check = |text| roster.check_date(day(text));
    assert!(matches!(check("2026-02-27"), Err(RosterError::NotYet(_))));
    for good in ["2026-02-28", "2026-03-01", "2026-05-30", "2026-05-31"] {
        assert!(check(good).is_ok(), "{good}");
    }
    assert!(matches!(check("2026-06-01"), Err(RosterError::Expired(_))));
}

#[test]
fn serials_only_go_up_and_have_one_truth() {
    let known = verify(&roster()).unwrap();
    assert!(known.check_follows(3, known.digest()).is_ok());
    assert!(known.check_follows(2, Digest::of(b"other")).is_ok());
    assert!(matches!(known.check_follows(3, Digest::of(b"other")), Err(RosterError::TwoTruths(3))));
    assert!(matches!(
        known.check_follows(4, known.digest()),
        Err(RosterError::LowerSerial { known: 4, found: 3 })
    ));
}

#[test]
fn sealers_take_the_keys_in_force_that_end_last() {
    let mut roster = roster();
    roster.coordinators[0].keys =
        vec![keys(1, "2026-01-01", Some("2026-04-01")), keys(3, "2026-03-15", Some("2026-09-01"))];
    roster.coordinators[1].keys = vec![keys(2, "2026-01-01", Some("2026-03-10"))];
    let roster = verify(&roster).unwrap();
    let on = |text| -> Vec<PublicKey> {
        roster.sealing_keys(day(text)).iter().map(|(_, keys)| keys.sign).collect()
    };
    let sign = |seed| key(seed, Purpose::CoordinatorSign).public();
    assert_eq!(on("2026-03-05"), [sign(1), sign(2)]);
    assert_eq!(on("2026-03-20"), [sign(3)], "the second coordinator's keys have ended");
    assert_eq!(
        roster.coordinator(&sign(1)).unwrap().name,
        "Aigul",
        "earlier signatures still have an author"
    );
}
