//! The questions of the interview, one function each. What a person does not know is left out.

use std::path::Path;

use fluent_bundle::FluentValue;
use kua_client::drop::DropClient;
use kua_client::submit::{AttachedFile, Choice, attach_one};
use kua_report::PartialDate;
use kua_report::vocabulary::{Act, PerpetratorType, Severity, VictimKind};
use serde_json::{Value, json};

use crate::error::Error;
use crate::terminal::errors::InWords as _;
use crate::terminal::i18n::Words;
use crate::terminal::{Terminal, ask, sanitise};

/// A text of several lines that is needed.
pub(super) fn needed(words: &Words, key: &str) -> Result<String, Error> {
    loop {
        let text = ask::lines(&words.say(key))?;
        if !text.trim().is_empty() {
            return Ok(text);
        }
    }
}

/// A date as vague as memory: a year, a month, a day.
pub(super) fn when(words: &Words) -> Result<Option<Value>, Error> {
    loop {
        let typed = ask::numbers(&words.say("interview-when"))?;
        if typed.is_empty() {
            return Ok(None);
        }
        match typed.parse::<PartialDate>() {
            Ok(date) => {
                return Ok(Some(json!({ "from": typed, "precision": date.precision().code() })));
            }
            Err(_) => eprintln!("{}", words.say("interview-when-wrong")),
        }
    }
}

/// A place in words.
pub(super) fn place(words: &Words) -> Result<Option<Value>, Error> {
    let name = ask::line(&words.say("interview-where"))?;
    Ok((!name.is_empty()).then(|| json!({ "name": name })))
}

/// What was done: numbers of the list.
pub(super) fn acts(words: &Words) -> Result<Option<Value>, Error> {
    let labels: Vec<String> = Act::ALL.iter().map(|act| words.say(&act.fluent_key())).collect();
    let chosen = numbers(words, &words.say("interview-acts"), &labels)?;
    let codes: Vec<&str> = chosen.into_iter().map(|n| Act::ALL[n].code()).collect();
    Ok((!codes.is_empty()).then(|| json!(codes)))
}

/// Who was affected: what the person was or did, no name.
pub(super) fn victims(words: &Words) -> Result<Option<Value>, Error> {
    let labels: Vec<String> = VictimKind::ALL.iter().map(|kind| words.say(&kind.fluent_key())).collect();
    let Some(kind) = one_of(words, &words.say("interview-victim-kind"), &labels)? else {
        return Ok(None);
    };
    let role = ask::line(&words.say("interview-victim-role"))?;
    let mut victim = json!({ "kind": VictimKind::ALL[kind].code() });
    if !role.is_empty() {
        victim["role"] = role.into();
    }
    Ok(Some(json!([victim])))
}

/// Who did it.
pub(super) fn perpetrators(words: &Words) -> Result<Option<Value>, Error> {
    let labels: Vec<String> = PerpetratorType::ALL.iter().map(|kind| words.say(&kind.fluent_key())).collect();
    let Some(kind) = one_of(words, &words.say("interview-perpetrator-type"), &labels)? else {
        return Ok(None);
    };
    let description = ask::line(&words.say("interview-perpetrator-description"))?;
    let mut perpetrator = json!({ "type": PerpetratorType::ALL[kind].code() });
    if !description.is_empty() {
        perpetrator["description"] = description.into();
    }
    Ok(Some(json!([perpetrator])))
}

/// How soon somebody should act.
pub(super) fn severity(words: &Words) -> Result<Option<Value>, Error> {
    let labels: Vec<String> =
        Severity::ALL.iter().map(|severity| words.say(&severity.fluent_key())).collect();
    let chosen = one_of(words, &words.say("interview-severity"), &labels)?;
    Ok(chosen.map(|n| json!(Severity::ALL[n].code())))
}

/// Adds files to go with the report, a path on each line.
pub fn files(
    terminal: &Terminal,
    attached: &mut Vec<AttachedFile>,
    most: u64,
    choice: Choice,
) -> Result<(), Error> {
    let words = terminal.words();
    loop {
        let typed = ask::line(&words.say("interview-file"))?;
        if typed.is_empty() {
            return Ok(());
        }
        match attach_one(Path::new(&typed), attached, most, choice, terminal) {
            Ok(file) => {
                eprintln!("  + {}", sanitise::one_line(&super::describe(&file)));
                attached.push(file);
            }
            Err(error) => eprintln!("{}", error.in_words(words)),
        }
    }
}

/// Who may read: all of them unless numbers are typed.
///
/// # Errors
///
/// [`kua_client::Error::Ended`] at the end of input.
pub fn recipients(drop: &DropClient, words: &Words) -> Result<Vec<String>, Error> {
    let keys = drop.roster().sealing_keys(drop.today());
    let names: Vec<String> = keys.into_iter().map(|(coordinator, _)| coordinator.name.clone()).collect();
    if names.len() == 1 {
        return Ok(Vec::new());
    }
    let shown: Vec<String> = names.iter().map(|name| sanitise::one_line(name)).collect();
    let chosen = numbers(words, &words.say("interview-choose-readers"), &shown)?;
    Ok(chosen.into_iter().map(|n| names[n].clone()).collect())
}

/// At most one number of a list.
fn one_of(words: &Words, question: &str, labels: &[String]) -> Result<Option<usize>, Error> {
    loop {
        let chosen = numbers(words, question, labels)?;
        if chosen.len() <= 1 {
            return Ok(chosen.first().copied());
        }
        eprintln!("{}", words.say("interview-one-number"));
    }
}

/// Numbers of a list, each once; counted from 1 on the screen and from 0 in the answer.
fn numbers(words: &Words, question: &str, labels: &[String]) -> Result<Vec<usize>, Error> {
    eprintln!("{question}");
    for (n, label) in labels.iter().enumerate() {
        eprintln!("  {:>2}  {label}", n + 1);
    }
    loop {
        let typed = ask::numbers(&words.say("interview-numbers"))?;
        let parse = |number: &str| number.parse::<usize>().ok().filter(|n| (1..=labels.len()).contains(n));
        let typed_numbers = typed.split([' ', ',', ';']).filter(|number| !number.is_empty());
        match typed_numbers.map(|number| parse(number).map(|n| n - 1)).collect::<Option<Vec<usize>>>() {
            Some(mut chosen) => {
                chosen.sort_unstable();
                chosen.dedup();
                return Ok(chosen);
            }
            None => {
                let most = FluentValue::from(labels.len());
                eprintln!("{}", words.say_with("interview-numbers-wrong", &[("most", most)]));
            }
        }
    }
}
