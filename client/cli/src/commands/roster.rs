//! `kua roster`: the signed list of coordinators, made offline.

use std::path::{Path, PathBuf};

use kua_client::ceremony::{self, Leaving, LeavingHow, NewRoster, coordinators, read_drop_card, texts};
use kua_client::drop::{self, DropClient};
use kua_client::files::{self, Place};
use kua_client::views::{RosterFetched, RosterPublished, RosterSigned};
use kua_clock::Clock;
use kua_protocol::day::Day;
use kua_protocol::link::{RootFingerprint, parse_origin};
use kua_protocol::roster::Roster;
use kua_sealing::{RootKey, VaultKind};

use crate::args::{self, Change, Network, Root, Roster as Command};
use crate::error::Error;
use crate::terminal::i18n::Words;
use crate::terminal::{passphrase, print, sanitise};

mod show;

/// Runs one of the commands about the roster.
///
/// # Errors
///
/// When a file is not what it should be, or the drop refuses the roster.
pub async fn run(command: Command, clock: &Clock, words: &Words) -> Result<(), Error> {
    let today = clock.today();
    match command {
        Command::New(options) => new(options, today, words),
        Command::Add { root, card, change } => {
            let added = coordinators(&card, today)?;
            renew(&root, &change, today, words, |roster| {
                roster.coordinators.extend(added);
                Ok(None)
            })
        }
        Command::Remove { root, name, change } => {
            renew(&root, &change, today, words, |roster| ceremony::remove(roster, &name).map(Some))
        }
        Command::Rotate { root, name, card, leaked, change } => {
            let mut new = coordinators(&[card], today)?;
            renew(&root, &change, today, words, |roster| {
                new.pop().map(|new| ceremony::rotate(roster, &name, new, leaked)).transpose()
            })
        }
        Command::Renew { root, change } => renew(&root, &change, today, words, |_| Ok(None)),
        Command::Show { file, host, qr, json } => {
            show::run(&file, host.as_deref(), qr.as_deref(), json, today)
        }
        Command::Publish { url, file, json, network } => publish(&url, &file, json, &network, words).await,
        Command::Fetch { link, out, json, network } => fetch(&link, out, json, &network, clock, words).await,
    }
}

fn new(options: args::NewRoster, today: Day, words: &Words) -> Result<(), Error> {
    let args::NewRoster { root, drop, name, welcome, card, role, expires, out, json } = options;
    if out.exists() {
        return Err(kua_client::Error::Occupied(out).into());
    }
    let new = NewRoster {
        drop: read_drop_card(&drop)?,
        name: texts(&name),
        welcome: texts(&welcome),
        coordinators: coordinators(&card, today)?,
        roles: role,
        expires,
    };
    let begun = ceremony::begin(new, today)?;
    let key = root_key(&root, words)?;
    let roster = begun.sign(&key, &out)?;
    tell_signed(&roster, &key, &out, None, json, words)
}

fn root_key(root: &Root, words: &Words) -> Result<RootKey, Error> {
    let vault = passphrase::open((&root.key, root.passphrase.file()), VaultKind::Root, words)?;
    Ok(RootKey::from_seed(vault.seed()))
}

/// Signs a changed roster with the next serial, from today on.
fn renew(
    root: &Root,
    change: &Change,
    today: Day,
    words: &Words,
    apply: impl FnOnce(&mut Roster) -> Result<Option<Leaving>, kua_client::Error>,
) -> Result<(), Error> {
    let renewal = ceremony::renew(&change.roster, &change.role, change.expires, today, apply)?;
    let key = root_key(root, words)?;
    let roster = renewal.sign(&key, &root.key, change.out.as_deref())?;
    let out = change.out.as_ref().unwrap_or(&change.roster);
    tell_signed(roster, &key, out, renewal.leaving.as_ref(), change.json, words)
}

async fn publish(url: &str, file: &Path, json: bool, network: &Network, words: &Words) -> Result<(), Error> {
    let (envelope, verified) = ceremony::read(file)?;
    drop::publish(parse_origin(url)?, network.proxy.as_deref(), &envelope).await?;
    let (drop, serial) = (verified.roster().drop, verified.roster().serial);
    if json {
        return print::json(&RosterPublished { drop, serial });
    }
    outln!("{}", words.say_with("roster-published", &[("serial", serial.into())]));
    Ok(())
}

async fn fetch(
    link: &str,
    out: PathBuf,
    json: bool,
    network: &Network,
    clock: &Clock,
    words: &Words,
) -> Result<(), Error> {
    if out.exists() {
        return Err(kua_client::Error::Occupied(out).into());
    }
    let client = DropClient::open(&link.parse()?, network.proxy.as_deref(), clock).await?;
    files::write(&out, &client.roster_envelope().to_json(), Place::New)?;
    let roster = client.roster().roster();
    let (drop, serial, expires) = (roster.drop, roster.serial, roster.expires);
    if json {
        return print::json(&RosterFetched { file: out, drop, serial, expires });
    }
    let (path, day) = (out.display().to_string(), expires.to_string());
    let args = [("path", path.into()), ("serial", serial.into()), ("day", day.into())];
    outln!("{}", words.say_with("roster-fetched", &args));
    Ok(())
}

fn tell_signed(
    roster: &Roster,
    key: &RootKey,
    out: &Path,
    leaving: Option<&Leaving>,
    as_json: bool,
    words: &Words,
) -> Result<(), Error> {
    let digits = RootFingerprint::of(&key.signing().public()).digits();
    if as_json {
        return print::json(&RosterSigned::of(roster, out, leaving, digits));
    }
    let (path, day) = (out.display().to_string(), roster.expires.to_string());
    let args = [
        ("path", path.into()),
        ("serial", roster.serial.into()),
        ("count", roster.coordinators.len().into()),
        ("day", day.into()),
    ];
    outln!("{}", words.say_with("roster-signed", &args));
    outln!("  {digits}");
    if let Some(leaving) = leaving {
        outln!("\n{}", in_words(leaving, out, words));
    }
    Ok(())
}

/// Reminds of what is out of reach of any roster, and of what can be done.
fn in_words(leaving: &Leaving, roster: &Path, words: &Words) -> String {
    let message = match leaving.how {
        LeavingHow::Removed => "roster-removed",
        LeavingHow::Rotated => "roster-rotated",
        LeavingHow::Leaked => "roster-leaked",
    };
    let args = [
        ("name", sanitise::one_line(&leaving.name).into()),
        ("since", leaving.since.to_string().into()),
        ("path", roster.display().to_string().into()),
    ];
    words.say_with(message, &args)
}
