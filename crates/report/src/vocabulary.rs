//! The lists that a report chooses from, after HURIDOCS' *Micro-thesauri* (2001): their top levels and their numbers.
//!
//! A code such as `personal-integrity` is what report.json holds; a number is the first two digits that the standard gives
//! to the same entry; a label is ours, in every language, in `client/locales/*/vocabulary.ftl` under
//! [`Act::fluent_key`] and its sisters. Where a list has no number here, the standard has no such entry.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// Writes one list: its type, its codes, its numbers, and one way from text to it.
macro_rules! list {
    (
        $(#[$doc:meta])*
        $type:ident, $prefix:literal, $plural:literal {
            $($(#[$entry_doc:meta])* $entry:ident = $code:literal $(@ $number:literal)?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
        pub enum $type {
            $($(#[$entry_doc])* #[serde(rename = $code)] $entry,)+
        }

        impl $type {
            /// Every entry, in the order in which people should see them.
            pub const ALL: &[Self] = &[$(Self::$entry),+];

            /// The entry as report.json writes it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$entry => $code),+ }
            }

            /// The first two digits of the standard's number, where the standard has the entry.
            pub fn number(self) -> Option<u8> {
                match self { $(Self::$entry => number!($($number)?)),+ }
            }

            /// The Fluent message that holds the entry's label.
            pub fn fluent_key(self) -> String {
                format!(concat!($prefix, "-{}"), self.code())
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str(self.code())
            }
        }

        impl FromStr for $type {
            type Err = Error;

            fn from_str(code: &str) -> Result<Self, Error> {
                Self::ALL.iter().copied().find(|entry| entry.code() == code).ok_or_else(|| Error::UnknownCode {
                    list: $plural,
                    code: code.to_owned(),
                    allowed: Self::ALL.iter().map(|entry| entry.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

macro_rules! number {
    () => {
        None
    };
    ($number:literal) => {
        Some($number)
    };
}

list! {
    /// What was done to someone, by the right that it violates (thesaurus 4, "Types of acts"; field 2109).
    Act, "act", "acts" {
        /// Killing, and threats to life (01).
        Life = "life" @ 1,
        /// Torture, beating, rape and other harm to body and mind (02).
        PersonalIntegrity = "personal-integrity" @ 2,
        /// Arrest, abduction, enslavement (03).
        Liberty = "liberty" @ 3,
        /// Searches, surveillance, reading of letters (04).
        Privacy = "privacy" @ 4,
        /// Banishment, refused papers, limits to where one may live (05).
        Movement = "movement" @ 5,
        /// Unequal treatment of women and men (06).
        Equality = "equality" @ 6,
        /// Marriage and founding a family (07).
        Family = "family" @ 7,
        /// Decisions about having children (08).
        Reproduction = "reproduction" @ 8,
        /// Seeking and receiving information (09).
        Information = "information" @ 9,
        /// Speaking, writing, publishing (10).
        Expression = "expression" @ 10,
        /// Religion, conviction, opinion (11).
        Belief = "belief" @ 11,
        /// Organisations, unions, meetings, demonstrations (12).
        Association = "association" @ 12,
        /// Taking or destroying what someone owns (13).
        Property = "property" @ 13,
        /// Slander and attacks on someone's good name (14).
        Reputation = "reputation" @ 14,
        /// Freedom that creative work needs (15).
        Creativity = "creativity" @ 15,
        /// A share in what science achieves (16).
        Science = "science" @ 16,
        /// Voting, standing for office, taking part in public affairs (17).
        PoliticalParticipation = "political-participation" @ 17,
        /// Work, pay, strikes (30).
        Labour = "labour" @ 30,
        /// Rights of children and juveniles (31).
        Children = "children" @ 31,
        /// Rights of people as they grow old (32).
        Ageing = "ageing" @ 32,
        /// Rights of people in a country that is not theirs (33).
        Aliens = "aliens" @ 33,
        /// Rights of people with disabilities (34).
        Disability = "disability" @ 34,
        /// Rights of the accused: lawyer, hearing, fair trial (35).
        Accused = "accused" @ 35,
        /// Rights of people in detention or prison (36).
        Detained = "detained" @ 36,
        /// Rights of minorities (37).
        Minorities = "minorities" @ 37,
        /// Rights of refugees (38).
        Refugees = "refugees" @ 38,
        /// Pensions, benefits, insurance (50).
        SocialSecurity = "social-security" @ 50,
        /// Eviction, demolition, housing unfit to live in (51).
        Housing = "housing" @ 51,
        /// Adequate food (52).
        Food = "food" @ 52,
        /// Care, medicine, conditions that make ill (53).
        Health = "health" @ 53,
        /// Schools and universities (55).
        Education = "education" @ 55,
        /// A healthy environment (54).
        Environment = "environment" @ 54,
    }
}

list! {
    /// Who is counted as one victim (thesaurus 7, "Counting units"; field 0902).
    VictimKind, "victim", "kinds of victims" {
        /// One person (01).
        Individual = "individual" @ 1,
        /// A family (02).
        Family = "family" @ 2,
        /// A group or an organisation (03).
        Group = "group" @ 3,
        /// A village, a quarter or another community (04).
        Community = "community" @ 4,
        /// People who share a situation, such as migrants or students (05).
        SocialGroup = "social-group" @ 5,
        /// The public at large (06).
        PeopleInGeneral = "people-in-general" @ 6,
    }
}

list! {
    /// Who did it (thesaurus 24, "Types of perpetrators", top level; field 2412).
    PerpetratorType, "perpetrator", "types of perpetrators" {
        /// The state: officials, police, army, prison staff, courts (01).
        Governmental = "governmental" @ 1,
        /// Armed or organised groups outside the state, with or against it (02).
        NonGovernmental = "non-governmental" @ 2,
        /// A foreign army that holds the place (03).
        OccupyingForces = "occupying-forces" @ 3,
        /// Private people who hold power over the victim (11).
        PrivatePowerful = "private-powerful" @ 11,
        /// Businesses (21).
        Commercial = "commercial" @ 21,
        /// Development banks and their like (31).
        InternationalFinancialInstitution = "international-financial-institution" @ 31,
        /// Someone else (90).
        Other = "other" @ 90,
        /// Not known (99).
        Unknown = "unknown" @ 99,
    }
}

list! {
    /// How far a piece of information can be relied on (thesaurus 42; field 2553).
    Reliability, "reliability", "degrees of reliability" {
        /// Sure, as far as one can be (01).
        HighlyReliable = "highly-reliable" @ 1,
        /// Probably right (02).
        LikelyReliable = "likely-reliable" @ 2,
        /// Could be either (03).
        Unsure = "unsure" @ 3,
        /// Probably wrong (04).
        LikelyUnreliable = "likely-unreliable" @ 4,
        /// Almost certainly wrong (05).
        HighlyUnreliable = "highly-unreliable" @ 5,
        /// Not judged, or not known (99).
        Unknown = "unknown" @ 99,
    }
}

list! {
    /// How soon someone should act (thesaurus 46, "Priority"; field 2652).
    Severity, "severity", "severities" {
        /// At once: someone is in danger (01).
        Urgent = "urgent" @ 1,
        /// Within days (02).
        High = "high" @ 2,
        /// Within the usual course of work (03).
        Priority = "priority" @ 3,
        /// When there is time (04).
        Low = "low" @ 4,
    }
}

list! {
    /// How exactly a date is known (thesaurus 48, "Types of dates").
    DatePrecision, "precision", "date precisions" {
        /// To the day; the standard says this by naming no type.
        Day = "day",
        /// To the month; the day is not known (02).
        Month = "month" @ 2,
        /// To the year; month and day are not known (03).
        Year = "year" @ 3,
        /// About then: the date is someone's estimate (01).
        Estimate = "estimate" @ 1,
    }
}

list! {
    /// When in the day it happened; the standard has no list for this.
    PartOfDay, "part-of-day", "parts of the day" {
        /// From first light to noon.
        Morning = "morning",
        /// From noon to dusk.
        Afternoon = "afternoon",
        /// From dusk to the time when people sleep.
        Evening = "evening",
        /// While people sleep.
        Night = "night",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_json_agree() {
        for act in Act::ALL {
            assert_eq!(act.code().parse::<Act>().unwrap(), *act);
            assert_eq!(serde_json::to_value(act).unwrap(), act.code());
        }
        assert_eq!(Act::ALL.len(), 32);
    }

    #[test]
    fn numbers_are_unique_within_a_list() {
        let mut numbers: Vec<_> = Act::ALL.iter().map(|act| act.number()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), Act::ALL.len());
    }

    #[test]
    fn an_unknown_code_names_the_known_ones() {
        let error = "grave".parse::<Severity>().unwrap_err().to_string();
        assert_eq!(error, "`grave` is not in the list of severities; it has urgent, high, priority, low");
    }
}
