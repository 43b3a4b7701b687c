//! `kua-server status`.

use http::Method;

use crate::folder::Folder;
use crate::operator::admin::{DropStatus, ask};
use crate::operator::commands::{at_rest, clock};

/// Tells how the drop is: from the serving process, or from the folder when none serves.
///
/// # Errors
///
/// When the folder holds no drop or cannot be read.
pub async fn status(folder: Folder, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let answer = ask::whole(&folder.admin_socket(), Method::GET, "/status", Vec::new()).await?;
    let status = if let Some(answer) = answer {
        serde_json::from_slice(&answer)?
    } else {
        let app = at_rest(&folder)?;
        // What is overdue is known after it was looked for.
        app.time.forecast(&*app.store).await?;
        DropStatus::of(&app, false)
    };
    if json {
        println!("{}", serde_json::to_string(&status)?);
    } else {
        print(&status);
    }
    Ok(())
}

fn print(status: &DropStatus) {
    let yes = |holds| if holds { "yes" } else { "no" };
    println!("drop      {}", status.drop);
    println!("serving   {}", yes(status.serving));
    match &status.closed {
        Some(why) => println!("open      no: {why}"),
        None => println!("open      {}", yes(status.open)),
    }
    println!("objects   {}", status.objects);
    println!("stored    {}", mebibytes(status.bytes));
    if let Some(hours) = status.oldest_upload_hours_left {
        println!("uploads   {} unfinished, the oldest is kept for {hours} more hours", status.uploads);
    }
    println!("free      {}", mebibytes(status.free_bytes));
    println!("store     {}", status.store);
    println!("clock     {}", clock::in_words(&status.clock));
    if let Some(overdue) = status.overdue {
        let alarm = if overdue.is_alarm() { ": see kua-server clock" } else { "" };
        println!("overdue   {}, since {}{alarm}", overdue.objects, overdue.since);
    }
    if let Some(days) = status.shorter_retention {
        println!("retention {days} days wait for your word: kua-server purge --dry-run");
    }
    match &status.roster {
        None => println!("roster    none: kua-server roster install --data DIR roster.json"),
        Some(roster) => println!(
            "roster    serial {}, {} coordinators, until {} ({} days left)",
            roster.serial, roster.coordinators, roster.expires, roster.days_left
        ),
    }
}

/// Tenths of a mebibyte, without floating point.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes / 104_858;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
