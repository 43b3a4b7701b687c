//! Handing the codename over to the person, who is the only one to have it from then on.

use fluent_bundle::FluentValue;
use kua_sealing::Codename;

use super::ask;
use super::i18n::Words;
use crate::error::Error;

/// Shows the eight words once and, at a terminal, asks for two of them again. A program that reads JSON gets them there,
/// and its person on standard error.
///
/// # Errors
///
/// [`kua_client::Error::Ended`] when the person ends it.
pub fn hand_over(codename: &Codename, words: &Words, json: bool) -> Result<(), Error> {
    let (this_is, keep) = (words.say("codename-this-is"), words.say("codename-keep"));
    let text = format!("\n{this_is}\n\n    {}\n\n{keep}\n", &*codename.reveal());
    if json {
        eprintln!("{text}");
        return Ok(());
    }
    outln!("{text}");
    if ask::is_interactive() { confirm(codename, words) } else { Ok(()) }
}

/// Asks for two of the words, until they are right or the person ends it.
fn confirm(codename: &Codename, words: &Words) -> Result<(), Error> {
    let all = codename.words();
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_err(Error::system)?;
    let first = usize::from(random[0]) % all.len();
    let second = (first + 1 + usize::from(random[1]) % (all.len() - 1)) % all.len();
    for position in [first.min(second), first.max(second)] {
        let number = FluentValue::from(position + 1);
        let question = words.say_with("codename-ask-word", &[("number", number)]);
        while ask::line(&question)?.to_lowercase() != all[position] {
            eprintln!("{}", words.say("codename-wrong-word"));
        }
    }
    Ok(())
}
