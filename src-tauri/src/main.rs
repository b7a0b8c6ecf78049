//! Usher's window: wires the core to Tauri. Clipboard and browser are owned here; the rules of the job are in the core.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod config;
mod notify;
mod practice;
mod surroundings;
mod window;

use tauri::{Manager, RunEvent, WindowEvent};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use usher_core::App;

use crate::clipboard::Clipboard;

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn main() -> tauri::Result<()> {
    start_log();
    if !has_screen() {
        eprintln!("Usher found no screen to open its window on. Without one: usher-cli rehearse");
        std::process::exit(1);
    }
    let app = tauri::async_runtime::block_on(async { App::open(config::config()) });
    tauri::Builder::default()
        .manage(app)
        .manage(Clipboard::start())
        .invoke_handler(commands::handler())
        .setup(|app| {
            tauri::async_runtime::spawn(notify::show_due(app.handle().clone()));
            Ok(window::open(app.handle())?)
        })
        .build(tauri::generate_context!())?
        .run(|app, event| match event {
            // A token on its way must not be lost with the window.
            RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. }
                if !app.state::<App>().may_close() =>
            {
                api.prevent_close();
            }
            RunEvent::WindowEvent { event: WindowEvent::ScaleFactorChanged { scale_factor, .. }, .. } => {
                surroundings::scaled(app, scale_factor);
            }
            RunEvent::Exit => app.state::<Clipboard>().forget(),
            _ => {}
        });
    Ok(())
}

/// GTK ends with a panic where there is none.
fn has_screen() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// To stderr; silent below warnings unless `USHER_LOG` says otherwise, for example `USHER_LOG=usher_core=debug`.
fn start_log() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .with_env_var("USHER_LOG")
        .from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
