//! People and keys that leave a roster: what they could read until then, and still can.

use kua_protocol::day::Day;
use kua_protocol::roster::{Coordinator, Roster};
use schemars::JsonSchema;
use serde::Serialize;

use super::names::no_such;
use crate::error::Error;

/// A person who was taken out, or whose keys were exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The person's name.
    pub name: String,
    /// The first day of the keys that nothing is sealed to any more.
    pub since: Day,
    /// How the keys leave.
    pub how: LeavingHow,
}

/// A way in which keys leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeavingHow {
    /// With the person.
    Removed,
    /// They end, and their signatures still hold.
    Rotated,
    /// They are taken out at once.
    Leaked,
}

/// Takes a coordinator out.
///
/// # Errors
///
/// When the roster has nobody of that name, or nobody else.
pub fn remove(roster: &mut Roster, name: &str) -> Result<Leaving, Error> {
    let at = position(roster, name)?;
    if roster.coordinators.len() == 1 {
        return Err(Error::Refused(format!(
            "{name} is the last coordinator of this roster, and without one nobody could read what comes: add somebody else first"
        )));
    }
    let removed = roster.coordinators.remove(at);
    Ok(Leaving { name: removed.name.clone(), since: since(&removed), how: LeavingHow::Removed })
}

/// Gives a coordinator new keys from their first day on. The old ones end on that day, so that a clock which is a day behind
/// finds keys in force; keys that leaked are taken out altogether.
///
/// # Errors
///
/// When the roster has nobody of that name, or the card bears another one.
pub fn rotate(roster: &mut Roster, name: &str, new: Coordinator, leaked: bool) -> Result<Leaving, Error> {
    let at = position(roster, name)?;
    if new.name != name {
        return Err(Error::OtherPersonsCard { bears: new.name, name: name.to_owned() });
    }
    let known = &mut roster.coordinators[at];
    let leaving = Leaving {
        name: known.name.clone(),
        since: since(known),
        how: if leaked { LeavingHow::Leaked } else { LeavingHow::Rotated },
    };
    if leaked {
        known.keys.clear();
    }
    for from in new.keys.iter().map(|keys| keys.from) {
        for old in known.keys.iter_mut().filter(|old| old.until.is_none_or(|until| until > from)) {
            // Never before their own first day, where a clock was wrong when they were added.
            old.until = Some(from.max(old.from));
        }
    }
    known.keys.extend(new.keys);
    Ok(leaving)
}

fn position(roster: &Roster, name: &str) -> Result<usize, Error> {
    roster.coordinators.iter().position(|known| known.name == name).ok_or_else(|| no_such(roster, name))
}

/// The first day of a coordinator's keys, of which a verified roster has at least one.
fn since(coordinator: &Coordinator) -> Day {
    coordinator.keys.iter().map(|keys| keys.from).min().unwrap_or(Day::from_number(0))
}

#[cfg(test)]
mod tests {
    use kua_protocol::id::DropId;
    use kua_protocol::keys::SigningKey;
    use kua_protocol::roster::{CoordinatorKeys, FORMAT, Texts};
    use kua_protocol::secret::{Purpose, Seed};
    use serde_json::Map;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn coordinator(name: &str, seed: u8, from: &str) -> Coordinator {
        let letter = char::from(b'a' + seed).to_string();
        let keys = CoordinatorKeys {
            sign: SigningKey::derive(&Seed::take(&mut [seed; 32]), Purpose::CoordinatorSign).public(),
            recipient: format!("age1pq1{}", letter.repeat(1952)).try_into().unwrap(),
            from: day(from),
            until: None,
            more: Map::new(),
        };
        Coordinator { name: name.into(), role: "lawyer".into(), keys: vec![keys], more: Map::new() }
    }

    fn roster() -> Roster {
        Roster {
            format: FORMAT.into(),
            drop: DropId::from_bytes([1; 16]),
            name: Texts::new(),
            welcome: Texts::new(),
            serial: 1,
            issued: day("2026-03-01"),
            expires: day("2026-05-30"),
            drop_key: Vec::new(),
            coordinators: vec![coordinator("Aigul", 1, "2026-01-01"), coordinator("Marat", 2, "2026-02-01")],
            more: Map::new(),
        }
    }

    /// The first and last days of a person's keys.
    fn days(roster: &Roster, at: usize) -> Vec<(Day, Option<Day>)> {
        roster.coordinators[at].keys.iter().map(|keys| (keys.from, keys.until)).collect()
    }

    #[test]
    fn old_keys_end_on_the_day_on_which_new_ones_begin() {
        let mut roster = roster();
        let leaving = rotate(&mut roster, "Marat", coordinator("Marat", 3, "2026-03-01"), false).unwrap();
        assert_eq!(leaving.since, day("2026-02-01"));
        let (first, second) = (day("2026-03-01"), day("2026-03-09"));
        assert_eq!(days(&roster, 1), [(day("2026-02-01"), Some(first)), (first, None)]);
        // What ended before stays as it ended, and the next exchange is like the first.
        rotate(&mut roster, "Marat", coordinator("Marat", 4, "2026-03-09"), false).unwrap();
        let expected = [(day("2026-02-01"), Some(first)), (first, Some(second)), (second, None)];
        assert_eq!(days(&roster, 1), expected);
        assert_eq!(roster.coordinators[1].role, "lawyer");
        assert_eq!(days(&roster, 0), [(day("2026-01-01"), None)]);
    }

    #[test]
    fn keys_that_were_added_by_a_clock_ahead_end_no_earlier_than_they_begin() {
        let mut roster = roster();
        rotate(&mut roster, "Marat", coordinator("Marat", 3, "2026-01-15"), false).unwrap();
        assert_eq!(days(&roster, 1)[0], (day("2026-02-01"), Some(day("2026-02-01"))));
    }

    #[test]
    fn keys_that_leaked_are_gone() {
        let mut roster = roster();
        let leaving = rotate(&mut roster, "Marat", coordinator("Marat", 3, "2026-03-01"), true).unwrap();
        assert_eq!(leaving.how, LeavingHow::Leaked);
        assert_eq!(days(&roster, 1), [(day("2026-03-01"), None)]);
    }

    #[test]
    fn mistakes_are_refused() {
        let mut roster = roster();
        let said = |error: Error| error.to_string();
        let dana = coordinator("Dana", 3, "2026-03-01");
        assert!(said(rotate(&mut roster, "Marat", dana, false).unwrap_err()).contains("is of Dana"));
        assert!(said(remove(&mut roster, "Dana").unwrap_err()).contains("Aigul, Marat"));
        remove(&mut roster, "Aigul").unwrap();
        assert!(said(remove(&mut roster, "Marat").unwrap_err()).contains("the last coordinator"));
        assert_eq!(roster.coordinators.len(), 1);
    }
}
