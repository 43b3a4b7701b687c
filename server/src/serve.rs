//! Serving: opens the store, binds the listeners, waits for the end.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use kua_clock::Clock;
use kua_store::{State, Upkeep};
use kua_store_local::{Documents, LocalStore, Options};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::config::{Config, Listen};
use crate::folder::Folder;
use crate::http::listener::Listener;
use crate::operator::admin;
use crate::operator::commands::clock::in_words;
use crate::routes;
use crate::state::App;

/// How often it is looked whether something's time has come.
const SWEEP: Duration = Duration::from_mins(10);

/// Serves the drop in `folder` until SIGTERM or SIGINT.
///
/// # Errors
///
/// When the folder holds no drop, another process serves it, or an address cannot be bound.
pub async fn serve(folder: Folder, config: Config, clock: Clock) -> anyhow::Result<()> {
    let secret = folder.secret()?;
    let store = open_store(&folder, &config)?;
    let socket = folder.admin_socket();
    let (stop, stopped) = watch::channel(());
    let app = Arc::new(App::new(&secret, store, &config, clock, stopped.clone())?);
    drop(secret);

    // Before anybody can know that it serves: a signal that comes early must not end it halfway.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let limits = app.http;
    let mut tasks = tokio::task::JoinSet::new();
    let mut start = |listener: Listener, router| {
        let mut stopped = stopped.clone();
        tasks.spawn(listener.serve(router, limits, async move {
            let _ = stopped.changed().await;
        }));
    };
    match Listener::bind_unix(&socket, 0o600) {
        Ok(listener) => start(listener, admin::socket_router(app.clone())),
        Err(error) => tracing::warn!("no admin socket at {}: {error}", socket.display()),
    }
    if let Some(address) = &config.admin_listen {
        start(bind(address).await?, admin::public_router(app.clone()));
    }
    let listener = bind(&config.listen).await?;
    let ready = listener.describe();
    start(listener, routes::router(app.clone())?);
    tell(&app, config.disk_reserve_mib);
    tasks.spawn(sweep(app, stopped.clone()));
    // Whether anybody reads it is nothing to the drop.
    let _ = writeln!(std::io::stdout(), "listening on {ready}");

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: open requests may end");
    drop(stop);
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// Opens the store of this data folder with the configured reserve.
///
/// # Errors
///
/// When another process uses it or the disk refuses.
pub fn open_store(folder: &Folder, config: &Config) -> anyhow::Result<Arc<dyn Upkeep>> {
    let options = Options { reserve_bytes: config.disk_reserve_mib << 20 };
    let path = folder.store();
    let store = LocalStore::open(&path, options)
        .with_context(|| format!("the store in {} cannot be opened", path.display()))?;
    Ok(Arc::new(store.with_documents_in(folder.path())))
}

/// The documents that the store of this data folder keeps, to be read while another process has it open.
pub fn documents(folder: &Folder) -> Documents {
    Documents::of(folder.path())
}

async fn bind(address: &Listen) -> anyhow::Result<Listener> {
    Listener::bind(address)
        .await
        .with_context(|| format!("cannot listen at {address}: choose another address"))
}

/// Tells the operator what a start has to say.
fn tell(app: &App, reserve_mib: u64) {
    if let Some(why) = app.closed() {
        tracing::warn!("not open: {why}");
    }
    let store = app.store.status();
    match store.state {
        State::Writable => {}
        State::Full => tracing::warn!(
            "every report is refused: the disk has {} MiB free, and disk_reserve_mib keeps {reserve_mib}; make room or set less",
            store.free_bytes >> 20
        ),
        State::ReadOnly(why) => tracing::warn!("every report is refused: {why}"),
    }
    let clock = app.time.status();
    if !clock.proof.is_proven() {
        tracing::warn!(
            "the clock shows {} and is {}; nothing is deleted by time until then",
            clock.now,
            in_words(&clock)
        );
    }
    if let Some(days) = app.time.shorter() {
        tracing::warn!(
            "a retention of {days} days is configured and not in force: see kua-server purge --dry-run"
        );
    }
}

/// Does what time brings, again and again. Tells when the drop opens or shuts because of its clock or its roster.
async fn sweep(app: Arc<App>, mut stopped: watch::Receiver<()>) {
    let mut closed = app.closed();
    loop {
        if let Err(error) = app.time.sweep(&*app.store).await {
            tracing::error!("what time brings could not be done: {error}");
        }
        let now_closed = app.closed();
        match (&now_closed, &closed) {
            (Some(why), before) if before.as_ref() != Some(why) => tracing::warn!("not open: {why}"),
            (None, Some(_)) => tracing::info!("open"),
            _ => {}
        }
        closed = now_closed;
        tokio::select! {
            _ = stopped.changed() => break,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
    // The time served since the last sweep is not lost.
    app.time.steady();
    if let Err(error) = app.time.save().await {
        tracing::error!("the register could not be written: {error:#}");
    }
}
