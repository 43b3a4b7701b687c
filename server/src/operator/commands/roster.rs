//! `kua-server roster install` and `show`.

use std::path::Path;

use anyhow::{Context as _, bail};
use http::Method;
use kua_clock::Clock;
use kua_protocol::dsse::Envelope;
use kua_protocol::json::without_mark;
use kua_protocol::link::RootFingerprint;
use kua_protocol::roster::VerifiedRoster;
use kua_store::{Document, StoreError};

use crate::folder::Folder;
use crate::operator::admin::ask;
use crate::operator::commands::at_rest;
use crate::serve;
use crate::state::Installed;

/// Installs a roster: through the serving process, or in the folder when none serves.
///
/// # Errors
///
/// When the roster is refused, with the reason.
pub async fn install(folder: Folder, file: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let bytes = without_mark(&bytes).to_vec();
    folder.secret()?;
    let asked = ask::whole(&folder.admin_socket(), Method::PUT, "/roster", bytes.clone()).await;
    let refused = |error: anyhow::Error| error.context(format!("{} was not installed", file.display()));
    if asked.map_err(refused)?.is_none() {
        let app = at_rest(&folder)?;
        app.install(&bytes).map_err(|error| refused(error.into()))?;
    }
    let installed = installed(&folder)?.context("the roster is not there after its installation")?;
    let roster = installed.roster.roster();
    println!("Installed roster {} of {} coordinators.", roster.serial, roster.coordinators.len());
    println!("Compare these digits with the coordinators, by voice:\n  {}", digits(&installed));
    Ok(())
}

/// Shows the installed roster.
///
/// # Errors
///
/// When there is none.
pub fn show(folder: &Folder, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let Some(installed) = installed(folder)? else {
        bail!("no roster is installed: kua-server roster install --data DIR roster.json");
    };
    if json {
        println!("{}", String::from_utf8_lossy(&installed.envelope.to_json()));
        return Ok(());
    }
    let roster = installed.roster.roster();
    println!("serial   {}", roster.serial);
    println!("issued   {}", roster.issued);
    println!(
        "expires  {} ({} days left)",
        roster.expires,
        roster.expires.days_since(Clock::system().today())
    );
    println!("digits   {}", digits(&installed));
    println!("link     https://HOST/#{}", RootFingerprint::of(&installed.roster.root()));
    for coordinator in &roster.coordinators {
        println!("         {}  {}", coordinator.name, coordinator.role);
    }
    Ok(())
}

/// The installed roster, under its own root.
///
/// # Errors
///
/// When the file is damaged.
pub fn installed(folder: &Folder) -> anyhow::Result<Option<Installed>> {
    let read = serve::documents(folder).read(Document::Roster);
    let Some(bytes) = read.map_err(named)? else {
        return Ok(None);
    };
    let envelope = Envelope::parse(&bytes)?;
    let roster = VerifiedRoster::verify(&envelope, &RootFingerprint::of(&envelope.claimed_signer()))?;
    Ok(Some(Installed { envelope, roster }))
}

/// What the system said, with the file's name, where it did not let the store read.
fn named(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::Io(error) => error.into(),
        other => other.into(),
    }
}

fn digits(installed: &Installed) -> String {
    RootFingerprint::of(&installed.roster.root()).digits()
}
