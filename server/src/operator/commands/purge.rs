//! `kua-server purge`.

use http::Method;

use crate::folder::Folder;
use crate::operator::admin::{Purged, ask};
use crate::operator::commands::at_rest;
use crate::time::{Forecast, Shorter};

/// Does now what `serve` does by itself: deletes what is past its time and closes the days that are over.
///
/// # Errors
///
/// When the store cannot be opened, or refuses.
pub async fn purge(folder: &Folder, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let purged = match ask::whole(&folder.admin_socket(), Method::POST, "/purge", Vec::new()).await? {
        Some(answer) => serde_json::from_slice(&answer)?,
        None => {
            let app = at_rest(folder)?;
            Purged::of(app.time.sweep(&*app.store).await?, &app.time)
        }
    };
    if json {
        println!("{}", serde_json::to_string(&purged)?);
        return Ok(());
    }
    println!("Deleted on coordinators' wish: {}. Past their time: {}.", purged.deleted, purged.expired);
    if purged.uploads > 0 {
        println!("Unfinished uploads that were given up: {}.", purged.uploads);
    }
    let days: Vec<String> = purged.closed.iter().map(ToString::to_string).collect();
    if !days.is_empty() {
        println!("Closed: {}.", days.join(", "));
    }
    if let Some(overdue) = purged.overdue {
        println!("Overdue: {}, since {}.", overdue.objects, overdue.since);
    }
    if !purged.proven {
        println!("The clock is not proven, so that time deletes nothing: see kua-server clock.");
    }
    Ok(())
}

/// Shows what is past its time, and deletes nothing.
///
/// # Errors
///
/// When the store cannot be opened.
pub async fn forecast(folder: &Folder, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let forecast: Forecast =
        match ask::whole(&folder.admin_socket(), Method::GET, "/purge", Vec::new()).await? {
            Some(answer) => serde_json::from_slice(&answer)?,
            None => {
                let app = at_rest(folder)?;
                app.time.forecast(&*app.store).await?
            }
        };
    if json {
        println!("{}", serde_json::to_string(&forecast)?);
        return Ok(());
    }
    let Forecast { wishes, wishes_due, expired, expired_due, overdue, proven, shorter } = forecast;
    println!("wished    {wishes} to be deleted by a coordinator; {wishes_due} would go now");
    println!("expired   {expired} past their time; {expired_due} would go now");
    match overdue {
        Some(overdue) => println!("overdue   {}, since {}", overdue.objects, overdue.since),
        None => println!("overdue   none"),
    }
    if !proven {
        println!("The clock is not proven, so that time deletes nothing: see kua-server clock.");
    }
    if let Some(Shorter { days, in_force, past }) = shorter {
        println!(
            "\
kua.toml says {days} days, and {in_force} days are in force, or another spread. By {days} days, {past} objects would be past their time
today; they would be named as expired to the coordinators for a week, and then go. If that is meant:
  kua-server purge --data DIR --confirm-retention {days}"
        );
    }
    Ok(())
}

/// Puts a shorter retention in force.
///
/// # Errors
///
/// When it is not the one of the configuration, or cannot be written.
pub async fn confirm_retention(folder: &Folder, days: u32) -> anyhow::Result<()> {
    folder.secret()?;
    let asked =
        ask::whole(&folder.admin_socket(), Method::PUT, "/retention", days.to_string().into()).await?;
    if asked.is_none() {
        at_rest(folder)?.time.confirm_retention(days).await?;
    }
    println!("Reports are kept for {days} days from now on.");
    Ok(())
}
