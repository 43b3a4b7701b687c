//! `kua-server clock`.

use http::Method;

use crate::folder::Folder;
use crate::operator::admin::ask;
use crate::operator::commands::at_rest;
use crate::time::{ClockStatus, Doubt, Proof};

/// Shows how far the clock is proven, or takes the operator's word that it is right.
///
/// # Errors
///
/// When the clock cannot be right, or the folder holds no drop or cannot be written.
pub async fn clock(folder: &Folder, confirm: bool, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let method = if confirm { Method::PUT } else { Method::GET };
    let status: ClockStatus = match ask::whole(&folder.admin_socket(), method, "/clock", Vec::new()).await? {
        Some(answer) => serde_json::from_slice(&answer)?,
        None => {
            let app = at_rest(folder)?;
            if confirm {
                app.time.confirm().await?;
            }
            app.time.status()
        }
    };
    if json {
        println!("{}", serde_json::to_string(&status)?);
        return Ok(());
    }
    println!("shows     {}", status.now);
    println!("today     {}", status.today);
    println!("clock     {}", in_words(&status));
    println!("earned    {} days, {} hours", status.earned.days, status.earned.seconds / 3600);
    if confirm {
        println!("Taken as right. Whatever is past its time is named as expired for a week before it goes.");
    } else if status.impossible.is_some() {
        println!("Nothing is deleted by it. Set the clock: the drop opens by itself.");
    } else if !status.proof.is_proven() {
        println!(
            "Nothing is deleted by time until then. If what it shows is right: kua-server clock --confirm"
        );
    }
    Ok(())
}

/// How the clock stands, in a line.
pub fn in_words(status: &ClockStatus) -> String {
    match (status.proof, status.hours_left) {
        (Proof::Proven, _) => "proven".to_owned(),
        (Proof::Unproven { .. }, _) if status.impossible.is_some() => {
            format!("not proven, and cannot be right: {}", status.impossible.as_deref().unwrap_or_default())
        }
        (Proof::Unproven { why, .. }, Some(hours)) => {
            format!("not proven: {}; {hours} more hours of serving prove it", why.in_words())
        }
        (Proof::Unproven { why: why @ Doubt::Contradicted, .. }, None) => {
            format!("not proven: {}. Serving does not prove it: set it, or confirm it", why.in_words())
        }
        (Proof::Unproven { why, .. }, None) => format!(
            "not proven: {}. It does not go with what was proven before, and serving alone does not prove it: set it, or confirm it",
            why.in_words()
        ),
    }
}
