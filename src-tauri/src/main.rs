//! Usher's window: wires the core to Tauri. Clipboard and browser are owned here; the rules of the job are in the core.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod config;
mod practice;
mod window;

use tauri::{Manager, RunEvent, WindowEvent};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use usher_core::App;

use crate::clipboard::Clipboard;

fn main() -> tauri::Result<()> {
    start_log();
    let app = tauri::async_runtime::block_on(async { App::open(config::config()) });
    tauri::Builder::default()
        .manage(app)
        .manage(Clipboard::start())
        .invoke_handler(commands::handler())
        .setup(|app| Ok(window::open(app.handle())?))
        .build(tauri::generate_context!())?
        .run(|app, event| match event {
            // A token on its way must not be lost with the window.
            RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. }
                if !app.state::<App>().may_close() =>
            {
                api.prevent_close();
            }
            RunEvent::Exit => app.state::<Clipboard>().forget(),
            _ => {}
        });
    Ok(())
}

/// To stderr; silent below warnings unless `USHER_LOG` says otherwise, for example `USHER_LOG=usher_core=debug`.
fn start_log() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .with_env_var("USHER_LOG")
        .from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
