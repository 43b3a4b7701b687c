//! `kua roster show`: a roster as people compare it, and the link to give away.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use kua_client::ceremony;
use kua_client::files::{self, Place};
use kua_protocol::day::Day;
use kua_protocol::link::{DropLink, RootFingerprint, is_loopback, is_onion};

use crate::error::Error;
use crate::terminal::qr::QrPicture;
use crate::terminal::{print, sanitise};

/// Shows a roster, and with a host its link, at a terminal also as a QR code.
///
/// # Errors
///
/// When the file is no roster, the host cannot be a drop's, or the picture cannot be written.
pub(super) fn run(
    path: &Path,
    host: Option<&str>,
    qr: Option<&Path>,
    as_json: bool,
    today: Day,
) -> Result<(), Error> {
    let (_, verified) = ceremony::read(path)?;
    let roster = verified.roster();
    let fingerprint = RootFingerprint::of(&verified.root());
    let link = host.map(|host| link(host, fingerprint)).transpose()?;
    let picture = link.as_ref().map(|link| QrPicture::of(&link.to_string())).transpose()?;
    if let Some((out, picture)) = qr.zip(picture.as_ref()) {
        write(picture, out)?;
    }
    if as_json {
        return print::json(roster);
    }
    for (language, name) in &roster.name {
        outln!("name     {} ({language})", sanitise::one_line(name));
    }
    outln!("drop     {}", roster.drop);
    outln!("serial   {}", roster.serial);
    let left = match roster.expires.days_since(today) {
        days @ 0.. => format!("{days} days left"),
        days => format!("ended {} days ago", -days),
    };
    outln!("holds    {} to {} ({left})", roster.issued, roster.expires);
    for coordinator in &roster.coordinators {
        outln!(
            "         {}  {}",
            sanitise::one_line(&coordinator.name),
            sanitise::one_line(&coordinator.role)
        );
    }
    outln!("digits   {}", fingerprint.digits());
    match &link {
        Some(link) => outln!("link     {link}"),
        None => outln!("link     …/#{fingerprint}   (with --host the whole of it)"),
    }
    if let Some(picture) = picture.filter(|_| io::stdout().is_terminal()) {
        outln!("\n{}", picture.for_terminal(console::colors_enabled()));
    }
    Ok(())
}

/// The link for a host: http for an onion service and this machine, https for the rest.
fn link(host: &str, root: RootFingerprint) -> Result<DropLink, Error> {
    if host.contains("://") {
        return Ok(DropLink::new(host, root)?);
    }
    let https = DropLink::new(&format!("https://{host}"), root)?;
    let is_plain = is_onion(https.origin()) || is_loopback(https.origin());
    if is_plain { Ok(DropLink::new(&format!("http://{host}"), root)?) } else { Ok(https) }
}

fn write(picture: &QrPicture, out: &Path) -> Result<(), Error> {
    let bytes = match out.extension().and_then(|ending| ending.to_str()) {
        Some("png") => picture.to_png()?,
        Some("svg") => picture.to_svg().into_bytes(),
        _ => {
            let out = out.display();
            return Err(Error::refused(format!(
                "{out} ends neither in .png nor in .svg: choose one of them"
            )));
        }
    };
    Ok(files::write(out, &bytes, Place::New)?)
}
